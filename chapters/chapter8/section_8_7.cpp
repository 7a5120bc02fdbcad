/// @file
/// Section 8.7: autoencoders that remove noise of 0.2, 0.6 and 1.0, evaluated by the accuracy of the CNN.
/// Fig. 8.7 to 8.12.
///
/// The text says that the noisy test images are restored; the listing 11.1.2 restores the clean ones. Both
/// are done here, and reported apart.
#include <algorithm>
#include <cstdio>

#include "chapter8/autoencoders.hpp"
#include "chapter8/common.hpp"
#include "chapter8/denoising.hpp"
#include "chapter8/sections.hpp"
#include "evaluation/median_filter.hpp"
#include "math/statistics.hpp"
#include "models/autoencoder.hpp"
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

/// The accuracy of the CNN on one set of images, over the epochs of the CNN's training.
struct Accuracies {
  std::vector<double> accuracy;   ///< after epoch 1, 2 ...
  std::vector<double> predicted;  ///< after the last epoch: what test images 1 and 500 are taken for

  double mean() const { return plaingrad::mean(accuracy); }
  Summary summary() const { return summarize(accuracy); }
};

Accuracies accuracies_of(const Record& record, const std::string& reading) {
  return {record.score(reading + " accuracy"), record.score(reading + " predictions")};
}

/// The two readings of what is restored (see above), and the images without restoring.
struct Readings {
  Accuracies restored_noisy, restored_clean, untouched;

  explicit Readings(const Record& record)
      : restored_noisy(accuracies_of(record, readings[0])),
        restored_clean(accuracies_of(record, readings[1])),
        untouched(accuracies_of(record, readings[2])) {}
};

// ---- figures ---------------------------------------------------------------------------------------------

