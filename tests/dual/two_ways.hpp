/// @file
/// One number computed in two ways. Dual numbers carry a random direction v of everything that a function
/// takes forward through it and give <U, J v>; its backward pass brings a random U back and gives <J^T U, v>.
/// J is the Jacobian, and the two must be equal: without a step size, without a margin at kinks.
#pragma once

#include <cmath>
#include <ostream>

#include "layers/layer.hpp"

namespace plaingrad {

/// Both sums, and the magnitudes of their terms, in proportion to which they may be rounded.
struct TwoWays {
  double forward = 0, backward = 0, magnitude = 0;

  void add_forward(double term) {
    forward += term;
    magnitude += std::abs(term);
  }
  void add_backward(double term) {
    backward += term;
    magnitude += std::abs(term);
  }
  /// <gradient, v>, where v is the direction that `values` carry.
  void add_backward(const Tensor& gradient, const Tensor& values) {
    for (Index i = 0; i < values.size(); ++i) add_backward(value_of(gradient[i]) * values[i].derivative);
  }
  /// False of NaN, and if nothing was compared.
  bool agree() const { return magnitude > 0 && std::abs(forward - backward) <= 1e-12 * magnitude; }
};

inline std::ostream& operator<<(std::ostream& out, const TwoWays& t) {
  return out << "forward " << t.forward << ", backward " << t.backward << ", difference "
             << t.forward - t.backward << " of magnitudes " << t.magnitude;
}

/// Gives every value a rate of change: a random direction.
inline void draw_direction(Tensor& values, Random& random) {
  for (Real& value : values.values) value.derivative = random.normal();
}

/// The same for all trainable parameters.
inline void draw_direction(const std::vector<Parameter*>& parameters, Random& random) {
  for (Parameter* p : parameters)
    if (p->trainable) draw_direction(p->value, random);
}

/// Normal values, each with a rate of change.
inline Tensor moving_normal(const Shape& shape, Random& random) {
  Tensor x(shape);
  random.fill_normal(x);
  draw_direction(x, random);
  return x;
}

//! [both_ways]
/// A built layer's forward pass at x, along x's own direction and a random one of its parameters, against its
/// backward pass.
inline TwoWays both_ways(Layer& layer, const Tensor& x, Mode mode, Random& random) {
  TwoWays sums;
  draw_direction(layer.parameters(), random);
  // backward adds into the gradients: what lay there before must still be in them.
  const Real earlier = 0.375;
  for (Parameter* p : layer.parameters()) p->gradient.fill(earlier);

  const Tensor y = layer.forward(x, mode);
  Tensor U(y.shape);
  random.fill_normal(U);
  for (Index i = 0; i < y.size(); ++i) sums.add_forward(value_of(U[i]) * y[i].derivative);

  sums.add_backward(layer.backward(U), x);
  for (Parameter* p : layer.parameters()) {
    for (Real& g : p->gradient.values) g -= earlier;
    if (p->trainable) sums.add_backward(p->gradient, p->value);
  }
  return sums;
}
//! [both_ways]

}  // namespace plaingrad
