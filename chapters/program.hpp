/// @file
/// What the programs of all chapters have in common: options, output folder, errors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "results.hpp"
#include "wrong_usage.hpp"

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
  int epochs = 0;                     ///< --epochs (chapters 8 and 9); 0: the scale's own number
  int sweep = 0;                      ///< --sweep (chapter 8 only): seeds 1 ... sweep, no figures; 0: none
  int share = 0, shares = 0;          ///< --share K/N (chapter 8 only): of N processes the K-th; 0: not given
  bool again = false;                 ///< --again (chapter 8, seconds): trainings that have a record, too
  int seeds = 0;                      ///< --seeds (seconds only): how many, from seed on; 0: the scale's
  bool choose = false;                ///< --choose (seconds only): how the settings were chosen
  bool help = false;                  ///< --help: the other options are not looked at

  /// Whether this process only trains: figures are for a process that has all records.
  bool only_trains() const { return sweep > 0 || shares > 0; }

  /// Path of a figure: out / name. Name it figure_<chapter>_<number>_<what>.png.
  std::filesystem::path figure(const std::string& name) const { return out / name; }
};

/// What one program is called and does, for --help.
struct Program {
  std::string name;                     ///< "chapter2"
  std::string purpose;                  ///< one sentence
  std::vector<std::string> sections{};  ///< chapter 8: the sections one can ask for
  bool epochs = false;                  ///< takes --epochs without sections (chapter 9)
  bool seeds = false;                   ///< takes --seeds, --choose and --again (seconds)
};

/// @param argv  as in main: argc words, the first of them the program's own name
/// @throws WrongUsage naming the option and what was expected
Options parse_options(int argc, const char* const* argv, const Program& program);

/// Parses the options, checks what can be known before the work (can everything be written, can gnuplot draw,
/// can the results of others be read), sets the number of threads, runs `body` and turns an exception into a
/// message on stderr.
/// @return exit status of main: 0, or 1 after an error (2 for wrong usage), 128 + signal if it was stopped
int run_program(int argc, char** argv, const Program& program,
                const std::function<void(const Options&)>& body);

/// Makes a folder for a program's files if it is not there, and removes what killed runs have left in it.
/// @throws std::runtime_error naming the folder if it cannot be made or written
void prepare_folder(const std::filesystem::path& folder);

}  // namespace plaingrad
