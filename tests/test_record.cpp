/// @file
/// Records: what is written comes back, every number with all its bits; what is damaged, missing or of
/// another run is refused by name; the seeds of one training are found among others.
#define BOOST_TEST_DYN_LINK
#include "errors.hpp"
#include "training/record.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "data/hash.hpp"
#include "temporary_folder.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

RunId id_of(std::uint64_t seed) {
  return {"cnn-mnist", {{"epochs", "3"}, {"optimizer", "Adam"}}, seed};
}

Record example(std::uint64_t seed = 1) {
  return {.id = id_of(seed),
          .weights = 0x0123456789abcdef,
          .history = {{"loss", {1 / 3.0, 0.1, 1e-300}},
                      {"validation loss", {0.3, 0.2, 0.25}},
                      {"accuracy", {0.5, 0.75, 0.875}},
                      {"validation accuracy", {0.5, 0.9, 0.8}}},
          .seconds = {1.5, 2.5, 3},
          .scores = {{"restored", {0.1, 0.2}}, {"none", {}}},
          .misclassified = {{0, 7}, {999999999, 999}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(record)

// FNV-1a's published values; digits in front are not left out.
BOOST_AUTO_TEST_CASE(a_hash_has_16_digits) {
  const std::string a = "a";
  BOOST_TEST(hexadecimal(Hash().value()) == "cbf29ce484222325");
  BOOST_TEST(hexadecimal(Hash().add(std::as_bytes(std::span(a))).value()) == "af63dc4c8601ec8c");
  BOOST_TEST(hexadecimal(255) == "00000000000000ff");
}

BOOST_AUTO_TEST_CASE(what_is_written_comes_back) {
  const TemporaryFolder folder;
  const Record written = example();
  write_record(folder.path, written);
  const auto read = read_record(folder.path, written.id);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->id.text() == written.id.text());
  BOOST_TEST(read->weights == written.weights);
  BOOST_TEST((read->history == written.history));
  BOOST_TEST((read->seconds == written.seconds));
  BOOST_TEST((read->scores == written.scores));
  BOOST_REQUIRE(read->misclassified.size() == 2u);
  BOOST_TEST(read->misclassified[1].image == 999999999);
  BOOST_TEST(read->misclassified[0].predicted == 7);
  BOOST_TEST(read->path == record_path(folder.path, written.id));
  BOOST_TEST(read->path.filename().string().starts_with("cnn-mnist-seed1-"));
  BOOST_TEST(!read_record(folder.path, id_of(2)).has_value());
}

BOOST_AUTO_TEST_CASE(only_the_seconds_and_the_machine_may_differ) {
  const TemporaryFolder one, two;
  write_record(one.path, example());
  Record slower = example();
  slower.seconds = {4, 5, 6};
  slower.machine = "a slow one";
  write_record(two.path, slower);
  auto a = nlohmann::json::parse(read_file(record_path(one.path, id_of(1))));
  auto b = nlohmann::json::parse(read_file(record_path(two.path, id_of(1))));
  BOOST_TEST(a.at("digest") == b.at("digest"));
  BOOST_TEST(a != b);
  a.erase("seconds");
  b.erase("seconds");
  BOOST_TEST(b.at("machine") == "a slow one");
  b.erase("machine");
  BOOST_TEST(a == b);
  BOOST_TEST(read_record(one.path, id_of(1))->machine == "");
  BOOST_TEST(read_record(two.path, id_of(1))->machine == "a slow one");
}

BOOST_AUTO_TEST_CASE(a_summary_says_last_mean_and_best) {
  const Summary summary = summarize({0.9, 0.5, 0.6, 0.9, 0.7, 0.8});
  BOOST_TEST(summary.last == 0.8);
  BOOST_TEST(summary.mean_of_last_five == 0.7, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(summary.best == 0.9);
  BOOST_TEST(summary.best_epoch == 1);
  BOOST_TEST(summarize({0.25}).mean_of_last_five == 0.25);
  BOOST_CHECK_THROW(summarize({}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_history_goes_in_and_out) {
  Record record{.id = id_of(1)};
  set_history(record, {{1, 0.5, 0.25, 0.75, 0.125, 2}, {2, 0.4, 0.35, 0.65, 0.225, 3}}, true);
  const History history = history_of(record);
  BOOST_REQUIRE(history.size() == 2u);
  BOOST_TEST(history[1].number == 2);
  BOOST_TEST(history[1].loss == 0.4);
  BOOST_TEST(history[1].accuracy == 0.35);
  BOOST_TEST(history[1].validation_loss == 0.65);
  BOOST_TEST(history[1].validation_accuracy == 0.225);
  BOOST_TEST(history[1].seconds == 3);
  Record without{.id = id_of(1)};
  set_history(without, history, false);
  BOOST_TEST(!without.history.contains("accuracy"));
  BOOST_TEST(history_of(without)[0].accuracy == 0);
}

// Every byte of the file: a bit flipped, the end cut off there.
BOOST_AUTO_TEST_CASE(a_damaged_record_is_named_and_left_alone) {
  const TemporaryFolder folder;
  write_record(folder.path, example());
  const fs::path path = record_path(folder.path, id_of(1));
  const std::string whole = read_file(path);
  const auto seconds = whole.find("\"seconds\": [") + 12;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    for (const std::string& damaged : {flipped, whole.substr(0, i)}) {
      write_file(path, damaged);
      const std::string message = message_of([&] { read_record(folder.path, id_of(1)); });
      const bool only_a_duration = damaged.size() == whole.size() && i >= seconds && i < seconds + 12;
      const bool only_space = damaged.size() == whole.size() - 1;  // the last line's end
      if (only_a_duration || only_space) continue;
      BOOST_TEST(contains(message, path.string()), i << ": " << message);
      BOOST_TEST(contains(message, "remove this file"), i << ": " << message);
    }
  }
  write_file(path, whole);
  BOOST_TEST(message_of([&] { read_record(folder.path, id_of(1)); }) == "no error");
}

// Entries that fit their digest and are still no record.
BOOST_AUTO_TEST_CASE(entries_of_another_kind_are_refused_when_written) {
  const TemporaryFolder folder;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [&](const std::function<void(Record&)>& change, const std::string& part) {
    Record record = example();
    change(record);
    const std::string message = message_of([&] { write_record(folder.path, record); });
    BOOST_TEST(contains(message, part), message);
  };
  refused([&](Record& r) { r.history["loss"][1] = nan; }, "history, loss");
  refused([&](Record& r) { r.scores["restored"][0] = INFINITY; }, "scores, restored");
  refused([](Record& r) { r.history["loss"].pop_back(); }, "history, loss: 2 epochs, 3 have seconds");
  refused([](Record& r) { r.misclassified = {{5, 1}, {5, 2}}; }, "misclassified");
  refused([](Record& r) { r.misclassified = {{-1, 1}}; }, "misclassified");
  refused([](Record& r) { r.misclassified = {{1, -1}}; }, "misclassified");
  refused([](Record& r) { r.misclassified = {{1, 1000}}; }, "misclassified");
  refused([](Record& r) { r.misclassified = {{1000000000, 1}}; }, "misclassified");
  BOOST_TEST(fs::is_empty(folder.path));
}

BOOST_AUTO_TEST_CASE(a_record_of_another_run_is_refused) {
  const TemporaryFolder folder;
  write_record(folder.path, example(1));
  fs::rename(record_path(folder.path, id_of(1)), record_path(folder.path, id_of(2)));
  const std::string message = message_of([&] { read_record(folder.path, id_of(2)); });
  BOOST_TEST(contains(message, "of another run"), message);
  fs::create_directories(record_path(folder.path, id_of(3)));
  BOOST_TEST(contains(message_of([&] { read_record(folder.path, id_of(3)); }), "no file"));
}

BOOST_AUTO_TEST_CASE(a_column_that_is_missing_is_named) {
  const TemporaryFolder folder;
  write_record(folder.path, example());
  const Record record = *read_record(folder.path, id_of(1));
  BOOST_TEST(record.column("loss").size() == 3u);
  for (const std::string& message :
       {message_of([&] { record.column("gain"); }), message_of([&] { record.score("gain"); }),
        message_of([&] { record.score("none"); })})
    BOOST_TEST(contains(message, record.path.string()), message);
}

// By seed, and neither those of other settings or experiments nor files that are none.
BOOST_AUTO_TEST_CASE(all_seeds_of_a_training_are_found) {
  const TemporaryFolder folder;
  for (const std::uint64_t seed : {10U, 2U, 1U}) write_record(folder.path, example(seed));
  Record other = example(3);
  other.id.settings["epochs"] = "4";
  write_record(folder.path, other);
  other = example(4);
  other.id.experiment = "cnn-mnist-seed";
  write_record(folder.path, other);
  write_file(folder.path / "cnn-mnist-seed5-00000000-00000000.json", "rubbish");
  write_file(folder.path / "cnn-mnist-seedless.json", "rubbish");
  fs::copy(record_path(folder.path, id_of(1)),
           folder.path / ("." + record_path(folder.path, id_of(1)).filename().string()));
  std::vector<std::uint64_t> seeds;
  for (const Record& record : read_records(folder.path, id_of(7))) seeds.push_back(record.id.seed);
  BOOST_TEST((seeds == std::vector<std::uint64_t>{1, 2, 10}));
  BOOST_TEST(read_records(folder.path / "nowhere", id_of(1)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
