/// @file
/// Sections 2.4 to 2.6: Fig. 2.3, 2.4 and 2.5 with the numbers of one sample going forward and its error
/// going back.
#include <array>
#include <cstdio>
#include <string>

#include "chapter2/example.hpp"
#include "chapter2/sections.hpp"

namespace plaingrad::chapter2 {

using namespace six_neurons;

namespace {

using plotting::Diagram;

std::string with_number(const std::string& name, Real number, int decimals = 2) {
  char text[60];
  std::snprintf(text, sizeof text, "%s%.*f", name.c_str(), decimals, static_cast<double>(number));
  return text;
}

/// Where each weight's arrow starts and ends, in the order of all_weights: nodes 0, 1 are the inputs, 2 ... 7
/// the neurons 1 ... 6. `at` keeps the texts of crossing arrows apart.
struct Connection {
  int from, to;
  double at;
};
constexpr std::array<Connection, 14> connections = {{{0, 2, 0.5},
                                                     {0, 3, 0.35},
                                                     {0, 4, 0.76},
                                                     {1, 2, 0.76},
                                                     {1, 3, 0.35},
                                                     {1, 4, 0.5},
                                                     {2, 5, 0.5},
                                                     {2, 6, 0.25},
                                                     {3, 5, 0.28},
                                                     {3, 6, 0.28},
                                                     {4, 5, 0.25},
                                                     {4, 6, 0.5},
                                                     {5, 7, 0.5},
                                                     {6, 7, 0.5}}};

/// The network of Fig. 2.3 with the given texts in its nodes: x1, x2, neurons 1 ... 6.
Diagram network_diagram(const std::string& title, const std::array<std::string, 8>& texts) {
  constexpr std::array<double, 8> x = {0, 0, 1, 1, 1, 2, 2, 3}, y = {1.5, 0.5, 2, 1, 0, 1.5, 0.5, 1};
  constexpr std::array<int, 8> colour = {1, 1, 2, 2, 2, 2, 2, 3};
  Diagram diagram{.title = title, .nodes = {}, .arrows = {}, .pixel_width = 740, .pixel_height = 560};
  for (std::size_t i = 0; i < texts.size(); ++i)
    diagram.nodes.push_back({x[i], y[i], texts[i], 0, 0, colour[i]});
  return diagram;
}

void draw_network(const Options& options, const Network& network) {
  Diagram diagram = network_diagram("Fig. 2.3: two inputs, six neurons, fourteen weights, no bias",
                                    {"x1", "x2", "f1", "f2", "f3", "f4", "f5", "f6"});
  diagram.pixel_width = 640;
  for (std::size_t i = 0; i < all_weights.size(); ++i)
    diagram.arrows.push_back(
        {connections[i].from, connections[i].to,
         with_number(std::string(all_weights[i].name) + " = ", network.weights.*all_weights[i].weight, 1),
         connections[i].at});
  plotting::draw_diagram(options.figure("figure_2_3_network.png"), diagram);
}

void draw_propagation(const Options& options, const Network& network, const Signals& s) {
  const auto neuron = [](int i, Real e, Real y) {
    const std::string number = std::to_string(i);
    return with_number("e" + number + " = ", e) + "\n" + with_number("y" + number + " = ", y);
  };
  Diagram diagram = network_diagram(
      "Fig. 2.4: propagation. On the arrows: weight times signal",
      {with_number("x1 = ", s.x1), with_number("x2 = ", s.x2), neuron(1, s.e1, s.y1), neuron(2, s.e2, s.y2),
       neuron(3, s.e3, s.y3), neuron(4, s.e4, s.y4), neuron(5, s.e5, s.y5), neuron(6, s.e6, s.y6)});
  const std::array<Real, 7> signal = {s.x1, s.x2, s.y1, s.y2, s.y3, s.y4, s.y5};
  for (std::size_t i = 0; i < all_weights.size(); ++i) {
    const Real product =
        network.weights.*all_weights[i].weight * signal[static_cast<std::size_t>(connections[i].from)];
    diagram.arrows.push_back(
        {connections[i].from, connections[i].to, with_number("", product), connections[i].at});
  }
  plotting::draw_diagram(options.figure("figure_2_4_propagation.png"), diagram);
}

void draw_backpropagation(const Options& options, const Network& network, const Signals& s, Real z) {
  const Errors ours = backpropagate(network, s, z), printed = backpropagate_as_printed(network, s, z);
  const auto neuron = [](const std::string& name, Real corrected, Real as_printed) {
    return with_number(name + " = ", corrected, 3) + "\n" + with_number("printed:\n", as_printed, 3);
  };
  const std::string y6 = with_number("y = ", s.y6, 3) + "\n" + with_number("z = ", z, 3) + "\n" +
                         with_number("δ = ", ours.delta, 3);
  Diagram diagram = network_diagram(
      "Fig. 2.5: backpropagation. On the arrows: weight times derivative of the neuron passed",
      {"x1", "x2", neuron("δ1", ours.delta1, printed.delta1), neuron("δ2", ours.delta2, printed.delta2),
       neuron("δ3", ours.delta3, printed.delta3), neuron("δ4", ours.delta4, printed.delta4),
       neuron("δ5", ours.delta5, printed.delta5), y6});
  diagram.pixel_height = 660;
  const std::array<Real, 3> slope = {derivative(network.activations.f4, s.e4),
                                     derivative(network.activations.f5, s.e5),
                                     derivative(network.activations.f6, s.e6)};
  for (std::size_t i = 0; i < 6; ++i)  // the errors end at neurons 1, 2, 3
    diagram.arrows.push_back({connections[i].from, connections[i].to, ""});
  for (std::size_t i = 6; i < all_weights.size(); ++i) {
    const Real factor =
        network.weights.*all_weights[i].weight * slope[static_cast<std::size_t>(connections[i].to) - 5];
    diagram.arrows.push_back(
        {connections[i].to, connections[i].from, with_number("", factor, 3), 1 - connections[i].at, 1});
  }
  plotting::draw_diagram(options.figure("figure_2_5_backpropagation.png"), diagram);
}

void print_propagation(const Signals& s) {
  std::printf("Propagation (section 2.5), all neurons sigmoid, x1 = %.1f, x2 = %.1f\n\n",
              static_cast<double>(s.x1), static_cast<double>(s.x2));
  const std::array<Real, 6> e = {s.e1, s.e2, s.e3, s.e4, s.e5, s.e6},
                            y = {s.y1, s.y2, s.y3, s.y4, s.y5, s.y6};
  for (std::size_t i = 0; i < 6; ++i)
    std::printf("  (2.%zu)  e%zu = %7.4f   y%zu = f(e%zu) = %.4f\n", i + 1, i + 1, static_cast<double>(e[i]),
                i + 1, i + 1, static_cast<double>(y[i]));
}

void print_backpropagation(const Network& network, const Signals& s, Real z) {
  const Errors ours = backpropagate(network, s, z), printed = backpropagate_as_printed(network, s, z);
  std::printf("\nBackpropagation (section 2.6), target z = %.1f, delta = z - y = %.4f\n\n",
              static_cast<double>(z), static_cast<double>(ours.delta));
  std::printf("%26s%14s\n", "as printed", "corrected");
  const auto line = [](int number, Real as_printed, Real corrected) {
    std::printf("  %-8sdelta%d%10.4f%14.4f\n", ("(2." + std::to_string(number) + ")").c_str(), number - 6,
                static_cast<double>(as_printed), static_cast<double>(corrected));
  };
  line(7, printed.delta1, ours.delta1);
  line(8, printed.delta2, ours.delta2);
  line(9, printed.delta3, ours.delta3);
  line(10, printed.delta4, ours.delta4);
  line(11, printed.delta5, ours.delta5);
}

void print_update(const Network& network, const Signals& s, Real z) {
  const Real n = 1;
  const Weights weights = updated_weights(network, s, backpropagate(network, s, z), n);
  std::printf("\nUpdates (section 2.6), corrected rule, learning rate n = %.0f\n\n", static_cast<double>(n));
  for (std::size_t i = 0; i < all_weights.size(); ++i) {
    const auto& [name, weight] = all_weights[i];
    std::printf("  (2.%zu)  %s  %7.4f -> %7.4f\n", i + 12, std::string(name).c_str(),
                static_cast<double>(network.weights.*weight), static_cast<double>(weights.*weight));
  }
  const Network after = {weights, network.activations};
  std::printf("\n  y before %.4f, after %.4f: nearer to z.\n\n", static_cast<double>(s.y6),
              static_cast<double>(propagate(after, s.x1, s.x2).y6));
}

}  // namespace

void section_2_4_to_2_6(const Options& options, Results& results) {
  const Network network = example_network();
  const auto& [x1, x2, z] = example_sample;
  const Signals signals = propagate(network, x1, x2);
  print_propagation(signals);
  print_backpropagation(network, signals, z);
  print_update(network, signals, z);
  draw_network(options, network);
  draw_propagation(options, network, signals);
  draw_backpropagation(options, network, signals, z);
  results.add("example y6", signals.y6);
}

}  // namespace plaingrad::chapter2
