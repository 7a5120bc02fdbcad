/// @file
/// The network and the sample that chapter 2's figures and comparisons show: weights that a reader can follow
/// by hand.
#pragma once

#include "neuron/network.hpp"

namespace plaingrad::chapter2 {

/// The sample.
inline constexpr six_neurons::Sample example_sample = {Real(1), Real(-0.5), Real(1)};

/// Neurons 1, 2, 3 are sigmoid; 4, 5, 6 have the given function.
inline six_neurons::Network example_network(Activation later = Activation::sigmoid) {
  const auto w = [](double value) { return static_cast<Real>(value); };
  const Activation first = Activation::sigmoid;
  return {.weights = {.w11 = w(0.8),
                      .w12 = w(-0.4),
                      .w13 = w(0.3),
                      .w21 = w(0.5),
                      .w22 = w(0.9),
                      .w23 = w(-0.7),
                      .w14 = w(1.2),
                      .w15 = w(-0.6),
                      .w24 = w(0.7),
                      .w25 = w(0.4),
                      .w34 = w(-0.9),
                      .w35 = w(1.1),
                      .w46 = w(1.5),
                      .w56 = w(-1.3)},
          .activations = {first, first, first, later, later, later}};
}

}  // namespace plaingrad::chapter2
