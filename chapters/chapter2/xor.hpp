/// @file
/// Section 2.6, epoch after epoch: the problem XOR, "exactly one of the two", and the network that learns it.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "neuron/network.hpp"

namespace plaingrad::chapter2 {

/// The four samples of XOR under one of the usual two encodings.
struct Problem {
  const char* name;
  std::array<six_neurons::Sample, 4> samples;
};
inline constexpr std::array<Problem, 2> problems = {
    {{"inputs -1 and 1", {{{-1, -1, 0}, {-1, 1, 1}, {1, -1, 1}, {1, 1, 0}}}},
     {"inputs 0 and 1", {{{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}}}}}};

/// Sigmoid neurons: at e = 0 their output is 1/2 and not 0, which replaces the bias that the network lacks.
inline constexpr six_neurons::Activations xor_neurons = {Activation::sigmoid, Activation::sigmoid,
                                                         Activation::sigmoid, Activation::sigmoid,
                                                         Activation::sigmoid, Activation::linear};
inline constexpr Real xor_learning_rate = Real(0.5);
inline constexpr int xor_epochs = 3000;

/// The rule for (2.7) to (2.11), and the one for (2.24) and (2.25).
struct Form {
  const char* name;
  six_neurons::Rule back, update;
};
inline constexpr std::array<Form, 3> forms = {
    {{"as printed", six_neurons::Rule::as_printed, six_neurons::Rule::as_printed},
     {"(2.24), (2.25) corrected", six_neurons::Rule::as_printed, six_neurons::Rule::corrected},
     {"all corrected", six_neurons::Rule::corrected, six_neurons::Rule::corrected}}};

/// Trains on the samples, one after another, epoch after epoch.
/// @return mean error of the samples in each epoch, each taken before its step
std::vector<double> train(six_neurons::Network& network, std::span<const six_neurons::Sample> samples,
                          Real learning_rate, const Form& form, int epochs);

}  // namespace plaingrad::chapter2
