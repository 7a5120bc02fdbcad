/// @file
/// The adjoint test, also called the dot-product test: <U, J v> = <J^T U, v> for the Jacobian J of a
/// function, a random direction v of all its arguments and a random upstream gradient U. Dual numbers give
/// J v in a forward pass, the backward pass gives J^T U. No step size is needed, and no margin at kinks.
#pragma once

#include <cmath>
#include <ostream>

#include "layers/layer.hpp"

namespace plaingrad {

/// Both inner products, and the sum of the magnitudes of their terms, to which rounding errors are relative.
struct AdjointTest {
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
  /// False for NaN, and if nothing was compared.
  bool agree() const { return magnitude > 0 && std::abs(forward - backward) <= 1e-12 * magnitude; }
};

inline std::ostream& operator<<(std::ostream& out, const AdjointTest& t) {
  return out << "forward " << t.forward << ", backward " << t.backward << ", difference "
             << t.forward - t.backward << " of magnitudes " << t.magnitude;
}

/// Gives every value a random derivative: together they are a random direction.
inline void draw_direction(Tensor& values, Random& random) {
  for (Real& value : values.values) value.derivative = random.normal();
}

/// The same for all trainable parameters.
inline void draw_direction(const std::vector<Parameter*>& parameters, Random& random) {
  for (Parameter* p : parameters)
    if (p->trainable) draw_direction(p->value, random);
}

/// Normally distributed values with a random direction.
inline Tensor moving_normal(const Shape& shape, Random& random) {
  Tensor x(shape);
  random.fill_normal(x);
  draw_direction(x, random);
  return x;
}

//! [adjoint_test]
/// The adjoint test of a built layer at x, along x's own direction and a random one of its parameters.
inline AdjointTest adjoint_test(Layer& layer, const Tensor& x, Mode mode, Random& random) {
  AdjointTest test;
  draw_direction(layer.parameters(), random);
  // backward adds to the parameters' gradients: what they held before must still be in them.
  const Real earlier = 0.375;
  for (Parameter* p : layer.parameters()) p->gradient.fill(earlier);

  const Tensor y = layer.forward(x, mode);
  Tensor U(y.shape);
  random.fill_normal(U);
  for (Index i = 0; i < y.size(); ++i) test.add_forward(value_of(U[i]) * y[i].derivative);

  test.add_backward(layer.backward(U), x);
  for (Parameter* p : layer.parameters()) {
    for (Real& g : p->gradient.values) g -= earlier;
    if (p->trainable) test.add_backward(p->gradient, p->value);
  }
  return test;
}
//! [adjoint_test]

}  // namespace plaingrad
