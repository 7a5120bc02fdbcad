/// @file
/// The derivatives of the six-neuron network's error without differences: compiled with dual numbers, the
/// network carries the derivative of every number that it computes.
#include <cmath>

#include "chapter2/differences.hpp"
#include "chapter2/example.hpp"
#include "neuron/network.hpp"

namespace plaingrad::chapter2 {

using namespace six_neurons;

namespace {

//! [dual_derivative]
double derivative_of_error(Network network, Real Weights::*weight) {
  (network.weights.*weight).derivative = 1;  // this weight moves, and nothing else does
  const auto& [x1, x2, z] = example_sample;
  return squared_error(z, propagate(network, x1, x2).y6).derivative;
}
//! [dual_derivative]

}  // namespace

double dual_number_error() {
  const Network network = example_network();
  Network learned = network;
  learn(learned, example_sample, 1);
  double off = 0, length = 0;
  for (const auto& [name, weight] : all_weights) {
    const double gradient = -value_of(learned.weights.*weight - network.weights.*weight);
    off += std::pow(derivative_of_error(network, weight) - gradient, 2);
    length += gradient * gradient;
  }
  return std::sqrt(off / length);
}

}  // namespace plaingrad::chapter2
