/// @file
/// Section 8.8: the generative adversarial network of listing 11.1.3 generates digits. Fig. 8.13, its GIF,
/// and the scores of the digits, epoch by epoch.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "chapter8/common.hpp"
#include "chapter8/gan.hpp"
#include "chapter8/generated_digits.hpp"
#include "chapter8/sections.hpp"
#include "data/idx.hpp"
#include "math/decimal.hpp"
#include "math/statistics.hpp"
#include "models/gan.hpp"

namespace plaingrad::chapter8 {

namespace {

void print_epochs(const Record& record) {
  std::printf("%5s%10s%10s%14s%19s%19s%11s\n", "epoch", "loss D", "loss G", "confidence", "classifier score",
              "Frechet distance", "seconds");
  for (std::size_t i = 0; i < record.seconds.size(); ++i)
    std::printf("%5zu%10.4f%10.4f%12.2f %%%19.3f%19.3f%11.1f\n", i + 1,
                record.column("discriminator loss")[i], record.column("generator loss")[i],
                100 * record.column("confidence")[i], record.column("score")[i], record.column("frechet")[i],
                record.seconds[i]);
  std::printf("\n");
}

// ---- figures ---------------------------------------------------------------------------------------------

/// The digits after every epoch.
void draw_epochs_of_digits(Context& context, const Training& training, Index digits) {
  const DigitsFiles files = digits_files(context, training);
  const Dataset all = read_idx(files.images, files.classes);
  std::vector<Tensor> frames;
  std::vector<std::string> titles;
  for (Index first = 0; first + digits <= all.count(); first += digits) {
    frames.push_back(slice(all_images(all), first, digits));
    titles.push_back("epoch " + std::to_string(frames.size()));
  }
  plotting::animate_images(context.options.figure("figure_8_13_generated.gif"), frames, titles, 5, {0, 1},
                           25);
}

plotting::Series level(const std::string& name, const Record& record, double height) {
  plotting::Series series = over_epochs(name, std::vector<double>(record.seconds.size(), height));
  series.style = plotting::Style::dashed;
  return series;
}

plotting::Range all_epochs(const Record& record) {
  return {0.5, static_cast<double>(record.seconds.size()) + 0.5};
}

/// A score of the generated images over the epochs, and that of real ones.
plotting::LinePlot score_plot(const std::string& title, const std::string& column, double of_real,
                              const Record& record) {
  return {.title = title,
          .x_label = "epoch",
          .y_label = "",
          .series = {over_epochs("generated", record.column(column)), level("real", record, of_real)},
          .x_range = all_epochs(record)};
}

void draw_epochs(const Options& options, const Record& record) {
  plotting::LinePlot losses{.title = "Losses",
                            .x_label = "epoch",
                            .y_label = "",
                            .series = {over_epochs("D", record.column("discriminator loss")),
                                       over_epochs("G", record.column("generator loss")),
                                       level("D if it could not tell: log 4", record, std::log(4.0)),
                                       level("G then: log 2", record, std::log(2.0))},
                            .x_range = all_epochs(record)};
  losses.legend = plotting::Legend::below;
  const Scores real = Scores::of_record(record, "real");
  plotting::draw_lines(
      options.figure("figure_8_13_epochs.png"),
      {losses, score_plot("Confidence of the CNN", "confidence", real.confidence, record),
       score_plot("Classifier score", "score", real.classifier_score, record),
       score_plot("Fréchet distance from real test images", "frechet", real.frechet, record)},
      2);
}

double share_of(const std::vector<double>& values, double least) {
  const auto count = std::count_if(values.begin(), values.end(), [least](double v) { return v >= least; });
  return static_cast<double>(count) / static_cast<double>(values.size());
}

/// What the report's sentence about 20 percent can mean: each reading, and its value here.
void print_twenty_percent(const Record& record, Results& results) {
  const std::vector<double>&confidence = record.score("digits, confidence"),
        &classes = record.score("digits, class");
  const double generated = record.score("generated, confident")[0], real = record.score("real, confident")[0];
  const std::set<double> different(classes.begin(), classes.end());
  std::printf(
      "The report: the CNN identifies 20 percent. Nobody has written these digits, so there is no true "
      "label\n"
      "to be right about, and no accuracy; what can be measured in its place:\n\n");
  const auto line = [&](const std::string& what, double share) {
    std::printf("  %-68s%6.1f %%\n", what.c_str(), 100 * share);
    results.add("20 percent: " + what, share, 0.2);
  };
  const std::string twenty = "of the " + std::to_string(confidence.size()) + " digits of Fig. 8.13, ";
  line(twenty + "sure (confidence 0.9 or more)", share_of(confidence, 0.9));
  line(twenty + "half sure (0.5 or more)", share_of(confidence, 0.5));
  line("of all images scored after the last epoch, sure", generated);
  line("of as many real test images, sure", real);
  line("of the ten classes, those that the digits of Fig. 8.13 are taken for",
       static_cast<double>(different.size()) / 10);
  std::printf("\n");
}

void add_gan_run(const Options& options, const Dataset& images, const Record& record, Results& results) {
  results.add("scale", options.full ? "full" : "quick");
  results.add("epochs", std::ssize(record.seconds), 50);
  results.add("batch size", GanScale(options).batch_size, 256);
  results.add("training images", images.count(), 60000);
  results.add("seconds per epoch", mean(record.seconds));
  results.add("loss of the discriminator, last epoch", record.column("discriminator loss").back());
  results.add("loss of the generator, last epoch", record.column("generator loss").back());
}

}  // namespace

std::vector<Job> jobs_8_8(Context& context, std::uint64_t seed) {
  if (seed != context.options.seed) return {};  // one seed takes an hour and more
  return {gan_job(context, seed)};
}

void section_8_8(Context& context) {
  const Options& options = context.options;
  const Dataset images = gan_images(context);
  const Training training = gan_training(context, options.seed);
  const Record record = context.record(training);
  std::printf("Generator and discriminator of listing 11.1.3: %d epochs (the report: 50), batch %td (256),\n",
              training.epochs, GanScale(options).batch_size);
  std::printf("%td images (60000) scaled to -1 ... 1, noise of %td numbers, Adam with learning rate 1e-4.\n",
              images.count(), gan_noise_size);
  std::printf(
      "They are scored by the CNN of section 8.4 after 3 epochs, accuracy %.2f %% on %.0f test images.\n\n",
      100 * record.score("accuracy of the CNN")[0], record.score("images scored, generated and real").back());
  print_epochs(record);

  GanRun run(gan_settings(context, options.seed));
  context.restore(training, run.generator());
  const Tensor digits = run.generate(run.digit_noise());
  Results results(options, "8.8");
  add_gan_run(options, images, record, results);
  print_scores(options, "8_13", record, results);
  print_twenty_percent(record, results);
  compare_with_nearest(options, "8_13", digits, context.dataset(DatasetName::mnist), images, results);
  plotting::draw_images(options.figure("figure_8_13_generated.png"), as_grey(digits),
                        prediction_captions(record), 4,
                        "After epoch " + std::to_string(training.epochs) +
                            " (the report: 50), and what the CNN takes them for");
  draw_epochs_of_digits(context, training, digits.extent(0));
  draw_epochs(options, record);
  draw_interpolation(options, run);
  results.save();
}

}  // namespace plaingrad::chapter8
