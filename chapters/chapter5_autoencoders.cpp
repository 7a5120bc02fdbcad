/// @file
/// Chapter 5, autoencoders: what a code of half the size keeps of an image, and learning to remove noise. One
/// function for each step, in chapters/chapter5/.
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

    Sequential plain = chapter5::encoder_and_decoder(images, random);
    chapter5::what_the_code_keeps(options, images, plain, random, results);
    chapter5::corruption(options, images, random);
    chapter5::likelihood(options, images, plain, random, results);
    Sequential denoising = chapter5::denoising_training(images, random, results);
    chapter5::training_procedure(options, images, denoising, random, results);
    chapter5::with_and_without_noise(images, plain, denoising, random, results);
    results.save();
  });
}
