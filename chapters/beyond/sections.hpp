/// @file
/// The sections of what goes beyond the report. Each prints what it works out, draws its figures and writes
/// its entry of results.json, from the records of its trainings.
#pragma once

#include "chapter8/trainings.hpp"

namespace plaingrad::beyond {

/// Accuracy against the number of training images.
void how_much_data(chapter8::Context& context);
/// Telling what does not belong by the reconstruction error of an autoencoder.
void anomalies(chapter8::Context& context);
/// As few errors as the report's network can come to.
void almost_flawless(chapter8::Context& context);
/// A better GAN by other settings.
void better_gan(chapter8::Context& context);

/// The jobs of a section, those that it shares with chapter 8 included.
std::vector<chapter8::Job> data_jobs(chapter8::Context& context, std::uint64_t seed);
std::vector<chapter8::Job> anomaly_jobs(chapter8::Context& context, std::uint64_t seed);
std::vector<chapter8::Job> flawless_jobs(chapter8::Context& context, std::uint64_t seed);
std::vector<chapter8::Job> gan_jobs(chapter8::Context& context, std::uint64_t seed);

}  // namespace plaingrad::beyond
