#include "training/record.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "data/atomic_file.hpp"
#include "data/hash.hpp"
#include "data/json_text.hpp"
#include "engine/engine.hpp"
#include "training/fingerprint.hpp"

namespace plaingrad {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uintmax_t longest_file = 2'000'000;
constexpr const char *seconds_key = "seconds", *machine_key = "machine";

/// Of everything but the seconds and the machine, so that records of the same training have the same.
std::string digest(Json json) {
  json.erase(digest_key);
  json.erase(seconds_key);
  json.erase(machine_key);
  return hexadecimal(Hash().add(json.dump()).value());
}

// ---- to JSON ---------------------------------------------------------------------------------------------

Json to_json(const Summary& summary) {
  return {{"last", summary.last},
          {"mean of the last five", summary.mean_of_last_five},
          {"best", summary.best},
          {"best epoch", summary.best_epoch}};
}

Json to_json(const Record& record) {
  Json json = {{"experiment", record.id.experiment},
               {"seed", record.id.seed},
               {"settings", record.id.settings},
               {"engine", engine_hash()},
               {"weights", hexadecimal(record.weights)},
               {"history", record.history},
               {"scores", record.scores},
               {"misclassified", Json::array()},
               {seconds_key, record.seconds}};
  for (const Misclassified& m : record.misclassified) json["misclassified"].push_back({m.image, m.predicted});
  const auto accuracy = record.history.find("validation accuracy");
  if (accuracy != record.history.end())  // for whoever reads the file
    json[accuracy->first] = to_json(summarize(accuracy->second));
  if (!record.machine.empty()) json[machine_key] = record.machine;
  json[digest_key] = digest(json);
  return json;
}

/// An entry in a line.
std::string lines_of(const Json& json) {
  std::string text = "{";
  for (const auto& [name, value] : json.items())
    text += (text.size() > 1 ? ",\n" : "\n") + Json(name).dump() + ": " + value.dump();
  return text + "\n}\n";
}

// ---- from JSON: each throws std::runtime_error or Json::exception ----------------------------------------

std::vector<double> numbers_from(const Json& list, const std::string& name) {
  if (!list.is_array()) throw std::runtime_error(name + ": expected a list of numbers");
  std::vector<double> numbers;
  for (const Json& value : list) {
    if (!value.is_number() || !std::isfinite(value.get<double>()))
      throw std::runtime_error(name + ": expected a finite number, found " + value.dump().substr(0, 40));
    numbers.push_back(value);
  }
  return numbers;
}

std::map<std::string, std::vector<double>> columns_from(const Json& object, const std::string& name) {
  if (!object.is_object()) throw std::runtime_error(name + ": expected lists by name");
  std::map<std::string, std::vector<double>> columns;
  for (const auto& [column, list] : object.items())
    columns[column] = numbers_from(list, name + ", " + column);
  return columns;
}

std::vector<Misclassified> misclassified_from(const Json& list) {
  if (!list.is_array()) throw std::runtime_error("misclassified: expected a list");
  std::vector<Misclassified> all;
  for (const Json& pair : list) {
    const std::vector<double> numbers = numbers_from(pair, "misclassified");
    const bool fits = numbers.size() == 2 && pair[0].is_number_integer() && pair[1].is_number_integer() &&
                      numbers[0] >= 0 && numbers[0] < 1e9 && numbers[1] >= 0 && numbers[1] < 1000;
    if (!fits || (!all.empty() && pair[0].get<Index>() <= all.back().image))
      throw std::runtime_error("misclassified: expected pairs of image and class by image, found " +
                               pair.dump().substr(0, 40));
    all.push_back({pair[0], pair[1]});
  }
  return all;
}

std::uint64_t hexadecimal_from(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, 16);
  if (text.size() != 16 || stop != end || error != std::errc())
    throw std::runtime_error("weights: expected 16 hexadecimal digits, found " + text.substr(0, 40));
  return number;
}

/// @throws std::runtime_error if the record is of another run or engine than its name says
void require_own(const Json& json, const RunId& id) {
  const Json found = {
      {"experiment", json.at("experiment")}, {"seed", json.at("seed")}, {"settings", json.at("settings")}};
  if (found.dump() != id.text())
    throw std::runtime_error("it is of another run: " + found.dump() + ", expected " + id.text());
  if (json.at("engine") != engine_hash())
    throw std::runtime_error("it is of another engine: " + json.at("engine").dump() + ", expected \"" +
                             engine_hash() + '"');
}

Record record_from(const Json& json, const RunId& id) {
  if (!json.is_object()) throw std::runtime_error("expected a JSON object");
  if (json.at(digest_key) != digest(json)) throw std::runtime_error("it is damaged: not what was written");
  require_own(json, id);
  Record record{.id = id,
                .weights = hexadecimal_from(json.at("weights")),
                .history = columns_from(json.at("history"), "history"),
                .seconds = numbers_from(json.at(seconds_key), seconds_key),
                .scores = columns_from(json.at("scores"), "scores"),
                .misclassified = misclassified_from(json.at("misclassified")),
                .machine = json.value(machine_key, "")};
  for (const auto& [name, column] : record.history)
    if (column.empty() || column.size() != record.seconds.size())
      throw std::runtime_error("history, " + name + ": " + std::to_string(column.size()) + " epochs, " +
                               std::to_string(record.seconds.size()) + " have seconds");
  return record;
}

