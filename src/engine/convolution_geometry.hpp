/// @file
/// The sizes of a convolution.
#pragma once

#include "convolution/padding.hpp"

namespace plaingrad {

/// Which images a convolution takes and how its window moves over them. Images x are (batch, height, width,
/// channels), the kernel W is (kernel, kernel, channels, filters), maps y are (batch, out_height, out_width,
/// filters).
struct ConvolutionGeometry {
  Index height = 1, width = 1, channels = 1;  ///< of one image; at least 1
  Index filters = 1;                          ///< channels of a map; at least 1
  Index kernel = 1;                           ///< height and width of the window; at least 1
  Index stride = 1;                           ///< from one window to the next; at least 1
  Padding padding = Padding::valid;

  /// Rows of windows. @throws std::invalid_argument as output_extent() does
  Index out_height() const { return output_extent(height, kernel, stride, padding); }
  /// Columns of windows. @throws std::invalid_argument as output_extent() does
  Index out_width() const { return output_extent(width, kernel, stride, padding); }
  /// Zeros above the first row. @throws std::invalid_argument as output_extent() does
  Index top() const { return padding_before(height, kernel, stride, padding); }
  /// Zeros before the first column. @throws std::invalid_argument as output_extent() does
  Index left() const { return padding_before(width, kernel, stride, padding); }
  /// Values of one image.
  Index image_size() const { return height * width * channels; }
  /// Values of one map.
  Index map_size() const { return out_height() * out_width() * filters; }
  /// Values under the window.
  Index window_size() const { return kernel * kernel * channels; }
};

}  // namespace plaingrad
