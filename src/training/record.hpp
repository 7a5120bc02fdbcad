/// @file
/// Records: what came of a training, in a small file that is kept when its checkpoint is not. Tables and
/// figures are made from records, so that a change of a figure trains nothing again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "training/fit.hpp"
#include "training/run.hpp"

namespace plaingrad {

/// A test image that a trained network takes for something else.
struct Misclassified {
  Index image = 0;    ///< its position, from 0
  int predicted = 0;  ///< the class it is taken for
};

/// What came of one training. All of it but the seconds and the machine is the same wherever the same engine
/// trained.
struct Record {
  RunId id;
  std::uint64_t weights = 0;  ///< weights_hash() after the last epoch
  /// Losses, accuracies and so on, by name: a value for each epoch.
  std::map<std::string, std::vector<double>> history{};
  std::vector<double> seconds{};                        ///< of each epoch
  std::map<std::string, std::vector<double>> scores{};  ///< whatever else was measured, by name
  std::vector<Misclassified> misclassified{};           ///< classifiers only; in the order of the images
  std::string machine{};                                ///< that took the seconds; empty: not said
  std::filesystem::path path{};                         ///< the file it was read from; empty: made here

  /// One column of the history. @throws std::runtime_error with the path if there is none of that name
  const std::vector<double>& column(const std::string& name) const;
  /// What was measured. @throws std::runtime_error with the path if there is nothing of that name
  const std::vector<double>& score(const std::string& name) const;
  /// @throws std::runtime_error always: the path, why the file cannot be used, and what to do
  [[noreturn]] void refuse(const std::string& why) const;
};

/// What is said of an accuracy that goes over the epochs.
struct Summary {
  double last = 0;
  double mean_of_last_five = 0;  ///< of all, if they are fewer
  double best = 0;
  int best_epoch = 0;  ///< the first that has it
};
/// The summary of one value for each epoch. @throws std::invalid_argument if there are no values
Summary summarize(const std::vector<double>& values);

/// A classifier's or an autoencoder's history as columns: "loss", "validation loss", and, of a classifier,
/// "accuracy" and "validation accuracy"; and the seconds.
void set_history(Record& record, const History& history, bool accuracies);
/// The same columns as a history; accuracies that are not there stay 0.
/// @throws std::runtime_error with the path if a loss is missing
History history_of(const Record& record);

/// Hash of the engine's name and of the weights that it comes to in expected_fingerprints(): a record of
/// another engine has another name, because its numbers may differ in their last bits.
std::string engine_hash();

/// FOLDER/NAME-ENGINE.json, by the names of the run and of the engine.
std::filesystem::path record_path(const std::filesystem::path& folder, const RunId& id);

/// Writes it as AtomicFile does. @throws std::runtime_error with the path if it cannot be written
/// @throws std::invalid_argument if it could not be read again
void write_record(const std::filesystem::path& folder, const Record& record);

/// The record of a run; nothing if there is none.
/// @throws std::runtime_error with the path and what is wrong: not JSON, damaged since it was written, of
/// another run, an entry missing or of another kind, a number that is not finite
std::optional<Record> read_record(const std::filesystem::path& folder, const RunId& id);

/// The records of the same experiment and settings, of whatever seed, by seed. @throws as read_record()
std::vector<Record> read_records(const std::filesystem::path& folder, const RunId& id);

}  // namespace plaingrad
