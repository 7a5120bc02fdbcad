/// @file
/// The linear part of every convolutional layer, and its two gradients, as matrix products over the patches
/// that the window sees. Conv2D and Conv2DTranspose are both made of these three sums;
/// convolution/convolution.hpp has the same sums as the report writes them.
#pragma once

#include <vector>

#include "convolution/padding.hpp"
#include "math/matrix_product.hpp"
#include "math/tensor.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// A window of kernel x kernel x channels that slides over a batch of images with a stride.
/// Shapes: image batch x (batch, height, width, channels); kernel W (kernel, kernel, channels, filters), seen
/// as a matrix of `window` = kernel * kernel * channels rows; maps y (batch, out_height, out_width, filters).
class SlidingWindow {
 public:
  SlidingWindow() = default;
  /// @throws std::invalid_argument if an extent is below 1 or the window does not fit
  SlidingWindow(Index height, Index width, Index channels, Index kernel, Index stride, Padding padding);

  /// Rows of positions that the window takes.
  Index out_height() const { return out_height_; }
  /// Columns of positions.
  Index out_width() const { return out_width_; }
  /// Values under the window: kernel * kernel * channels.
  Index window() const { return static_cast<Index>(element_.size()); }

  /// Copies x into a frame of zeros where the window reaches over the border; x itself where it does not.
  const Real* pad(const Tensor& x);

  /// y = f(patches(x) W + b): what Conv2D computes. @param padded  from pad(x) @param bias  or nullptr
  void correlate(const Real* padded, Index batch, const Tensor& W, const Real* bias, Activation f, Tensor& y);
  /// dW += patches(x)^T dy.
  void add_kernel_gradient(const Real* padded, Index batch, const Tensor& dy, Tensor& dW);
  /// dx = every patch of dy W^T, added up where the window stood: the adjoint of correlate, hence Conv2D's
  /// input gradient and Conv2DTranspose's forward.
  void spread(const Tensor& dy, const Tensor& W, Tensor& dx);

 private:
  void take_batch(Index batch);
  void spread_images(const Real* dy, const Real* W_transposed, Index filters, Index images, Real* dx);
  void add_patch(const Real* patch, Real factor, Real* at) const;
  // With a single filter the matrices are vectors, and the three sums plain loops over rows of the window.
  void correlate_one_filter(const Real* padded, Index first, Index last, const Real* W, Real bias,
                            Real* y) const;
  void one_filter_gradient(const Real* padded, Index first, Index last, const Real* dy, Real* dW) const;

  Index height_ = 0, width_ = 0, channels_ = 0, kernel_ = 0, stride_ = 0;
  Index out_height_ = 0, out_width_ = 0, before_y_ = 0, before_x_ = 0;
  Index padded_height_ = 0, padded_width_ = 0;
  std::vector<Index> position_;  // of the window, for every output pixel of a batch, in the padded images
  std::vector<Index> element_;   // of the window, relative to its position
  std::vector<Real> padded_, W_transposed_, slices_;
  std::vector<std::vector<Real>> patches_, frames_;  // scratch of each thread
};

/// dz = dy f'(z) from y = f(z), and db += the sum of dz over all rows: the step that every layer with an
/// activation and a bias begins its backward pass with. For a linear f dz is dy itself.
/// @param y,dy  (..., columns) @param db  `columns` sums to add to, or nullptr @param scratch  holds dz if f
/// is not linear
/// @return dz
const Tensor& activation_backward(Activation f, const Tensor& y, const Tensor& dy, Real* db, Tensor& scratch);

/// sums[j] += sum over the rows of M(row, j), in a fixed number of slices added in a fixed order.
void add_column_sums(const Real* M, Index rows, Index columns, Real* sums);

}  // namespace plaingrad
