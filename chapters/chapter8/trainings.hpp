/// @file
/// The trainings of chapter 8, their records and their checkpoints.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/file_lock.hpp"
#include "layers/sequential.hpp"
#include "program.hpp"
#include "training/fit.hpp"
#include "training/record.hpp"
#include "training/run.hpp"

namespace plaingrad::chapter8 {

/// A training of this chapter.
struct Training {
  std::string title;  ///< "CNN on MNIST, Adam"
  int epochs;
  RunId id;
  bool weights = false;  ///< sections also need its weights: they are kept beside the record
};

class Context;

/// One or more trainings that follow from one another. A process does all of them or none.
struct Job {
  std::vector<Training> records;       ///< the records that it makes
  std::function<void(Context&)> make;  ///< trains, or resumes from a checkpoint
  std::vector<Training> uses{};        ///< trainings of other jobs that it needs
};

/// A training that is running: the lock keeps other processes from doing the same.
struct ActiveRun {
  std::unique_ptr<FileLock> lock;
  RunFile& file;
};
/// What the sections of one program run share. A data set is loaded when it is first asked for.
class Context {
 public:
  explicit Context(const Options& run_options) : options(run_options) {}

  const Options options;

  /// A data set. @throws std::runtime_error as load_dataset()
  const TrainAndTest& dataset(DatasetName name);
  /// A training on that data set; everything else it depends on is in the settings.
  Training training(const std::string& title, const std::string& experiment, DatasetName data, int epochs,
                    std::uint64_t seed, std::map<std::string, std::string> settings);

  // ---- records, in OUT/runs

  /// Whether the record is there, and the weights if they are to be; --again: whether this process made it.
  /// @throws std::runtime_error if it is there and cannot be used
  bool is_recorded(const Training& training) const;
  /// @throws std::runtime_error if it is not there or cannot be used
  Record record(const Training& training) const;
  /// The records of the same training with any seed, ordered by seed. @throws as record()
  std::vector<Record> records(const Training& training) const;
  /// The file of weights beside a record.
  /// @throws std::runtime_error if it is not there or not what was written
  Checkpoint weights(const Training& training) const;
  /// Sets a model to the weights after the last epoch. @return all that the file holds
  /// @throws std::runtime_error as weights(), and if they are not those of the record
  Checkpoint restore(const Training& training, Sequential& model) const;
  /// Writes the record and, where they are kept, the weights, and marks the run as finished.
  /// @param more  tensors to be kept with the weights
  void keep(const Training& training, Record record, Sequential& model,
            const std::map<std::string, Tensor>& more = {});
  /// A file beside the record: its name without ".json", with this at its end.
  std::filesystem::path beside_record(const Training& training, const std::string& ending) const;

  // ---- checkpoints, in OUT/checkpoints

  /// Looks for the file of a training. @throws std::runtime_error if it is there and cannot be used
  RunFile& find_run(const Training& training);
  /// Starts or resumes a training: waits for another process that is doing the same one, then looks for its
  /// file. Says on stderr which file it is and what it holds.
  ActiveRun start_run(const Training& training);
  /// What is kept of this run's trainings, a line for each that has a finished epoch or a record.
  std::string kept() const;

 private:
  std::map<DatasetName, TrainAndTest> datasets_;
  std::map<DatasetName, std::string> digests_;
  std::map<std::string, RunFile> runs_;  // by name
  std::set<std::string> made_;           // names of the records that this process made
};

// ---- the CNN ---------------------------------------------------------------------------------------------

/// How the network of section 7.3.1 is trained, as in listing 11.1.1: batch 32, all images.
struct CnnSettings {
  DatasetName data = DatasetName::mnist;
  std::string optimizer = "Adam";  ///< "Adam", "SGD" or "SGD with decay"
  int epochs = 20;
  int convolutions = 3;  ///< or 2 (section 8.6)
  Index images = 0;      ///< of the training images: the seed's part (part_of()); 0: all
};

/// A classifier after training.
struct TrainedClassifier {
  Sequential model;
  History history;
  Evaluation test;  ///< on the test images, after the last epoch
  /// The weights after each epoch, on MNIST with Adam: section 8.7 evaluates the network of every epoch on
  /// restored images.
  std::vector<Weights> after_epoch{};
};

/// The images that a classifier misclassifies, for its record.
std::vector<Misclassified> misclassified(const Evaluation& evaluation, const Dataset& test);

/// The CNN of sections 8.3 and 8.4: on MNIST, with Adam.
CnnSettings cnn_on_mnist(const Options& options);
/// That of section 8.5, which has another optimizer.
CnnSettings cnn_trained_by(const Options& options, const std::string& optimizer);
/// That of section 8.6, on Fashion-MNIST.
CnnSettings fashion_cnn(const Options& options, int convolutions);
/// The first after 3 epochs, whatever --epochs says: it scores the digits of section 8.8.
CnnSettings cnn_of_three_epochs(const Options& options);

Training cnn_training(Context& context, const CnnSettings& settings, std::uint64_t seed);
/// Trains it, or resumes from its checkpoint. Weights and order of images come from the seed alone: two
/// optimizers start from the same weights.
TrainedClassifier train_cnn(Context& context, const CnnSettings& settings, std::uint64_t seed);
Job cnn_job(Context& context, const CnnSettings& settings, std::uint64_t seed);

/// The network after its last epoch, from the weights beside its record.
Sequential recorded_cnn(Context& context, const CnnSettings& settings);
/// The class that it predicts for each test image, according to its record.
std::vector<std::uint8_t> recorded_predictions(const Record& record, const Dataset& test);

/// Sets all parameters of a model. @throws std::invalid_argument if it has others
void set_weights(Sequential& model, const Weights& weights);

}  // namespace plaingrad::chapter8
