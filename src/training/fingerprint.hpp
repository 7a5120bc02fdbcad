/// @file
/// Does this installation compute what ours did? Short trainings of the three networks, and a hash of the
/// weights that they lead to: one bit that differs anywhere on the way changes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "layers/sequential.hpp"

namespace plaingrad {

/// FNV-1a, 64 bits, of all parameters' values in the model's order, byte by byte.
/// @throws std::logic_error if the model is not built
std::uint64_t weights_hash(const Sequential& model);

/// What a short training came to.
struct Fingerprint {
  std::string network;  ///< "CNN", "autoencoder", "generator", "discriminator"
  int steps = 0;
  std::uint64_t hash = 0;  ///< of the weights after the last step
};

/// Trains the three networks on the first 960 images at batch 32 with the report's optimizers, everything
/// drawn from seed 1.
/// @param digits  MNIST's training images, or the sample of them: it holds the same first 1,000
/// @param steps  of the CNN and of the autoencoder @param gan_steps  of the GAN
/// @throws std::invalid_argument if there are fewer than 960 images
std::vector<Fingerprint> fingerprints(const Dataset& digits, int steps = 100, int gan_steps = 10);

/// What the fast engine in float computes, for the default numbers of steps. There are two answers: with and
/// without fused multiply-add.
std::vector<Fingerprint> expected_fingerprints();

}  // namespace plaingrad
