/// @file
/// Chapter 5, Autoencoders: what a code of half the size keeps of an image, and learning to remove noise.
#include "chapter5/sections.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  const Program program{
      .name = "chapter5",
      .purpose = "Encoder, decoder, corruption and the loss of denoising, (5.1) and (5.2)."};
  return run_program(argc, argv, program, [](const Options& options) {
    Results results(options, "chapter5");
    const chapter5::Images images(options);
    Random random(options.seed);
    Sequential plain = chapter5::section_5_1(options, images, random, results);
    chapter5::section_5_2(options, images, plain, random, results);
    results.save();
  });
}
