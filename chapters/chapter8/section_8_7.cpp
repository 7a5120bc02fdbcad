/// @file
/// Section 8.7: autoencoders that remove noise of 0.2, 0.6 and 1.0, evaluated by the accuracy of the CNN.
/// Fig. 8.7 to 8.12.
///
/// The text says that the noisy test images are restored; the listing 11.1.2 restores the clean ones. Both
/// are done here, and reported apart.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter8/autoencoders.hpp"
#include "chapter8/denoising.hpp"
#include "chapter8/sections.hpp"
#include "chapter8/seeds.hpp"
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
  std::vector<double> accuracy;               ///< after epoch 1, 2 ... with the seed that is plotted
  std::vector<double> predicted;              ///< after the last epoch: the classes of test images 1 and 500
  std::vector<std::vector<double>> by_epoch;  ///< [epoch][seed]
  Spread mean, best;                          ///< over the epochs, of each seed

  Accuracies(const Record& record, const std::vector<Record>& all, const std::string& reading)
      : accuracy(record.score(reading + " accuracy")), predicted(record.score(reading + " predictions")) {
    std::vector<double> means, bests;
    for (const Record& one : all) {
      const std::vector<double>& of_seed = one.score(reading + " accuracy");
      by_epoch.resize(std::max(by_epoch.size(), of_seed.size()));
      for (std::size_t epoch = 0; epoch < of_seed.size(); ++epoch) by_epoch[epoch].push_back(of_seed[epoch]);
      means.push_back(plaingrad::mean(of_seed));
      bests.push_back(summarize(of_seed).best);
    }
    mean = spread(means);
    best = spread(bests);
  }
  Summary summary() const { return summarize(accuracy); }
};

/// The two readings of what is restored (see above), and the images without restoring.
struct Readings {
  Accuracies restored_noisy, restored_clean, untouched;

  Readings(const Record& record, const std::vector<Record>& all)
      : restored_noisy(record, all, readings[0]),
        restored_clean(record, all, readings[1]),
        untouched(record, all, readings[2]) {}
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

/// @param training  the CNN's accuracy on its training images: [epoch][seed]
plotting::LinePlot accuracy_plot(const Report& report, const std::vector<std::vector<double>>& training,
                                 const Readings& all) {
  using plotting::Style;
  return {
      .title = "The CNN on restored test images, " + with_noise(report.noise) + " (" +
               seeds_text(all.restored_noisy.mean.seeds) + ")",
      .x_label = "epoch of the CNN",
      .y_label = "accuracy",
      .series = {band("training images", training, Style::line_and_points),
                 band("restored from noisy (the text)", all.restored_noisy.by_epoch, Style::line_and_points),
                 band("restored from clean (the listing)", all.restored_clean.by_epoch, Style::dashed),
                 band("clean, not restored", all.untouched.by_epoch, Style::dashed)},
      .x_range = {0.5, static_cast<double>(training.size()) + 0.5},
      .legend = plotting::Legend::below};
}

/// Fig. 8.8, 8.10 and 8.12 on common axes, so that they can be compared.
void draw_accuracies(const Options& options, std::vector<plotting::LinePlot> plots) {
  double least = 1;
  for (const plotting::LinePlot& plot : plots)
    for (const plotting::Series& series : plot.series)
      for (const auto* values : {&series.y, &series.low})
        for (const double value : *values) least = std::min(least, value);
  for (std::size_t i = 0; i < plots.size(); ++i) {
    plots[i].y_range = {std::floor(20 * least) / 20, 1};
    plotting::draw_lines(
        options.figure("figure_8_" + std::to_string(reports[i].accuracy_figure) + "_accuracy.png"),
        {plots[i]});
  }
}

// ---- numbers ---------------------------------------------------------------------------------------------

void print_percent(const char* what, const Spread& noisy, const Spread& clean, const Spread& untouched,
                   double report) {
  std::printf("%-36s%16s%16s%16s%14.2f\n", what, percent(noisy).c_str(), percent(clean).c_str(),
              percent(untouched).c_str(), 100 * report);
}

void print_number(const std::string& what, double noisy, double clean, double untouched, int report) {
  std::printf("%-36s%16.0f%16.0f%16.0f%14d\n", what.c_str(), noisy, clean, untouched, report);
}

void print_readings(const Report& report, const Readings& all, const std::vector<std::uint8_t>& labels,
                    std::uint64_t seed) {
  const std::string of_seed = ", seed " + std::to_string(seed);
  const auto& [noisy, clean, untouched] = all;
  const std::string over = "accuracy of the CNN in %, " + seeds_text(noisy.mean.seeds);
  std::printf("%-36s%16s%16s%16s%14s\n", over.c_str(), "restored from", "restored from", "clean,", "the");
  std::printf("%-36s%16s%16s%16s%14s\n", "", "noisy images", "clean images", "not restored", "report's");
  print_percent("mean over its epochs", noisy.mean, clean.mean, untouched.mean, report.mean);
  print_percent("best", noisy.best, clean.best, untouched.best, report.best);
  print_number("epoch of the best" + of_seed, noisy.summary().best_epoch, clean.summary().best_epoch,
               untouched.summary().best_epoch, report.best_epoch);
  std::size_t i = 0;  // if there are few images, there is no 500th
  for (const auto& [position, prediction] :
       {std::pair<std::size_t, int>(0, report.prediction_1), {499, report.prediction_2}}) {
    if (i == noisy.predicted.size()) break;
    print_number("test image " + std::to_string(position + 1) + ", a " + std::to_string(labels[position]) +
                     ", is taken for",
                 noisy.predicted[i], clean.predicted[i], untouched.predicted[i], prediction);
    ++i;
  }
  std::printf("\n");
}

void add_reading(const std::string& name, const Accuracies& ours, const Report& report, Results& results) {
  const Summary summary = ours.summary();
  results.add(name + ": accuracy, mean", mean(ours.accuracy), report.mean);
  results.add(name + ": accuracy, best", summary.best, report.best);
  results.add(name + ": accuracy, mean, over seeds", ours.mean.mean);
  results.add(name + ": seeds", static_cast<std::int64_t>(ours.mean.seeds));
  results.add(name + ": best epoch", summary.best_epoch, report.best_epoch);
  results.add(name + ": prediction 1", ours.predicted[0], report.prediction_1);
  if (ours.predicted.size() > 1) results.add(name + ": prediction 2", ours.predicted[1], report.prediction_2);
}

/// How far a reading's means are from the report's, on average over the noises.
void print_verdict(const std::vector<Readings>& all, Results& results) {
  double noisy = 0, clean = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    noisy += std::abs(all[i].restored_noisy.mean.mean - reports[i].mean) / static_cast<double>(all.size());
    clean += std::abs(all[i].restored_clean.mean.mean - reports[i].mean) / static_cast<double>(all.size());
  }
  const double point = 0.01;
  const char* verdict =
      clean < point && noisy > point   ? "The report's numbers are those of restored clean images."
      : noisy < point && clean > point ? "The report's numbers are those of restored noisy images."
                                       : "Which of them the report measured cannot be told.";
  std::printf(
      "Distance from the report's means, on the average: %.2f points restored from noisy images,\n"
      "%.2f restored from clean ones. %s\n\n",
      100 * noisy, 100 * clean, verdict);
  results.add("distance from the report's means, restored from noisy images", noisy);
  results.add("distance from the report's means, restored from clean images", clean);
}

