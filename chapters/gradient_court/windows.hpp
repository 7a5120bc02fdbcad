/// @file
/// The products of a convolution: its three sums are made of them, and so are their faults.
#pragma once

#include <functional>

#include "gradient_court/family.hpp"

namespace plaingrad::gradient_court {

/// The sizes of images and kernel, and how the kernel moves over the images.
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

/// One product of a convolution: the positions of its factors and of the output, and their indices.
struct Product {
  std::size_t pixel, output, weight;
  Index b, i, j, c, f, m, n;
};

/// Calls visit for every product, except those with the padding's zeros.
void for_each_product(const Windows& windows, const std::function<void(const Product&)>& visit);

/// The three sums, of which two are gradients: y = x * W, dx and dW.
Numbers outputs(const Windows& windows, const Numbers& x, const Numbers& W);
Numbers image_gradient(const Windows& windows, const Numbers& W, const Numbers& dy);
Numbers kernel_gradient(const Windows& windows, const Numbers& x, const Numbers& dy);

/// The kernel rotated by 180 degrees.
Numbers turned(const Windows& windows, const Numbers& kernel);

/// A tensor of the given shape: elements whose index along `axis` satisfies `keep` are kept, the others set
/// to 0.
Numbers where(Numbers numbers, const Shape& shape, std::size_t axis, const std::function<bool(Index)>& keep);

}  // namespace plaingrad::gradient_court
