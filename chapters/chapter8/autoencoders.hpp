/// @file
/// The autoencoders of section 8.7: their trainings, and the accuracy of the CNN on what they restore.
#pragma once

#include "chapter8/trainings.hpp"

namespace plaingrad::chapter8 {

/// The report's amounts of noise.
inline constexpr double noise_levels[] = {0.2, 0.6, 1.0};

/// "noise 0.2".
std::string with_noise(double noise);

/// The digits: training images, test images and the labels of those. Fewer at quick scale.
struct Digits {
  Tensor train, test;
  std::vector<std::uint8_t> labels;

  Digits(const Options& options, const TrainAndTest& data);
};

Training autoencoder_training(Context& context, double noise, std::uint64_t seed);
/// All three, one after another from one stream of random numbers.
Job autoencoders_job(Context& context, std::uint64_t seed);

/// The two readings of what is restored (the text says noisy images, the listing 11.1.2 restores clean ones),
/// and the images without restoring. With " accuracy" after it this is the score that holds the accuracy of
/// the CNN after each of its epochs; with " predictions", the classes predicted for test images 1 and 500.
inline constexpr const char* readings[] = {
    "restored from noisy images:", "restored from clean images:", "clean images, not restored:"};

}  // namespace plaingrad::chapter8
