/// @file
/// Section 2.2: the artificial neuron.
#define BOOST_TEST_DYN_LINK
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <stdexcept>

#include "neuron/neuron.hpp"

using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(neuron)

BOOST_AUTO_TEST_CASE(weighted_sum_and_activation) {
  const NeuronSignals s = artificial_neuron(Activation::sigmoid, 2, -3, 0.5, 0.25);
  BOOST_CHECK_SMALL(s.e - 0.25, 1e-15);
  BOOST_CHECK_SMALL(s.y - 1 / (1 + std::exp(-0.25)), 1e-15);
}

BOOST_AUTO_TEST_CASE(any_number_of_inputs) {
  const std::array<Real, 3> x = {1, -2, 4}, w = {3, 5, 0.5};
  const NeuronSignals s = artificial_neuron(Activation::relu, x, w);
  BOOST_TEST(s.e == -5);
  BOOST_TEST(s.y == 0);
  BOOST_TEST(artificial_neuron(Activation::sigmoid, std::span<const Real>(), std::span<const Real>()).y ==
             0.5);
}

BOOST_AUTO_TEST_CASE(two_inputs_are_a_case_of_any_number) {
  const std::array<Real, 2> x = {0.7, -1.1}, w = {0.4, 0.9};
  for (const Activation f : all_activations) {
    const NeuronSignals two = artificial_neuron(f, x[0], x[1], w[0], w[1]), any = artificial_neuron(f, x, w);
    BOOST_CHECK_SMALL(two.e - any.e, 1e-15);
    BOOST_CHECK_SMALL(two.y - any.y, 1e-15);
  }
}

BOOST_AUTO_TEST_CASE(inputs_without_weights_throw) {
  const std::array<Real, 3> x = {1, 2, 3};
  const std::array<Real, 2> w = {1, 2};
  BOOST_CHECK_THROW(artificial_neuron(Activation::linear, x, w), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
