/// @file
/// Chapter 7, Implementation: the two data sets, the networks layer by layer, and what a dense layer
/// computes, (7.1).
#include "chapter7/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  const Program program{.name = "chapter7",
                        .purpose = "The data sets and the networks of chapter 7, layer by layer."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter7");
    const TrainAndTest mnist = load_dataset(DatasetName::mnist, options.data, options.sample);
    const TrainAndTest fashion = load_dataset(DatasetName::fashion_mnist, options.data, options.sample);
    chapter7::section_7_1(options, mnist, fashion, results);
    chapter7::section_7_3_1(options, mnist.train, results);
    chapter7::section_7_3_2(options, results);
    chapter7::section_7_3_3(options, results);
    chapter7::same_bits(mnist.train, results);
    results.save();
  });
}
