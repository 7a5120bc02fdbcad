/// @file
/// build/gradient_check as a user runs it: right layers, every known fault, wrong options.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "programs.hpp"

using namespace plaingrad;

namespace {

struct Checker : Programs {
  Run check(const std::string& arguments) const { return run("gradient_check", arguments); }

  /// A fault must be found, and the guess must start so.
  void expect_found(const std::string& arguments, const std::string& guess) const {
    const Run found = check(arguments);
    BOOST_TEST(found.status == 1, arguments << ": " << found.errors);
    BOOST_TEST(found.out.find("\n  " + guess) != std::string::npos, arguments << " prints: " << found.out);
  }
};

const std::string convolution = "--layer conv2d --size 5x7x3 --filters 4 --stride 2 --batch 5 ";

}  // namespace

BOOST_AUTO_TEST_SUITE(gradient_check_program)

BOOST_FIXTURE_TEST_CASE(a_right_layer, Checker) {
  const Run right = check(convolution + "--rows 2");
  BOOST_TEST(right.status == 0, right.errors);
  for (const char* part : {"conv2d 5x7x3, 4 filters 3x3, stride 2, same, tanh, batch 5\n", "x(", "kernel(",
                           "bias(", "kernel (3, 3, 3, 4): 108 elements agree"})
    BOOST_TEST(right.out.find(part) != std::string::npos, part << " is not in " << right.out);
}

BOOST_FIXTURE_TEST_CASE(all_layers_are_right, Checker) {
  const Run all = check("--all");
  BOOST_TEST(all.status == 0, all.out);
  for (const char* layer : {"activation", "batch_normalization", "conv2d", "conv2d_transpose", "dense",
                            "dropout", "flatten", "max_pooling2d"})
    BOOST_TEST(("\n" + all.out).find(std::string("\n") + layer + " ") != std::string::npos, layer);
}

// Dual numbers have no step: backward agrees with them to rounding, and differences within their own bound.
BOOST_FIXTURE_TEST_CASE(three_ways_agree_for_all_layers, Checker) {
  const nlohmann::json all = nlohmann::json::parse(check("--all --seed 3 --json").out);
  BOOST_TEST(all.size() > 40u);
  for (const nlohmann::json& layer : all)
    for (const nlohmann::json& argument : layer["arguments"])
      for (const nlohmann::json& e : argument["elements"]) {
        const double analytic = e["analytic"], difference = e["difference"], dual = e["dual"];
        BOOST_TEST(std::abs(analytic - dual) <= 1e-12 * (1 + std::abs(dual)),
                   layer["layer"] << ", " << argument["name"] << ": " << e);
        if (!e.contains("between"))
          BOOST_TEST(std::abs(difference - dual) <= e["bound"].get<double>(),
                     layer["layer"] << ", " << argument["name"] << ": " << e);
      }
}

// The dual column is that of right code, whatever is wrong with backward.
BOOST_FIXTURE_TEST_CASE(a_fault_changes_backward_alone, Checker) {
  const std::string layer = "--layer dense --size 3 --filters 2 --batch 2 --json";
  const nlohmann::json right = nlohmann::json::parse(check(layer).out),
                       wrong = nlohmann::json::parse(check(layer + " --break sign").out);
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t i = 0; i < right["arguments"][k]["elements"].size(); ++i) {
      const nlohmann::json &before = right["arguments"][k]["elements"][i],
                           &after = wrong["arguments"][k]["elements"][i];
      BOOST_TEST(before["dual"] == after["dual"]);
      BOOST_TEST(before["difference"] == after["difference"]);
      BOOST_TEST(std::abs(after["analytic"].get<double>() + before["dual"].get<double>()) < 1e-14);
    }
}

