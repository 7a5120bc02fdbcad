/// @file
/// The GAN of section 8.8: its training and the scores of its digits.
#pragma once

#include "chapter8/trainings.hpp"
#include "training/gan_run.hpp"

namespace plaingrad::chapter8 {

/// What the scales differ in. A step on 64 images takes a quarter of the time, and early on the number of
/// steps counts: so the quick scale has smaller mini-batches rather than fewer steps.
struct GanScale {
  Index batch_size, images;
  int epochs;
  Index evaluated;            ///< images that are scored at the end
  Index evaluated_per_epoch;  ///< and after each epoch

  explicit GanScale(const Options& options);
};

Training gan_training(Context& context, std::uint64_t seed);
Job gan_job(Context& context, std::uint64_t seed);

/// Trains a GAN and keeps its record, with the digits of every epoch beside it.
/// @param images  what it learns from, as settings.images says
/// @param scored_against  to whose test images its digits are compared @param scale  how many are scored
void make_gan_record(Context& context, const Training& training, const GanSettings& settings,
                     const Dataset& images, const TrainAndTest& scored_against, const GanScale& scale);

/// The training images, scaled down as the scale says.
Dataset gan_images(Context& context);
/// A run from its beginning: the networks' first weights and the noise of its twenty digits.
GanSettings gan_settings(Context& context, std::uint64_t seed);

/// The digits after each epoch, beside the record: IDX files of bytes, 20 images for each epoch.
struct DigitsFiles {
  std::filesystem::path images, classes;
};
DigitsFiles digits_files(Context& context, const Training& training);
/// "8, 99 %": what the CNN takes each of the last epoch's digits for, and how sure it is.
std::vector<std::string> prediction_captions(const Record& record);

}  // namespace plaingrad::chapter8
