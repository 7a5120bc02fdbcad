/// @file
/// Saving and restoring a training run: safetensors files (a JSON header, then raw little-endian numbers)
/// with Keras's names and layouts, so that other tools can open them.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "layers/sequential.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad {

/// The content of a file: named tensors, and texts under "__metadata__".
struct Checkpoint {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;

  /// Adds all parameters of a model, moving statistics included, as "<prefix><layer>/<parameter>", and the
  /// random state of its dropout layers.
  void add(const std::string& prefix, Sequential& model);
  /// Puts them back. @throws std::runtime_error naming what is missing, left over or of another shape: a
  /// checkpoint of another model. The model is changed only if everything fits.
  void restore(const std::string& prefix, Sequential& model) const;

  /// Adds Adam's moments as "<prefix>s/<parameter>" and "<prefix>v/<parameter>" and its step.
  void add(const std::string& prefix, const Adam& adam, Sequential& model);
  /// @throws std::runtime_error as above
  void restore(const std::string& prefix, Adam& adam, Sequential& model) const;

  /// A text of the metadata. @throws std::runtime_error if there is none of that name
  const std::string& text(const std::string& name) const;
};

/// Writes to a temporary name in the same folder, then renames: a reader sees the old file or the new one,
/// whole.
/// @throws std::runtime_error with the path if it cannot be written (the old file, if any, stays)
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// @throws std::runtime_error with the path and what is wrong: missing, truncated, not a safetensors file,
/// an unsupported number type, or written by a newer version
Checkpoint load_checkpoint(const std::filesystem::path& path);

}  // namespace plaingrad
