#include "training/run.hpp"

#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <utility>

namespace plaingrad {
namespace {

namespace fs = std::filesystem;

constexpr const char *run_key = "run", *epoch_key = "epoch", *digest_key = "digest";

/// The hash FNV-1a of 64 bits.
class Hash {
 public:
  Hash& add(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) state_ = (state_ ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3;
    return *this;
  }
  /// With its length in front: "ab", "c" is not "a", "bc".
  Hash& add(const std::string& text) {
    const std::uint64_t length = text.size();
    return add(std::as_bytes(std::span(&length, 1))).add(std::as_bytes(std::span(text)));
  }
  /// 16 digits.
  std::string hexadecimal() const {
    char text[20];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(state_));
    return text;
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325;
};

/// Of everything that a training writes: what was changed afterwards is noticed.
std::string digest(const Checkpoint& checkpoint) {
  Hash hash;
  for (const auto& [name, tensor] : checkpoint.tensors)
    hash.add(name).add(to_string(tensor.shape)).add(std::as_bytes(std::span(tensor.values)));
  for (const auto& [name, text] : checkpoint.metadata)
    if (name != digest_key && !name.starts_with("plaingrad")) hash.add(name).add(text);
  return hash.hexadecimal();
}

/// The number of the epoch after which it was written.
/// @throws std::runtime_error if it is of another run, or was changed since
int require_own(const Checkpoint& checkpoint, const RunId& id, int epochs) {
  if (checkpoint.text(run_key) != id.text())
    checkpoint.refuse("is of another run: " + checkpoint.text(run_key) + ", expected " + id.text());
  if (checkpoint.text(digest_key) != digest(checkpoint))
    checkpoint.refuse("is damaged: it is not what was written");
  const std::string& text = checkpoint.text(epoch_key);
  int epoch = 0;
  std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (epoch < 1 || epoch > epochs)
    checkpoint.refuse("is of epoch " + text + ", expected 1 to " + std::to_string(epochs));
  return epoch;
}

}  // namespace

// ---- identity --------------------------------------------------------------------------------------------

std::string RunId::text() const {
  const nlohmann::json json = {{"experiment", experiment}, {"seed", seed}, {"settings", settings}};
  return json.dump();
}

std::string RunId::name() const {
  return experiment + "-seed" + std::to_string(seed) + '-' + Hash().add(text()).hexadecimal().substr(0, 8);
}

std::string digest(const Dataset& dataset) {
  const Index extents[] = {dataset.count(), dataset.height, dataset.width};
  return Hash()
      .add(std::as_bytes(std::span(extents)))
      .add(std::as_bytes(std::span(dataset.pixels)))
      .add(std::as_bytes(std::span(dataset.labels)))
      .hexadecimal();
}

// ---- file ------------------------------------------------------------------------------------------------

RunFile::RunFile(const fs::path& folder, RunId id, std::string title, int epochs)
    : id_(std::move(id)),
      title_(std::move(title)),
      path_(folder / (id_.name() + ".safetensors")),
      epochs_(epochs) {
  if (const auto state = load()) kept_ = require_own(*state, id_, epochs_);
}

fs::path RunFile::finished_path() const {
  return path_.parent_path() / (id_.name() + "-finished.safetensors");
}

std::optional<Checkpoint> RunFile::load() const {
  std::error_code ignored;
  if (!fs::exists(path_, ignored)) return std::nullopt;
  try {
    Checkpoint state = load_checkpoint(path_);
    require_own(state, id_, epochs_);
    return state;
  } catch (const std::exception& error) {
    refuse(error.what());
  }
}

void RunFile::refuse(const std::string& why) const {
  const bool named = why.find(path_.string()) != std::string::npos;
  throw std::runtime_error((named ? "" : path_.string() + ": ") + why + "; remove this file to start " +
                           title_ + " anew");
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
