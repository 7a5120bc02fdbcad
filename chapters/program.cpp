/// @file
/// Options through Boost.Program_options.
#include "program.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <system_error>

#include "command_line.hpp"
#include "data/atomic_file.hpp"
#include "math/threads.hpp"
#include "plotting/plot.hpp"
#include "training/stop.hpp"

namespace plaingrad {

namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

po::options_description describe(const Program& program) {
  po::options_description all("Options", 100);
  auto add = all.add_options();
  add("help", "show this text");
  add("scale", po::value<std::string>()->default_value("quick"),
      "quick: fewer epochs and images; full: the report's own scale");
  add("out", po::value<std::string>(),
      "folder for figures and numbers (default: build/figures, or figures at full scale)");
  add("data", po::value<std::string>(), "folder of the data sets (default: $PLAINGRAD_DATA, or data)");
  add("sample", po::bool_switch(), "go on with the small sample where that folder holds no whole data set");
  add("seed", po::value<std::int64_t>()->default_value(1), "seed of all random numbers, 0 or more");
  add("threads", po::value<int>()->default_value(0), "number of threads; 0: as many as the machine has");
  if (program.epochs || !program.sections.empty())
    add("epochs", po::value<int>(), "number of epochs, 1 to 1000 (default: the scale's own)");
  if (program.seeds || !program.sections.empty())
    add("again", po::bool_switch(), "train again what has a record");
  if (program.seeds) {
    add("seeds", po::value<int>(), "for so many seeds, from --seed on (default: the scale's own)");
    add("choose", po::bool_switch(),
        "only compare the settings that were tried, on the last training images");
  }
  if (!program.sections.empty()) {
    add("section", po::value<std::vector<std::string>>()->multitoken()->composing(),
        "only this section (can be given several times)");
    add("sweep", po::value<int>(), "only train, for the seeds 1 to this number");
    add("share", po::value<std::string>(),
        "K/N: only train, and of all trainings the K-th, K+N-th and so on");
  }
  return all;
}

/// The folder with a tilde at its start expanded as a shell does: after `--out=` shells leave it alone.
fs::path expand_tilde(const std::string& option, const std::string& value) {
  if (!value.starts_with('~')) return value;
  const char* home = std::getenv("HOME");
  if ((value != "~" && !value.starts_with("~/")) || home == nullptr)
    throw WrongUsage("--" + option + " " + value + ": cannot tell which folder " +
                     value.substr(0, value.find('/')) + " is; write its path");
  return home + value.substr(1);
}

/// The value of an option that must name a folder, so must not be empty.
fs::path folder(const po::variables_map& values, const std::string& name, const fs::path& otherwise) {
  if (values.count(name) == 0) return otherwise;
  const std::string value = values[name].as<std::string>();
  if (value.empty()) throw WrongUsage("--" + name + " is empty: expected a folder");
  return expand_tilde(name, value);
}

/// "3/8" as share 3 of 8.
void set_share(const std::string& text, Options& options) {
  const char* end = text.data() + text.size();
  const auto [slash, wrong] = std::from_chars(text.data(), end, options.share);
  if (wrong == std::errc() && slash != end && *slash == '/') {
    const auto [stop, error] = std::from_chars(slash + 1, end, options.shares);
    if (error == std::errc() && stop == end && options.share >= 1 && options.share <= options.shares) return;
  }
  throw WrongUsage("--share " + text + ": expected K/N with K from 1 to N, such as 2/4");
}

std::vector<std::string> sections(const po::variables_map& values, const Program& program) {
  if (values.count("section") == 0) return {};
  auto asked = values["section"].as<std::vector<std::string>>();
  for (const std::string& section : asked)
    if (std::find(program.sections.begin(), program.sections.end(), section) == program.sections.end())
      throw WrongUsage("--section " + section + ": expected one of " + joined(program.sections));
  return asked;
}

Options options_from(const po::variables_map& values, const Program& program) {
  Options options;
  const std::string scale = values["scale"].as<std::string>();
  if (scale != "quick" && scale != "full") throw WrongUsage("--scale " + scale + ": expected quick or full");
  options.full = scale == "full";
  options.out = folder(values, "out", options.full ? "figures" : "build/figures");
  options.data = folder(values, "data", {});
  options.sample = values["sample"].as<bool>();
  options.seed = static_cast<std::uint64_t>(in_range<std::int64_t>(values, "seed", 0, INT64_MAX));
  options.threads = in_range(values, "threads", 0, 1024);
  if (values.count("epochs") != 0) options.epochs = in_range(values, "epochs", 1, 1000);
  if (!program.sections.empty()) {
    options.sections = sections(values, program);
    if (values.count("sweep") != 0) options.sweep = in_range(values, "sweep", 1, 1000);
    if (values.count("share") != 0) set_share(values["share"].as<std::string>(), options);
  }
  if (program.seeds) {
    if (values.count("seeds") != 0) options.seeds = in_range(values, "seeds", 1, 1000);
    options.choose = values["choose"].as<bool>();
  }
  if (values.count("again") != 0) options.again = values["again"].as<bool>();
  return options;
}

void print_help(const Program& program, const po::options_description& description) {
  std::cout << program.name << ": " << program.purpose << "\n\nUsage: " << program.name << " [options]\n\n"
            << description;
  if (!program.sections.empty()) std::cout << "\nSections: " << joined(program.sections) << '\n';
}

/// @throws std::runtime_error naming a figure or table of an earlier run that cannot be replaced
void check_figures(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string(), ending = entry.path().extension().string();
    const bool ours = name.starts_with("figure_") || name.starts_with("history_");
    const bool written = ending == ".png" || ending == ".svg" || ending == ".gif" || ending == ".csv";
    if (ours && written) AtomicFile trial(entry.path());
  }
}

/// Before anything is computed: whatever would stop the program later stops it here.
/// @throws Stopped if a signal came meanwhile and gnuplot failed
void check(const Options& options) {
  for (const char* folder : {"", "data", "results"}) prepare_folder(options.out / folder);
  for (const char* folder : {"", "data"}) check_figures(options.out / folder);
  check_results(options.out);
  if (options.only_trains()) return;
  try {
    plotting::require_gnuplot(options.out);
  } catch (const std::runtime_error&) {
    throw_if_stopped();  // the same Ctrl-C may have reached gnuplot
    throw;
  }
}

void run(const Options& options, const std::function<void(const Options&)>& body) {
  check(options);
  plotting::announce_pictures(&std::cerr);
  if (options.threads > 0) set_thread_count(options.threads);
  body(options);
}

}  // namespace

Options parse_options(int argc, const char* const* argv, const Program& program) {
  const po::variables_map values = parse_command_line(argc, argv, describe(program));
  Options options;
  options.help = values.count("help") != 0;
  return options.help ? options : options_from(values, program);
}

void prepare_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  try {
    if (error || !fs::is_directory(folder))
      throw std::runtime_error("cannot make the folder " + folder.string() + ": " +
                               (error ? error.message() : "a file of this name is in the way"));
    const AtomicFile trial(folder / "trial");
  } catch (const std::runtime_error& problem) {
    throw std::runtime_error(std::string(problem.what()) + "; choose another with --out");
  }
  remove_leftovers(folder);
}

int run_program(int argc, char** argv, const Program& program,
                const std::function<void(const Options&)>& body) {
  return run_main(argc, argv, program.name, [&] {
    const Options options = parse_options(argc, argv, program);
    if (options.help)
      print_help(program, describe(program));
    else
      run(options, body);
    return 0;
  });
}

}  // namespace plaingrad
