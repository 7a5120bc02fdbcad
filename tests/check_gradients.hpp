/// @file
/// The gradient check (src/gradient_check/) for what the tests check: layers, networks, and gradients that
/// have already been computed.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <string>

#include "gradient_check/gradient_check.hpp"
#include "layers/layer.hpp"

namespace plaingrad {

/// Checks backward of a built layer (or anything with forward, backward and parameters) at x.
/// @param before_forward  run before every forward pass, for example to reset the state of a random layer
/// @param max_elements  of a larger tensor, that many elements are chosen at random and checked
template <class Network>
GradientReport check_gradients(
    Network& layer, Tensor x, Mode mode, const std::function<void()>& before_forward = [] {},
    Index max_elements = 200) {
  Tensor dx;
  GradientCheck check({.draw_values = false, .max_elements = max_elements});
  check.input("x", x.shape, x, dx);
  for (Parameter* p : layer.parameters())
    if (p->trainable) check.parameter(p->name, p->value.shape, p->value, p->gradient);
  Tensor y;
  return check.run(
      [&]() -> const Tensor& {
        before_forward();
        return y = layer.forward(x, mode);
      },
      [&](const std::vector<double>& U) {
        Tensor dy(y.shape);
        std::transform(U.begin(), U.end(), dy.values.begin(), [](double u) { return static_cast<Real>(u); });
        dx = layer.backward(dy, Gradients::all);
      });
}

/// Checks a gradient that has already been computed: that of the number f() with respect to `values`.
inline GradientReport check_gradient(std::span<Real> values, std::span<const Real> gradient,
                                     const std::function<double()>& f, const std::string& name) {
  std::vector<double> scaled;
  GradientCheck check({.draw_values = false, .max_elements = 200});
  check.input(name, {static_cast<Index>(values.size())}, values, scaled);
  return check.run([&] { return std::vector<double>{f()}; },
                   [&](const std::vector<double>& U) {
                     scaled.assign(gradient.begin(), gradient.end());
                     for (double& g : scaled) g *= U[0];
                   });
}

}  // namespace plaingrad
