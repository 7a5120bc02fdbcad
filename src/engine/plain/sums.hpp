/// @file
/// The plain engine's sums that the layers share: loops and nothing else.
#pragma once

#include "math/tensor.hpp"
#include "neuron/activation.hpp"

namespace plaingrad::plain {

/// dz = dy f'(z), from y = f(z).
inline Tensor activation_backward(Activation f, const Tensor& y, const Tensor& dy) {
  Tensor dz(dy.shape);
  multiply_by_derivative(f, y.data(), dy.data(), dz.data(), dy.size());
  return dz;
}

//! [bias]
/// y(..., o) += b(o)
inline void add_bias(const Tensor& b, Tensor& y) {
  for (Index i = 0; i < y.size(); ++i) y[i] += b[i % b.size()];
}

/// db(o) += sum of dz(..., o) over everything else
inline void add_bias_gradient(const Tensor& dz, Tensor& db) {
  for (Index i = 0; i < dz.size(); ++i) db[i % db.size()] += dz[i];
}
//! [bias]

/// sum += term
inline void add(const Tensor& term, Tensor& sum) {
  for (Index i = 0; i < sum.size(); ++i) sum[i] += term[i];
}

}  // namespace plaingrad::plain
