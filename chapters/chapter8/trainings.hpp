/// @file
/// The trainings of chapter 8, the files that keep them, and what the sections share.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "program.hpp"
#include "training/fit.hpp"
#include "training/run.hpp"

namespace plaingrad::chapter8 {

/// Sets all parameters of a model. @throws std::invalid_argument if it has others
void set_weights(Sequential& model, const Weights& weights);

/// A classifier after training.
struct TrainedClassifier {
  Sequential model;
  History history;
  Evaluation test;  ///< on the test images, after the last epoch
  /// The weights after each epoch: section 8.7 evaluates the network of every epoch on restored images.
  std::vector<Weights> after_epoch{};
};

/// A training of this chapter.
struct Training {
  std::string title;  ///< "CNN on MNIST, Adam"
  int epochs;
  RunId id;
};

/// What the sections of a call share. A data set is loaded, and a network trained, when it is first asked
/// for.
class Context {
 public:
  explicit Context(const Options& run_options) : options(run_options) {}

  const Options options;

  /// A data set. @throws std::runtime_error as load_dataset()
  const TrainAndTest& dataset(DatasetName name);
  /// A training on that data set; all else is in the settings.
  Training training(const std::string& title, const std::string& experiment, DatasetName data, int epochs,
                    std::map<std::string, std::string> settings);
  /// The CNN of sections 8.3 and 8.4: on MNIST, with Adam.
  TrainedClassifier& cnn_on_mnist();
  /// The same after 3 epochs, whatever --epochs says: it scores the digits of section 8.8.
  Sequential& cnn_of_three_epochs();

  /// Looks for the file of a training. @throws std::runtime_error if it is there and cannot be used
  RunFile& find_run(const Training& training);
  /// The same when the training begins: says on stderr which file it is and what it holds.
  RunFile& begin_run(const Training& training);
  /// What the files of this call's trainings hold, a line for each that has an epoch.
  std::string kept() const;
  /// Everything asked for is done: marks the files as finished, and says where they are.
  void finish_runs();

 private:
  std::map<DatasetName, TrainAndTest> datasets_;
  std::map<DatasetName, std::string> digests_;
  std::map<std::string, RunFile> runs_;  // by name
  std::optional<TrainedClassifier> cnn_, cnn_of_three_epochs_;
};

/// The network of section 7.3.1 on a data set, as listing 11.1.1 trains it: batch 32, all images.
/// @param optimizer  "Adam" or "SGD"
/// @param convolutions  3, or 2 (section 8.6)
Training cnn_training(Context& context, DatasetName data, const std::string& optimizer, int epochs,
                      int convolutions = 3);
/// Trains it. Weights and order of images come from --seed alone: two optimizers start from the same weights.
TrainedClassifier train_cnn(Context& context, const Training& training, DatasetName name,
                            Optimizer& optimizer, int convolutions = 3);
/// That of Context::cnn_on_mnist().
Training cnn_on_mnist(Context& context);
/// That of Context::cnn_of_three_epochs().
Training cnn_of_three_epochs(Context& context);

}  // namespace plaingrad::chapter8