BOOST_FIXTURE_TEST_CASE(known_faults_are_found_and_named, Checker) {
  expect_found(convolution + "--break sign", "the sign");
  expect_found(convolution + "--break twice", "a constant factor: every element is 2 times");
  expect_found(convolution + "--break one-per-mille", "a constant factor: every element is 1.001 times");
  expect_found(convolution + "--break batch-factor", "a constant factor: every element is 0.2 times");
  expect_found(convolution + "--break no-derivative", "none of the usual");
  expect_found("--layer activation --size 4x3 --break no-derivative", "too large, by a factor that differs");
  expect_found(convolution + "--break upstream-ones", "none of the usual");
  expect_found(convolution + "--break transposed", "transposed: axis 2 and axis 3");
  expect_found(convolution + "--break turned-kernel", "turned by 180 degrees in axis 0 and axis 1");
  expect_found(convolution + "--break turned-window", "");
  expect_found(convolution + "--break overwritten", "overwritten");
  expect_found(convolution + "--break no-bias", "zero where it should not be");
  expect_found(convolution + "--break no-input", "zero where it should not be");
  expect_found(convolution + "--break first-sample", "zero where it should not be");
  expect_found(convolution + "--break last-row", "only the last place of axis 1");
  expect_found(convolution + "--break last-filter", "only the last place of axis 3");
  expect_found(convolution + "--break mask", "zero where it should not be");
  expect_found(convolution + "--break shifted", "");
  expect_found("--layer batch_normalization --size 3x2x4 --break fixed-statistics", "");
  expect_found(convolution + "--break nan", "values that are NaN");
}

// The last digits of an error are rounding's: the words and the layout are compared.
BOOST_FIXTURE_TEST_CASE(the_book_shows_what_it_prints, Checker) {
  const auto words = [](const std::string& text) {
    return std::regex_replace(std::regex_replace(text, std::regex("-?[0-9]+(\\.[0-9]+)?(e[-+][0-9]+)?"), "#"),
                              std::regex(" +"), " ");
  };
  const Run run = check(
      "--layer conv2d --size 5x7x3 --filters 4 --kernel 3 --stride 2 --padding same --activation tanh "
      "--batch 5 "
      "--break turned-kernel --rows 3");
  BOOST_TEST(words(run.out) == words(read_file("tests/expected/gradient_check.txt")), run.out);
}

BOOST_FIXTURE_TEST_CASE(help_lists_every_fault, Checker) {
  const Run help = check("--help");
  BOOST_TEST(help.status == 0);
  for (const char* fault :
       {"sign", "twice", "one-per-mille", "batch-factor", "no-derivative", "upstream-ones", "transposed",
        "turned-kernel", "turned-window", "overwritten", "no-bias", "no-input", "first-sample", "last-row",
        "last-filter", "mask", "shifted", "fixed-statistics", "nan"})
    BOOST_TEST(help.out.find("\n  " + std::string(fault) + " ") != std::string::npos, fault);
}

BOOST_FIXTURE_TEST_CASE(json_holds_all_elements, Checker) {
  const Run run = check("--layer dense --size 3 --filters 2 --batch 2 --break overwritten --json");
  BOOST_TEST(run.status == 1);
  const nlohmann::json found = nlohmann::json::parse(run.out);
  BOOST_TEST(found["layer"] == "dense 3, 2 units, tanh, batch 2");
  BOOST_TEST(found["right"] == false);
  BOOST_REQUIRE(found["arguments"].size() == 3u);
  const nlohmann::json& kernel = found["arguments"][1];
  BOOST_TEST(kernel["name"] == "kernel");
  BOOST_TEST(kernel["wrong"] == 6);
  BOOST_TEST(kernel["elements"].size() == 6u);
  for (const nlohmann::json& element : kernel["elements"]) {
    BOOST_TEST(element["right"] == false);
    BOOST_TEST(element["bound"] < 1e-6);
  }
  BOOST_TEST(found["arguments"][0]["elements"][0]["right"] == true);
}

BOOST_FIXTURE_TEST_CASE(wrong_options_are_named, Checker) {
  require_error(check(""), 2, {"which layer", "conv2d"});
  require_error(check("--layer conv3d"), 2, {"--layer conv3d", "expected one of", "conv2d"});
  require_error(check("--layer dense --size 5x"), 2, {"--size 5x", "such as 5x7x3"});
  require_error(check("--layer dense --size 0"), 2, {"--size 0"});
  require_error(check("--layer dense"), 2, {"Dense: expected samples of one axis", "(5, 7, 3)"});
  require_error(check(convolution + "--kernel 0"), 2, {"--kernel 0", "from 1 to 100"});
  require_error(check(convolution + "--padding valid --kernel 8"), 2, {"8"});
  require_error(check(convolution + "--break no-such"), 2, {"--break no-such", "turned-kernel"});
  require_error(check(convolution + "--activation linear --break no-derivative"), 2,
                {"--break no-derivative changes nothing"});
  require_error(check("--layer flatten --break overwritten"), 2, {"changes nothing"});
  require_error(check("--all --break sign"), 2, {"--all and --break exclude each other"});
  require_error(check("--stroke 2"), 2, {"stroke"});
}

BOOST_AUTO_TEST_SUITE_END()
