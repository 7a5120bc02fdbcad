/// @file
/// What the programs of all chapters have in common: options, output folder, results.json, errors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace plaingrad {

/// The options every program takes, after parsing.
struct Options {
  bool full = false;                  ///< --scale full: the report's own scale; quick otherwise
  std::filesystem::path out;          ///< --out: figures, CSV and results.json go here
  std::filesystem::path data;         ///< --data: where the data sets are
  bool sample = false;                ///< --sample: the small sample will do where they are not
  std::uint64_t seed = 1;             ///< --seed
  int threads = 0;                    ///< --threads; 0: all
  std::vector<std::string> sections;  ///< --section (chapter 8 only); empty: all
  int epochs = 0;                     ///< --epochs (chapter 8 only); 0: the scale's own number
  bool resume = false;                ///< --resume (chapter 8 only): go on from the last checkpoint
  bool help = false;                  ///< --help: the other options are not looked at

  /// Path of a figure: out / name. Name it figure_<chapter>_<number>_<what>.png.
  std::filesystem::path figure(const std::string& name) const { return out / name; }
};

/// What one program is called and does, for --help.
struct Program {
  std::string name;                     ///< "chapter2"
  std::string purpose;                  ///< one sentence
  std::vector<std::string> sections{};  ///< chapter 8: the sections one can ask for
};

/// The user asked for something that cannot be: exit status 2.
struct WrongUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// @param argv  as in main: argc words, the first of them the program's own name
/// @throws WrongUsage naming the option and what was expected
Options parse_options(int argc, const char* const* argv, const Program& program);

/// Parses the options, makes the output folder, sets the number of threads, runs `body` and turns an
/// exception into a message on stderr.
/// @return exit status of main: 0, or 1 after an error (2 for wrong usage)
int run_program(int argc, char** argv, const Program& program,
                const std::function<void(const Options&)>& body);

/// The numbers a program states, written to results.json under the program's (or section's) name. Other
/// programs' entries in that file are kept; the file is written to a temporary name and renamed.
class Results {
 public:
  /// What an entry may hold.
  using Value = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>,
                             std::vector<double>, std::map<std::string, double>>;

  /// @param section  under which name the entries stand
  Results(const Options& options, std::string section) : out_(options.out), section_(std::move(section)) {}
  /// A value of ours, alone or beside the report's own.
  void add(const std::string& name, const Value& ours) { entries_[name] = {{"ours", ours}}; }
  /// A value of ours beside the report's own.
  void add(const std::string& name, const Value& ours, const Value& report) {
    entries_[name] = {{"ours", ours}, {"report", report}};
  }
  /// @throws std::runtime_error if results.json cannot be read as JSON, or not written
  void save() const;

 private:
  std::filesystem::path out_;
  std::string section_;
  std::map<std::string, std::map<std::string, Value>> entries_;
};

}  // namespace plaingrad