/// The seed in a name such as "cnn-mnist-adam-seed12-0a1b2c3d-..."; nothing if it is of another experiment.
std::optional<std::uint64_t> seed_in(const std::string& name, const std::string& experiment) {
  const std::string start = experiment + "-seed";
  if (!name.starts_with(start)) return std::nullopt;
  std::uint64_t seed = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + start.size(), end, seed);
  return error == std::errc() && stop != end && *stop == '-' ? std::optional(seed) : std::nullopt;
}

}  // namespace

// ---- content ---------------------------------------------------------------------------------------------

const std::vector<double>& Record::column(const std::string& name) const {
  const auto found = history.find(name);
  if (found == history.end()) refuse("its history has no " + name);
  return found->second;
}

const std::vector<double>& Record::score(const std::string& name) const {
  const auto found = scores.find(name);
  if (found == scores.end() || found->second.empty()) refuse("its scores have no " + name);
  return found->second;
}

void Record::refuse(const std::string& why) const {
  throw std::runtime_error((path.empty() ? "the record of " + id.name() : path.string()) + ": " + why +
                           "; remove this file, and the training is done again");
}

Summary summarize(const std::vector<double>& values) {
  if (values.empty()) throw std::invalid_argument("summarize: there are no values");
  const auto best = std::max_element(values.begin(), values.end());
  const auto five = std::min<std::ptrdiff_t>(5, std::ssize(values));
  return {.last = values.back(),
          .mean_of_last_five =
              std::accumulate(values.end() - five, values.end(), 0.0) / static_cast<double>(five),
          .best = *best,
          .best_epoch = static_cast<int>(best - values.begin()) + 1};
}

void set_history(Record& record, const History& history, bool accuracies) {
  for (const Epoch& epoch : history) {
    record.history["loss"].push_back(epoch.loss);
    record.history["validation loss"].push_back(epoch.validation_loss);
    record.seconds.push_back(epoch.seconds);
    if (!accuracies) continue;
    record.history["accuracy"].push_back(epoch.accuracy);
    record.history["validation accuracy"].push_back(epoch.validation_accuracy);
  }
}

History history_of(const Record& record) {
  const std::vector<double>&loss = record.column("loss"), &validation = record.column("validation loss");
  const bool accuracies = record.history.contains("accuracy");
  History history;
  for (std::size_t i = 0; i < loss.size(); ++i)
    history.push_back({.number = static_cast<int>(i) + 1,
                       .loss = loss[i],
                       .accuracy = accuracies ? record.column("accuracy")[i] : 0,
                       .validation_loss = validation[i],
                       .validation_accuracy = accuracies ? record.column("validation accuracy")[i] : 0,
                       .seconds = record.seconds[i]});
  return history;
}

// ---- files -----------------------------------------------------------------------------------------------

std::string engine_hash() {
  Hash hash;
  hash.add(engine_name());
  for (const Fingerprint& fingerprint : expected_fingerprints()) hash.add(hexadecimal(fingerprint.hash));
  return hexadecimal(hash.value());
}

fs::path record_path(const fs::path& folder, const RunId& id) {
  return folder / (id.name() + '-' + engine_hash().substr(0, 8) + ".json");
}

void write_record(const fs::path& folder, const Record& record) {
  const Json json = to_json(record);
  try {
    record_from(parse_json(json.dump(), "the record"), record.id);
  } catch (const std::exception& problem) {
    throw std::invalid_argument("write_record: " + record.id.name() + ": " + problem.what());
  }
  write_atomically(record_path(folder, record.id), lines_of(json));
}

std::optional<Record> read_record(const fs::path& folder, const RunId& id) {
  Record none{.id = id, .path = record_path(folder, id)};
  std::error_code ignored;
  if (!fs::exists(none.path, ignored)) return std::nullopt;
  if (!fs::is_regular_file(none.path)) none.refuse("expected a record, found something that is no file");
  if (fs::file_size(none.path) > longest_file) none.refuse("expected a record, found more than 2 MB");
  try {
    std::ifstream file(none.path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file) throw std::runtime_error("cannot be read");
    Record record = record_from(parse_json(text, "a record"), id);
    record.path = none.path;
    return record;
  } catch (const std::exception& problem) {
    none.refuse(problem.what());
  }
}

std::vector<Record> read_records(const fs::path& folder, const RunId& id) {
  std::vector<Record> records;
  if (!fs::exists(folder)) return records;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const std::optional<std::uint64_t> seed = seed_in(name, id.experiment);
    if (!seed) continue;
    const RunId other{id.experiment, id.settings, *seed};
    if (name != record_path(folder, other).filename()) continue;  // other settings
    if (auto record = read_record(folder, other)) records.push_back(std::move(*record));
  }
  std::sort(records.begin(), records.end(),
            [](const Record& a, const Record& b) { return a.id.seed < b.id.seed; });
  return records;
}

}  // namespace plaingrad
