/// @file
/// What several sections of chapter 8 need: the data, the trained network, and its results as tables and
/// figures.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "plotting/plot.hpp"
#include "program.hpp"
#include "training/fit.hpp"

namespace plaingrad {

/// The data set, loaded at the first call and kept for the sections that follow.
const TrainAndTest& dataset(DatasetName name, const Options& options);

/// --epochs if it was given, else `full` or `quick` by the scale.
int epochs(const Options& options, int quick = 3, int full = 20);

/// "3 epochs (quick scale; ...), batch 32, 60000 training and 10000 test images": for the reader to know what
/// was run.
std::string describe_run(const Options& options, const TrainAndTest& data);

/// The values of all parameters of a model, in its order.
using Weights = std::vector<Tensor>;
/// @throws std::invalid_argument if the model has other parameters
void set_weights(Sequential& model, const Weights& weights);

/// A classifier after training.
struct TrainedClassifier {
  Sequential model;
  History history;
  Evaluation test;  ///< the test images, as the model sees them after the last epoch
  /// The weights after each epoch: section 8.7 asks the network of every epoch about images of its own.
  std::vector<Weights> after_epoch{};
};

/// Trains the network of section 7.3.1 on the data as listing 11.1.1 does: batch 32, all images, epochs().
/// Weights and order of images come from --seed alone: two optimizers start from the same weights.
/// @param title  for the line of progress
/// @param convolutions  3, or 2 (section 8.6)
TrainedClassifier train_cnn(const Options& options, const std::string& title, const TrainAndTest& data,
                            Optimizer& optimizer, int convolutions = 3);

/// The network of sections 8.3 and 8.4, on MNIST with Adam: trained at the first call, kept for the sections
/// that follow.
TrainedClassifier& cnn_on_mnist(const Options& options);

/// A curve for each of accuracy and validation accuracy over the epochs, for each history.
struct NamedHistory {
  std::string name;  ///< in the legend, before "accuracy"; may be empty
  History history;
};
plotting::LinePlot accuracy_plot(const std::string& title, const std::vector<NamedHistory>& histories);

/// The history as a table.
void print_history(const History& history);
/// The history with all its digits: `data/NAME.csv` below --out.
/// @throws std::runtime_error if it cannot be written
void write_history(const Options& options, const std::string& name, const History& history);

/// Best validation accuracy and its epoch, last, mean of the last five epochs: printed beside what the report
/// found, and added to the results.
/// @param title  what was trained; the results' names begin with it
void compare_with_report(const std::string& title, const History& history, double report, Results& results);
/// What the results must say of every training: scale, epochs, images.
void add_run(const Options& options, const TrainAndTest& data, Results& results);

/// The confusion matrix of the test images (`figure_STEM_confusion_matrix.png`), recall (1.1) and precision
/// (1.2) of each class as a table, in the results, and as a figure (`figure_STEM_classes.png`).
/// @param stem  "8_4"
/// @param title  what was trained: above the figures, and the results' names begin with it
void show_classes(const Options& options, const std::string& stem, const std::string& title,
                  const TrainAndTest& data, const Evaluation& test, Results& results);

/// Softmax of what the network gives for the test images at `positions`: (positions, 10).
Tensor probabilities(Sequential& model, const Dataset& test, const std::vector<Index>& positions);

}  // namespace plaingrad
