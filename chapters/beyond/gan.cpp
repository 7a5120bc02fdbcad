/// @file
/// How good the GAN of section 8.8 gets with other settings and the same two networks.
#include <algorithm>
#include <cstdio>

#include "beyond/sections.hpp"
#include "chapter8/common.hpp"
#include "chapter8/gan.hpp"
#include "chapter8/generated_digits.hpp"
#include "data/idx.hpp"
#include "data/mini_batches.hpp"
#include "math/decimal.hpp"

namespace plaingrad::beyond {

using namespace chapter8;

namespace {

// ---- trials ----------------------------------------------------------------------------------------------

//! [changes]
/// Settings, and what is new in them.
struct Change {
  std::string what;
  GanSettings settings;
};

/// The settings that are trained to the end; and the same with a faster discriminator, to see how that
/// develops.
const GanSettings chosen{.batch_size = 64, .learning_rate = 2e-4, .beta1 = 0.5, .average = 0.999};
const GanSettings two_rates{
    .batch_size = 64, .learning_rate = 2e-4, .discriminator_rate = 4, .beta1 = 0.5, .average = 0.999};

const std::vector<Change> changes = {
    {"as in the listing", {}},
    {"mini-batches of 64", {.batch_size = 64}},
    {"beta1 0.5", {.batch_size = 64, .beta1 = 0.5}},
    {"learning rate 2e-4", {.batch_size = 64, .learning_rate = 2e-4, .beta1 = 0.5}},
    {"real images shall be 0.9 (left out again)",
     {.batch_size = 64, .learning_rate = 2e-4, .beta1 = 0.5, .real_target = 0.9}},
    {"averaged weights", chosen},
    {"D at four times that rate", two_rates},
};
//! [changes]

/// The number of images that a trial learns from at quick scale.
constexpr Index few_images = 320;

/// The trials' data, without the test images: in their place is the last sixth of the training images, on
/// which the settings are chosen.
TrainAndTest held_out(Context& context) {
  const TrainAndTest& all = context.dataset(DatasetName::mnist);
  TrainAndTest part = all;
  const Index held = all.train.count() / 6;
  part.train = first_images(all.train, all.train.count() - held);
  if (!context.options.full) part.train = first_images(part.train, few_images);
  part.test = last_images(all.train, held);
  return part;
}

Training training_with(Context& context, const std::string& experiment, const std::string& title, int epochs,
                       const GanSettings& settings, const GanScale& scale) {
  std::map<std::string, std::string> numbers = {
      {"optimizer", "Adam"},
      {"learning rate", significant(settings.learning_rate, 9)},
      {"beta1", significant(settings.beta1, 9)},
      {"batch size", std::to_string(settings.batch_size)},
      {"real target", significant(settings.real_target, 9)},
      {"average", significant(settings.average, 9)},
      {"training images", settings.images},
      {"evaluated after each epoch", std::to_string(scale.evaluated_per_epoch)}};
  if (settings.discriminator_rate != 1)  // the first records did not have it
    numbers["discriminator rate"] = significant(settings.discriminator_rate, 9);
  return context.training(title, experiment, DatasetName::mnist, epochs, settings.seed, numbers);
}

GanSettings trial_settings(const Options& options, const Change& change, std::uint64_t seed) {
  GanSettings settings = change.settings;
  settings.seed = seed;
  settings.images = options.full ? "the first five sixths" : "the first " + std::to_string(few_images);
  return settings;
}

GanScale trial_scale(const Options& options) {
  GanScale scale(options);
  if (!options.full) scale.evaluated = scale.evaluated_per_epoch = 400;
  return scale;
}

Training trial(Context& context, const Change& change, std::uint64_t seed) {
  return training_with(context, "gan-trial", "GAN, a trial: " + change.what, epochs(context.options, 1, 4),
                       trial_settings(context.options, change, seed), trial_scale(context.options));
}

/// On all images. The chosen settings are trained as long as the listing's, the others until they have fallen
/// behind.
struct LongTraining {
  Training training;
  GanSettings settings;
};

LongTraining long_training(Context& context, const std::string& title, int epochs, GanSettings settings,
                           std::uint64_t seed) {
  const Options& options = context.options;
  settings.seed = seed;
  settings.images = options.full ? "all" : "the first " + std::to_string(GanScale(options).images);
  return {training_with(context, "gan-chosen", title, epochs, settings, GanScale(options)), settings};
}

LongTraining longest(Context& context, std::uint64_t seed) {
  return long_training(context, "GAN, the chosen settings", epochs(context.options, 1, 50), chosen, seed);
}

LongTraining faster_discriminator(Context& context, std::uint64_t seed) {
  return long_training(context, "GAN, D faster than G", epochs(context.options, 1, 20), two_rates, seed);
}

/// "8.5-11.4": the shares of the rarest and of the commonest class, in %.
std::string range_of_shares(const Scores& scores) {
  const auto [least, greatest] = std::minmax_element(scores.shares.begin(), scores.shares.end());
  return fixed(100 * *least, 1) + "-" + fixed(100 * *greatest, 1);
}

void print_trials(Context& context, Results& results) {
  const TrainAndTest part = held_out(context);
  std::printf(
      "Trials, each with the changes of the lines above it. Epochs: %d, on the first %td training images;\n"
      "scored against the last %td.\n\n%-42s%18s%20s%14s%20s\n",
      trial(context, changes.front(), context.options.seed).epochs, part.train.count(), part.test.count(), "",
      "classifier score", "Frechet distance", "confidence", "classes, % (10)");
  for (const Change& change : changes) {
    const Record record = context.record(trial(context, change, context.options.seed));
    const Scores scores = Scores::of_record(record, "generated");
    std::printf("%-42s%18.3f%20.3f%12.2f %%%20s\n", change.what.c_str(), scores.classifier_score,
                scores.frechet, 100 * scores.confidence, range_of_shares(scores).c_str());
    results.add("trial, " + change.what,
                std::map<std::string, double>{{"classifier score", scores.classifier_score},
                                              {"Frechet distance", scores.frechet}});
  }
  std::printf("\n");
}

// ---- the long training -----------------------------------------------------------------------------------

/// Three trainings to be compared, each as far as it has been trained.
struct Compared {
  Record chosen, faster_discriminator, listing;
};

std::string entry(const Record& record, const std::string& column, std::size_t epoch) {
  return epoch < record.seconds.size() ? fixed(record.column(column)[epoch], 3) : "-";
}

void print_epochs(const Compared& all) {
  std::printf("%5s%26s%30s%30s\n%5s%13s%13s%10s%10s%10s%10s%10s%10s\n", "", "loss of D", "classifier score",
              "Frechet distance", "epoch", "chosen", "D faster", "chosen", "D faster", "listing", "chosen",
              "D faster", "listing");
  for (std::size_t i = 0; i < all.chosen.seconds.size(); ++i) {
    if (i >= 5 && (i + 1) % 5 != 0) continue;
    std::printf("%5zu%13s%13s", i + 1, entry(all.chosen, "discriminator loss", i).c_str(),
                entry(all.faster_discriminator, "discriminator loss", i).c_str());
    for (const char* column : {"score", "frechet"})
      for (const Record* record : {&all.chosen, &all.faster_discriminator, &all.listing})
        std::printf("%10s", entry(*record, column, i).c_str());
    std::printf("\n");
  }
  std::printf("\n");
}

void print_goals(const Record& ours, const Record& listing, Results& results) {
  const Scores reached = Scores::of_record(ours, "generated"),
               before = Scores::of_record(listing, "generated");
  std::printf("%-44s%12s%12s%14s\n", "", "listing", "here", "goal");
  std::printf("%-44s%12.3f%12.3f%14s\n", "classifier score", before.classifier_score,
              reached.classifier_score, "8.5");
  std::printf("%-44s%12.3f%12.3f%14.3f\n", "Frechet distance (goal: a fifth)", before.frechet,
              reached.frechet, before.frechet / 5);
  std::printf("%-44s%12s%12s%14s\n\n", "share of the rarest and commonest digit, %",
              range_of_shares(before).c_str(), range_of_shares(reached).c_str(), "7-13");
  const Scores last = Scores::of_record(ours, "by the last weights");
  std::printf(
      "By the last weights in place of the average: classifier score %.3f, Frechet distance %.3f.\n\n",
      last.classifier_score, last.frechet);
  results.add("classifier score by the last weights", last.classifier_score);
  results.add("Frechet distance by the last weights", last.frechet);
  results.add("classifier score", reached.classifier_score);
  results.add("Frechet distance", reached.frechet);
}

void draw_epochs(const Options& options, const Compared& all) {
  const double max_epochs =
      static_cast<double>(std::max(all.chosen.seconds.size(), all.listing.seconds.size()));
  const auto plot = [&](const std::string& title, const std::string& column, bool logarithmic) {
    return plotting::LinePlot{
        .title = title,
        .x_label = "epoch",
        .y_label = "",
        .series = {over_epochs("as in the listing", all.listing.column(column), plotting::Style::dashed),
                   over_epochs("chosen settings", all.chosen.column(column), plotting::Style::line),
                   over_epochs("D at four times the rate", all.faster_discriminator.column(column),
                               plotting::Style::line)},
        .x_range = {0.5, max_epochs + 0.5},
        .y_logarithmic = logarithmic};
  };
  plotting::draw_lines(
      options.figure("figure_beyond_gan_epochs.png"),
      {plot("Classifier score", "score", false), plot("Fréchet distance from real digits", "frechet", true)},
      2);
}

/// The last epoch's twenty digits, in [-1, 1].
Tensor last_digits(Context& context, const Training& training) {
  const DigitsFiles files = digits_files(context, training);
  const Dataset all = read_idx(files.images, files.classes);
  return all_images(last_images(all, GanSettings().digits), Real(1) / Real(127.5), -1);
}

}  // namespace

std::vector<Job> gan_jobs(Context& context, std::uint64_t seed) {
  if (seed != context.options.seed) return {};  // one seed takes hours
  std::vector<Job> jobs;
  const Training cnn = cnn_training(context, cnn_of_three_epochs(context.options), seed);
  for (const Change& change : changes) {
    const Training training = trial(context, change, seed);
    jobs.push_back({{training},
                    [training, change, seed](Context& with) {
                      const TrainAndTest part = held_out(with);
                      make_gan_record(with, training, trial_settings(with.options, change, seed), part.train,
                                      part, trial_scale(with.options));
                    },
                    {cnn}});
  }
  jobs.push_back(gan_job(context, seed));
  for (const LongTraining& one : {longest(context, seed), faster_discriminator(context, seed)})
    jobs.push_back({{one.training},
                    [one](Context& with) {
                      make_gan_record(with, one.training, one.settings, gan_images(with),
                                      with.dataset(DatasetName::mnist), GanScale(with.options));
                    },
                    {cnn}});
  return jobs;
}

void better_gan(Context& context) {
  const Options& options = context.options;
  Results results(options, "gan");
  print_trials(context, results);
  const Training training = longest(context, options.seed).training;
  const Compared all{context.record(training),
                     context.record(faster_discriminator(context, options.seed).training),
                     context.record(gan_training(context, options.seed))};
  const Record &ours = all.chosen, &listing = all.listing;
  std::printf("On all training images\n\n");
  print_epochs(all);
  print_scores(options, "beyond_gan", ours, results);
  print_goals(ours, listing, results);
  const Tensor digits = last_digits(context, training);
  compare_with_nearest(options, "beyond_gan", digits, context.dataset(DatasetName::mnist),
                       gan_images(context), results);
  results.save();
  plotting::draw_images(options.figure("figure_beyond_gan.png"), as_grey(digits), prediction_captions(ours),
                        5, "Digits of the chosen settings, and what the CNN takes them for");
  draw_epochs(options, all);
}

}  // namespace plaingrad::beyond
