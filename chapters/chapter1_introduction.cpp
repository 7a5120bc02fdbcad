/// @file
/// Chapter 1, Introduction: recall and precision, the two formulas of its review of literature.
#include "chapter1/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  const Program program{
      .name = "chapter1",
      .purpose =
          "Recall and precision (report, section 1.3): a confusion matrix worked out, and the "
          "trade-off between the two."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter1");
    chapter1::section_1_3(options, results);
    results.save();
  });
}
