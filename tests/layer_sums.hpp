/// @file
/// What the tests of layers compute beside the definitions of convolution/: random tensors, and the sums of
/// bias and activation, value by value.
#pragma once

#include "math/random.hpp"
#include "math/tensor.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// Standard normal.
inline Tensor random_tensor(const Shape& shape, Random& random) {
  Tensor tensor(shape);
  random.fill_normal(tensor);
  return tensor;
}

/// dz = dy f'(e), from y = f(e).
inline Tensor times_derivative(Activation f, const Tensor& y, const Tensor& dy) {
  Tensor dz = dy;
  for (Index i = 0; i < dz.size(); ++i) dz[i] *= derivative_from_output(f, y[i]);
  return dz;
}

/// The sum over all axes but the last: the gradient of a bias. (The engine has a channel_sums() of its own,
/// which this checks.)
inline Tensor sums_by_channel(const Tensor& dz) {
  Tensor sums({dz.shape.back()});
  for (Index i = 0; i < dz.size(); ++i) sums[i % sums.size()] += dz[i];
  return sums;
}

/// y(..., c) += bias(c)
inline void add_to_every_channel(const Tensor& bias, Tensor& y) {
  for (Index i = 0; i < y.size(); ++i) y[i] += bias[i % bias.size()];
}

}  // namespace plaingrad
