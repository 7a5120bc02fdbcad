/// @file
/// Section 8.4: accuracy on training and test images, epoch by epoch, with Adam. Fig. 8.4.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter8/sections.hpp"
#include "chapter8/seeds.hpp"
#include "math/statistics.hpp"
#include "training/fit.hpp"

namespace plaingrad::chapter8 {

namespace {

/// The first epoch from which on the mean over the seeds stays within 0.1 percentage points of where it ends,
/// the mean of the last five epochs.
int plateau_begins(const std::vector<Record>& records) {
  const std::vector<std::vector<double>> accuracy = by_epoch(records, "validation accuracy");
  const double end = mean(over_seeds(records, &Summary::mean_of_last_five));
  std::size_t first = accuracy.size();
  while (first > 0 && std::abs(mean(accuracy[first - 1]) - end) <= 0.001) --first;
  return static_cast<int>(first) + 1;
}

void print_plateau(const std::vector<Record>& records, Results& results) {
  const int plateau = plateau_begins(records), last = static_cast<int>(records.front().seconds.size());
  if (plateau > last)
    std::printf(
        "No plateau: the last epoch is more than 0.1 percentage points from the mean of the last five.\n");
  else
    std::printf("From epoch %d on, the mean over %s stays within 0.1 percentage points of where it ends.\n",
                plateau, seeds_text(records.size()).c_str());
  std::printf("(The report: a plateau from epoch 6.)\n\n");
  results.add("plateau from epoch", plateau, 6);
}

/// A misclassified test image.
struct Mistake {
  Index position;
  int truth, predicted;
  Real probability;  ///< of the predicted class
};

std::vector<Mistake> worst_mistakes(Sequential& model, const Record& record, const Dataset& test) {
  std::vector<Index> wrong;
  for (const Misclassified& m : record.misclassified) wrong.push_back(m.image);
  if (wrong.empty()) return {};
  const Tensor p = probabilities(model, test, wrong);
  std::vector<Mistake> mistakes;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    const int predicted = record.misclassified[i].predicted;
    mistakes.push_back({wrong[i], test.labels[static_cast<std::size_t>(wrong[i])], predicted,
                        p[static_cast<Index>(i) * p.extent(1) + predicted]});
  }
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return a.probability > b.probability; });
  return mistakes;
}

void draw_worst_mistakes(const Options& options, const std::vector<Mistake>& mistakes, const Dataset& test) {
  std::vector<Index> positions;
  std::vector<std::string> captions;
  for (const Mistake& m : mistakes) {
    if (positions.size() == 20) break;
    positions.push_back(m.position);
    char caption[40];
    std::snprintf(caption, sizeof caption, "%d taken for %d (%.3f)", m.truth, m.predicted,
                  static_cast<double>(m.probability));
    captions.emplace_back(caption);
  }
  Tensor images;
  gather_images(test, positions, Real(1) / 255, 0, images);
  plotting::draw_images(
      options.figure("figure_8_4_mistakes.png"), images, captions, 5,
      "The mistakes made with the greatest confidence: true digit, taken for (probability)");
}

/// Accuracy on test images moved by that many pixels: mean over up, down, left and right.
double accuracy_moved_by(Sequential& model, const Dataset& test, Index pixels) {
  double sum = 0;
  for (const Index moved : {-pixels, pixels})
    sum += evaluate_classifier(model, shifted(test, moved, 0)).accuracy +
           evaluate_classifier(model, shifted(test, 0, moved)).accuracy;
  return sum / 4;
}

/// MNIST's digits were centred; how much of the accuracy depends on that?
void show_shifts(const Options& options, Sequential& model, const Dataset& test, Results& results) {
  std::printf(
      "Test images moved by some pixels, mean over up, down, left and right:\n\npixels    accuracy\n");
  plotting::Series series{.name = "", .x = {}, .y = {}, .style = plotting::Style::line_and_points};
  for (Index pixels = 0; pixels <= 4; ++pixels) {
    const double percent = 100 * accuracy_moved_by(model, test, pixels);
    std::printf("%6td%10.2f %%\n", pixels, percent);
    results.add("accuracy in % on test images moved by " + std::to_string(pixels) + " pixels", percent);
    series.x.push_back(static_cast<double>(pixels));
    series.y.push_back(percent);
  }
  std::printf("\n");
  plotting::draw_lines(options.figure("figure_8_4_shifts.png"), {{.title = "Test images moved by some pixels",
                                                                  .x_label = "pixels",
                                                                  .y_label = "accuracy in %",
                                                                  .series = {series},
                                                                  .legend = plotting::Legend::none}});
}

}  // namespace

std::vector<Job> jobs_8_4(Context& context, std::uint64_t seed) {
  return {cnn_job(context, cnn_on_mnist(context.options), seed)};
}

void section_8_4(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  std::printf("Adam, %s.\n\n", describe_run(options, data).c_str());
  const CnnSettings settings = cnn_on_mnist(options);
  const Training training = cnn_training(context, settings, options.seed);
  const Record record = context.record(training);
  const std::vector<Record> all = context.records(training);
  const History history = history_of(record);
  print_history(history);
  write_history(options, "history_8_4_adam", history);
  plotting::draw_lines(options.figure("figure_8_4_accuracy.png"),
                       {accuracy_plot("MNIST, Adam", {{"", history}})});
  plotting::draw_lines(options.figure("figure_8_4_error.png"), {error_plot("MNIST, Adam", {{"", all}})});

  Results results(options, "8.4");
  add_run(options, data, results);
  compare_with_report("MNIST, Adam", context, training, 0.993, results);
  print_plateau(all, results);

  show_classes(options, "8_4", "MNIST, Adam", data, record, results);
  Sequential model = recorded_cnn(context, settings);
  const std::vector<Mistake> mistakes = worst_mistakes(model, record, data.test);
  std::printf("%zu of %td test images are taken for another digit.\n\n", mistakes.size(), data.test.count());
  results.add("mistakes on the test images", std::ssize(mistakes));
  if (!mistakes.empty()) draw_worst_mistakes(options, mistakes, data.test);
  show_shifts(options, model, data.test, results);
  results.save();
}

}  // namespace plaingrad::chapter8
