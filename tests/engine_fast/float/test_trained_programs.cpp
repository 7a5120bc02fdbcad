/// @file
/// What the programs that train print: numbers of the fast engine, whose sums are rounded in an order of its
/// own.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "expected_output.hpp"
#include "math/multiply_add.hpp"
#include "programs.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

/// Without what depends on the clock: section 8.1, the seconds of tables, on which machine, how long a
/// section took.
std::string without_durations(const std::string& output) {
  std::istringstream lines(output);
  std::string result;
  bool timing = false, history = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("==== [")) {
      timing = line.starts_with("==== [8.1]") && line.find("took") == std::string::npos;
      line.resize(std::min(line.size(), line.find(" took")));
    }
    if (line.ends_with("seconds")) history = true;
    if (line.empty()) history = false;
    if (history) line.resize(std::min(line.size(), line.find_last_of(' ')));
    if (!timing && !line.starts_with("8.1 ") && !line.starts_with("Machine: ")) result += line + '\n';
  }
  return result;
}

/// Chapters 8 and 9 train: where a product and a sum are rounded apart, an image here and there is
/// classified otherwise, and there is an output of its own.
void compare_trained(const std::string& program, const Run& run) {
  const fs::path file = "tests/expected/" + program + (has_fused_multiply_add ? "" : "_without_fma") + ".txt";
  BOOST_REQUIRE_MESSAGE(fs::exists(file), file << " is not there");
  BOOST_TEST(run.status == 0, run.errors);
  const std::string found = without_durations(run.out);
  BOOST_TEST(difference(read_file(file), found) == "", program << " printed:\n" << found);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trained_programs)

// Three seeds of one epoch each, so that tables have a spread.
BOOST_FIXTURE_TEST_CASE(chapters_8_and_9_print_what_is_expected, Programs) {
  const std::string options = "--epochs 1 --threads 1 " + inside();
  BOOST_TEST(run("chapter8", options + "--sweep 3").status == 0);
  compare_trained("chapter8", run("chapter8", options));
  compare_trained("chapter9", run("chapter9", options));
  BOOST_TEST(fs::exists(figures / "at_a_glance.md"));
}

BOOST_FIXTURE_TEST_CASE(beyond_prints_what_is_expected, Programs) {
  const std::string options = "--epochs 1 --threads 1 " + inside();
  BOOST_TEST(run("beyond", options + "--sweep 2").status == 0);
  compare_trained("beyond", run("beyond", options));
  for (const char* name : {"data", "anomalies", "roc", "restored", "flawless_mnist", "flawless_fashion",
                           "mistakes", "gan", "gan_classes", "gan_epochs", "gan_nearest"})
    BOOST_TEST(fs::exists(figures / ("figure_beyond_" + std::string(name) + ".svg")), name);
}

// Two seeds, so that least and greatest differ.
BOOST_FIXTURE_TEST_CASE(seconds_prints_what_is_expected, Programs) {
  const std::string options = "--seeds 2 --threads 1 " + inside();
  compare_trained("seconds", run("seconds", options));
  BOOST_TEST(fs::exists(figures / "figure_seconds.svg"));

  // What has a record is not trained again, and another number of seeds trains only the others.
  const Run again = run("seconds", options);
  BOOST_TEST(again.errors.find("seed 1") == std::string::npos, again.errors);
  const Run more = run("seconds", "--seed 2 --seeds 2 --threads 1 " + inside());
  BOOST_TEST(more.errors.find("seed 2:") == std::string::npos, more.errors);
  BOOST_TEST(more.errors.find("seed 3:") != std::string::npos, more.errors);
}

BOOST_AUTO_TEST_SUITE_END()
