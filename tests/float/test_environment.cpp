/// @file
/// Nothing of a user's environment changes a figure, a CSV or a number: variables, start-up files, locale,
/// working folder, umask, thread settings, floating-point settings. In programs and in the library.
#define BOOST_TEST_DYN_LINK
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cfenv>
#include <clocale>
#include <cstdlib>
#include <locale>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

#include "data/idx.hpp"
#include "math/decimal.hpp"
#include "math/floating_point.hpp"
#include "math/parallel.hpp"
#include "math/threads.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "plotting/plot.hpp"
#include "temporary_folder.hpp"
#include "training/checkpoint.hpp"
#include "training/fit.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

/// While it lives, a variable of the environment has another value, or none.
class Variable {
 public:
  Variable(std::string name, const std::optional<std::string>& value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    set(value);
  }
  ~Variable() { set(before_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const std::optional<std::string>& value) {
    value ? setenv(name_.c_str(), value->c_str(), 1) : unsetenv(name_.c_str());
  }
  std::string name_;
  std::optional<std::string> before_;
};

/// While it lives, the program has set a locale that writes 1.234,5 for 1234.5, in C and in C++.
class GermanLocale {
 public:
  GermanLocale() : locpath_("LOCPATH", folder_.path.string()) {
    const std::string compiled = "'" + (folder_.path / "de_DE.UTF-8").string() + "'";
    BOOST_REQUIRE_MESSAGE(std::system(("localedef -i de_DE -f UTF-8 " + compiled).c_str()) == 0,
                          "localedef could not make a locale; it needs the package locales");
    BOOST_REQUIRE(std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr);
    std::locale::global(std::locale("de_DE.UTF-8"));
  }
  ~GermanLocale() { std::locale::global(std::locale::classic()); }
  GermanLocale(const GermanLocale&) = delete;
  GermanLocale& operator=(const GermanLocale&) = delete;

 private:
  TemporaryFolder folder_;
  Variable locpath_;
};

using Files = std::map<std::string, std::string>;

/// Durations are another in every run: those of a results.json, of a record and the last column of a history.
std::string without_seconds(const fs::path& file) {
  std::string text = read_file(file);
  if (file.extension() == ".json") {
    nlohmann::json json = nlohmann::json::parse(text);
    json.erase("seconds");
    for (auto& section : json)
      for (auto entry = section.begin(); section.is_object() && entry != section.end();)
        entry = entry.key().find("seconds") != std::string::npos ? section.erase(entry) : ++entry;
    return json.dump();
  }
  if (text.find(",seconds\n") == std::string::npos) return text;
  std::istringstream lines(text);
  std::string line, kept;
  while (std::getline(lines, line)) kept += line.substr(0, line.rfind(',')) + '\n';
  return kept;
}

/// Figures, CSV and numbers below a folder, by their names.
Files outcome(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".png" || entry.path().extension() == ".svg" ||
        entry.path().extension() == ".csv" || entry.path().extension() == ".json")
      files[entry.path().lexically_relative(folder).string()] = without_seconds(entry.path());
  return files;
}

void require_same(const Files& expected, const Files& found, const std::string& where) {
  BOOST_TEST(expected.size() == found.size(), where);
  for (const auto& [name, bytes] : expected) {
    BOOST_TEST_REQUIRE(found.count(name) == 1u, name << " is missing, " << where);
    BOOST_TEST((found.at(name) == bytes), name << " is another, " << where);
  }
}

/// Text, curves, a grid of numbers and grey images.
Files draw(const fs::path& folder) {
  plotting::draw_lines(folder / "lines.png",
                       {{.title = "1.5 ≤ x",
                         .x_label = "x",
                         .y_label = "f(x)",
                         .series = {{.name = "f", .x = {0, 1234.5}, .y = {0.25, 1.75}}}}});
  plotting::draw_number_grids(folder / "grid.png",
                              {{.title = "F", .rows = {{0.5, 1234567.25}}, .shade = {}, .decimals = 2}}, {});
  Tensor images({2, 1, 3, 1}, {0, Real(0.25), 1, 1, Real(0.5), 0});
  plotting::draw_images(folder / "images.png", images, {}, 2);
  return outcome(folder);
}

