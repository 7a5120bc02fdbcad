/// @file
/// Max pooling and the mask that passes gradients back through it (report, sections 3.5 and 3.6), as they are
/// defined. The layer is layers/max_pooling2d.hpp; src/engine/fast/ computes the same at speed.
///
/// The window is size x size and moves by its own size, so that windows do not overlap. Rows and columns left
/// over at the bottom and at the right, where no whole window fits, are dropped, as Keras does under valid
/// padding.
///
/// A NaN stays a NaN: it counts as greater than any number, and of several in a window the first is taken.
#pragma once

#include <cstdint>
#include <vector>

#include "convolution/matrix.hpp"
#include "math/tensor.hpp"

namespace plaingrad {

/// Whether `value` takes the place of `best`, the greatest so far: it is greater, or the first NaN.
inline bool is_new_maximum(Real value, Real best) {
  return !(value <= best) && best == best;
}

/// The greatest value of each window (section 3.5).
/// @param X  feature map (height, width)
/// @param size  extent of the window, at least 1
/// @return (floor(height / size), floor(width / size))
/// @throws std::invalid_argument if size < 1 or no window fits
Matrix max_pool(const Matrix& X, Index size);

/// Where the greatest values were (section 3.6): 1 at the greatest element of each window, 0 elsewhere. Of
/// equal elements the first in row-major order gets the 1, so that each window has exactly one.
/// @param X  feature map (height, width)
/// @param size  extent of the window, at least 1
/// @return (height, width)
/// @throws std::invalid_argument as max_pool() does
Matrix max_pool_mask(const Matrix& X, Index size);

/// dL/dX: each window's gradient goes to the one element that the mask marks (section 3.6).
/// @param mask  of max_pool_mask(), (height, width)
/// @param dY  dL/dY, (floor(height / size), floor(width / size))
/// @param size  extent of the window
/// @return (height, width)
/// @throws std::invalid_argument if the shapes do not go together
Matrix max_pool_gradient(const Matrix& mask, const Matrix& dY, Index size);

/// max_pool() of every channel of every image.
/// @param X  (batch, height, width, channels)
/// @param size  extent of the window, at least 1
/// @return (batch, floor(height / size), floor(width / size), channels)
/// @throws std::invalid_argument if X does not have four axes, or as max_pool() does
Tensor max_pool_definition(const Tensor& X, Index size);

/// The mask of every channel of every image, kept as one number for each window: which of its elements, row
/// by row from 0, has the 1.
/// @param X,size  as in max_pool_definition()
/// @return in the order of max_pool_definition()'s values
/// @throws std::invalid_argument as max_pool_definition() does
std::vector<std::int32_t> max_pool_argmax_definition(const Tensor& X, Index size);

/// dL/dX of max_pool_definition() from dL/dY: each window's gradient goes to the element that the mask names.
/// @param elements  of max_pool_argmax_definition()
/// @param dY  (batch, floor(height / size), floor(width / size), channels)
/// @param X_shape  (batch, height, width, channels)
/// @param size  extent of the window, at least 1
/// @return of shape X_shape
/// @throws std::invalid_argument if the shapes do not go together
Tensor max_pool_gradient_definition(const std::vector<std::int32_t>& elements, const Tensor& dY,
                                    const Shape& X_shape, Index size);

}  // namespace plaingrad
