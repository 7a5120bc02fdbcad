/// @file
/// Through nlohmann-json.
#include "results.hpp"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "data/atomic_file.hpp"
#include "data/file_lock.hpp"
#include "data/json_text.hpp"
#include "program.hpp"

namespace plaingrad {

namespace {

namespace fs = std::filesystem;

fs::path parts_folder(const fs::path& out) {
  return out / "results";
}

constexpr std::uintmax_t longest_file = 2'000'000;

nlohmann::json read_object(const fs::path& path) {
  const auto refuse = [&](const std::string& found) {
    throw std::runtime_error(path.string() + ": expected a JSON object, found " + found +
                             "; remove the file");
  };
  if (!fs::is_regular_file(path)) refuse("something that is no file");
  if (fs::file_size(path) > longest_file) refuse("a file of more than 2 MB");
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  nlohmann::json json = parse_json(text, path.string());
  if (!json.is_object()) refuse("something else");
  return json;
}

/// What stands in results.json, and in its place what the programs and sections have in files of their own.
nlohmann::json read_all(const fs::path& out) {
  nlohmann::json all = nlohmann::json::object();
  if (fs::exists(out / "results.json")) all = read_object(out / "results.json");
  if (!fs::exists(parts_folder(out))) return all;
  for (const auto& entry : fs::directory_iterator(parts_folder(out)))
    if (entry.path().extension() == ".json") all[entry.path().stem().string()] = read_object(entry.path());
  return all;
}

}  // namespace

Results::Results(const Options& options, std::string section)
    : out_(options.out), section_(std::move(section)) {}

void Results::save() const {
  nlohmann::json own = nlohmann::json::object();
  for (const auto& [name, values] : entries_)
    for (const auto& [whose, value] : values)
      std::visit([&, &name = name, &whose = whose](const auto& v) { own[name][whose] = v; }, value);
  fs::create_directories(parts_folder(out_));
  write_atomically(parts_folder(out_) / (section_ + ".json"), own.dump(2) + '\n');

  // One after another: an older state of the whole must not replace a newer one.
  FileLock lock(parts_folder(out_) / "results.lock");
  lock.lock();
  write_atomically(out_ / "results.json", read_all(out_).dump(2) + '\n');
}

std::optional<double> stated(const fs::path& out, const std::string& section, const std::string& name) {
  const nlohmann::json all = read_all(out);
  const nlohmann::json::json_pointer path = nlohmann::json::json_pointer() / section / name / "ours";
  if (!all.contains(path) || !all.at(path).is_number()) return std::nullopt;
  return all.at(path).get<double>();
}

void check_results(const fs::path& out) {
  read_all(out);
  const AtomicFile writable(out / "results.json");
}

}  // namespace plaingrad
