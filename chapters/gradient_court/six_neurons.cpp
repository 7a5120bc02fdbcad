/// @file
/// The report's network of six sigmoid neurons, and its rules as they are printed (section 2.6).
#include "gradient_court/family.hpp"
#include "neuron/network.hpp"

namespace plaingrad::gradient_court {
namespace {

namespace six = plaingrad::six_neurons;

constexpr six::Sample sample = {.x1 = Real(0.7), .x2 = Real(-0.4), .z = Real(0.9)};

six::Network network_of(const Numbers& values) {
  six::Network network{};
  network.activations = {Activation::sigmoid, Activation::sigmoid, Activation::sigmoid,
                         Activation::sigmoid, Activation::sigmoid, Activation::sigmoid};
  for (std::size_t k = 0; k < six::all_weights.size(); ++k)
    network.weights.*six::all_weights[k].weight = static_cast<Real>(values[k]);
  return network;
}

//! [printed_rules]
// dL/dw from the step that a rule takes with learning rate 1: w' = w - dL/dw.
using ErrorsOf = std::function<six::Errors(const six::Network&, const six::Signals&)>;

Numbers gradient(const Numbers& weights, const ErrorsOf& errors, six::Rule update) {
  const six::Network network = network_of(weights);
  const six::Signals signals = six::propagate(network, sample.x1, sample.x2);
  const six::Weights after = six::updated_weights(network, signals, errors(network, signals), 1, update);
  Numbers result;
  for (const auto& [name, weight] : six::all_weights)
    result.push_back(value_of(network.weights.*weight - after.*weight));
  return result;
}
//! [printed_rules]

six::Errors corrected(const six::Network& network, const six::Signals& signals) {
  return six::backpropagate(network, signals, sample.z);
}

Fault rule(const std::string& name, const std::string& what, const std::string& source,
           const ErrorsOf& errors, six::Rule update = six::Rule::corrected) {
  return {name, what, source, [=](Pass& p) {
            p.gradients[0] = gradient(p.values[0], errors, update);
            scale(p.gradients[0], p.U[0]);
          }};
}

}  // namespace

Family six_neurons(ImageShape) {
  const auto printed = [](const six::Network& network, const six::Signals& signals) {
    return six::backpropagate_as_printed(network, signals, sample.z);
  };
  const Subject right = {{parameter("w", {14}, 1)},
                         [](const Values& v) -> Numbers {
                           const six::Signals signals =
                               six::propagate(network_of(v[0]), sample.x1, sample.x2);
                           return {value_of(six::squared_error(sample.z, signals.y6))};
                         },
                         [](const Values& v, const Numbers& U) -> Values {
                           Numbers dw = gradient(v[0], corrected, six::Rule::corrected);
                           scale(dw, U[0]);
                           return {dw};
                         }};
  return {
      right,
      {rule("(2.7) to (2.11) as printed", "the derivative of the neuron passed through is missing",
            "(2.7)-(2.11)", printed),
       rule("(2.24), (2.25) as printed", "the error of neuron 1 for that of neuron 6", "(2.24), (2.25)",
            corrected, six::Rule::as_printed),
       rule("all of 2.6 as printed", "both of them", "(2.7)-(2.25)", printed, six::Rule::as_printed),
       rule("delta = y - z", "the difference of 2.6 the other way round", "2.6, the sign of the error signal",
            [](const six::Network& network, const six::Signals& signals) {
              six::Errors e = corrected(network, signals);
              return six::Errors{-e.delta1, -e.delta2, -e.delta3, -e.delta4, -e.delta5, -e.delta};
            }),
       rule("w56 read as w46", "one digit in (2.11)", "",
            [](const six::Network& network, const six::Signals& signals) {
              six::Network other = network;
              other.weights.w56 = network.weights.w46;
              return corrected(other, signals);
            })}};
}

}  // namespace plaingrad::gradient_court
