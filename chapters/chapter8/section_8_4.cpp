/// @file
/// Section 8.4: accuracy on training and test images, epoch by epoch, with Adam. Fig. 8.4.
#include <algorithm>
#include <cstdio>

#include "chapter8/common.hpp"
#include "chapter8/sections.hpp"

namespace plaingrad::chapter8 {

namespace {

/// The first epoch that comes within 0.1 percentage points of the best.
int plateau_begins(const History& history) {
  double best = 0;
  for (const Epoch& epoch : history) best = std::max(best, epoch.validation_accuracy);
  for (const Epoch& epoch : history)
    if (epoch.validation_accuracy >= best - 0.001) return epoch.number;
  return 0;
}

/// A test image that the network takes for something else.
struct Mistake {
  Index position;
  int truth, predicted;
  Real probability;  ///< that the network gives to what it predicted
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

}  // namespace

std::vector<Job> jobs_8_4(Context& context, std::uint64_t seed) {
  return {cnn_job(context, cnn_on_mnist(context.options), seed)};
}

void section_8_4(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  std::printf("Adam, %s.\n\n", describe_run(options, data).c_str());
  const CnnSettings settings = cnn_on_mnist(options);
  const Record record = context.record(cnn_training(context, settings, options.seed));
  const History history = history_of(record);
  print_history(history);
  write_history(options, "history_8_4_adam", history);
  plotting::draw_lines(options.figure("figure_8_4_accuracy.png"),
                       {accuracy_plot("MNIST, Adam", {{"", history}})});

  Results results(options, "8.4");
  add_run(options, data, results);
  compare_with_report("MNIST, Adam", record, 0.993, results);
  const int plateau = plateau_begins(history);
  std::printf(
      "Within 0.1 percentage points of the best from epoch %d on. (The report: a plateau from epoch 6.)\n\n",
      plateau);
  results.add("plateau from epoch", plateau, 6);

  show_classes(options, "8_4", "MNIST, Adam", data, record, results);
  Sequential model = recorded_cnn(context, settings);
  const std::vector<Mistake> mistakes = worst_mistakes(model, record, data.test);
  std::printf("%zu of %td test images are taken for another digit.\n\n", mistakes.size(), data.test.count());
  results.add("mistakes on the test images", std::ssize(mistakes));
  if (!mistakes.empty()) draw_worst_mistakes(options, mistakes, data.test);
  results.save();
}

}  // namespace plaingrad::chapter8
