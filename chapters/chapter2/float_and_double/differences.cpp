/// @file
/// Numerical differences of the six-neuron network's error. The program holds this file twice: compiled in
/// float, and compiled in double, where the library lives in a namespace of its own. The interface
/// (chapter2/differences.hpp) is in double either way.
#include "chapter2/differences.hpp"

#include <algorithm>
#include <cmath>

#include "chapter2/example.hpp"
#include "chapter2/gradient.hpp"

namespace plaingrad::chapter2 {

using namespace six_neurons;

namespace {

Real error_of(const Network& network, const Sample& sample) {
  const auto& [x1, x2, z] = sample;
  return squared_error(z, propagate(network, x1, x2).y6);
}

/// The error with one weight moved by h.
Real error_at(Network network, const Sample& sample, Real Weights::*weight, Real h) {
  network.weights.*weight += h;
  return error_of(network, sample);
}

}  // namespace

//! [differences]
double central_difference(const Network& network, const Sample& sample, Real Weights::*weight, Real h) {
  return (error_at(network, sample, weight, h) - error_at(network, sample, weight, -h)) / (2 * h);
}

double forward_difference(const Network& network, const Sample& sample, Real Weights::*weight, Real h) {
  return (error_at(network, sample, weight, h) - error_of(network, sample)) / h;
}
//! [differences]

Weights change(const Network& network, const Sample& sample, Rule rule) {
  Network learned = network;
  learn(learned, sample, 1, rule, rule);
  Weights difference{};
  for (const auto& [name, weight] : all_weights)
    difference.*weight = learned.weights.*weight - network.weights.*weight;
  return difference;
}

bool agrees(double rule, double numerical) {
  return std::abs(rule - numerical) < 1e-7 * std::max({std::abs(rule), std::abs(numerical), 1.0});
}

namespace {

using Difference = double (*)(const Network&, const Sample&, Real Weights::*, Real);

/// Length of (differences - gradient), over the length of the gradient, for each step.
std::vector<double> relative_errors(const std::vector<double>& steps, Difference difference) {
  const Network network = example_network();
  const Weights descent = change(network, example_sample, Rule::corrected);
  std::vector<double> errors;
  for (const double h : steps) {
    double off = 0, length = 0;
    for (const auto& [name, weight] : all_weights) {
      const double gradient = -static_cast<double>(descent.*weight);
      off += std::pow(difference(network, example_sample, weight, static_cast<Real>(h)) - gradient, 2);
      length += gradient * gradient;
    }
    errors.push_back(std::sqrt(off / length));
  }
  return errors;
}

}  // namespace

std::vector<double> central_difference_errors(const std::vector<double>& steps) {
  return relative_errors(steps, central_difference);
}

std::vector<double> forward_difference_errors(const std::vector<double>& steps) {
  return relative_errors(steps, forward_difference);
}

std::vector<std::array<double, 3>> compare_rules(bool later_neurons_linear) {
  const Network network = example_network(later_neurons_linear ? Activation::linear : Activation::sigmoid);
  const Weights corrected = change(network, example_sample, Rule::corrected),
                printed = change(network, example_sample, Rule::as_printed);
  std::vector<std::array<double, 3>> rows;
  for (const auto& [name, weight] : all_weights)
    rows.push_back({-central_difference(network, example_sample, weight, Real(1e-5)),
                    static_cast<double>(corrected.*weight), static_cast<double>(printed.*weight)});
  return rows;
}

}  // namespace plaingrad::chapter2
