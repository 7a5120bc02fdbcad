/// @file
/// Chapter 4, optimization techniques: gradient descent on a function of one variable, stochastic gradient
/// descent on mini-batches, Adam in its eight steps, and the three on one problem.
#include "chapter4/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  const Program program{
      .name = "chapter4",
      .purpose = "Gradient descent, SGD and Adam, equations (4.1) to (4.6), drawn and compared."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter4");
    chapter4::section_4_2(options, results);
    chapter4::section_4_3(options, results);
    chapter4::section_4_4(options, results);
    chapter4::compare_optimizers(options, results);
    results.save();
  });
}
