#include "training/run.hpp"

#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <utility>

#include "data/hash.hpp"

namespace plaingrad {
namespace {

namespace fs = std::filesystem;

constexpr const char *run_key = "run", *epoch_key = "epoch";

/// The number of the epoch after which it was written.
/// @throws std::runtime_error if it is of another run, or was changed since
int require_own(const Checkpoint& checkpoint, const RunId& id, int epochs) {
  if (checkpoint.text(run_key) != id.text())
    checkpoint.refuse("is of another run: " + checkpoint.text(run_key) + ", expected " + id.text());
  if (checkpoint.text(digest_key) != digest(checkpoint))
    checkpoint.refuse("is damaged: it is not what was written");
  const Index epoch = checkpoint.step(epoch_key);
  if (epoch < 1 || epoch > epochs)
    checkpoint.refuse("is of epoch " + std::to_string(epoch) + ", expected 1 to " + std::to_string(epochs));
  return static_cast<int>(epoch);
}

}  // namespace

// ---- identity --------------------------------------------------------------------------------------------

std::string RunId::text() const {
  const nlohmann::json json = {{"experiment", experiment}, {"seed", seed}, {"settings", settings}};
  return json.dump();
}

std::string RunId::name() const {
  return experiment + "-seed" + std::to_string(seed) + '-' +
         hexadecimal(Hash().add(text()).value()).substr(0, 8);
}

std::string digest(const Dataset& dataset) {
  const Index extents[] = {dataset.count(), dataset.height, dataset.width};
  Hash hash;
  hash.add(std::as_bytes(std::span(extents)));
  hash.add(std::as_bytes(std::span(dataset.pixels)));
  hash.add(std::as_bytes(std::span(dataset.labels)));
  return hexadecimal(hash.value());
}

std::string digest(const Checkpoint& checkpoint) {
  Hash hash;
  for (const auto& [name, tensor] : checkpoint.tensors)
    hash.add(name).add(to_string(tensor.shape)).add(std::as_bytes(std::span(tensor.values)));
  for (const auto& [name, text] : checkpoint.metadata)
    if (name != digest_key && !name.starts_with("plaingrad")) hash.add(name).add(text);
  return hexadecimal(hash.value());
}

// ---- file ------------------------------------------------------------------------------------------------

RunFile::RunFile(const fs::path& folder, RunId id, std::string title, int epochs, bool again)
    : id_(std::move(id)),
      title_(std::move(title)),
      path_(folder / (id_.name() + ".safetensors")),
      epochs_(epochs),
      again_(again) {
  if (const auto state = load()) kept_ = require_own(*state, id_, epochs_);
}

fs::path RunFile::finished_path() const {
  return path_.parent_path() / (id_.name() + "-finished.safetensors");
}

std::optional<Checkpoint> RunFile::load() const {
  if (kept_in().empty()) return std::nullopt;
  try {
    Checkpoint state = load_checkpoint(kept_in());
    require_own(state, id_, epochs_);
    return state;
  } catch (const std::exception& error) {
    refuse(error.what());
  }
}

fs::path RunFile::kept_in() const {
  std::error_code ignored;
  if (fs::exists(path_, ignored)) return path_;
  if (!again_ && fs::exists(finished_path(), ignored)) return finished_path();
  return {};
}

void RunFile::refuse(const std::string& why) const {
  const std::string path = (kept_in().empty() ? path_ : kept_in()).string();
  const bool named = why.find(path) != std::string::npos;
  throw std::runtime_error((named ? "" : path + ": ") + why + "; remove this file to start " + title_ +
                           " anew");
}

void RunFile::save(Checkpoint state, int epoch) {
  state.metadata[run_key] = id_.text();
  state.metadata[epoch_key] = std::to_string(epoch);
  state.metadata[digest_key] = digest(state);
  save_checkpoint(path_, state);
  kept_ = epoch;
}

void RunFile::finish() {
  std::error_code error;
  fs::rename(path_, finished_path(), error);
  // Another process with the same run may have come first; the two files are the same.
  if (error && error != std::errc::no_such_file_or_directory)
    throw std::runtime_error(path_.string() + ": cannot be renamed to " + finished_path().string() + ": " +
                             error.message());
}

}  // namespace plaingrad
