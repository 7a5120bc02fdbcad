/// @file
/// A direct convolution with a single filter. Its matrices would be vectors, so its sums are plain loops over
/// blocks of the window, as wide as the compiler needs to take them as vectors.
#pragma once

#include <vector>

#include "engine/fast/matrix_product.hpp"

namespace plaingrad::fast {

/// The three sums of a window with one filter, each for some positions of the window in padded images and by
/// one thread.
class OneFilter {
 public:
  OneFilter() = default;
  /// @param element  where the values under the window lie, relative to the window's position
  /// @param segment  values of a row of the window: they lie side by side
  OneFilter(const std::vector<Index>& element, Index segment);

  /// y[p] = bias + sum_k W[k] x(p,k), where x(p,k) is value k under the window at position p.
  void correlate(const Real* padded, const Index* position, Index positions, const Real* W, Real bias,
                 Real* y) const;
  /// dW[k] = sum_p dy[p] x(p,k), or added to dW[k].
  void kernel_gradient(const Real* padded, const Index* position, Index positions, const Real* dy,
                       Accumulate accumulate, Real* dW) const;
  /// dx(p,k) += dy[p] W[k].
  void adjoint(const Real* dy, const Index* position, Index positions, const Real* W, Real* padded_dx) const;

 private:
  // Values k, k + 1 ... of the window, which lie side by side at `offset` from its position.
  struct Block {
    Index k, offset;
  };
  template <Index count>
  void correlate_positions(const Real* padded, const Index* position, const Real* W, Real bias,
                           Real* y) const;

  std::vector<Block> simd_blocks_, single_values_;
  Index window_ = 0;
};

}  // namespace plaingrad::fast
