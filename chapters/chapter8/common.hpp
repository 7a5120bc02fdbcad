/// @file
/// What several sections of chapter 8 need: the data, the trained network, and its results as tables and
/// figures.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "plotting/plot.hpp"
#include "program.hpp"
#include "training/fit.hpp"

namespace plaingrad::chapter8 {

/// --epochs if it was given, else `full` or `quick` by the scale.
int epochs(const Options& options, int quick = 3, int full = 20);

/// "3 epochs (quick scale; ...), batch 32, 60000 training and 10000 test images".
std::string describe_run(const Options& options, const TrainAndTest& data);

/// The values of all parameters of a model, in its order.
using Weights = std::vector<Tensor>;
/// @throws std::invalid_argument if the model has other parameters
void set_weights(Sequential& model, const Weights& weights);

/// A classifier after training.
struct TrainedClassifier {
  Sequential model;
  History history;
  Evaluation test;  ///< on the test images, after the last epoch
  /// The weights after each epoch: section 8.7 evaluates the network of every epoch on restored images.
  std::vector<Weights> after_epoch{};
};

/// Trains the network of section 7.3.1 on the data as listing 11.1.1 does: batch 32, all images, epochs().
/// Weights and order of images come from --seed alone: two optimizers start from the same weights.
/// @param title  for the line of progress
/// @param convolutions  3, or 2 (section 8.6)
TrainedClassifier train_cnn(const Options& options, const std::string& title, const TrainAndTest& data,
                            Optimizer& optimizer, int convolutions = 3);

/// What the sections of a run share. A data set is loaded, and a network trained, when it is first asked for.
class Context {
 public:
  explicit Context(const Options& run_options) : options(run_options) {}

  const Options options;

  /// A data set. @throws std::runtime_error as load_dataset()
  const TrainAndTest& dataset(DatasetName name);
  /// The CNN of sections 8.3 and 8.4: on MNIST, with Adam.
  TrainedClassifier& cnn_on_mnist();
  /// The same after 3 epochs, whatever --epochs says: it scores the digits of section 8.8.
  Sequential& cnn_of_three_epochs();

 private:
  std::map<DatasetName, TrainAndTest> datasets_;
  std::optional<TrainedClassifier> cnn_, cnn_of_three_epochs_;
};

/// A history to plot.
struct NamedHistory {
  std::string name;  ///< in the legend, before "accuracy"; may be empty
  History history;
};
/// Accuracy and validation accuracy over the epochs, for each history.
plotting::LinePlot accuracy_plot(const std::string& title, const std::vector<NamedHistory>& histories);

/// The history as a table.
void print_history(const History& history);
/// The history with all its digits: `data/NAME.csv` below --out.
/// @throws std::runtime_error if it cannot be written
void write_history(const Options& options, const std::string& name, const History& history);

/// Best validation accuracy and its epoch, last, mean of the last five epochs: printed beside the
/// report's, and added to the results.
/// @param title  what was trained; the results' names begin with it
void compare_with_report(const std::string& title, const History& history, double report, Results& results);
/// Adds what describes a training to the results: scale, epochs, images.
void add_run(const Options& options, const TrainAndTest& data, Results& results);

/// The confusion matrix of the test images (`figure_STEM_confusion_matrix.png`), recall (1.1) and precision
/// (1.2) of each class as a table, in the results, and as a figure (`figure_STEM_classes.png`).
/// @param stem  "8_4"
/// @param title  what was trained: above the figures, and the results' names begin with it
void show_classes(const Options& options, const std::string& stem, const std::string& title,
                  const TrainAndTest& data, const Evaluation& test, Results& results);

/// Probabilities of the classes for the test images at `positions`: (positions, 10).
Tensor probabilities(Sequential& model, const Dataset& test, const std::vector<Index>& positions);

}  // namespace plaingrad::chapter8
