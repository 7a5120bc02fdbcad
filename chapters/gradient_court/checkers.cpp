#include "gradient_court/checkers.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "gradient_check/gradient_check.hpp"
#include "math/random.hpp"

namespace plaingrad::gradient_court {
namespace {

double product(const Numbers& a, const Numbers& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double norm_of_difference(const Numbers& a, const Numbers& b) {
  double squares = 0;
  for (std::size_t k = 0; k < a.size(); ++k) squares += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(squares);
}

// NaN counts as an infinite error.
double greater(double a, double b) {
  return std::isnan(b) ? std::numeric_limits<double>::infinity() : std::max(a, b);
}

// The rule of NumPy and PyTorch: |a - expected| <= absolute + relative |expected|.
double allclose(double a, double expected, double relative, double absolute) {
  return greater(0, std::abs(a - expected) / (absolute + relative * std::abs(expected)));
}

Numbers normal(std::size_t count, Random& random) {
  Numbers numbers(count);
  for (double& number : numbers) number = random.normal();
  return numbers;
}

Numbers ones_like(const Numbers& y) {
  return Numbers(y.size(), 1);
}

// The arguments' values, with `step` added to one element.
Values moved(const Subject& subject, std::size_t argument, std::size_t element, double step) {
  Values values = subject.values();
  values[argument][element] += step;
  return values;
}

// The derivative of <U, y> with respect to one element, by a central difference.
double difference(const Subject& subject, const Numbers& U, std::size_t argument, std::size_t element,
                  double step) {
  const Numbers up = subject.forward(moved(subject, argument, element, step)),
                down = subject.forward(moved(subject, argument, element, -step));
  return (product(U, up) - product(U, down)) / (2 * step);
}

//! [ours]
double ours(const Subject& candidate, const Subject&) {
  Values values = candidate.values(), gradients = values;
  GradientCheck check({.draw_values = false});
  for (std::size_t k = 0; k < values.size(); ++k) {
    const Argument& a = candidate.arguments[k];
    if (a.added)
      check.parameter(a.name, a.shape, values[k], gradients[k]);
    else
      check.input(a.name, a.shape, values[k], gradients[k]);
  }
  const GradientReport report = check.run([&] { return candidate.forward(values); },
                                          [&](const Numbers& U) {
                                            const Values found = candidate.backward(values, U, gradients);
                                            std::copy(found.begin(), found.end(), gradients.begin());
                                          });
  double worst = 0;
  for (const CheckedArgument& argument : report.arguments) {
    worst = std::max(worst, argument.worst().error());
    if (argument.kinks_together) worst = std::max(worst, argument.kinks_together->error());
  }
  return worst;
}
//! [ours]

//! [pytorch]
// Every element of every output's gradient.
double pytorch(const Subject& candidate, const Subject&) {
  const double step = 1e-6;
  const std::size_t outputs = candidate.forward(candidate.values()).size();
  std::vector<Values> analytic;
  for (std::size_t n = 0; n < outputs; ++n) {
    Numbers U(outputs);
    U[n] = 1;
    analytic.push_back(candidate.backward(candidate.values(), U));
  }
  double worst = 0;
  for (std::size_t a = 0; a < candidate.arguments.size(); ++a)
    for (std::size_t k = 0; k < candidate.arguments[a].value.size(); ++k) {
      const Numbers up = candidate.forward(moved(candidate, a, k, step)),
                    down = candidate.forward(moved(candidate, a, k, -step));
      for (std::size_t n = 0; n < outputs; ++n)
        worst = greater(worst, allclose(analytic[n][a][k], (up[n] - down[n]) / (2 * step), 1e-3, 1e-5));
    }
  return worst;
}
//! [pytorch]

//! [jax]
// One random direction through all arguments, and a random upstream gradient: two numbers are compared.
double jax(const Subject& candidate, const Subject&) {
  const double step = 1e-4;
  Random random(0);
  Values direction, up = candidate.values(), down = up;
  for (std::size_t a = 0; a < up.size(); ++a) {
    direction.push_back(normal(up[a].size(), random));
    for (std::size_t k = 0; k < up[a].size(); ++k) {
      up[a][k] += step * direction[a][k];
      down[a][k] -= step * direction[a][k];
    }
  }
  const Numbers y_up = candidate.forward(up), y_down = candidate.forward(down),
                U = normal(y_up.size(), random);
  const Values gradients = candidate.backward(candidate.values(), U);
  double analytic = 0;
  for (std::size_t a = 0; a < gradients.size(); ++a) analytic += product(gradients[a], direction[a]);
  return allclose(analytic, (product(U, y_up) - product(U, y_down)) / (2 * step), 1e-5, 1e-5);
}
//! [jax]

//! [needle]
// Every element, an upstream gradient of ones; the norms of the differences are added up.
double sum_of_norms(const Subject& candidate, const Subject&) {
  const Numbers U = ones_like(candidate.forward(candidate.values()));
  const Values gradients = candidate.backward(candidate.values(), U);
  double sum = 0;
  for (std::size_t a = 0; a < gradients.size(); ++a) {
    Numbers differences(gradients[a].size());
    for (std::size_t k = 0; k < differences.size(); ++k)
      differences[k] = difference(candidate, U, a, k, 1e-4);
    sum += norm_of_difference(gradients[a], differences);
  }
  return greater(0, sum / 1e-6);
}
//! [needle]

//! [minitorch]
// One element of each argument, an upstream gradient of ones.
double one_element(const Subject& candidate, const Subject&) {
  const Numbers U = ones_like(candidate.forward(candidate.values()));
  const Values gradients = candidate.backward(candidate.values(), U);
  Random random(10);
  double worst = 0;
  for (std::size_t a = 0; a < gradients.size(); ++a) {
    const auto k = static_cast<std::size_t>(random.index(static_cast<Index>(gradients[a].size())));
    worst = greater(worst, allclose(gradients[a][k], difference(candidate, U, a, k, 1e-6), 1e-2, 1e-2));
  }
  return worst;
}
//! [minitorch]

//! [square]
// Another framework's gradients, with an upstream gradient of ones: a norm for each argument.
double framework_norms(const Subject& candidate, const Subject& right) {
  const Numbers U = ones_like(candidate.forward(candidate.values()));
  const Values gradients = candidate.backward(candidate.values(), U),
               expected = right.backward(candidate.values(), U);
  double worst = 0;
  for (std::size_t a = 0; a < gradients.size(); ++a)
    worst = greater(worst, norm_of_difference(gradients[a], expected[a]) / 1e-2);
  return worst;
}
//! [square]

//! [llm_c]
// Another framework's gradients of a mean: no element may differ by more than 0.02.
double framework_elements(const Subject& candidate, const Subject& right) {
  Random random(0);
  Numbers U = normal(candidate.forward(candidate.values()).size(), random);
  scale(U, 1 / static_cast<double>(U.size()));
  const Values gradients = candidate.backward(candidate.values(), U),
               expected = right.backward(candidate.values(), U);
  double worst = 0;
  for (std::size_t a = 0; a < gradients.size(); ++a)
    for (std::size_t k = 0; k < gradients[a].size(); ++k)
      worst = greater(worst, std::abs(gradients[a][k] - expected[a][k]) / 2e-2);
  return worst;
}
//! [llm_c]

}  // namespace

const std::vector<Checker>& all_checkers() {
  static const std::vector<Checker> all = {
      {"plaingrad", "every element, random upstream, a bound for each difference",
       "gradient_check/gradient_check.hpp", ImageShape::oblong, ours},
      {"PyTorch gradcheck", "every element of each output, step 1e-6, 1e-5 + 0.001",
       "torch.autograd.gradcheck", ImageShape::oblong, pytorch},
      {"JAX check_grads", "one direction, random upstream, step 1e-4, 1e-5 + 1e-5",
       "jax.test_util.check_grads", ImageShape::oblong, jax},
      {"needle gradient_check", "every element, ones, step 1e-4, norms add up to 1e-6", "dlsyscourse/hw1",
       ImageShape::oblong, sum_of_norms},
      {"MiniTorch grad_check", "one element each, ones, step 1e-6, 0.01 + 0.01", "minitorch/minitorch",
       ImageShape::oblong, one_element},
      {"needle test_op_conv", "PyTorch's, ones, square images, each norm to 0.01", "dlsyscourse/hw4",
       ImageShape::square, framework_norms},
      {"llm.c check_tensor", "PyTorch's, of a mean, each element to 0.02", "karpathy/llm.c",
       ImageShape::oblong, framework_elements}};
  return all;
}

}  // namespace plaingrad::gradient_court
