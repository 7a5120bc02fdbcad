/// @file
/// How far a window moves over an image, and what is added at the image's border: Keras's two rules.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "math/real.hpp"

namespace plaingrad {

/// What a convolution does at the border of its input.
enum class Padding {
  valid,  ///< nothing is added: only windows that lie wholly inside the image are used
  same    ///< zeros are added so that the output has ceil(input / stride) rows and columns
};

/// Checks what output_extent() is given. @throws std::invalid_argument as it says
inline void require_window(Index input, Index kernel, Index stride, Padding padding) {
  if (input < 1 || kernel < 1 || stride < 1)
    throw std::invalid_argument("input, kernel and stride must be at least 1, got " + std::to_string(input) +
                                ", " + std::to_string(kernel) + " and " + std::to_string(stride));
  if (padding == Padding::valid && kernel > input)
    throw std::invalid_argument("a kernel of extent " + std::to_string(kernel) +
                                " does not fit into an input of extent " + std::to_string(input));
}

/// Number of windows along one axis.
/// @param input,kernel,stride  extents of the image and of the window, and the step from a window to the
/// next; all > 0
/// @param padding  what is added at the border
/// @return valid: floor((input - kernel) / stride) + 1; same: ceil(input / stride)
/// @throws std::invalid_argument if one of them is below 1, or under `valid` the kernel is larger than the
/// input
//! [output_extent]
inline Index output_extent(Index input, Index kernel, Index stride, Padding padding) {
  require_window(input, kernel, stride, padding);
  if (padding == Padding::same) return (input + stride - 1) / stride;
  return (input - kernel) / stride + 1;
}
//! [output_extent]

/// Zeros added before the first row (or column). Under `same` max((output - 1) stride + kernel - input, 0)
/// are added in all; half of them come before, and the odd one comes after.
/// @param input,kernel,stride,padding  as in output_extent()
/// @throws std::invalid_argument as output_extent() does
inline Index padding_before(Index input, Index kernel, Index stride, Padding padding) {
  const Index output = output_extent(input, kernel, stride, padding);
  if (padding == Padding::valid) return 0;
  return std::max<Index>((output - 1) * stride + kernel - input, 0) / 2;
}

}  // namespace plaingrad
