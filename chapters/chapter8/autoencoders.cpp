#include "chapter8/autoencoders.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "chapter8/common.hpp"
#include "losses/loss.hpp"
#include "math/decimal.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "training/fit_reconstruction.hpp"

namespace plaingrad::chapter8 {

std::string with_noise(double noise) {
  return "noise " + fixed(noise, 1);
}

Digits::Digits(const Options& options, const TrainAndTest& data) {
  const Dataset some = first_images(data.test, options.full ? 10000 : 2000);
  train = all_images(first_images(data.train, options.full ? 60000 : 20000));
  test = all_images(some);
  labels = some.labels;
}

Training autoencoder_training(Context& context, double noise, std::uint64_t seed) {
  const Options& options = context.options;
  Training training = context.training(
      "autoencoder, " + with_noise(noise), "autoencoder-noise-" + fixed(noise, 1), DatasetName::mnist,
      epochs(options, 3, 10), seed,
      {{"optimizer", "Adam"}, {"batch size", "32"}, {"scale", options.full ? "full" : "quick"}});
  training.weights = seed == options.seed;
  return training;
}

namespace {

/// Trained as in listing 11.1.2: the noise is drawn once, before the first epoch.
//! [train_autoencoder]
History train_autoencoder(Sequential& autoencoder, const Training& training, RunFile& run,
                          const Digits& digits, const Tensor& noisy_test, double noise, Random& random) {
  const Tensor noisy = corrupt(digits.train, noise, random);
  Progress progress(training.title, std::cerr, isatty(STDERR_FILENO) == 1);
  Adam adam;
  return fit_reconstruction(autoencoder, adam, {noisy, digits.train}, {noisy_test, digits.test},
                            {.epochs = training.epochs, .batch_size = 32, .progress = &progress, .run = &run},
                            random);
}
//! [train_autoencoder]

/// The CNN of every epoch on one set of images.
void score_epochs(const std::string& reading, const TrainedClassifier& cnn, const Tensor& images,
                  const Digits& digits, Record& record) {
  Random replaced(1);
  Sequential model = make_cnn(replaced);
  std::vector<std::uint8_t> predicted;
  std::vector<double>& accuracy = record.scores[reading + " accuracy"];
  for (const Weights& weights : cnn.after_epoch) {
    set_weights(model, weights);
    Evaluation evaluation = evaluate_classifier(model, images, digits.labels);
    accuracy.push_back(evaluation.accuracy);
    predicted = std::move(evaluation.predicted);
  }
  for (const std::size_t position : {0U, 499U})
    if (position < predicted.size()) record.scores[reading + " predictions"].push_back(predicted[position]);
}

/// One amount of noise. It advances `random`, with which the next one continues.
void make_autoencoder_record(Context& context, const Training& training, double noise, const Digits& digits,
                             const TrainedClassifier& cnn, Random& random) {
  const ActiveRun run = context.start_run(training);
  const Tensor noisy = corrupt(digits.test, noise, random);
  Sequential autoencoder = make_autoencoder(random);
  Record record;
  set_history(record, train_autoencoder(autoencoder, training, run.file, digits, noisy, noise, random),
              false);
  if (context.is_recorded(training)) return;
  Tensor gradient;
  record.scores["mean squared error of the noisy images"] = {
      mean_squared_error(noisy, digits.test, gradient)};
  score_epochs(readings[0], cnn, reconstruct(autoencoder, noisy), digits, record);
  score_epochs(readings[1], cnn, reconstruct(autoencoder, digits.test), digits, record);
  score_epochs(readings[2], cnn, digits.test, digits, record);
  context.keep(training, record, autoencoder,
               {{"noisy", slice(noisy, 0, std::min<Index>(10, noisy.extent(0)))}});
}

}  // namespace

Job autoencoders_job(Context& context, std::uint64_t seed) {
  Job job{{},
          [seed](Context& with) {
            const Digits digits(with.options, with.dataset(DatasetName::mnist));
            const TrainedClassifier cnn = train_cnn(with, cnn_on_mnist(with.options), seed);
            Random random(seed);
            for (const double noise : noise_levels)
              make_autoencoder_record(with, autoencoder_training(with, noise, seed), noise, digits, cnn,
                                      random);
          },
          {cnn_training(context, cnn_on_mnist(context.options), seed)}};
  for (const double noise : noise_levels) job.records.push_back(autoencoder_training(context, noise, seed));
  return job;
}

}  // namespace plaingrad::chapter8