/// One amount of noise. @return the accuracies
Readings show_noise(Context& context, const Report& report, const Digits& digits, Results& results) {
  const Options& options = context.options;
  const Training training = autoencoder_training(context, report.noise, options.seed);
  const Record record = context.record(training);
  std::printf(
      "Noise %.1f (Fig. 8.%d, 8.%d)\nmean squared error: %.5f noisy, %.5f restored (%.5f in training)\n\n",
      report.noise, report.restored_figure, report.accuracy_figure,
      record.score("mean squared error of the noisy images")[0], record.column("validation loss").back(),
      record.column("loss").back());
  Readings all(record, context.records(training));
  print_readings(report, all, digits.labels, options.seed);
  add_reading(with_noise(report.noise) + ", restored from noisy images", all.restored_noisy, report, results);
  add_reading(with_noise(report.noise) + ", restored from clean images", all.restored_clean, report, results);
  results.add(with_noise(report.noise) + ": mean squared error on new images",
              record.column("validation loss").back());
  return all;
}

/// The autoencoder, after it has restored the ten images of its figure.
Restorer recorded_autoencoder(Context& context, const Report& report, const Digits& digits) {
  Random replaced(1);
  auto autoencoder = std::make_shared<Sequential>(make_autoencoder(replaced));
  const Tensor noisy =
      context.restore(autoencoder_training(context, report.noise, context.options.seed), *autoencoder)
          .tensor("noisy", {10, 28, 28, 1});
  draw_restored(context.options, report, noisy, reconstruct(*autoencoder, noisy), digits.test);
  return {"trained on " + with_noise(report.noise),
          [autoencoder](const Tensor& x) { return reconstruct(*autoencoder, x); }};
}

}  // namespace

std::vector<Job> jobs_8_7(Context& context, std::uint64_t seed) {
  return {cnn_job(context, cnn_on_mnist(context.options), seed), autoencoders_job(context, seed)};
}

void section_8_7(Context& context) {
  const Options& options = context.options;
  const Digits digits(options, context.dataset(DatasetName::mnist));
  const int autoencoder_epochs = autoencoder_training(context, noise_levels[0], options.seed).epochs;
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
  const Training of_cnn = cnn_training(context, cnn_on_mnist(options), options.seed);
  const std::vector<std::vector<double>> training = by_epoch(context.records(of_cnn), "accuracy");
  std::vector<Readings> all;
  std::vector<plotting::LinePlot> plots;
  for (const Report& report : reports) {
    all.push_back(show_noise(context, report, digits, results));
    plots.push_back(accuracy_plot(report, training, all.back()));
    restorers.push_back(recorded_autoencoder(context, report, digits));
  }
  print_verdict(all, results);
  draw_accuracies(options, plots);
  draw_restorers(options, digits.test, restorers);
  Sequential cnn = recorded_cnn(context, cnn_on_mnist(options));
  noise_curves(options, digits.test, digits.labels, cnn, restorers, results);
  results.save();
}

}  // namespace plaingrad::chapter8
