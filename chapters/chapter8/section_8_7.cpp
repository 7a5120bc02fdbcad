/// @file
/// Section 8.7: autoencoders that remove noise of 0.2, 0.6 and 1.0, evaluated by the accuracy of the CNN.
/// Fig. 8.7 to 8.12.
///
/// The text says that the noisy test images are restored; the listing 11.1.2 restores the clean ones. Both
/// are done here, and reported apart.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "chapter8/common.hpp"
#include "chapter8/denoising.hpp"
#include "chapter8/sections.hpp"
#include "evaluation/median_filter.hpp"
#include "losses/loss.hpp"
#include "math/statistics.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "training/fit_reconstruction.hpp"

namespace plaingrad::chapter8 {

namespace {

/// The report's results for one amount of noise, and the numbers of their figures.
struct Report {
  double noise;
  int restored_figure, accuracy_figure;
  double mean, best;
  int best_epoch, prediction_1, prediction_2;
};
constexpr Report reports[] = {{0.2, 7, 8, 0.9886, 0.9911, 9, 7, 6},
                              {0.6, 9, 10, 0.9769333, 0.9799, 18, 7, 6},
                              {1.0, 11, 12, 0.93726, 0.9482, 1, 7, 8}};

/// The digits: training images, test images and the labels of those.
struct Digits {
  Tensor train, test;
  std::vector<std::uint8_t> labels;

  Digits(const Options& options, const TrainAndTest& data) {
    const Dataset some = first_images(data.test, options.full ? 10000 : 2000);
    train = all_images(first_images(data.train, options.full ? 60000 : 20000));
    test = all_images(some);
    labels = some.labels;
  }
};

int autoencoder_epochs(const Options& options) {
  return epochs(options, 3, 10);
}

std::string with_noise(double noise) {
  char text[24];
  std::snprintf(text, sizeof text, "noise %.1f", noise);
  return text;
}

Training autoencoder_training(Context& context, double noise) {
  const Options& options = context.options;
  std::string experiment = "autoencoder-" + with_noise(noise);
  std::replace(experiment.begin(), experiment.end(), ' ', '-');
  return context.training(
      "autoencoder, " + with_noise(noise), experiment, DatasetName::mnist, autoencoder_epochs(options),
      {{"optimizer", "Adam"}, {"batch size", "32"}, {"scale", options.full ? "full" : "quick"}});
}

/// Trained as in listing 11.1.2: the noise is drawn once, before the first epoch.
//! [train_autoencoder]
History train_autoencoder(Sequential& autoencoder, Context& context, const Digits& digits,
                          const Tensor& noisy_test, double noise, Random& random) {
  const Tensor noisy = corrupt(digits.train, noise, random);
  const Training training = autoencoder_training(context, noise);
  Progress progress(training.title, std::cerr, isatty(STDERR_FILENO) == 1);
  Adam adam;
  return fit_reconstruction(autoencoder, adam, {noisy, digits.train}, {noisy_test, digits.test},
                            {.epochs = training.epochs,
                             .batch_size = 32,
                             .progress = &progress,
                             .run = &context.begin_run(training)},
                            random);
}
//! [train_autoencoder]

/// The accuracy of the CNN on one set of images, over the epochs of the CNN's training.
struct Accuracies {
  std::vector<double> accuracy;         ///< after epoch 1, 2 ...
  std::vector<std::uint8_t> predicted;  ///< after the last epoch

