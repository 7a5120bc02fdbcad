/// @file
/// Chapter 6, Generative Adversarial Networks: the game (6.1), its best discriminator, the two losses of the
/// generator, and the algorithm (6.2), (6.3) on the real line, where all densities are known.
#include "chapter6/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  const Program program{
      .name = "chapter6",
      .purpose = "The game of generator and discriminator, (6.1) to (6.3), on the real line."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter6");
    chapter6::section_6_1(options, results);
    chapter6::section_6_2(options, results);
    results.save();
  });
}
