/// @file
/// Training runs and the files that keep them: whatever ends the process, at most the epoch under way is
/// lost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "data/dataset.hpp"
#include "training/checkpoint.hpp"

namespace plaingrad {

/// What a training's numbers depend on: two runs with the same give the same bits.
struct RunId {
  std::string experiment;                         ///< "cnn-mnist-adam"
  std::map<std::string, std::string> settings{};  ///< by name: optimizer, epochs, batch size, data ...
  std::uint64_t seed = 1;

  /// All of it, as text (JSON).
  std::string text() const;
  /// "cnn-mnist-adam-seed1-0a1b2c3d": the last part is a hash of everything.
  std::string name() const;
};

/// The file of one run, written after every epoch. Runs with other settings have other files.
///
/// A run that was interrupted finds its file and resumes. One that has come to its end is marked
/// as finished by its file's name; asked for again, it has nothing left to do, unless it is to start anew.
class RunFile {
 public:
  /// @param folder  of the checkpoints @param title  what is trained: "CNN on MNIST, Adam"
  /// @param epochs  that the run has in all
  /// @param again  start anew if the run is finished
  /// @throws std::runtime_error with the path if there is a file of that name which cannot be read, was
  /// changed since it was written or is not of this run
  RunFile(const std::filesystem::path& folder, RunId id, std::string title, int epochs, bool again = false);

  /// FOLDER/NAME.safetensors.
  const std::filesystem::path& path() const { return path_; }
  /// FOLDER/NAME-finished.safetensors.
  std::filesystem::path finished_path() const;
  /// What is trained.
  const std::string& title() const { return title_; }
  /// The file that is there, interrupted or finished; empty: there is none.
  std::filesystem::path kept_in() const;
  /// How many epochs it has; 0: there is none.
  int epochs_kept() const { return kept_; }
  /// How many the run has in all.
  int epochs() const { return epochs_; }

  /// What that file holds; nothing if there is none. @throws std::runtime_error as the constructor
  std::optional<Checkpoint> load() const;
  /// Writes the state after an epoch, whole or not at all, in place of the one before.
  /// @param epoch  its number
  /// @throws std::runtime_error with the path and the reason; the state before stays
  void save(Checkpoint state, int epoch);
  /// @throws std::runtime_error always: the path, why the file cannot be used, and what to do
  [[noreturn]] void refuse(const std::string& why) const;
  /// Marks the run as finished. An earlier file of the same name is replaced.
  /// @throws std::runtime_error with the path
  void finish();

 private:
  RunId id_;
  std::string title_;
  std::filesystem::path path_;
  int epochs_ = 0, kept_ = 0;
  bool again_ = false;
};

/// A hash of all pixels and labels, for the settings of a run.
std::string digest(const Dataset& dataset);

/// A hash of all tensors and texts but the text "digest", which is there to hold it: what was changed after
/// it was written is noticed.
std::string digest(const Checkpoint& checkpoint);

}  // namespace plaingrad
