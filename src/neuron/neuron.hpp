/// @file
/// The artificial neuron (section 2.2, Fig. 2.2): inputs times weights, summed, and an activation function.
#pragma once

#include <span>

#include "math/real.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// What a neuron computes on its way from inputs to output.
struct NeuronSignals {
  Real e;  ///< the weighted sum
  Real y;  ///< the output, f(e)
};

/// The neuron of Fig. 2.2 with its two inputs: e = w1 x1 + w2 x2, y = f(e).
NeuronSignals artificial_neuron(Activation f, Real x1, Real x2, Real w1, Real w2);

/// The neuron with any number of inputs: e = sum_i w_i x_i, y = f(e).
/// @throws std::invalid_argument if there are not as many weights as inputs
NeuronSignals artificial_neuron(Activation f, std::span<const Real> x, std::span<const Real> w);

}  // namespace plaingrad
