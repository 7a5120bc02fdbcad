/// @file
/// The sections beyond the report. Each prints its results, draws its figures and writes
/// its entry of results.json, from the records of its trainings.
#pragma once

#include "chapter8/trainings.hpp"

namespace plaingrad::beyond {

/// Accuracy against the number of training images.
void how_much_data(chapter8::Context& context);
/// Anomaly detection by the reconstruction error of an autoencoder.
void anomalies(chapter8::Context& context);
/// How few errors the report's network can make.
void almost_flawless(chapter8::Context& context);
/// A better GAN through other settings.
void better_gan(chapter8::Context& context);

/// The jobs of a section, those that it shares with chapter 8 included.
std::vector<chapter8::Job> data_jobs(chapter8::Context& context, std::uint64_t seed);
std::vector<chapter8::Job> anomaly_jobs(chapter8::Context& context, std::uint64_t seed);
std::vector<chapter8::Job> flawless_jobs(chapter8::Context& context, std::uint64_t seed);
std::vector<chapter8::Job> gan_jobs(chapter8::Context& context, std::uint64_t seed);

}  // namespace plaingrad::beyond
