/// @file
/// Chapter 2, Neural Networks: the artificial neuron, activation functions, propagation (2.1)-(2.6),
/// backpropagation (2.7)-(2.25) through the six-neuron network, and the gradient check of the rule as printed
/// and of the corrected one.
#include "chapter2/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  const Program program{
      .name = "chapter2",
      .purpose =
          "Neurons, activation functions, propagation and backpropagation (report, chapter 2) on "
          "a network of six neurons."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter2");
    chapter2::section_2_2(options);
    chapter2::section_2_3(options);
    chapter2::section_2_4_to_2_6(options, results);
    chapter2::section_2_6_training(options, results);
    chapter2::section_2_6_gradient_check(results);
    chapter2::section_2_6_step_sizes(options);
    results.save();
  });
}