/// Ten test images: noisy, restored from that, and clean.
void draw_restored(const Options& options, const Report& report, const Tensor& noisy, const Tensor& restored,
                   const Tensor& clean) {
  const Index size = noisy.size();
  Tensor rows({30, 28, 28, 1});
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

/// @param training  the CNN's accuracy on its training images
void draw_accuracy(const Options& options, const Report& report, const std::vector<double>& training,
                   const Readings& all) {
  using plotting::Style;
  plotting::draw_lines(
      options.figure("figure_8_" + std::to_string(report.accuracy_figure) + "_accuracy.png"),
      {{.title = "The CNN on restored test images, " + with_noise(report.noise),
        .x_label = "epoch of the CNN",
        .y_label = "accuracy",
        .series = {curve("training images", training, Style::line_and_points),
                   curve("restored from noisy (the text)", all.restored_noisy.accuracy,
                         Style::line_and_points),
                   curve("restored from clean (the listing)", all.restored_clean.accuracy, Style::dashed),
                   curve("clean, not restored", all.untouched.accuracy, Style::dashed)},
        .x_range = {0.5, static_cast<double>(training.size()) + 0.5},
        .legend = plotting::Legend::bottom_right}});
}

// ---- numbers ---------------------------------------------------------------------------------------------

void print_percent(const char* what, double noisy, double clean, double untouched, double report) {
  std::printf("%-32s%12.2f %%%13.2f %%%13.2f %%%12.2f %%\n", what, 100 * noisy, 100 * clean, 100 * untouched,
              100 * report);
}

void print_number(const std::string& what, double noisy, double clean, double untouched, int report) {
  std::printf("%-32s%14.0f%15.0f%15.0f%14d\n", what.c_str(), noisy, clean, untouched, report);
}

void print_readings(const Report& report, const Readings& all, const std::vector<std::uint8_t>& labels) {
  const auto& [noisy, clean, untouched] = all;
  const Summary of_noisy = noisy.summary(), of_clean = clean.summary(), of_untouched = untouched.summary();
  std::printf("%-32s%14s%15s%15s%14s\n", "accuracy of the CNN on", "restored from", "restored from", "clean,",
              "the");
  std::printf("%-32s%14s%15s%15s%14s\n", "", "noisy images", "clean images", "not restored", "report's");
  print_percent("mean over its epochs", noisy.mean(), clean.mean(), untouched.mean(), report.mean);
  print_percent("best", of_noisy.best, of_clean.best, of_untouched.best, report.best);
  print_number("epoch of the best", of_noisy.best_epoch, of_clean.best_epoch, of_untouched.best_epoch,
               report.best_epoch);
  const std::size_t positions[] = {0, 499};
  const int predictions[] = {report.prediction_1, report.prediction_2};
  for (std::size_t i = 0; i < noisy.predicted.size(); ++i)
    print_number("test image " + std::to_string(positions[i] + 1) + ", a " +
                     std::to_string(labels[positions[i]]) + ", is taken for",
                 noisy.predicted[i], clean.predicted[i], untouched.predicted[i], predictions[i]);
  std::printf("\n");
}

void add_reading(const std::string& name, const Accuracies& ours, const Report& report, Results& results) {
  const Summary summary = ours.summary();
  results.add(name + ": accuracy, mean", ours.mean(), report.mean);
  results.add(name + ": accuracy, best", summary.best, report.best);
  results.add(name + ": best epoch", summary.best_epoch, report.best_epoch);
  results.add(name + ": prediction 1", ours.predicted[0], report.prediction_1);
  if (ours.predicted.size() > 1) results.add(name + ": prediction 2", ours.predicted[1], report.prediction_2);
}

/// One amount of noise. @return the autoencoder
std::shared_ptr<Sequential> show_noise(Context& context, const Report& report, const Digits& digits,
                                       Results& results) {
  const Options& options = context.options;
  const Training training = autoencoder_training(context, report.noise, options.seed);
  const Record record = context.record(training);
  std::printf(
      "Noise %.1f (Fig. 8.%d, 8.%d)\nmean squared error: %.5f noisy, %.5f restored (%.5f in training)\n\n",
      report.noise, report.restored_figure, report.accuracy_figure,
      record.score("mean squared error of the noisy images")[0], record.column("validation loss").back(),
      record.column("loss").back());
  const Readings all(record);
  print_readings(report, all, digits.labels);

  Random replaced(1);
  auto autoencoder = std::make_shared<Sequential>(make_autoencoder(replaced));
  const Tensor noisy = context.restore(training, *autoencoder).tensor("noisy", {10, 28, 28, 1});
  draw_restored(options, report, noisy, reconstruct(*autoencoder, noisy), digits.test);
  const Training cnn = cnn_training(context, cnn_on_mnist(options), options.seed);
  draw_accuracy(options, report, context.record(cnn).column("accuracy"), all);
  add_reading(with_noise(report.noise) + ", restored from noisy images", all.restored_noisy, report, results);
  add_reading(with_noise(report.noise) + ", restored from clean images", all.restored_clean, report, results);
  results.add(with_noise(report.noise) + ": mean squared error on new images",
              record.column("validation loss").back());
  return autoencoder;
}

}  // namespace

std::vector<Job> jobs_8_7(Context& context, std::uint64_t seed) {
  return {cnn_job(context, cnn_on_mnist(context.options), seed), autoencoders_job(context, seed)};
}

void section_8_7(Context& context) {
  const Options& options = context.options;
  const Digits digits(options, context.dataset(DatasetName::mnist));
  const int autoencoder_epochs = autoencoder_training(context, noises[0], options.seed).epochs;
  std::printf(
      "Autoencoders: %d epochs, Adam, mean squared error, batch 32, %td training and %td test images.\n",
      autoencoder_epochs, digits.train.extent(0), digits.test.extent(0));
  std::printf("The CNN is that of section 8.4, %d epochs.\n\n", epochs(options));
  Results results(options, "8.7");
  results.add("autoencoder epochs", autoencoder_epochs, 10);
  results.add("training images", digits.train.extent(0), 60000);
  results.add("test images", digits.test.extent(0), 10000);

  std::vector<Restorer> restorers = {{"not restored", [](const Tensor& x) { return x; }},
                                     {"median 3 x 3", median_filter}};
  for (const Report& report : reports) {
    const auto autoencoder = show_noise(context, report, digits, results);
    restorers.push_back({"trained on " + with_noise(report.noise),
                         [autoencoder](const Tensor& x) { return reconstruct(*autoencoder, x); }});
  }
  draw_restorers(options, digits.test, restorers);
  Sequential cnn = recorded_cnn(context, cnn_on_mnist(options));
  noise_curves(options, digits.test, digits.labels, cnn, restorers, results);
  results.save();
}

}  // namespace plaingrad::chapter8
