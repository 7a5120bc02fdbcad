/// @file
/// The linear part of every convolutional layer, and its two gradients, as matrix products over the patches
/// that the window sees. Conv2D and Conv2DTranspose are both made of these three sums where Winograd does not
/// pay; convolution/convolution.hpp has the same sums as the report writes them.
#pragma once

#include <vector>

#include "convolution/padding.hpp"
#include "layers/batch_sums.hpp"
#include "math/matrix_product.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// A window of kernel x kernel x channels that slides over images with a stride.
/// Shapes: images x (images, height, width, channels); kernel W (kernel, kernel, channels, filters), seen as
/// a matrix of `window` = kernel * kernel * channels rows; maps y (images, out_height, out_width, filters).
/// Each sum is for a group of images and by one thread: the layers share out the slices().
class SlidingWindow {
 public:
  SlidingWindow() = default;
  /// @throws std::invalid_argument if an extent is below 1 or the window does not fit
  SlidingWindow(Index height, Index width, Index channels, Index filters, Index kernel, Index stride,
                Padding padding);

  /// Rows of positions that the window takes.
  Index out_height() const { return out_height_; }
  /// Columns of positions.
  Index out_width() const { return out_width_; }
  /// Values under the window: kernel * kernel * channels.
  Index window() const { return static_cast<Index>(element_.size()); }
  /// Values of one image x.
  Index image_size() const { return height_ * width_ * channels_; }
  /// Values of one map y.
  Index map_size() const { return out_height_ * out_width_ * filters_; }
  /// A batch cut up for the sums below: into groups of images, few enough to stay in a thread's cache and
  /// enough that what is fetched of W is used often, and into slices for the sums of gradients.
  BatchSlices slices(Index batch) const;

  /// Copies of the images in frames of zeros where the window reaches over the border (they stay until this
  /// thread calls again); x itself where it does not.
  const Real* pad(const Real* x, Index images) const;
  /// The same of dz = dy f'(z), from y = f(z): the gradient of images that a transposed convolution has made.
  const Real* pad_gradient(Activation f, const Real* y, const Real* dy, Index images) const;
  /// Values of an image in its frame.
  Index padded_size() const { return framed() ? padded_height_ * padded_width_ * channels_ : image_size(); }

  /// y = patches(x) W + b: what Conv2D computes. @param padded  from pad(x) @param bias  or nullptr
  void correlate(const Real* padded, Index images, const Real* W, const Real* bias, Real* y) const;

  /// W as spread() reads it, by all threads; in `memory`.
  const Real* kernel_for_spread(const Real* W, std::vector<Real>& memory) const;
  /// dx = every patch of dy W^T, added up where the window stood: the adjoint of correlate, hence Conv2D's
  /// input gradient and Conv2DTranspose's forward. @param kernel  from kernel_for_spread()
  void spread(const Real* dy, Index images, const Real* kernel, Real* dx) const;

  /// dW = start + patches(x)^T dy. @param padded  from pad(x)
  void kernel_gradient(const Real* padded, Index images, const Real* dy, Start start, Real* dW) const;

 private:
  bool framed() const { return padded_height_ != height_ || padded_width_ != width_; }
  Index inside(Index row) const;
  void add_patches(const Real* dy, Index images, const Real* W_transposed, Real* frames) const;
  // With a single filter the matrices are vectors, and the sums plain loops over strips of the window.
  template <Index few>
  void correlate_pixels(const Real* padded, const Index* position, const Real* W, Real bias, Real* y) const;
  void correlate_one_filter(const Real* padded, Index pixels, const Real* W, Real bias, Real* y) const;
  void one_filter_gradient(const Real* padded, Index pixels, const Real* dy, Start start, Real* dW) const;
  void spread_one_filter(const Real* dy, Index pixels, const Real* W, Real* frames) const;

  Index height_ = 0, width_ = 0, channels_ = 0, filters_ = 0, kernel_ = 0, group_ = 0;
  Index part_ = 0;  // channels that spread() takes at a time
  Index out_height_ = 0, out_width_ = 0, before_y_ = 0, before_x_ = 0;
  Index padded_height_ = 0, padded_width_ = 0;
  std::vector<Index> position_;  // of the window, for every output pixel of a group, in the padded images
  std::vector<Index> element_;   // of the window, relative to its position
  std::vector<Index> strips_, left_over_;            // where they begin in the window
  std::vector<Index> pixel_row_, window_row_, one_;  // offsets of the rows of y and of W; 0, 1, 2 ...
};

}  // namespace plaingrad
