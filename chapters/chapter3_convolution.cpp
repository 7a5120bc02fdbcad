/// @file
/// Chapter 3, Convolutional Neural Networks: convolution, the architecture, filters and how they learn, max
/// pooling.
#include "chapter3/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  const Program program{.name = "chapter3",
                        .purpose = "Convolution, its gradients and max pooling, number by number."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter3");
    const Matrix digit = chapter3::first_digit(options);
    chapter3::section_3_1();
    chapter3::section_3_2(options);
    chapter3::section_3_3(options, digit);
    chapter3::section_3_4(results);
    chapter3::section_3_5_and_3_6(options);
    results.save();
  });
}