  double mean() const { return plaingrad::mean(accuracy); }
  double best() const { return *std::max_element(accuracy.begin(), accuracy.end()); }
  int best_epoch() const {
    return static_cast<int>(std::max_element(accuracy.begin(), accuracy.end()) - accuracy.begin()) + 1;
  }
};

Accuracies evaluate_epochs(const TrainedClassifier& cnn, const Tensor& images,
                           std::span<const std::uint8_t> labels) {
  Random unused(1);
  Sequential model = make_cnn(unused);
  Accuracies result;
  for (const Weights& weights : cnn.after_epoch) {
    set_weights(model, weights);
    Evaluation evaluation = evaluate_classifier(model, images, labels);
    result.accuracy.push_back(evaluation.accuracy);
    result.predicted = std::move(evaluation.predicted);
  }
  return result;
}

/// The two readings of what is restored (see above), and the images without restoring.
struct Readings {
  Accuracies restored_noisy, restored_clean, untouched;
};

// ---- figures ---------------------------------------------------------------------------------------------

/// Ten test images: noisy, restored from that, and clean.
void draw_restored(const Options& options, const Report& report, const Tensor& noisy, const Tensor& restored,
                   const Tensor& clean) {
  Tensor rows({30, 28, 28, 1});
  const Index size = rows.size() / 3;
  std::copy_n(noisy.data(), size, rows.data());
  std::copy_n(restored.data(), size, rows.data() + size);
  std::copy_n(clean.data(), size, rows.data() + 2 * size);
  std::vector<std::string> captions;
  for (const char* caption : {"noisy", "restored", "clean"}) captions.insert(captions.end(), 10, caption);
  plotting::draw_images(
      options.figure("figure_8_" + std::to_string(report.restored_figure) + "_restored.png"), rows, captions,
      10, "Restored by the autoencoder, " + with_noise(report.noise));
}

plotting::Series curve(const std::string& name, const std::vector<double>& accuracy, plotting::Style style) {
  plotting::Series series{name, {}, accuracy, style};
  for (std::size_t i = 0; i < accuracy.size(); ++i) series.x.push_back(static_cast<double>(i + 1));
  return series;
}

void draw_accuracy(const Options& options, const Report& report, const History& history,
                   const Readings& readings) {
  std::vector<double> training;
  for (const Epoch& epoch : history) training.push_back(epoch.accuracy);
  using plotting::Style;
  plotting::draw_lines(options.figure("figure_8_" + std::to_string(report.accuracy_figure) + "_accuracy.png"),
                       {{.title = "The CNN on restored test images, " + with_noise(report.noise),
                         .x_label = "epoch of the CNN",
                         .y_label = "accuracy",
                         .series = {curve("training images", training, Style::line_and_points),
                                    curve("restored from noisy (the text)", readings.restored_noisy.accuracy,
                                          Style::line_and_points),
                                    curve("restored from clean (the listing)",
                                          readings.restored_clean.accuracy, Style::dashed),
                                    curve("clean, not restored", readings.untouched.accuracy, Style::dashed)},
                         .x_range = {0.5, static_cast<double>(history.size()) + 0.5},
                         .legend = plotting::Legend::bottom_right}});
}

// ---- numbers ---------------------------------------------------------------------------------------------

void print_percent(const char* what, double noisy, double clean, double untouched, double report) {
  std::printf("%-32s%12.2f %%%13.2f %%%13.2f %%%12.2f %%\n", what, 100 * noisy, 100 * clean, 100 * untouched,
              100 * report);
}

void print_number(const std::string& what, int noisy, int clean, int untouched, int report) {
  std::printf("%-32s%14d%15d%15d%14d\n", what.c_str(), noisy, clean, untouched, report);
}

void print_readings(const Report& report, const Readings& all, const std::vector<std::uint8_t>& labels) {
  const auto& [noisy, clean, untouched] = all;
  std::printf("%-32s%14s%15s%15s%14s\n", "accuracy of the CNN on", "restored from", "restored from", "clean,",
              "the");
  std::printf("%-32s%14s%15s%15s%14s\n", "", "noisy images", "clean images", "not restored", "report's");
  print_percent("mean over its epochs", noisy.mean(), clean.mean(), untouched.mean(), report.mean);
  print_percent("best", noisy.best(), clean.best(), untouched.best(), report.best);
  print_number("epoch of the best", noisy.best_epoch(), clean.best_epoch(), untouched.best_epoch(),
               report.best_epoch);
  for (const auto& [position, predicted] : {std::pair{0U, report.prediction_1}, {499U, report.prediction_2}})
    if (position < labels.size())
      print_number("test image " + std::to_string(position + 1) + ", a " + std::to_string(labels[position]) +
                       ", is taken for",
                   noisy.predicted[position], clean.predicted[position], untouched.predicted[position],
                   predicted);
  std::printf("\n");
}

void add_reading(const std::string& name, const Accuracies& ours, const Report& report, Results& results) {
  results.add(name + ": accuracy, mean", ours.mean(), report.mean);
  results.add(name + ": accuracy, best", ours.best(), report.best);
  results.add(name + ": best epoch", ours.best_epoch(), report.best_epoch);
  results.add(name + ": prediction 1", ours.predicted[0], report.prediction_1);
  if (ours.predicted.size() > 499)
    results.add(name + ": prediction 2", ours.predicted[499], report.prediction_2);
}

/// One amount of noise: train, restore, evaluate. @return the autoencoder
std::shared_ptr<Sequential> run_noise(Context& context, const Report& report, const Digits& digits,
                                      const TrainedClassifier& cnn, Random& random, Results& results) {
  const Options& options = context.options;
  const Tensor noisy = corrupt(digits.test, report.noise, random);
  auto autoencoder = std::make_shared<Sequential>(make_autoencoder(random));
  const History history = train_autoencoder(*autoencoder, context, digits, noisy, report.noise, random);
  Tensor gradient;
  std::printf(
      "Noise %.1f (Fig. 8.%d, 8.%d)\nmean squared error: %.5f noisy, %.5f restored (%.5f in training)\n\n",
      report.noise, report.restored_figure, report.accuracy_figure,
      mean_squared_error(noisy, digits.test, gradient), history.back().validation_loss, history.back().loss);

  const Tensor restored = reconstruct(*autoencoder, noisy);
  const Readings readings{evaluate_epochs(cnn, restored, digits.labels),
                          evaluate_epochs(cnn, reconstruct(*autoencoder, digits.test), digits.labels),
                          evaluate_epochs(cnn, digits.test, digits.labels)};
  print_readings(report, readings, digits.labels);
  std::fflush(stdout);
  draw_restored(options, report, noisy, restored, digits.test);
  draw_accuracy(options, report, cnn.history, readings);
  add_reading(with_noise(report.noise) + ", restored from noisy images", readings.restored_noisy, report,
              results);
  add_reading(with_noise(report.noise) + ", restored from clean images", readings.restored_clean, report,
              results);
  results.add(with_noise(report.noise) + ": mean squared error on new images",
              history.back().validation_loss);
  return autoencoder;
}

}  // namespace

std::vector<Training> trainings_8_7(Context& context) {
  std::vector<Training> all = {cnn_on_mnist(context)};
  for (const Report& report : reports) all.push_back(autoencoder_training(context, report.noise));
  return all;
}

void section_8_7(Context& context) {
  const Options& options = context.options;
  const Digits digits(options, context.dataset(DatasetName::mnist));
  std::printf(
      "Autoencoders: %d epochs, Adam, mean squared error, batch 32, %td training and %td test images.\n",
      autoencoder_epochs(options), digits.train.extent(0), digits.test.extent(0));
  std::printf("The CNN is that of section 8.4, %d epochs.\n\n", epochs(options));
  std::fflush(stdout);
  TrainedClassifier& cnn = context.cnn_on_mnist();
  Results results(options, "8.7");
  results.add("autoencoder epochs", autoencoder_epochs(options), 10);
  results.add("training images", digits.train.extent(0), 60000);
  results.add("test images", digits.test.extent(0), 10000);

  Random random(options.seed);
  std::vector<Restorer> restorers = {{"not restored", [](const Tensor& x) { return x; }},
                                     {"median 3 x 3", median_filter}};
  for (const Report& report : reports) {
    const auto autoencoder = run_noise(context, report, digits, cnn, random, results);
    restorers.push_back({"trained on " + with_noise(report.noise),
                         [autoencoder](const Tensor& x) { return reconstruct(*autoencoder, x); }});
  }
  draw_restorers(options, digits.test, restorers);
  noise_curves(options, digits.test, digits.labels, cnn.model, restorers, results);
  results.save();
}

}  // namespace plaingrad::chapter8
