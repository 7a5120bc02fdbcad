/// @file
/// The products of a convolution, for its three sums and for what may be wrong with them.
#pragma once

#include <functional>

#include "gradient_court/family.hpp"

namespace plaingrad::gradient_court {

/// Images, kernel and how the one moves over the other.
struct Windows {
  Index batch, height, width, channels, filters, kernel_height, kernel_width, stride, top, left;
  Index rows, columns;  ///< of the output

  std::size_t image_size() const { return static_cast<std::size_t>(batch * height * width * channels); }
  std::size_t output_size() const { return static_cast<std::size_t>(batch * rows * columns * filters); }
  std::size_t kernel_size() const {
    return static_cast<std::size_t>(kernel_height * kernel_width * channels * filters);
  }
  /// Positions in memory: image (batch, height, width, channels), output (batch, rows, columns, filters).
  Index pixel(Index b, Index i, Index j, Index c) const {
    return ((b * height + i) * width + j) * channels + c;
  }
  Index output(Index b, Index i, Index j, Index f) const {
    return ((b * rows + i) * columns + j) * filters + f;
  }
  /// kernel (height, width, channels, filters)
  Index weight(Index m, Index n, Index c, Index f) const {
    return ((m * kernel_width + n) * channels + c) * filters + f;
  }
};

/// Where a product of a convolution takes its factors from, and where in the window it stands.
struct Product {
  std::size_t pixel, output, weight;
  Index b, i, j, c, f, m, n;
};

/// Calls visit for every product, those with the border's zeros left out.
void for_each_product(const Windows& windows, const std::function<void(const Product&)>& visit);

/// The three sums, of which two are gradients: y = x * W, dx and dW.
Numbers outputs(const Windows& windows, const Numbers& x, const Numbers& W);
Numbers image_gradient(const Windows& windows, const Numbers& W, const Numbers& dy);
Numbers kernel_gradient(const Windows& windows, const Numbers& x, const Numbers& dy);

/// The kernel turned by 180 degrees.
Numbers turned(const Windows& windows, const Numbers& kernel);

/// Numbers with `shape` of which only those are kept whose place on `axis` fulfils `keep`; the rest is 0.
Numbers where(Numbers numbers, const Shape& shape, std::size_t axis, const std::function<bool(Index)>& keep);

}  // namespace plaingrad::gradient_court
