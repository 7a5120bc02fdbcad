/// @file
/// Section 1.3: recall (1.1) and precision (1.2) of a confusion matrix, and the trade-off between the two.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "chapter1/sections.hpp"
#include "evaluation/metrics.hpp"
#include "math/random.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter1 {

namespace {

const std::vector<std::string> lung_classes = {"normal", "emphysema", "ground glass", "fibrosis",
                                               "micronodules"};

// Made up for this page: 500 patches of lung, rows by what they show, columns by what a classifier says.
const std::vector<std::vector<Index>> lung_counts = {
    {142, 3, 2, 2, 11}, {4, 66, 0, 9, 1}, {2, 0, 71, 13, 4}, {1, 6, 12, 69, 2}, {9, 0, 3, 1, 67}};

void print_counts(const ConfusionMatrix& matrix) {
  std::printf("%-14s", "true\\predicted");
  for (const std::string& name : lung_classes) std::printf("%14s", name.c_str());
  for (Index truth = 0; truth < matrix.classes(); ++truth) {
    std::printf("\n%-14s", lung_classes[static_cast<std::size_t>(truth)].c_str());
    for (Index predicted = 0; predicted < matrix.classes(); ++predicted)
      std::printf("%14td", matrix.count(truth, predicted));
  }
  std::printf("\n\n");
}

void print_recall_and_precision(const ConfusionMatrix& matrix, Results& results) {
  std::printf("%-14s%6s%6s%6s%15s%18s\n", "class", "TP", "FN", "FP", "recall (1.1)", "precision (1.2)");
  for (Index c = 0; c < matrix.classes(); ++c) {
    const std::string& name = lung_classes[static_cast<std::size_t>(c)];
    std::printf("%-14s%6td%6td%6td%15.3f%18.3f\n", name.c_str(), matrix.true_positives(c),
                matrix.false_negatives(c), matrix.false_positives(c), recall(matrix, c),
                precision(matrix, c));
    results.add("lung recall " + name, recall(matrix, c));
    results.add("lung precision " + name, precision(matrix, c));
  }
  std::printf("\naccuracy %.3f: one number for all classes, silent about which are mistaken.\n\n",
              accuracy(matrix));
}

void draw_counts(const Options& options, const ConfusionMatrix& matrix) {
  plotting::MatrixPlot plot{
      .title = "500 patches of lung (made up): what they show and what they were taken for",
      .x_label = "predicted",
      .y_label = "true",
      .column_names = lung_classes,
      .row_names = lung_classes,
      .rows = {}};
  for (Index truth = 0; truth < matrix.classes(); ++truth) {
    plot.rows.emplace_back();
    for (Index predicted = 0; predicted < matrix.classes(); ++predicted)
      plot.rows.back().push_back(static_cast<double>(matrix.count(truth, predicted)));
  }
  plotting::draw_matrix(options.figure("figure_1_2_confusion_matrix.png"), plot);
}

/// A screening test gives every patient a score. The ill score higher on average, but the two groups overlap.
struct Screening {
  std::vector<double> scores;
  std::vector<bool> ill;
};

//! [screening]
Screening screen(Random& random) {
  Screening patients;
  for (int i = 0; i < 2000; ++i) {
    patients.ill.push_back(i % 5 == 0);  // one in five
    patients.scores.push_back(random.normal(patients.ill.back() ? 0.65 : 0.40, 0.12));
  }
  return patients;
}
//! [screening]

std::vector<double> thresholds(double low, double high, int steps) {
  std::vector<double> result;
  for (int i = 0; i <= steps; ++i) result.push_back(low + (high - low) * i / steps);
  return result;
}

void print_trade_off(const Screening& patients, Results& results) {
  std::printf(
      "A screening test: 2000 patients (random scores), 400 of them ill.\n"
      "Called ill: score >= threshold.\n\n");
  std::printf("%9s%15s%18s\n", "threshold", "recall (1.1)", "precision (1.2)");
  for (const ThresholdPoint& p : sweep_thresholds(patients.scores, patients.ill, thresholds(0.3, 0.8, 10))) {
    std::printf("%9.2f%15.3f%18.3f\n", p.threshold, p.recall, p.precision);
    if (std::abs(p.threshold - 0.5) < 1e-9)
      results.add("screening at threshold 0.5", std::vector{p.recall, p.precision});
  }
  std::printf("\nA low threshold finds the ill and alarms many of the healthy; a high one the reverse.\n");
}

void draw_trade_off(const Options& options, const Screening& patients) {
  const std::vector<double> x = thresholds(0, 1, 200);
  std::vector<double> recalls, precisions;
  for (const ThresholdPoint& p : sweep_thresholds(patients.scores, patients.ill, x)) {
    recalls.push_back(p.recall);
    precisions.push_back(p.precision);
  }
  using plotting::Legend;
  plotting::draw_lines(options.figure("figure_1_1_precision_recall.png"),
                       {{.title = "Moving the threshold",
                         .x_label = "threshold",
                         .y_label = "share",
                         .series = {{"recall (1.1)", x, recalls}, {"precision (1.2)", x, precisions}},
                         .x_range = {0, 1},
                         .y_range = {0, 1.02},
                         .legend = Legend::bottom_left},
                        {.title = "One against the other",
                         .x_label = "recall",
                         .y_label = "precision",
                         .series = {{.name = "", .x = recalls, .y = precisions, .colour = 2}},
                         .x_range = {0, 1.02},
                         .y_range = {0, 1.02},
                         .legend = Legend::none}},
                       2);
}

}  // namespace

void section_1_3(const Options& options, Results& results) {
  const ConfusionMatrix matrix(lung_counts);
  std::printf("Recall and precision (section 1.3)\n\n");
  print_counts(matrix);
  print_recall_and_precision(matrix, results);
  draw_counts(options, matrix);

  Random random(options.seed);
  const Screening patients = screen(random);
  print_trade_off(patients, results);
  draw_trade_off(options, patients);
}

}  // namespace plaingrad::chapter1
