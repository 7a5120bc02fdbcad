// What the figure of section 2.6 asks: the network of Fig. 2.3 with the numbers that the reader chooses.
// A case comes in as {weights: {w11: ...}, activations: ["sigmoid", ...], x1, x2, z, n}.
#include <emscripten/bind.h>

#include <string>

#include "chapter2/example.hpp"
#include "chapter2/gradient.hpp"
#include "chapter2/xor.hpp"

using namespace plaingrad;
using namespace plaingrad::six_neurons;
using emscripten::val;

namespace {

Rule rule_named(const std::string& name) {
  return name == "as printed" ? Rule::as_printed : Rule::corrected;
}

/// The form of section 2.6 that follows one rule throughout.
const chapter2::Form& form_of(Rule rule) {
  return rule == Rule::as_printed ? chapter2::forms.front() : chapter2::forms.back();
}

// ---- in -------------------------------------------------------------------------------------------------------------
Network network_in(const val& given) {
  Network network{};
  for (const auto& [name, weight] : all_weights)
    network.weights.*weight = given["weights"][std::string(name)].as<Real>();
  const auto activation = [&](int i) {
    return activation_from_name(given["activations"][i].as<std::string>());
  };
  network.activations = {activation(0), activation(1), activation(2),
                         activation(3), activation(4), activation(5)};
  return network;
}

Sample sample_in(const val& given) {
  return {given["x1"].as<Real>(), given["x2"].as<Real>(), given["z"].as<Real>()};
}

// ---- out ------------------------------------------------------------------------------------------------------------
val weights_out(const Weights& weights) {
  val out = val::object();
  for (const auto& [name, weight] : all_weights) out.set(std::string(name), weights.*weight);
  return out;
}

val activations_out(const Activations& activations) {
  const auto& [f1, f2, f3, f4, f5, f6] = activations;
  val out = val::array();
  for (const Activation f : {f1, f2, f3, f4, f5, f6}) out.call<void>("push", to_string(f));
  return out;
}

val sample_out(const Sample& sample) {
  val out = val::object();
  out.set("x1", sample.x1);
  out.set("x2", sample.x2);
  out.set("z", sample.z);
  return out;
}

// ---- what is asked --------------------------------------------------------------------------------------------------
/// The example of the chapter, at the learning rate of its updates.
val example() {
  val out = sample_out(chapter2::example_sample);
  const Network network = chapter2::example_network();
  out.set("weights", weights_out(network.weights));
  out.set("activations", activations_out(network.activations));
  out.set("n", 1);
  return out;
}

val activation_names() {
  val out = val::array();
  for (const Activation f : all_activations) out.call<void>("push", to_string(f));
  return out;
}

/// Everything that (2.1) to (2.25) compute by one rule, under the names that the letters have in the code;
/// each updated weight as new_w11 and so on.
val values(const val& given, const std::string& rule_name) {
  const Network network = network_in(given);
  const Sample sample = sample_in(given);
  const Rule rule = rule_named(rule_name);
  const Signals s = propagate(network, sample.x1, sample.x2);
  const Errors d = rule == Rule::as_printed ? backpropagate_as_printed(network, s, sample.z)
                                            : backpropagate(network, s, sample.z);
  const Real n = given["n"].as<Real>();
  const Weights updated = updated_weights(network, s, d, n, rule);
  const auto& [f1, f2, f3, f4, f5, f6] = network.activations;
  val out = sample_out(sample);
  const std::pair<const char*, Real> all[] = {{"n", n},
                                              {"e1", s.e1},
                                              {"e2", s.e2},
                                              {"e3", s.e3},
                                              {"e4", s.e4},
                                              {"e5", s.e5},
                                              {"e6", s.e6},
                                              {"y1", s.y1},
                                              {"y2", s.y2},
                                              {"y3", s.y3},
                                              {"y4", s.y4},
                                              {"y5", s.y5},
                                              {"y6", s.y6},
                                              {"delta1", d.delta1},
                                              {"delta2", d.delta2},
                                              {"delta3", d.delta3},
                                              {"delta4", d.delta4},
                                              {"delta5", d.delta5},
                                              {"delta", d.delta},
                                              {"df1", derivative(f1, s.e1)},
                                              {"df2", derivative(f2, s.e2)},
                                              {"df3", derivative(f3, s.e3)},
                                              {"df4", derivative(f4, s.e4)},
                                              {"df5", derivative(f5, s.e5)},
                                              {"df6", derivative(f6, s.e6)},
                                              {"loss", squared_error(sample.z, s.y6)}};
  for (const auto& [name, value] : all) out.set(name, value);
  for (const auto& [name, weight] : all_weights) {
    out.set(std::string(name), network.weights.*weight);
    out.set("new_" + std::string(name), updated.*weight);
  }
  return out;
}

/// For each weight, -dL/dw: by central differences with the step of the chapter's check, and by the rule.
val gradients(const val& given, const std::string& rule) {
  const Network network = network_in(given);
  const Sample sample = sample_in(given);
  const Weights change = chapter2::change(network, sample, rule_named(rule));
  val out = val::object();
  for (const auto& [name, weight] : all_weights) {
    const double numerical = -chapter2::central_difference(network, sample, weight, 1e-5);
    val row = val::object();
    row.set("numerical", numerical);
    row.set("rule", change.*weight);
    row.set("agrees", chapter2::agrees(change.*weight, numerical));
    out.set(std::string(name), row);
  }
  return out;
}

/// Section 2.6's training: XOR in both encodings, its neurons, its learning rate, its number of epochs.
val xor_training() {
  val out = val::object(), problems = val::array();
  for (const auto& [name, samples] : chapter2::problems) {
    val problem = val::object(), all = val::array();
    for (const Sample& sample : samples) all.call<void>("push", sample_out(sample));
    problem.set("name", std::string(name));
    problem.set("samples", all);
    problems.call<void>("push", problem);
  }
  out.set("problems", problems);
  out.set("activations", activations_out(chapter2::xor_neurons));
  out.set("n", chapter2::xor_learning_rate);
  out.set("epochs", chapter2::xor_epochs);
  return out;
}

/// The weights that a seed draws first.
val start(int seed) {
  Random random(static_cast<std::uint64_t>(seed));
  return weights_out(random_weights(random));
}

/// Some epochs on these samples. @return the weights after them, and the mean error in each
val train(const val& given, const val& samples, const std::string& rule, int epochs) {
  Network network = network_in(given);
  std::vector<Sample> all;
  for (const val& sample : emscripten::vecFromJSArray<val>(samples)) all.push_back(sample_in(sample));
  const std::vector<double> losses =
      chapter2::train(network, all, given["n"].as<Real>(), form_of(rule_named(rule)), epochs);
  val out = val::object();
  out.set("weights", weights_out(network.weights));
  out.set("losses", val::array(losses));
  return out;
}

/// The network's answer to each sample.
val answers(const val& given, const val& samples) {
  const Network network = network_in(given);
  val out = val::array();
  for (const val& each : emscripten::vecFromJSArray<val>(samples)) {
    const Sample sample = sample_in(each);
    out.call<void>("push", propagate(network, sample.x1, sample.x2).y6);
  }
  return out;
}

}  // namespace

EMSCRIPTEN_BINDINGS(six_neurons) {
  emscripten::function("example", &example);
  emscripten::function("activation_names", &activation_names);
  emscripten::function("values", &values);
  emscripten::function("gradients", &gradients);
  emscripten::function("xor_training", &xor_training);
  emscripten::function("start", &start);
  emscripten::function("train", &train);
  emscripten::function("answers", &answers);
}
