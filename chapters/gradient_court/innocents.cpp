/// @file
/// Functions with a right backward pass, at places that may mislead a checker: steep, large, small, close to
/// a kink.
#include <cmath>

#include "gradient_court/pointwise.hpp"

namespace plaingrad::gradient_court {
namespace {

NamedFamily correct_function(const std::string& name, const Numbers& x, Function f, Function f_prime) {
  const Subject subject = pointwise({"x", {std::ssize(x)}, x, false}, f, f_prime);
  return {name, [subject](ImageShape) -> Family { return {subject, {}}; }};
}

}  // namespace

std::vector<NamedFamily> correct_functions() {
  return {
      correct_function("ReLU a hundred-thousandth from zero", {1e-5, -1e-5, 1, -1e-5, 1e-5, -2}, relu,
                       relu_prime),
      correct_function("ReLU a ten-millionth from zero", {1e-7, -1e-7, -1e-7, 1e-7, -1e-7, 1e-7}, relu,
                       relu_prime),
      correct_function(
          "tanh(100 x)", {0.001, -0.004, 0.01, 0.02, -0.03}, [](double x) { return std::tanh(100 * x); },
          [](double x) { return 100 * (1 - std::pow(std::tanh(100 * x), 2)); }),
      correct_function(
          "exp(x) up to e^12", {12, 3, -2, 7, 11}, [](double x) { return std::exp(x); },
          [](double x) { return std::exp(x); }),
      correct_function(
          "x^2 of ten million", {1e7, -2e7, 3e7}, [](double x) { return x * x; },
          [](double x) { return 2 * x; }),
      correct_function(
          "1e-6 x^3", {0.3, -0.2, 0.1}, [](double x) { return 1e-6 * x * x * x; },
          [](double x) { return 3e-6 * x * x; }),
      correct_function(
          "sigmoid at 20 and -20", {20, -20, 15, -15}, [](double x) { return 1 / (1 + std::exp(-x)); },
          [](double x) { return std::exp(-std::abs(x)) / std::pow(1 + std::exp(-std::abs(x)), 2); }),
      correct_function(
          "sin(1000 x)", {0.1, 0.2, 0.3}, [](double x) { return std::sin(1000 * x); },
          [](double x) { return 1000 * std::cos(1000 * x); }),
  };
}

}  // namespace plaingrad::gradient_court
