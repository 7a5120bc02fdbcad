/// @file
/// The gradient of the six-neuron network, weight by weight: by differences, and by each rule. Held twice by
/// the program, in float and in double (chapter2/float_and_double/).
#pragma once

#include "neuron/network.hpp"

namespace plaingrad::chapter2 {

/// dL/dw of one weight by central differences, (L(w + h) - L(w - h)) / 2h.
double central_difference(const six_neurons::Network& network, const six_neurons::Sample& sample,
                          Real six_neurons::Weights::*weight, Real h);

/// The same by forward differences, (L(w + h) - L(w)) / h.
double forward_difference(const six_neurons::Network& network, const six_neurons::Sample& sample,
                          Real six_neurons::Weights::*weight, Real h);

/// What a rule adds to each weight at learning rate 1: -dL/dw according to it.
six_neurons::Weights change(const six_neurons::Network& network, const six_neurons::Sample& sample,
                            six_neurons::Rule rule);

/// Whether a rule's change is the numerical one, up to the error of differences in double with h = 1e-5.
bool agrees(double rule, double numerical);

}  // namespace plaingrad::chapter2
