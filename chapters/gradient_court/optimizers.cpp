/// @file
/// Optimizer steps as functions of the parameter, the gradient and the moments.
#include <cmath>

#include "gradient_court/family.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad::gradient_court {
namespace {

constexpr AdamSettings settings = {.learning_rate = 0.1};
constexpr Index steps_before = 4;

// theta, g, s, v of one parameter: theta after the step.
Numbers forward(const Values& values) {
  Numbers theta = values[0];
  for (std::size_t k = 0; k < theta.size(); ++k)
    theta[k] = adam_step({.theta = theta[k], .s = values[2][k], .v = values[3][k], .t = steps_before},
                         values[1][k], settings)
                   .theta;
  return theta;
}

// The constants in the derivative of a step.
struct Step {
  double s_of_g, v_of_g;  ///< the factors of g and g^2 in steps 4 and 5
  double s_correction, v_correction;
  bool v_depends_on_g = true;
};

Step right_step() {
  const double t = steps_before + 1;
  return {1 - settings.beta1, 1 - settings.beta2, 1 - std::pow(settings.beta1, t),
          1 - std::pow(settings.beta2, t)};
}

struct Moments {
  double s_hat, v_hat;
};

// The bias-corrected moments after steps 4 to 7.
Moments corrected_moments(const Values& values, std::size_t k, const Step& step) {
  const double g = values[1][k];
  return {(settings.beta1 * values[2][k] + step.s_of_g * g) / step.s_correction,
          (settings.beta2 * values[3][k] + step.v_of_g * g * g) / step.v_correction};
}

// dtheta'/dg, with theta' = theta - epsilon s_hat / (sqrt(v_hat) + lambda).
Numbers gradient_to_g(const Values& values, const Numbers& U, const Step& step) {
  Numbers result(U.size());
  for (std::size_t k = 0; k < U.size(); ++k) {
    const double g = values[1][k];
    const auto [s_hat, v_hat] = corrected_moments(values, k, step);
    const double root = std::sqrt(v_hat), divisor = root + settings.lambda;
    const double through_v = step.v_depends_on_g ? step.v_of_g * g / step.v_correction / root : 0;
    result[k] = -settings.learning_rate * U[k] *
                (step.s_of_g / step.s_correction / divisor - s_hat * through_v / (divisor * divisor));
  }
  return result;
}

Values gradients(const Values& values, const Numbers& U) {
  const Step step = right_step();
  Numbers to_s(U.size()), to_v(U.size());
  for (std::size_t k = 0; k < U.size(); ++k) {
    const auto [s_hat, v_hat] = corrected_moments(values, k, step);
    const double root = std::sqrt(v_hat), divisor = root + settings.lambda;
    to_s[k] = -settings.learning_rate * U[k] * settings.beta1 / step.s_correction / divisor;
    to_v[k] = settings.learning_rate * U[k] * s_hat / (divisor * divisor) * settings.beta2 /
              step.v_correction / (2 * root);
  }
  return {U, gradient_to_g(values, U, step), to_s, to_v};
}

Fault step_fault(const std::string& name, const std::string& what, const std::string& source,
                 const std::function<void(Step&)>& change) {
  return {name, what, source, [change](Pass& p) {
            Step step = right_step();
            change(step);
            p.gradients[1] = gradient_to_g(p.values, p.U, step);
          }};
}

}  // namespace

Family adam_step(ImageShape) {
  Argument v = input("v", {5}, 4);
  for (double& value : v.value) value = value * value + 0.1;
  const Subject right = {
      {input("theta", {5}, 1), input("g", {5}, 2), input("s", {5}, 3), v}, forward, gradients};
  return {right,
          {step_fault("step 4 as printed", "1 + beta1 for 1 - beta1", "4.4, step 4",
                      [](Step& s) { s.s_of_g = 1 + settings.beta1; }),
           step_fault("step 5 as printed", "1 + beta2 for 1 - beta2", "4.4, step 5",
                      [](Step& s) { s.v_of_g = 1 + settings.beta2; }),
           step_fault("corrections left out", "steps 6 and 7 do nothing", "",
                      [](Step& s) { s.s_correction = s.v_correction = 1; }),
           step_fault("v taken for a constant", "the step's length does not depend on g", "",
                      [](Step& s) { s.v_depends_on_g = false; })}};
}

Family sgd_step(ImageShape) {
  const double rate = 0.05;
  const Subject right = {{input("theta", {5}, 1), input("g", {5}, 2)},
                         [=](const Values& v) {
                           Numbers theta = v[0];
                           for (std::size_t k = 0; k < theta.size(); ++k) theta[k] -= rate * v[1][k];
                           return theta;
                         },
                         [=](const Values&, const Numbers& U) -> Values {
                           Numbers to_g = U;
                           scale(to_g, -rate);
                           return {U, to_g};
                         }};
  return {right,
          {{"theta epsilon g", "step 4 without its minus: a product", "4.3, step 4",
            [=](Pass& p) {
              for (std::size_t k = 0; k < p.U.size(); ++k) {
                p.gradients[0][k] = p.U[k] * rate * p.values[1][k];
                p.gradients[1][k] = p.U[k] * rate * p.values[0][k];
              }
            }},
           {"the rate's sign", "up the slope", "", [](Pass& p) { scale(p.gradients[1], -1); }}}};
}

}  // namespace plaingrad::gradient_court
