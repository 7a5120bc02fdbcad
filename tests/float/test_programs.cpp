/// @file
/// The programs as a user runs them: output, errors on wrong options, files written. They are run from the
/// folder that PLAINGRAD_BUILD names (`make test` sets it), else in build.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "data/dataset.hpp"
#include "data/idx.hpp"
#include "expected_output.hpp"
#include "programs.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

void compare_with_expected(const std::string& program, const Programs& programs) {
  const fs::path file = "tests/expected/" + program + ".txt";
  BOOST_REQUIRE_MESSAGE(fs::exists(file), file << " is not there");
  const Run run = programs.run(program, programs.inside());
  BOOST_TEST(run.status == 0, run.errors);
  BOOST_TEST(difference(read_file(file), run.out) == "",
             program << ": " << difference(read_file(file), run.out));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(programs)

BOOST_AUTO_TEST_CASE(comparison_forgives_rounding_and_nothing_else) {
  BOOST_TEST(difference("loss  0.2500\n", "loss 0.25001") == "");
  BOOST_TEST(difference("a 0.0000 b", "a -0.0000 b") == "");
  BOOST_TEST(difference("x 1e-3", "x 0.001") == "");
  BOOST_TEST(difference("loss 0.2500", "loss 0.2510") != "");
  BOOST_TEST(difference("loss 0.00001", "loss -0.00001") != "");
  BOOST_TEST(difference("loss 1", "lost 1") != "");
  BOOST_TEST(difference("a 1 b", "a 1") != "");
  BOOST_TEST(difference("a 1", "a 1 2") != "");
  BOOST_TEST(difference("a 1", "a") != "");
}

BOOST_FIXTURE_TEST_CASE(chapter1_prints_what_is_expected, Programs) {
  compare_with_expected("chapter1", *this);
}
BOOST_FIXTURE_TEST_CASE(chapter2_prints_what_is_expected, Programs) {
  compare_with_expected("chapter2", *this);
}
BOOST_FIXTURE_TEST_CASE(chapter3_prints_what_is_expected, Programs) {
  compare_with_expected("chapter3", *this);
}
BOOST_FIXTURE_TEST_CASE(chapter4_prints_what_is_expected, Programs) {
  compare_with_expected("chapter4", *this);
}

BOOST_FIXTURE_TEST_CASE(chapter_9_comes_after_chapter_8, Programs) {
  const Run run = this->run("chapter9", inside());
  require_error(run, 1, {"cnn-mnist-adam-seed1-", "is not there"});
}

BOOST_FIXTURE_TEST_CASE(beyond_says_first_that_a_digit_is_missing, Programs) {
  TrainAndTest data = load_dataset(DatasetName::mnist, "tests/data", true);
  for (std::uint8_t& label : data.test.labels) label = label == 7 ? 1 : label;
  fs::create_directories(folder.path / "mnist");
  write_idx(data.train, folder.path / "mnist/train-images-idx3-ubyte",
            folder.path / "mnist/train-labels-idx1-ubyte");
  write_idx(data.test, folder.path / "mnist/t10k-images-idx3-ubyte",
            folder.path / "mnist/t10k-labels-idx1-ubyte");
  const Run run = this->run("beyond", "--section anomalies " + inside());
  require_error(run, 1, {"among the test images there is no 7", "--data"});
  BOOST_TEST(run.errors.find("epoch 1") == std::string::npos, run.errors);
}

BOOST_FIXTURE_TEST_CASE(options_of_seconds, Programs) {
  for (const std::string seeds : {"0", "1001", "many"})
    require_error(run("seconds", "--seeds " + seeds), 2, {"--seeds", seeds, "try seconds --help"});
  require_error(run("seconds", "--epochs 2"), 2, {"--epochs"});
  require_error(run("chapter1", "--choose"), 2, {"--choose"});
  const Run help = run("seconds", "--help");
  for (const char* option : {"--seeds", "--choose", "--again", "OUT/runs"})
    BOOST_TEST(help.out.find(option) != std::string::npos, option);
}

BOOST_FIXTURE_TEST_CASE(help_is_no_error, Programs) {
  const Run help = run("chapter1", "--help");
  BOOST_TEST(help.status == 0);
  for (const char* option : {"--scale", "--out", "--data", "--sample", "--seed", "--threads"})
    BOOST_TEST(help.out.find(option) != std::string::npos, option);
  BOOST_TEST(help.out.find("--epochs") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(wrong_options_say_what_and_what_to_do, Programs) {
  const std::string hint = "try chapter1 --help";
  require_error(run("chapter1", "--nonsense"), 2, {"chapter1: ", "'--nonsense'", hint});
  require_error(run("chapter1", "--see 3"), 2, {"'--see'", hint});  // no abbreviations
  require_error(run("chapter1", "word"), 2, {"chapter1: ", hint});
  require_error(run("chapter1", "--seed abc"), 2, {"--seed", "abc", hint});
  require_error(run("chapter1", "--seed -1"), 2, {"--seed -1", "from 0", hint});
  require_error(run("chapter1", "--seed"), 2, {"--seed", hint});
  require_error(run("chapter1", "--threads -1"), 2, {"--threads -1", "from 0 to 1024", hint});
  require_error(run("chapter1", "--threads 1.5"), 2, {"--threads", "1.5", hint});
  require_error(run("chapter1", "--scale huge"), 2, {"--scale huge", "quick or full", hint});
  require_error(run("chapter1", "--out ''"), 2, {"--out", hint});
  require_error(run("chapter1", "--epochs 3"), 2, {"--epochs", hint});
}

// Boost puts the words into its messages wherever it finds these, and would not come to an end.
BOOST_FIXTURE_TEST_CASE(words_that_look_like_places_in_a_message_end_like_others, Programs) {
  for (const std::string place :
       {"%value%", "%option%", "%original_token%", "%canonical_option%", "%prefix%"})
    for (const std::string before : {"--seed ", "--seed=", "-", "--", "", "--scale "})
      require_error(run("chapter1", before + place, "ulimit -t 20; "), 2, {place, "try chapter1 --help"});
}

BOOST_FIXTURE_TEST_CASE(options_of_chapter_8, Programs) {
  require_error(run("chapter8", "--epochs 0"), 2, {"--epochs 0", "from 1"});
  require_error(run("chapter8", "--epochs many"), 2, {"--epochs", "many"});
  require_error(run("chapter8", "--section 9.9"), 2, {"--section 9.9", "8.1, 8.2"});
  require_error(run("chapter8", "--section"), 2, {"--section"});
  require_error(run("chapter8", "--resume"), 2,
                {"--resume"});  // no option any more: runs go on by themselves
  for (const std::string share : {"0/2", "3/2", "1", "1/", "/2", "1/2/3", "-1/2", "1/0", "a/b", ""})
    require_error(run("chapter8", "--share '" + share + "'"), 2, {"--share", "K from 1 to N"});
  require_error(run("chapter8", "--sweep 0"), 2, {"--sweep 0", "from 1"});
  const Run help = run("chapter8", "--help");
  for (const char* option : {"--section", "--epochs", "--again", "--sweep", "--share", "OUT/runs",
                             "OUT/checkpoints", "Sections: 8.1"})
    BOOST_TEST(help.out.find(option) != std::string::npos, option);
}

BOOST_FIXTURE_TEST_CASE(figures_that_cannot_be_written, Programs) {
  write_file(folder.path / "in_the_way", "x");
  const std::string out = (folder.path / "in_the_way").string();
  require_error(run("chapter1", "--out '" + out + "'"), 1, {"chapter1: ", out, "--out"});
}

BOOST_FIXTURE_TEST_CASE(a_tilde_is_the_home_folder, Programs) {
  const char* home = std::getenv("HOME");
  const std::string before = home != nullptr ? home : "";
  setenv("HOME", folder.path.c_str(), 1);
  const Run in_home = run("chapter1", "--out=~/figures --data=~/none");
  BOOST_TEST(in_home.status == 0, in_home.errors);
  BOOST_TEST(fs::exists(figures / "results.json"));
  require_error(run("chapter1", "--out=~nobody/figures"), 2, {"--out ~nobody/figures", "write its path"});
  require_error(run("chapter1", "--data=~nobody"), 2, {"--data ~nobody", "write its path"});
  BOOST_TEST(!fs::exists("~"));
  setenv("HOME", before.c_str(), 1);
}

BOOST_FIXTURE_TEST_CASE(every_figure_is_named, Programs) {
  const Run first = run("chapter1", inside());
  int pictures = 0;
  for (const auto& entry : fs::directory_iterator(figures)) {
    if (entry.path().extension() != ".png" && entry.path().extension() != ".svg") continue;
    ++pictures;
    BOOST_TEST(first.errors.find("figure: " + entry.path().string() + '\n') != std::string::npos,
               entry.path());
  }
  BOOST_TEST(pictures > 0);
}

BOOST_FIXTURE_TEST_CASE(output_that_cannot_be_written, Programs) {
  const Run full_disk = run("chapter1", inside() + " >/dev/full");
  BOOST_TEST(full_disk.status == 1);
  BOOST_TEST(full_disk.errors.find("standard output") != std::string::npos, full_disk.errors);
}

BOOST_FIXTURE_TEST_CASE(data_that_is_missing, Programs) {
  const std::string nowhere = (folder.path / "nowhere").string();
  require_error(run("chapter8", "--section 8.2 --out " + shell_quoted(figures) + " --data '" + nowhere + "'"),
                1, {"chapter8: ", nowhere, "found nothing"});
}

// Nobody trains on a thousand images who has asked for sixty thousand.
BOOST_FIXTURE_TEST_CASE(a_folder_without_the_data_is_an_error_unless_the_sample_will_do, Programs) {
  const std::string without = "--out " + shell_quoted(figures) + " --data " + shell_quoted(folder.path);
  for (const char* program : {"chapter3", "chapter5", "chapter7"}) {
    const Run stopped = run(program, without);
    require_error(stopped, 1, {folder.path.string(), "--data", "--sample"});
  }
}

BOOST_FIXTURE_TEST_CASE(data_that_is_damaged, Programs) {
  const fs::path sample = "tests/data/mnist", copy = folder.path / "mnist";
  fs::create_directory(copy);
  for (const auto& file : fs::directory_iterator(sample))
    fs::copy_file(file.path(), copy / file.path().filename());
  const fs::path damaged = copy / "train-images-idx3-ubyte.gz";
  fs::resize_file(damaged, fs::file_size(damaged) / 2);
  require_error(run("chapter8", "--section 8.2 " + inside()), 1,
                {"chapter8: ", damaged.string(), "truncated"});
}

BOOST_FIXTURE_TEST_CASE(results_of_others_are_kept, Programs) {
  fs::create_directories(figures);
  const fs::path file = figures / "results.json";
  write_file(file, R"({"other": {"x": 1}, "chapter1": {"old": 2}})");
  const Run first = run("chapter1", inside());
  BOOST_TEST(first.status == 0, first.errors);
  const nlohmann::json results = nlohmann::json::parse(read_file(file));
  BOOST_TEST(results.at("other").at("x") == 1);
  BOOST_TEST(results.at("chapter1").count("old") == 0u);
  BOOST_TEST(!results.at("chapter1").empty());
  for (const auto& entry : fs::directory_iterator(figures))
    BOOST_TEST(entry.path().extension() != ".tmp", entry.path());
}

BOOST_FIXTURE_TEST_CASE(results_that_are_no_json_are_left_alone, Programs) {
  fs::create_directories(figures);
  const fs::path file = figures / "results.json";
  const auto brackets = [](std::size_t count) { return std::string(count, '['); };
  for (const std::string& bytes :
       {std::string("{ half"), std::string("[]"), std::string("null"), std::string(), std::string("{}\0", 3),
        std::string(R"({"a": 1, "a": 2})"), std::string(R"({"a": 1e999})"), brackets(1'900'000),
        brackets(20'000'000)}) {
    write_file(file, bytes);
    const Run first = run("chapter1", inside());
    BOOST_TEST(first.status == 1);
    BOOST_TEST(first.errors.find(file.string()) != std::string::npos, first.errors);
    BOOST_TEST((read_file(file) == bytes));
  }
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_names_the_file_and_leaves_the_old_one, Programs) {
  fs::create_directories(figures);
  const fs::path file = figures / "results.json";
  const std::string before = R"({"other": ")" + std::string(1'500'000, 'x') + "\"}";
  write_file(file, before);
  const Run full = run("chapter1", inside(), "ulimit -f 2000; ");  // of 512 bytes: the figures are smaller
  BOOST_TEST(full.status == 1);
  BOOST_TEST(full.errors.find(file.string() + ": cannot be written: File too large") != std::string::npos,
             full.errors);
  BOOST_TEST((read_file(file) == before));
  for (const auto& entry : fs::directory_iterator(figures))
    BOOST_TEST(entry.path().extension() != ".tmp", entry.path());
}

BOOST_AUTO_TEST_SUITE_END()
