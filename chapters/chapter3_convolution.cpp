/// @file
/// Chapter 3, Convolutional Neural Networks: one function for each section, in chapters/chapter3/.
#include "chapter3/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  return run_program(
      argc, argv,
      {.name = "chapter3", .purpose = "Convolution, its gradients and max pooling, number by number."},
      [](const Options& options) {
        Results results(options, "chapter3");
        section_3_1();
        section_3_2(options);
        section_3_3(options);
        section_3_4(results);
        section_3_5_and_3_6(options);
        results.save();
      });
}
