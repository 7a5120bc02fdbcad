/// @file
/// Chapter 2, Neural Networks: the artificial neuron, activation functions, propagation (2.1)-(2.6),
/// backpropagation (2.7)-(2.25) through the six-neuron network, and the judge between the rule as printed and
/// the corrected one. A file of chapters/chapter2/ for each section.
#include "chapter2/sections.hpp"
#include "program.hpp"

using namespace plaingrad;

int main(int argc, char** argv) {
  const Program program = {
      .name = "chapter2",
      .purpose =
          "Neurons, activation functions, propagation and backpropagation (report, chapter "
          "2) on a network of six neurons."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter2");
    show_neuron(options);
    show_activations(options);
    show_network(options, results);
    show_training(options, results);
    show_judge(results);
    show_step_sizes(options);
    results.save();
  });
}
