/// @file
/// MNIST to 99.0 % in as few seconds as possible (beyond the report): the same network, trained by one rung
/// of a ladder after another.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <optional>
#include <set>

#include "math/decimal.hpp"
#include "math/statistics.hpp"
#include "plotting/plot.hpp"
#include "program.hpp"
#include "seconds/choose.hpp"
#include "seconds/machine.hpp"
#include "seconds/rungs.hpp"
#include "training/fingerprint.hpp"
#include "training/record.hpp"
#include "training/stop.hpp"

namespace {

using namespace plaingrad;
using namespace plaingrad::seconds;

int seeds_of(const Options& options) {
  return options.seeds > 0 ? options.seeds : options.full ? 10 : 1;
}

// ---- records ---------------------------------------------------------------------------------------------

constexpr const char *tested = "validation accuracy", *seen = "images seen",
                     *held_out = "accuracy on the last training images";

/// At quick scale: at most one epoch on the first images, to see the program work.
constexpr Index quick_images = 6000;

Index images_to_see(const Rung& rung, const Options& options, const TrainAndTest& data) {
  const Index images = images_seen(rung, data.train.count());
  return options.full ? images : std::min(images, data.train.count());
}

/// @param digests  hashes of the data @param images  how many images the network is to see
RunId id_of(const Rung& rung, const std::string& digests, Index images, std::uint64_t seed) {
  return {"seconds-" + rung.slug,
          {{"optimizer", "Adam"},
           {"batch size", std::to_string(rung.batch_size)},
           {"images seen", std::to_string(images)},
           {"cycle", rung.cycle ? "yes" : "no"},
           {"rate", significant(rung.learning_rate, 9)},
           {"beta2", significant(rung.beta2, 9)},
           {"smoothing", significant(rung.smoothing, 9)},
           {"white", significant(value_of(rung.white), 9)},
           {"shift", std::to_string(rung.shift)},
           {"images", digests}},
          seed};
}

/// Trains on all training images and evaluates on the test images. If the rung's settings were chosen on
/// held-out images, trains once more without these and evaluates on them.
Record record_of(const Rung& rung, const RunId& id, Index images, const TrainAndTest& data) {
  const Trained trained = train(rung, images, data.train, data.test, id.seed);
  Record record{.id = id,
                .weights = weights_hash(trained.model),
                .history = {{tested, trained.accuracy}},
                .seconds = trained.seconds,
                .scores = {{seen, {static_cast<double>(trained.images)}}},
                .machine = machine()};
  if (rung.cycle) {
    const auto [train_images, validation] = split_validation(data.train);
    record.scores[held_out] = train(rung, images, train_images, validation, id.seed).accuracy;
  }
  return record;
}

double total_seconds(const Record& record) {
  return std::accumulate(record.seconds.begin(), record.seconds.end(), 0.0);
}

/// A rung and its results for each seed.
struct RungResults {
  Rung rung;
  std::vector<Record> records;
};

/// Reads the rung's records; trains where there is none.
RungResults train_or_read(const Rung& rung, const Options& options, const TrainAndTest& data) {
  const std::string digests = digest(data.train) + ' ' + digest(data.test);
  const Index images = images_to_see(rung, options, data);
  RungResults results{rung, {}};
  for (int i = 0; i < seeds_of(options); ++i) {
    throw_if_stopped();
    const RunId id = id_of(rung, digests, images, options.seed + static_cast<std::uint64_t>(i));
    std::optional<Record> record;
    if (!options.again) record = read_record(options.out / "runs", id);
    if (!record) {
      record = record_of(rung, id, images, data);
      write_record(options.out / "runs", *record);
      std::cerr << rung.name << ", seed " << id.seed << ": " << fixed(100 * record->column(tested).back(), 2)
                << " % in " << fixed(total_seconds(*record), 2) << " s" << std::endl;
    }
    results.records.push_back(*record);
  }
  return results;
}

// ---- tables and figures ----------------------------------------------------------------------------------

/// A rung's results, over the seeds.
struct Outcome {
  double images, seconds;            ///< medians
  std::optional<double> validation;  ///< mean accuracy on the images held out
  double mean, least, greatest;      ///< of the test accuracy after the last step
};

Outcome outcome_of(const RungResults& rung_results) {
  std::vector<double> images, seconds, validation_accuracies, accuracies;
  for (const Record& record : rung_results.records) {
    images.push_back(record.score(seen)[0]);
    seconds.push_back(total_seconds(record));
    if (rung_results.rung.cycle) validation_accuracies.push_back(record.score(held_out)[0]);
    accuracies.push_back(record.column(tested).back());
  }
  const auto [least, greatest] = std::minmax_element(accuracies.begin(), accuracies.end());
  const std::optional<double> validation =
      validation_accuracies.empty() ? std::nullopt : std::optional(mean(validation_accuracies));
  return {median(images), median(seconds), validation, mean(accuracies), *least, *greatest};
}

void print(const std::string& title, const std::vector<RungResults>& all) {
  std::printf("%s\n\n%-32s%7s%9s%8s%10s%12s%10s%8s%10s%10s\n", title.c_str(), "accuracies in %", "batch",
              "rate", "beta2", "images", "validation", "test", "least", "greatest", "seconds");
  for (const RungResults& rung_results : all) {
    const Outcome outcome = outcome_of(rung_results);
    const Rung& rung = rung_results.rung;
    std::printf("%-32s%7td%9g%8g%10.0f%12s%10.2f%8.2f%10.2f%10.2f\n", rung.name.c_str(), rung.batch_size,
                rung.learning_rate, rung.beta2, outcome.images,
                outcome.validation ? fixed(100 * *outcome.validation, 2).c_str() : "-", 100 * outcome.mean,
                100 * outcome.least, 100 * outcome.greatest, outcome.seconds);
  }
  std::printf("\n");
}

/// The machines on which the times were measured: more than one if records of several were put together.
void print_machines(const std::vector<RungResults>& all) {
  std::set<std::string> machines;
  for (const RungResults& rung_results : all)
    for (const Record& record : rung_results.records) machines.insert(record.machine);
  for (const std::string& machine : machines) std::printf("Machine: %s\n", machine.c_str());
  std::printf("\n");
}

/// For each rung a point at its mean, and a line from its lowest accuracy to its highest.
void draw(const Options& options, const std::vector<RungResults>& all) {
  plotting::LinePlot plot{.title = "MNIST, one network: accuracy and time",
                          .x_label = "seconds, all after reading the files",
                          .y_label = "test accuracy, %",
                          .series = {},
                          .x_range = options.full ? plotting::Range{0, 24} : plotting::Range{},
                          .y_range = options.full ? plotting::Range{98.8, 99.6} : plotting::Range{},
                          .legend = plotting::Legend::top_right};
  int colour = 0;
  for (const RungResults& rung_results : all) {
    const Outcome outcome = outcome_of(rung_results);
    plot.series.push_back({.name = rung_results.rung.name,
                           .x = {outcome.seconds},
                           .y = {100 * outcome.mean},
                           .style = plotting::Style::points,
                           .colour = colour,
                           .width = 5});
    plot.series.push_back({.name = "",
                           .x = {outcome.seconds, outcome.seconds},
                           .y = {100 * outcome.least, 100 * outcome.greatest},
                           .colour = colour++});
  }
  plotting::draw_lines(options.figure("figure_seconds.png"), {plot});
}

void add(const std::vector<RungResults>& all, Results& results) {
  for (const RungResults& rung_results : all) {
    const Outcome outcome = outcome_of(rung_results);
    results.add(rung_results.rung.name,
                std::map<std::string, double>{{"images seen", outcome.images},
                                              {"seconds", outcome.seconds},
                                              {"test accuracy, mean", outcome.mean},
                                              {"test accuracy, least", outcome.least},
                                              {"test accuracy, greatest", outcome.greatest},
                                              {"seeds", static_cast<double>(rung_results.records.size())}});
  }
}

void run(const Options& options) {
  TrainAndTest data = load_dataset(DatasetName::mnist, options.data, options.sample);
  if (!options.full) data.train = first_images(data.train, quick_images);
  if (options.choose) return choose(data.train, options.seed, seeds_of(options));
  prepare_folder(options.out / "runs");
  std::vector<RungResults> all;
  for (const Rung& rung : ladder()) all.push_back(train_or_read(rung, options, data));
  std::printf("==== [ladder] MNIST, step by step\n\n");
  print("The network of section 7.3.1 learns from " + std::to_string(data.train.count()) + " images, " +
            std::to_string(seeds_of(options)) + (seeds_of(options) == 1 ? " seed" : " seeds") +
            ". Images and seconds are medians over the seeds, accuracies means",
        all);
  print_machines(all);
  std::printf("==== [ladder] end\n");
  Results results(options, "seconds");
  add(all, results);
  results.save();
  draw(options, all);
}

}  // namespace

int main(int argc, char** argv) {
  const Program program{
      .name = "seconds",
      .purpose =
          "MNIST to 99.0 % in fewer and fewer seconds, step by step (beyond the report).\n\n"
          "What came of each training is recorded in OUT/runs, and one that has a record\n"
          "is not done again.",
      .seeds = true};
  stop_on_signals();
  return run_program(argc, argv, program, run);
}
