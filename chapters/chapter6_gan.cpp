/// @file
/// Chapter 6, generative adversarial networks: the game (6.1), what its best discriminator is, the two losses
/// of the generator, and the algorithm (6.2), (6.3) on numbers instead of images, where one can see
/// everything. One function for each step, in chapters/chapter6/.
#include "chapter6/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  const Program program{
      .name = "chapter6",
      .purpose = "The game of generator and discriminator, (6.1) to (6.3), on the real line."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter6");
    chapter6::the_game(options, results);
    chapter6::generator_losses(options, results);
    chapter6::training(options, results);
    chapter6::ways_to_play(options, results);
    results.save();
  });
}
