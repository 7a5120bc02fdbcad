/// @file
/// Saving and restoring a training run: safetensors files (data/safetensors.hpp) with Keras's names and
/// layouts, so that other tools can open them, and files of other tools be opened here.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "layers/sequential.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad {

/// The content of a file: named tensors, and texts under "__metadata__".
///
/// A restore() checks everything, then changes everything: after an error the model or optimizer is as it
/// was. The errors of all members are std::runtime_error; they name the file, if it comes from one, and the
/// entry.
struct Checkpoint {
  std::map<std::string, Tensor> tensors{};
  std::map<std::string, std::string> metadata{};
  std::filesystem::path path{};  ///< the file it was loaded from; empty: made here

  /// Adds all parameters of a model, moving statistics included, as "<prefix><layer>/<parameter>", and the
  /// random state of its dropout layers.
  void add(const std::string& prefix, Sequential& model);
  /// Puts them back. A file of another tool has no random states: the dropout layers then keep their own.
  /// @throws std::runtime_error naming what is missing, left over, of another shape or not finite
  void restore(const std::string& prefix, Sequential& model) const;
  /// The checks of restore() alone. @throws std::runtime_error as restore()
  void require_fits(const std::string& prefix, Sequential& model) const;

  /// Adds Adam's moments as "<prefix>s/<parameter>" and "<prefix>v/<parameter>" and its step.
  void add(const std::string& prefix, const Adam& adam, Sequential& model);
  /// Puts them back. @throws std::runtime_error as above, also if a second moment is negative
  void restore(const std::string& prefix, Adam& adam, Sequential& model) const;
  /// The checks of restore() alone. @throws std::runtime_error as restore()
  void require_fits(const std::string& prefix, const Adam& adam, Sequential& model) const;

  /// A text of the metadata. @throws std::runtime_error if there is none of that name
  const std::string& text(const std::string& name) const;
  /// A tensor of that name and shape. @throws std::runtime_error if there is none
  const Tensor& tensor(const std::string& name, const Shape& shape) const;
  /// The number of an optimizer's step that is the text of that name, 0 ... max_steps.
  /// @throws std::runtime_error if there is no such text or it is anything else
  Index step(const std::string& name) const;
  /// The generator whose state is the text of that name.
  /// @throws std::runtime_error if there is no such text or it is not a state
  Random random(const std::string& name) const;
  /// @throws std::runtime_error always: the file's path, or "the checkpoint", and what is wrong
  [[noreturn]] void refuse(const std::string& why) const;
};

/// Writes it as AtomicFile does: a reader sees the old file or the new one, whole.
/// @throws std::runtime_error with the path and the reason if it cannot be written (the old file, if any,
/// stays)
/// @throws std::invalid_argument naming a tensor or text that could not be read again
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Reads a file of ours, or of another tool.
/// @throws std::runtime_error with the path and what is wrong: missing, truncated, not a safetensors file,
/// an unsupported number type, or written by a newer version
Checkpoint load_checkpoint(const std::filesystem::path& path);

}  // namespace plaingrad
