#include "chapter8/gan.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "chapter8/common.hpp"
#include "chapter8/generated_digits.hpp"
#include "data/idx.hpp"
#include "data/mini_batches.hpp"
#include "math/decimal.hpp"
#include "models/gan.hpp"

namespace plaingrad::chapter8 {

GanScale::GanScale(const Options& options)
    : batch_size(options.full ? 256 : 64),
      images(options.full ? 60000 : 6400),
      epochs(chapter8::epochs(options, 10, 50)),
      evaluated(options.full ? 10000 : 2000),
      evaluated_per_epoch(options.full ? 2000 : 1000) {}

Training gan_training(Context& context, std::uint64_t seed) {
  const GanScale scale(context.options);
  Training training =
      context.training("GAN", "gan", DatasetName::mnist, scale.epochs, seed,
                       {{"optimizer", "Adam 1e-4"},
                        {"batch size", std::to_string(scale.batch_size)},
                        {"training images", std::to_string(scale.images)},
                        {"evaluated after each epoch", std::to_string(scale.evaluated_per_epoch)}});
  training.weights = seed == context.options.seed;
  return training;
}

Dataset gan_images(Context& context) {
  return first_images(context.dataset(DatasetName::mnist).train, GanScale(context.options).images);
}

GanSettings gan_settings(Context& context, std::uint64_t seed) {
  const GanScale scale(context.options);
  const Index count = std::min(scale.images, context.dataset(DatasetName::mnist).train.count());
  return {.batch_size = scale.batch_size,
          .seed = seed,
          .images = "the first " + std::to_string(count) + " of MNIST"};
}

DigitsFiles digits_files(Context& context, const Training& training) {
  return {context.beside_record(training, "-digits-idx3-ubyte.gz"),
          context.beside_record(training, "-classes-idx1-ubyte.gz")};
}

std::vector<std::string> prediction_captions(const Record& record) {
  std::vector<std::string> texts;
  const std::vector<double>&predicted = record.score("digits, class"),
        &confidence = record.score("digits, confidence");
  for (std::size_t n = 0; n < std::min(predicted.size(), confidence.size()); ++n)
    texts.push_back(fixed(predicted[n], 0) + ", " + fixed(100 * confidence[n], 0) + " %");
  return texts;
}

namespace {

/// Goes on from the run's file, if there is one.
void resume(GanRun& run, const RunFile& file) {
  const std::optional<Checkpoint> kept = file.load();
  if (!kept) return;
  try {
    run.restore(*kept);
  } catch (const std::runtime_error& error) {
    file.refuse(error.what());
  }
}

void add_scores(GanEpoch& epoch, const Scores& scores) {
  epoch.scores = {
      {"confidence", scores.confidence}, {"score", scores.classifier_score}, {"frechet", scores.frechet}};
}

//! [train]
void train(GanRun& run, RunFile& file, const Training& training, Index steps, const Dataset& images,
           Evaluator& evaluator, const Tensor& noise) {
  resume(run, file);
  Progress progress(file.title(), std::cerr, isatty(STDERR_FILENO) == 1);
  progress.begin(training.epochs, steps);
  const auto keep = [&](GanEpoch& epoch) {
    add_scores(epoch, evaluator.scores(run.generate(noise)));
    file.save(run.checkpoint(), epoch.number);
  };
  while (std::ssize(run.history()) < training.epochs) run.run_epoch(images, &progress, keep);
}
//! [train]

void set_history(Record& record, const std::vector<GanEpoch>& history) {
  for (const GanEpoch& epoch : history) {
    record.history["discriminator loss"].push_back(epoch.discriminator_loss);
    record.history["generator loss"].push_back(epoch.generator_loss);
    for (const auto& [name, score] : epoch.scores) record.history[name].push_back(score);
    record.seconds.push_back(epoch.seconds);
  }
}

/// What the CNN takes the last epoch's digits for, and how sure it is.
void add_predictions(const Tensor& digits, Evaluator& evaluator, Record& record) {
  const Tensor p = evaluator.probabilities(digits);
  const std::vector<Index> predicted = argmax(p);
  record.scores["digits, class"].assign(predicted.begin(), predicted.end());
  record.scores["digits, confidence"] = confidences(p);
}

/// From -1 ... 1 to bytes.
Dataset as_bytes(const std::vector<Tensor>& digits) {
  Dataset bytes;
  bytes.height = bytes.width = 28;
  for (const Tensor& images : digits)
    for (const double v : as_grey(images).values)
      bytes.pixels.push_back(static_cast<std::uint8_t>(std::lround(255 * std::clamp(v, 0.0, 1.0))));
  return bytes;
}

/// The digits of all epochs, and what the CNN takes them for.
void write_digits(Context& context, const Training& training, const GanRun& run, Evaluator& evaluator) {
  Dataset bytes = as_bytes(run.digits());
  for (const Tensor& digits : run.digits())
    for (const Index c : argmax(evaluator.probabilities(digits)))
      bytes.labels.push_back(static_cast<std::uint8_t>(c));
  const DigitsFiles files = digits_files(context, training);
  write_idx(bytes, files.images, files.classes);
}

}  // namespace

void make_gan_record(Context& context, const Training& training, const GanSettings& settings,
                     const Dataset& images, const TrainAndTest& scored_against, const GanScale& scale) {
  Evaluator evaluator(train_cnn(context, cnn_of_three_epochs(context.options), settings.seed).model,
                      scored_against, scale.evaluated);
  Random random(settings.seed + 1);  // of its own: scoring does not change the training
  Tensor noise({scale.evaluated, gan_noise_size}), less_noise({scale.evaluated_per_epoch, gan_noise_size});
  random.fill_normal(noise);
  std::copy_n(noise.data(), less_noise.size(), less_noise.data());

  GanRun run(settings);
  const ActiveRun active = context.start_run(training);
  train(run, active.file, training, mini_batch_count(images.count(), settings.batch_size), images, evaluator,
        less_noise);
  if (context.is_recorded(training)) return;
  Record record;
  set_history(record, run.history());
  evaluator.scores(run.generate(noise)).add_to(record, "generated");
  if (settings.average > 0)
    evaluator.scores(generated_images(run.generator(), noise)).add_to(record, "by the last weights");
  evaluator.real().add_to(record, "real");
  record.scores["images scored, generated and real"] = {static_cast<double>(scale.evaluated),
                                                        static_cast<double>(evaluator.real_count())};
  record.scores["accuracy of the CNN"] = {evaluator.accuracy()};
  add_predictions(run.digits().back(), evaluator, record);
  write_digits(context, training, run, evaluator);
  context.keep(training, record, run.drawing_generator());
}

Job gan_job(Context& context, std::uint64_t seed) {
  return {{gan_training(context, seed)},
          [seed](Context& with) {
            make_gan_record(with, gan_training(with, seed), gan_settings(with, seed), gan_images(with),
                            with.dataset(DatasetName::mnist), GanScale(with.options));
          },
          {cnn_training(context, cnn_of_three_epochs(context.options), seed)}};
}

}  // namespace plaingrad::chapter8
