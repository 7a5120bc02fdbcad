/// @file
/// Anomaly detection by the reconstruction error of an autoencoder trained without the anomalies, as the
/// report's last chapter suggests, and by other scores to compare it with.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <numeric>
#include <stdexcept>

#include "beyond/sections.hpp"
#include "chapter8/common.hpp"
#include "chapter8/seeds.hpp"
#include "data/mini_batches.hpp"
#include "evaluation/image_quality.hpp"
#include "losses/loss.hpp"
#include "math/decimal.hpp"
#include "math/statistics.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "training/fit_reconstruction.hpp"

namespace plaingrad::beyond {

using namespace chapter8;

namespace {

// ---- normal and foreign images ---------------------------------------------------------------------------

/// The network has been trained on all digits and is tested with clothes among them.
constexpr int clothes = -1;
/// Or it has been trained without one of the digits, and is tested with all.
const std::vector<int> kinds = {clothes, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

std::string name_of(int kind) {
  return kind == clothes ? "clothes" : "digit " + std::to_string(kind);
}

Dataset without(const Dataset& all, int kind) {
  Dataset rest{.height = all.height, .width = all.width, .pixels = {}, .labels = {}};
  const Index size = all.height * all.width;
  for (Index n = 0; n < all.count(); ++n) {
    const std::uint8_t label = all.labels[static_cast<std::size_t>(n)];
    if (label == kind) continue;
    rest.labels.push_back(label);
    rest.pixels.insert(rest.pixels.end(), all.pixels.begin() + n * size, all.pixels.begin() + (n + 1) * size);
  }
  return rest;
}

/// The test images; at quick scale only the first ones.
Dataset test_images(Context& context, DatasetName name) {
  const Dataset& all = context.dataset(name).test;
  return context.options.full ? all : first_images(all, 2000);
}

/// Images to be scored.
struct TestSet {
  Tensor images;
  std::vector<bool> foreign;  ///< whether each is of a kind that the network was not trained on
};

TestSet test_set(Context& context, int kind) {
  Dataset all = test_images(context, DatasetName::mnist);
  std::vector<bool> foreign;
  for (const std::uint8_t label : all.labels) foreign.push_back(label == kind);
  if (kind == clothes) {
    const Dataset more = test_images(context, DatasetName::fashion_mnist);
    all.labels.insert(all.labels.end(), more.labels.begin(), more.labels.end());
    all.pixels.insert(all.pixels.end(), more.pixels.begin(), more.pixels.end());
    foreign.resize(all.labels.size(), true);
  }
  return {all_images(all), foreign};
}

/// Otherwise a missing digit would be discovered only after its autoencoder had been trained.
void require_every_digit(Context& context) {
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  const Dataset test = test_images(context, DatasetName::mnist);
  for (const auto& [name, images] : {std::pair("training", &data.train), std::pair("test", &test)}) {
    const std::array<Index, 10> counts = class_counts(*images);
    const auto none = std::find(counts.begin(), counts.end(), 0);
    if (none != counts.end())
      throw std::runtime_error("section anomalies leaves out each digit in turn, but among the " +
                               std::string(name) + " images there is no " +
                               std::to_string(none - counts.begin()) + "; see --data");
  }
}

Dataset training_images(Context& context, int kind) {
  const Dataset seen = without(context.dataset(DatasetName::mnist).train, kind);
  return context.options.full ? seen : first_images(seen, 4000);
}

// ---- scores: higher for foreign images -------------------------------------------------------------------

/// The mean of each image's pixels: a baseline that needs no network.
std::vector<double> brightness(const Tensor& images) {
  const Index size = images.size() / images.extent(0);
  std::vector<double> means;
  for (Index n = 0; n < images.extent(0); ++n) {
    double sum = 0;
    for (Index i = 0; i < size; ++i) sum += value_of(images[n * size + i]);
    means.push_back(sum / static_cast<double>(size));
  }
  return means;
}

//! [scores]
/// The autoencoder's reconstruction error of each image.
std::vector<double> reconstruction_errors(Sequential& autoencoder, const Tensor& images) {
  return mean_squared_errors(reconstruct(autoencoder, images), images);
}

/// The same errors, each divided by the image's mean square, so that bright images are not at a disadvantage.
std::vector<double> relative_errors(std::vector<double> errors, const Tensor& images) {
  const std::vector<double> squares = mean_squared_errors(images, Tensor(images.shape));
  for (std::size_t n = 0; n < errors.size(); ++n) errors[n] /= squares[n];
  return errors;
}

/// The classifier's uncertainty about each image: the probability of all classes but the most probable one.
std::vector<double> uncertainties(Sequential& cnn, const Tensor& images) {
  std::vector<double> result;
  Tensor p;
  for_each_slice(images, 100, [&](Index, const Tensor& x) {
    softmax(cnn.forward(x, Mode::inference), p);
    for (Index n = 0; n < p.extent(0); ++n) {
      Real* of_image = p.data() + n * p.extent(1);
      std::sort(of_image, of_image + p.extent(1));
      result.push_back(value_of(std::accumulate(of_image, of_image + p.extent(1) - 1, Real(0))));
    }
  });
  return result;
}
//! [scores]

constexpr const char *area = "area", *relative_area = "area, relative error", *roc = "roc";

/// The true positive rate, the share of foreign images detected, at each false positive rate of 0, 1, 2 ...
/// 100 %.
std::vector<double> detection_rates(const std::vector<RocPoint>& curve) {
  std::vector<double> shares;
  for (int percent = 0; percent <= 100; ++percent) {
    double best = 0;
    for (const RocPoint& point : curve)
      if (point.false_positive_rate <= percent / 100.0) best = std::max(best, point.true_positive_rate);
    shares.push_back(best);
  }
  return shares;
}

// ---- trainings -------------------------------------------------------------------------------------------

/// A record is identified by everything it depends on: at quick scale there are fewer test images, and
/// clothes are tested with one kind only.
Training training_of(Context& context, const std::string& network, int kind, int epochs, std::uint64_t seed) {
  const std::string unseen = kind == clothes ? "all-digits" : "without-" + std::to_string(kind);
  const Index images = training_images(context, kind).count();
  std::map<std::string, std::string> settings = {
      {"optimizer", "Adam"}, {"batch size", "32"}, {"training images", std::to_string(images)}};
  if (!context.options.full)
    settings["test images"] = std::to_string(test_images(context, DatasetName::mnist).count());
  if (kind == clothes) settings["clothes"] = digest(context.dataset(DatasetName::fashion_mnist).test);
  return context.training(
      network + (kind == clothes ? " of all digits" : " without the digit " + std::to_string(kind)),
      "anomaly-" + network + "-" + unseen, DatasetName::mnist, epochs, seed, settings);
}

Training autoencoder_without(Context& context, int kind, std::uint64_t seed) {
  Training training = training_of(context, "autoencoder", kind, epochs(context.options, 1, 5), seed);
  training.weights = seed == context.options.seed;  // for the picture
  return training;
}

Training cnn_without(Context& context, int kind, std::uint64_t seed) {
  return training_of(context, "cnn", kind, epochs(context.options, 1, 3), seed);
}

using ScoresByName = std::map<std::string, std::vector<double>>;

/// Trains a model and records how well it detects foreign images.
/// @param accuracies  whether the history has any @param fit  trains it @param scores  computes its scores on
/// a test set afterwards
void learn(Context& context, const Training& training, int kind, Sequential& model, bool accuracies,
           const std::function<History(const FitOptions&)>& fit,
           const std::function<ScoresByName(const TestSet&)>& scores) {
  const ActiveRun run = context.start_run(training);
  Progress progress(training.title, std::cerr, isatty(STDERR_FILENO) == 1);
  const History history = fit({.epochs = training.epochs, .progress = &progress, .run = &run.file});
  if (context.is_recorded(training)) return;
  Record record;
  set_history(record, history, accuracies);
  record.scores = scores(test_set(context, kind));
  context.keep(training, record, model);
}

void train_autoencoder(Context& context, int kind, std::uint64_t seed) {
  const Tensor seen = all_images(training_images(context, kind));
  const Tensor seen_in_test = all_images(without(test_images(context, DatasetName::mnist), kind));
  Random random(seed);
  Sequential autoencoder = make_autoencoder(random);
  Adam adam;
  const auto fit = [&](const FitOptions& options) {
    return fit_reconstruction(autoencoder, adam, {seen, seen}, {seen_in_test, seen_in_test}, options, random);
  };
  const auto scores = [&](const TestSet& test) -> ScoresByName {
    const std::vector<double> errors = reconstruction_errors(autoencoder, test.images);
    const std::vector<RocPoint> curve = roc_curve(errors, test.foreign);
    return {{area, {area_under(curve)}},
            {relative_area, {area_under(roc_curve(relative_errors(errors, test.images), test.foreign))}},
            {roc, detection_rates(curve)}};
  };
  learn(context, autoencoder_without(context, kind, seed), kind, autoencoder, false, fit, scores);
}

void train_cnn_without(Context& context, int kind, std::uint64_t seed) {
  const Dataset seen = training_images(context, kind);
  const Dataset seen_in_test = without(test_images(context, DatasetName::mnist), kind);
  Random random(seed);
  Sequential cnn = make_cnn(random);
  Adam adam;
  const auto fit = [&](const FitOptions& options) {
    return fit_classifier(cnn, adam, seen, seen_in_test, options, random);
  };
  const auto scores = [&](const TestSet& test) -> ScoresByName {
    return {{area, {area_under(roc_curve(uncertainties(cnn, test.images), test.foreign))}}};
  };
  learn(context, cnn_without(context, kind, seed), kind, cnn, true, fit, scores);
}

// ---- table and figures -----------------------------------------------------------------------------------

/// Areas under the ROC curve for one kind of foreign images, over the seeds.
struct AucScores {
  std::vector<double> error, relative, uncertainty;
  double brightness;  ///< needs no training, so there is a single value
};

std::vector<double> scores_of(const std::vector<Record>& records, const char* name) {
  std::vector<double> values;
  for (const Record& record : records) values.push_back(record.score(name)[0]);
  return values;
}

AucScores auc_scores_of(Context& context, int kind) {
  const Training autoencoder = autoencoder_without(context, kind, context.options.seed);
  const Training cnn = cnn_without(context, kind, context.options.seed);
  for (const Training* training : {&autoencoder, &cnn})
    context.record(*training);  // those of this seed must be there
  const auto [images, foreign] = test_set(context, kind);
  const std::vector<Record> records = context.records(autoencoder);
  return {scores_of(records, area), scores_of(records, relative_area), scores_of(context.records(cnn), area),
          area_under(roc_curve(brightness(images), foreign))};
}

/// "0.874 +- 0.006".
std::string text_of(const std::vector<double>& areas) {
  const std::string text = fixed(mean(areas), 3);
  return areas.size() == 1 ? text : text + " +- " + fixed(standard_deviation(areas), 3);
}

/// For each seed the mean over the ten digits.
std::vector<double> over_digits(const std::vector<AucScores>& all, std::vector<double> AucScores::*score) {
  std::vector<double> means(((all[0]).*score).size());
  for (std::size_t kind = 1; kind < all.size(); ++kind)
    for (std::size_t seed = 0; seed < means.size(); ++seed) means[seed] += ((all[kind]).*score).at(seed) / 10;
  return means;
}

void add(const std::string& name, const AucScores& areas, Results& results) {
  results.add(name, std::map<std::string, double>{{"reconstruction error", mean(areas.error)},
                                                  {"relative error", mean(areas.relative)},
                                                  {"classifier's doubt", mean(areas.uncertainty)},
                                                  {"brightness", areas.brightness},
                                                  {"seeds", static_cast<double>(areas.error.size())}});
}

void print_line(const std::string& name, const AucScores& areas) {
  std::printf("%-22s%20s%20s%20s%13.3f\n", name.c_str(), text_of(areas.error).c_str(),
              text_of(areas.relative).c_str(), text_of(areas.uncertainty).c_str(), areas.brightness);
}

void print_verdict(const AucScores& of_clothes, const AucScores& of_digits) {
  const auto sentence = [](const std::string& what, double value) {
    std::printf("%s: the reconstruction error %s (%.3f).\n", what.c_str(),
                value > 0.99   ? "separates them almost without fault"
                : value > 0.9  ? "notices most of them"
                : value > 0.75 ? "is a hint, no more"
                : value > 0.6  ? "is little better than chance"
                               : "is of no use",
                value);
  };
  sentence("Clothes among digits", mean(of_clothes.error));
  sentence("A digit that was never seen, among the others", mean(of_digits.error));
  const double ahead = mean(of_digits.uncertainty) - mean(of_digits.error);
  std::printf("For the second, the doubt of the classifier is %s by %.3f.\n\n",
              ahead > 0 ? "better" : "worse", std::abs(ahead));
}

void draw_areas(const Options& options, const std::vector<AucScores>& all) {
  plotting::BarPlot plot{
      .title = "Area under the ROC curve, by what had never been seen",
      .x_label = "",
      .y_label = "area; 0.5 is chance",
      .categories = {},
      .sets = {{"reconstruction error", {}}, {"relative error", {}}, {"classifier's doubt", {}}},
      .legend = plotting::Legend::below,
      .errors = {{}, {}, {}}};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    plot.categories.push_back(kinds[k] == clothes ? "clothes" : std::to_string(kinds[k]));
    std::size_t set = 0;
    for (const std::vector<double>* areas : {&all[k].error, &all[k].relative, &all[k].uncertainty}) {
      const auto [least, greatest] = std::minmax_element(areas->begin(), areas->end());
      plot.sets[set].second.push_back(mean(*areas));
      plot.errors[set++].push_back({*least, *greatest});
    }
  }
  plotting::draw_bars(options.figure("figure_beyond_anomalies.png"), plot);
}

/// ROC curves of the seed that is plotted: clothes, and the digits that are easiest and hardest to detect.
void draw_curves(Context& context, const std::vector<AucScores>& all) {
  const auto [hardest, easiest] = std::minmax_element(
      all.begin() + 1, all.end(),
      [](const AucScores& a, const AucScores& b) { return mean(a.error) < mean(b.error); });
  plotting::LinePlot plot{.title = "ROC curves of the reconstruction error",
                          .x_label = "false alarms, %",
                          .y_label = "noticed, %",
                          .series = {},
                          .x_range = {0, 100},
                          .y_range = {0, 100},
                          .legend = plotting::Legend::bottom_right};
  for (const std::ptrdiff_t k : {std::ptrdiff_t{0}, easiest - all.begin(), hardest - all.begin()}) {
    const int kind = kinds[static_cast<std::size_t>(k)];
    const Record record = context.record(autoencoder_without(context, kind, context.options.seed));
    plotting::Series series{name_of(kind), {}, {}};
    for (const double share : record.score(roc)) {
      series.x.push_back(static_cast<double>(series.x.size()));
      series.y.push_back(100 * share);
    }
    plot.series.push_back(series);
  }
  plot.series.push_back({"chance", {0, 100}, {0, 100}, plotting::Style::dashed});
  plotting::draw_lines(context.options.figure("figure_beyond_roc.png"), {plot});
}

/// What an autoencoder makes of images that it was not trained on: ten originals above, their reconstructions
/// below.
void draw_restored(Context& context) {
  const TrainAndTest& digits = context.dataset(DatasetName::mnist);
  const Tensor garments = all_images(first_images(context.dataset(DatasetName::fashion_mnist).test, 10));
  const Index pixels = 28 * 28;
  Tensor sheet({40, 28, 28, 1});
  std::vector<std::string> captions(40);
  const auto put = [&](Index row, Index column, const Tensor& images, Index n) {
    std::copy_n(images.data() + n * pixels, pixels, sheet.data() + (row * 10 + column) * pixels);
  };
  Random replaced(1);
  Sequential autoencoder = make_autoencoder(replaced);
  const auto restored = [&](int kind, const Tensor& images) {
    context.restore(autoencoder_without(context, kind, context.options.seed), autoencoder);
    return reconstruct(autoencoder, images);
  };
  const Tensor after = restored(clothes, garments);
  for (Index n = 0; n < 10; ++n) {
    put(0, n, garments, n);
    put(1, n, after, n);
    const auto first = std::find(digits.test.labels.begin(), digits.test.labels.end(), n);
    if (first == digits.test.labels.end()) continue;
    const Index position = first - digits.test.labels.begin();
    Tensor digit;
    gather_images(digits.test, std::vector<Index>{position}, Real(1) / 255, 0, digit);
    put(2, n, digit, 0);
    put(3, n, restored(static_cast<int>(n), digit), 0);
  }
  plotting::draw_images(context.options.figure("figure_beyond_restored.png"), sheet, captions, 10,
                        "Clothes, and each digit, by an autoencoder that has never seen its like");
}

}  // namespace

std::vector<Job> anomaly_jobs(Context& context, std::uint64_t seed) {
  require_every_digit(context);
  std::vector<Job> jobs;
  for (const int kind : kinds) {
    jobs.push_back({{autoencoder_without(context, kind, seed)},
                    [kind, seed](Context& with) { train_autoencoder(with, kind, seed); }});
    jobs.push_back({{cnn_without(context, kind, seed)},
                    [kind, seed](Context& with) { train_cnn_without(with, kind, seed); }});
  }
  return jobs;
}

void anomalies(Context& context) {
  const Options& options = context.options;
  std::vector<AucScores> all;
  for (const int kind : kinds) all.push_back(auc_scores_of(context, kind));
  double mean_brightness = 0;
  for (std::size_t kind = 1; kind < all.size(); ++kind) mean_brightness += all[kind].brightness / 10;
  const AucScores digits{over_digits(all, &AucScores::error), over_digits(all, &AucScores::relative),
                         over_digits(all, &AucScores::uncertainty), mean_brightness};
  std::printf("Area under the ROC curve, %s%s\n\n", seeds_text(all[0].error.size()).c_str(),
              all[0].error.size() == 1 ? "" : ": mean +- deviation");
  std::printf("%-22s%20s%20s%20s%13s\n", "never seen", "reconstruction error", "relative error",
              "classifier's doubt", "brightness");
  Results results(options, "anomalies");
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    print_line(name_of(kinds[k]), all[k]);
    add(name_of(kinds[k]), all[k], results);
  }
  print_line("mean over the digits", digits);
  add("mean over the digits", digits, results);
  std::printf("\n");
  print_verdict(all[0], digits);
  results.save();
  draw_areas(options, all);
  draw_curves(context, all);
  draw_restored(context);
}

}  // namespace plaingrad::beyond