struct Run {
  int status;
  std::string errors;
};

/// Programs, run by the shell, after `before` (a command, or variables in front of one).
struct Programs {
  Run run(const std::string& before, const std::string& program, const std::string& arguments,
          const std::string& redirections = "") const {
    const char* build = std::getenv("PLAINGRAD_BUILD");
    const fs::path path = fs::absolute(build != nullptr ? build : "build") / program;
    BOOST_REQUIRE_MESSAGE(fs::exists(path), path << " is not there; `make test` builds it");
    const fs::path errors = folder.path / "stderr", out = folder.path / "stdout";
    const int status = std::system((before + " '" + path.string() + "' " + arguments + " >'" + out.string() +
                                    "' 2>'" + errors.string() + "' " + redirections)
                                       .c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(errors)};
  }

  std::string into(const std::string& out) const { return "--out '" + (folder.path / out).string() + "' "; }
  std::string no_data() const { return "--sample --data '" + folder.path.string() + "' "; }

  /// Trains a network on the sample, draws its figures and gives what was written.
  Files train(const std::string& before, const std::string& out) const {
    const Run trained = run(before, "chapter8", "--section 8.4 --epochs 1 " + into(out) + no_data());
    BOOST_TEST(trained.status == 0, before << ": " << trained.errors);
    return outcome(folder.path / out);
  }

  TemporaryFolder folder;
};

