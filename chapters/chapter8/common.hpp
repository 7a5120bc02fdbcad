/// @file
/// What several sections of chapter 8 share: results as tables and figures.
#pragma once

#include <string>
#include <vector>

#include "chapter8/trainings.hpp"
#include "evaluation/metrics.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter8 {

/// --epochs if it was given, else `full` or `quick` by the scale.
int epochs(const Options& options, int quick = 3, int full = 20);

/// "3 epochs (quick scale; ...), batch 32, 60000 training and 10000 test images".
std::string describe_run(const Options& options, const TrainAndTest& data);

/// A history to plot.
struct NamedHistory {
  std::string name;  ///< in the legend, before "accuracy"; may be empty
  History history;
};
/// Accuracy and validation accuracy over the epochs, for each history.
plotting::LinePlot accuracy_plot(const std::string& title, const std::vector<NamedHistory>& histories);

/// A curve with a value for each epoch.
plotting::Series over_epochs(const std::string& name, const std::vector<double>& values,
                             plotting::Style style = plotting::Style::line_and_points);

/// The history as a table.
void print_history(const History& history);
/// The history with all its digits: `data/NAME.csv` below --out.
/// @throws std::runtime_error if it cannot be written
void write_history(const Options& options, const std::string& name, const History& history);

/// Adds what describes a training to the results: scale, epochs, images.
void add_run(const Options& options, const TrainAndTest& data, Results& results);

/// The number of test images by true class and by predicted class.
ConfusionMatrix confusion_matrix(const Dataset& test, const Record& record);
/// The confusion matrix of the test images (`figure_STEM_confusion_matrix.png`), recall (1.1) and precision
/// (1.2) of each class as a table, in the results, and as a figure (`figure_STEM_classes.png`).
/// @param stem  "8_4"
/// @param title  what was trained: above the figures, and the results' names begin with it
void show_classes(const Options& options, const std::string& stem, const std::string& title,
                  const TrainAndTest& data, const Record& record, Results& results);

/// Probabilities of the classes for the test images at `positions`: (positions, 10).
Tensor probabilities(Sequential& model, const Dataset& test, const std::vector<Index>& positions);

}  // namespace plaingrad::chapter8
