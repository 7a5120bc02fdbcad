/// @file
/// Every backward pass against numerical differences of its forward pass.
///
/// With a random upstream gradient U, L = sum U * f(x, parameters) is a number, and backward(U) must give
/// dL/dx and dL/dparameter. Each of these values is compared with (L(v + h) - L(v - h)) / 2h. The error is |a
/// - n| / max(|a|, |n|, 1).
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <ostream>
#include <string>

#include "layers/layer.hpp"

namespace plaingrad {

/// The worst disagreement found, with both derivatives and both values of the function.
struct GradientError {
  double error = 0;
  std::string where = "nowhere";
  Index index = 0;
  double analytic = 0, numerical = 0, value_plus = 0, value_minus = 0;

  void see(const GradientError& other) {
    if (!(other.error <= error)) *this = other;  // a NaN counts as worse than anything
  }
};

inline std::ostream& operator<<(std::ostream& out, const GradientError& e) {
  return out << e.where << "[" << e.index << "]: analytic " << e.analytic << ", numerical " << e.numerical
             << ", values " << e.value_minus << " and " << e.value_plus << ", error " << e.error;
}

/// d f / d value by a central difference against `analytic`. The value is put back.
inline GradientError compare_derivative(Real& value, double analytic, const std::function<double()>& f,
                                        const std::string& where, Index index, double h = 1e-5) {
  const Real kept = value;
  GradientError e;
  e.where = where;
  e.index = index;
  e.analytic = analytic;
  value = kept + static_cast<Real>(h);
  e.value_plus = f();
  value = kept - static_cast<Real>(h);
  e.value_minus = f();
  value = kept;
  e.numerical = (e.value_plus - e.value_minus) / (2 * h);
  e.error = std::abs(e.analytic - e.numerical) / std::max({std::abs(e.analytic), std::abs(e.numerical), 1.0});
  return e;
}

/// Checks all values of a tensor if there are at most `most`, else `most` of them drawn at random.
inline GradientError compare_gradient(Tensor& value, const Tensor& analytic, const std::function<double()>& f,
                                      const std::string& where, Random& random, Index most = 60) {
  GradientError worst;
  std::vector<Index> order = random.permutation(value.size());
  if (value.size() > most) order.resize(static_cast<std::size_t>(most));
  for (Index i : order) worst.see(compare_derivative(value[i], analytic[i], f, where, i));
  return worst;
}

/// Checks backward of a built layer (or anything with forward, backward and parameters) at x.
/// @param before_forward  run before every forward: to set the state of a random layer back
template <class Network>
GradientError check_gradients(
    Network& layer, Tensor x, Mode mode, Random& random,
    const std::function<void()>& before_forward = [] {}) {
  before_forward();
  Tensor U(layer.forward(x, mode).shape);
  random.fill_normal(U);

  // backward adds into the gradients: what lay there before must still be in them.
  constexpr Real earlier = Real(0.375);
  for (Parameter* p : layer.parameters()) p->gradient.fill(earlier);
  const Tensor dx = layer.backward(U, Gradients::all);
  std::vector<Tensor> gradients;
  for (Parameter* p : layer.parameters()) {
    gradients.push_back(p->gradient);
    for (Real& g : gradients.back().values) g -= earlier;
  }

  const auto L = [&] {
    before_forward();
    const Tensor& y = layer.forward(x, mode);
    double sum = 0;
    for (Index i = 0; i < y.size(); ++i) sum += U[i] * y[i];
    return sum;
  };
  GradientError worst;
  worst.see(compare_gradient(x, dx, L, "x", random));
  std::size_t i = 0;
  for (Parameter* p : layer.parameters()) {
    if (p->trainable) worst.see(compare_gradient(p->value, gradients[i], L, p->name, random));
    ++i;
  }
  return worst;
}

/// Least |value|: how far a tensor keeps away from a kink at zero.
inline double distance_from_zero(const Tensor& t) {
  double least = 1e300;
  for (Real v : t.values) least = std::min(least, std::abs(static_cast<double>(v)));
  return least;
}

/// A tensor whose values all differ by at least `gap`, in random order, centred on zero and never zero: no
/// ties and no kinks for max pooling and ReLU.
inline Tensor distinct_values(const Shape& shape, Random& random, double gap = 0.01) {
  Tensor t(shape);
  const std::vector<Index> order = random.permutation(t.size());
  for (Index i = 0; i < t.size(); ++i)
    t[i] = static_cast<Real>(gap *
                             (static_cast<double>(order[static_cast<std::size_t>(i)] - t.size() / 2) + 0.5));
  return t;
}

}  // namespace plaingrad