/// Weights after a short training.
std::vector<Real> trained_weights() {
  Random random(1);
  Sequential model = make_cnn(random);
  Adam adam;
  const Dataset images = first_images(
      read_idx("tests/data/mnist/t10k-images-idx3-ubyte.gz", "tests/data/mnist/t10k-labels-idx1-ubyte.gz"),
      64);
  fit_classifier(model, adam, images, images, {.batch_size = 32}, random);
  std::vector<Real> values;
  for (const Parameter* p : model.parameters())
    values.insert(values.end(), p->value.values.begin(), p->value.values.end());
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(variables_and_settings_of_the_user_do_not_change_figures) {
  const TemporaryFolder folder, home;
  const Files expected = draw(folder.path);
  BOOST_TEST_REQUIRE(expected.size() == 9u);

  // What a user's own settings would do to a figure.
  const std::string settings = "set title 'mine'\nset border 0\nset decimalsign ','\nset terminal dumb\n";
  write_file(home.path / ".gnuplot", settings);
  fs::create_directories(home.path / ".config/gnuplot");
  write_file(home.path / ".config/gnuplot/gnuplotrc", settings);
  fs::create_directories(home.path / ".config/fontconfig");
  const std::string fonts =
      "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
      "<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>"
      "<match target='pattern'><edit name='family' mode='assign' binding='same'><string>DejaVu Serif</string>"
      "</edit></match><match target='font'><edit name='antialias' mode='assign'><bool>false</bool></edit>"
      "</match></fontconfig>";
  write_file(home.path / ".config/fontconfig/fonts.conf", fonts);

  const std::vector<std::pair<std::string, std::optional<std::string>>> variables = {
      {"GNUTERM", "qt"},
      {"GNUTERM", "no such terminal"},
      {"HOME", home.path.string()},
      {"HOME", std::nullopt},
      {"FONTCONFIG_FILE", (home.path / ".config/fontconfig/fonts.conf").string()},
      {"FREETYPE_PROPERTIES", "truetype:interpreter-version=35"},
      {"GNUPLOT_LIB", home.path.string()},
      {"GNUPLOT_DRIVER_DIR", "/nonexistent"},
      {"TMPDIR", "/nonexistent"},
      {"LC_ALL", "de_DE.UTF-8"},
      {"LC_ALL", "no such locale"},
      {"TERM", std::nullopt},
  };
  for (const auto& [name, value] : variables) {
    const TemporaryFolder own;
    const Variable other(name, value);
    require_same(expected, draw(own.path), name + "=" + value.value_or("(not set)"));
  }
}

BOOST_FIXTURE_TEST_CASE(hostile_environments_do_not_change_a_training, Programs) {
  const Files expected = train("env OMP_NUM_THREADS=1", "plain");
  BOOST_TEST_REQUIRE(expected.size() >= 10u);
  require_same(
      expected,
      train("umask 077; env GNUTERM=x11 LC_ALL=de_DE.UTF-8 LANG=tr_TR HOME=/nonexistent TERM=dumb COLUMNS=7 "
            "TMPDIR=/nonexistent OMP_NUM_THREADS=5 OMP_DYNAMIC=true OMP_SCHEDULE=dynamic,1 "
            "OMP_WAIT_POLICY=passive MALLOC_PERTURB_=165 MALLOC_ARENA_MAX=1 POSIXLY_CORRECT=1",
            "hostile"),
      "in a hostile environment");
  require_same(
      expected,
      train("env -u HOME -u TERM -u LANG OMP_THREAD_LIMIT=1 OMP_NUM_THREADS=3,2 OMP_SCHEDULE=guided "
            "OMP_MAX_ACTIVE_LEVELS=0 OMP_STACKSIZE=256k MALLOC_PERTURB_=1 LC_ALL=nonsense TZ=nonsense",
            "bare"),
      "in a bare environment");
}

BOOST_AUTO_TEST_CASE(locale_of_the_program_changes_no_number) {
  const TemporaryFolder classic, german;
  const auto write_all = [](const fs::path& folder) {
    Files files = draw(folder);
    Random random(7);
    random.normal(0, 1);
    Sequential model = make_cnn(random);
    Checkpoint checkpoint;
    checkpoint.add("cnn", model);
    checkpoint.metadata["random"] = random.state();
    save_checkpoint(folder / "cnn.safetensors", checkpoint);
    files["checkpoint"] = read_file(folder / "cnn.safetensors");
    files["summary"] = model.summary();
    files["numbers"] = fixed(-1234.5678, 2) + " " + significant(0.125, 9) + " " + significant(1e300, 3);
    return files;
  };
  const Files expected = write_all(classic.path);
  BOOST_TEST(expected.at("numbers") == "-1234.57 0.125 1e+300");

  const GermanLocale locale;
  BOOST_TEST_REQUIRE((std::ostringstream() << 1234.5).str() == "1.234,5");
  require_same(expected, write_all(german.path), "in a German locale");
  // What one locale has written another reads.
  Random restored(0), same(7);
  restored.restore(load_checkpoint(classic.path / "cnn.safetensors").text("random"));
  same.normal(0, 1);
  make_cnn(same);
  BOOST_TEST(restored.normal(0, 1) == same.normal(0, 1));
}

BOOST_AUTO_TEST_CASE(locale_of_the_program_changes_no_training) {
  const std::vector<Real> expected = trained_weights();
  const GermanLocale locale;
  BOOST_TEST((trained_weights() == expected));
}

BOOST_FIXTURE_TEST_CASE(programs_run_from_any_folder, Programs) {
  const std::string elsewhere = "unset PLAINGRAD_DATA; cd '" + folder.path.string() + "'; ";
  const Run first = run(elsewhere, "chapter1", "--out figures");
  BOOST_TEST(first.status == 0, first.errors);
  BOOST_TEST(fs::exists(folder.path / "figures/results.json"));
  // The sample is in the project's folder: its absence is an error that says where it was looked for.
  const Run no_sample = run(elsewhere, "chapter8", "--section 8.2 " + into("none"));
  BOOST_TEST(no_sample.status == 1);
  for (const std::string& part :
       {folder.path.string(), std::string("tests/data/mnist"), std::string("--data")})
    BOOST_TEST(no_sample.errors.find(part) != std::string::npos, part << " is not in: " << no_sample.errors);
}

BOOST_FIXTURE_TEST_CASE(permissions_are_those_that_umask_leaves, Programs) {
  for (const mode_t mask : {0022U, 0027U, 0077U}) {
    const mode_t before = umask(mask);
    const fs::path out = folder.path / std::to_string(mask);
    const Run drawn = run("", "chapter1", "--out '" + out.string() + "'");
    save_checkpoint(out / "empty.safetensors", {});
    umask(before);
    BOOST_TEST(drawn.status == 0, drawn.errors);
    for (const auto& entry : fs::recursive_directory_iterator(out)) {
      const auto expected = static_cast<fs::perms>((entry.is_directory() ? 0777 : 0666) & ~mask);
      BOOST_TEST((entry.status().permissions() == expected), entry.path() << " with umask " << mask);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(gnuplot_that_is_not_there_is_named, Programs) {
  fs::create_directories(folder.path / "bin/gnuplot");  // a folder is no program
  for (const std::string& path :
       {"PATH='" + (folder.path / "bin").string() + "'", std::string("PATH="), std::string("-u PATH")}) {
    const Run drawn = run("/usr/bin/env " + path, "chapter1", into("none"));
    BOOST_TEST(drawn.status == 1, path);
    BOOST_TEST(drawn.errors.find("gnuplot-nox") != std::string::npos, path << ": " << drawn.errors);
  }
}

BOOST_FIXTURE_TEST_CASE(standard_files_that_are_closed, Programs) {
  const Run open = run("", "chapter1", into("open"));
  BOOST_TEST(open.status == 0, open.errors);
  const Files expected = outcome(folder.path / "open");
  // Without an output nothing printed may land in another file, and it is an error.
  const Run no_output = run("", "chapter1", into("no output"), ">&-");
  BOOST_TEST(no_output.status == 1);
  BOOST_TEST(no_output.errors.find("standard output") != std::string::npos, no_output.errors);
  require_same(expected, outcome(folder.path / "no output"), "without an output");
  for (const std::string closed : {"2>&-", "<&-", "<&- 2>&-"}) {
    BOOST_TEST(run("", "chapter1", into(closed), closed).status == 0, closed);
    require_same(expected, outcome(folder.path / closed), closed);
  }
}

BOOST_FIXTURE_TEST_CASE(signals_that_are_ignored, Programs) {
  const Run drawn = run("trap '' CHLD PIPE HUP; ", "chapter1", into("figures"));
  BOOST_TEST(drawn.status == 0, drawn.errors);
  BOOST_TEST(drawn.errors.find("rror") == std::string::npos, drawn.errors);
}

BOOST_AUTO_TEST_CASE(floating_point_settings_of_other_code_change_no_training) {
  const std::vector<Real> expected = trained_weights();
  std::fenv_t usual;
  std::fegetenv(&usual);
  for (const int mode : {FE_UPWARD, FE_TOWARDZERO}) {
    std::fesetround(mode);
    BOOST_TEST((trained_weights() == expected), "rounding mode " << mode);
    BOOST_TEST(std::fegetround() == mode);
    std::fesetenv(&usual);
  }
  // Threads that other code has begun under settings of its own are there already when ours needs them.
  const int threads = thread_count();
  std::fesetround(FE_UPWARD);
  set_thread_count(threads + 3);
  parallel_for(threads + 3, [](Index) {});
  BOOST_TEST((trained_weights() == expected), "with threads from elsewhere");
  std::fesetenv(&usual);
  BOOST_TEST((trained_weights() == expected),
             "with threads from elsewhere, the caller's own settings the usual ones");
  set_thread_count(threads);
#ifdef __SSE__
  const unsigned flush = 0x8040;  // results and operands below the normal range become zero
  _mm_setcsr(_mm_getcsr() | flush);
  BOOST_TEST((trained_weights() == expected));
  BOOST_TEST((_mm_getcsr() & flush) == flush);
  {
    const FloatingPointSettings standard;
    BOOST_TEST((_mm_getcsr() & flush) == 0u);
  }
  std::fesetenv(&usual);
#endif
}

BOOST_AUTO_TEST_SUITE_END()
