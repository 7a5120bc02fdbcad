/// @file
/// The numbers that the programs state, in files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace plaingrad {

struct Options;

/// The numbers that a program or section states. They go to a file of their own, OUT/results/NAME.json, and
/// OUT/results.json is put together of all these files: programs that run side by side lose nothing.
class Results {
 public:
  /// What an entry may hold.
  using Value = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>,
                             std::vector<double>, std::map<std::string, double>>;

  /// @param section  under which name the entries stand
  Results(const Options& options, std::string section);
  /// A value of ours, alone or beside the report's own.
  void add(const std::string& name, const Value& ours) { entries_[name] = {{"ours", ours}}; }
  /// A value of ours beside the report's own.
  void add(const std::string& name, const Value& ours, const Value& report) {
    entries_[name] = {{"ours", ours}, {"report", report}};
  }
  /// Writes both files. @throws std::runtime_error naming a file that cannot be written, or another's that
  /// cannot be read
  void save() const;

 private:
  std::filesystem::path out_;
  std::string section_;
  std::map<std::string, std::map<std::string, Value>> entries_;
};

/// A number of ours that a section has stated; nothing if it has not.
/// @throws std::runtime_error naming a file of results that cannot be read
std::optional<double> stated(const std::filesystem::path& out, const std::string& section,
                             const std::string& name);

/// @throws std::runtime_error if results.json, or one of the files that it is put together of, is there and
/// holds something else, or if results.json cannot be written
void check_results(const std::filesystem::path& out);

}  // namespace plaingrad
