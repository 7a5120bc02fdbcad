/// @file
/// Convolutions as matrix products over the patches that the window sees: what the engine computes where
/// Winograd's filtering is not worthwhile, or its operands are too large for it. convolution/convolution.hpp
/// has the same sums as the report writes them.
#pragma once

#include <vector>

#include "engine/convolution_geometry.hpp"
#include "engine/fast/batch_sums.hpp"
#include "engine/fast/one_filter.hpp"
#include "engine/gradient_targets.hpp"

namespace plaingrad::fast {

/// The four passes of engine/convolution.hpp. Threads share out slices of the batch; a thread takes the
/// images of its slice in groups, few enough to stay in its cache and many enough to use what is loaded of W
/// often.
class DirectConvolution {
 public:
  /// @throws std::invalid_argument if an extent is below 1 or the window does not fit
  explicit DirectConvolution(const ConvolutionGeometry& geometry);

  /// As Convolution::forward().
  void forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y);
  /// As Convolution::backward().
  void backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                const GradientTargets& targets);
  /// As Convolution::adjoint_forward().
  void adjoint_forward(const Tensor& y, const Tensor& W, const Tensor* b, Activation f, Tensor& x);
  /// As Convolution::adjoint_backward().
  void adjoint_backward(const Tensor& y, const Tensor& x, const Tensor& dx, const Tensor& W, Activation f,
                        const GradientTargets& targets);

 private:
  BatchSlices slices(Index batch) const;
  bool is_padded() const { return padded_height_ != g_.height || padded_width_ != g_.width; }
  Index padded_size() const { return padded_height_ * padded_width_ * g_.channels; }
  Index pixels(Index images) const { return images * out_pixels_; }
  template <class Work>
  void for_each_row(Index images, const Work& work) const;

  // For a group of images, by one thread.
  const Real* pad(const Real* x, Index images) const;
  const Real* pad_gradient(Activation f, const Real* x, const Real* dx, Index images) const;
  void correlate(const Real* padded, Index images, const Real* W, const Real* bias, Real* y) const;
  void kernel_gradient(const Real* padded, Index images, const Real* dy, Accumulate accumulate,
                       Real* dW) const;
  void adjoint(const Real* y, Index images, const Real* packed_kernel, Real* x) const;
  void add_patches(const Real* y, Index images, const Real* packed_kernel, Real* padded_x) const;

  // W as adjoint() reads it, by all threads.
  const Real* pack_kernel(const Real* W);
  void add_sums(const GradientTargets& targets) const;

  ConvolutionGeometry g_;
  Index group_, out_pixels_, padded_height_, padded_width_;
  Index first_pixel_;            // where an image begins within its padding
  Index adjoint_channels_;       // that adjoint() takes at a time
  std::vector<Index> position_;  // of the window, for every output pixel of a group, in the padded images
  std::vector<Index> element_;   // of the window, relative to its position
  std::vector<Index> y_row_, W_row_, filter_offsets_;
  OneFilter one_filter_;
  Scratch packed_kernel_;
  SliceSums sums_;  // of dW, then of db, for each slice
};

}  // namespace plaingrad::fast
