/// @file
/// Convolution with fewer multiplications: Winograd's minimal filtering, for windows with many channels and
/// filters. winograd_matrices.hpp says why it is right, winograd_tiling.hpp how images are cut up.
#pragma once

#include <vector>

#include "engine/fast/batch_sums.hpp"
#include "engine/fast/winograd_transforms.hpp"
#include "engine/gradient_targets.hpp"

namespace plaingrad::fast {

/// The largest magnitude that these sums may meet; a pass with an operand beyond it is left to the direct
/// sums. Winograd's outputs are sums over all pixels of a tile, in which those that an output does not see
/// cancel. Of a pixel of magnitude a, rounding leaves there up to 2^-20 a S in float (2^-49 a S in double), S
/// the sum of |W| over the filter; an infinite or NaN pixel does not cancel at all. Images, and what the
/// report's networks make of them, stay far below.
inline constexpr Real winograd_bound = 4096;

/// The four passes of engine/convolution.hpp. Forward the threads share out groups of images. Backward they
/// share out the images while these are transformed, but the points for the products, so that the kernel's
/// gradient is one sum.
///
/// A pass returns false if an operand is not within winograd_bound: then dW and db are as they were, and the
/// other results hold nothing of use.
class Winograd {
 public:
  /// @param tiling  of the same geometry, and worthwhile
  Winograd(const ConvolutionGeometry& geometry, const WinogradTiling& tiling);

  /// As Convolution::forward().
  bool forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y) const;
  /// As Convolution::backward().
  bool backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                const GradientTargets& targets) const;
  /// As Convolution::adjoint_forward().
  bool adjoint_forward(const Tensor& y, const Tensor& W, const Tensor* b, Activation f, Tensor& x) const;
  /// As Convolution::adjoint_backward().
  bool adjoint_backward(const Tensor& y, const Tensor& x, const Tensor& dx, const Tensor& W, Activation f,
                        const GradientTargets& targets) const;

 private:
  struct Sums;
  Index groups(Index images, Index at_least) const;
  template <class Body>
  void for_each_group_in_parallel(Index images, const Body& body) const;
  template <class Body>
  void for_each_group(Index images, const Body& body) const;

  // The products at point p.
  void multiply_by_kernel(Index p, const Real* U, const Real* bias, const PointMatrices& at) const;
  void multiply_by_kernel_transposed(Index p, const Real* U, const PointMatrices& at) const;
  void kernel_gradient(Index p, const PointMatrices& at, Accumulate accumulate, Real* dU) const;

  ConvolutionGeometry g_;
  WinogradTiling tiling_;
  WinogradTransforms transforms_;
  Index group_;                                                 // images that are taken at a time
  std::vector<Index> V_rows_, M_rows_, U_rows_, unit_offsets_;  // offsets of the rows; 0, 1, 2 ...
};

}  // namespace plaingrad::fast
