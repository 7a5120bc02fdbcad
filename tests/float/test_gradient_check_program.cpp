/// @file
/// build/gradient_check as a user runs it: right layers, every known fault, wrong options.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "programs.hpp"

using namespace plaingrad;

namespace {

struct Checker : Programs {
  Run check(const std::string& arguments) const { return run("gradient_check", arguments); }
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

namespace {

const std::string even = "--layer conv2d --size 5x7x3 --kernel 2 --batch 2 ",
                  transposed = "--layer conv2d_transpose --size 3x4x2 --filters 3 --stride 2 --batch 2 ",
                  pooling = "--layer max_pooling2d --kernel 2 --batch 2 ", dropout = "--layer dropout ",
                  normalised = "--layer batch_normalization --size 3x2x4 ",
                  function = "--layer activation --size 4x3 ";

struct Known {
  std::string fault, layer, guess;  // how the guess starts; empty if there is none to expect
};

const std::vector<Known> known = {
    {"sign", convolution, "the sign"},
    {"twice", convolution, "a constant factor: every element is 2 times"},
    {"one-per-mille", convolution, "a constant factor: every element is 1.001 times"},
    {"batch-factor", convolution, "a constant factor: every element is 0.2 times"},
    {"no-derivative", convolution, "none of the usual"},
    {"no-derivative", function, "too large, by a factor that differs"},
    {"derivative-twice", function, "none of the usual"},
    {"derivative-twice", convolution, "none of the usual"},
    {"derivative-at-y", function, "too large, by a factor that differs"},
    {"derivative-at-y", convolution, "none of the usual"},
    {"upstream-ones", convolution, "none of the usual"},
    {"transposed", convolution, "transposed: axis 2 and axis 3"},
    {"turned-kernel", convolution, "turned by 180 degrees in axis 0 and axis 1"},
    {"turned-window", convolution, ""},
    {"overwritten", convolution, "overwritten"},
    {"no-bias", convolution, "zero where it should not be"},
    {"no-input", convolution, "zero where it should not be"},
    {"first-sample", convolution, "zero where it should not be"},
    {"last-row", convolution, "only the last place of axis 1"},
    {"last-filter", convolution, "only the last place of axis 3"},
    {"mask", convolution, "zero where it should not be"},
    {"shifted", convolution, ""},
    {"fixed-statistics", normalised, ""},
    {"no-deviation", normalised, ""},
    {"x-for-x-hat", normalised, ""},
    {"even-padding", even, ""},
    {"no-rest", convolution, ""},
    {"mixed-phases", transposed, ""},
    {"pooling-all", pooling, "not zero where it should be"},
    {"pooling-first", pooling, ""},
    {"unscaled-mask", dropout, "a constant factor: every element is 0.7 times"},
    {"another-mask", dropout, ""},
    {"bias-mean", "--layer dense --size 3 --batch 4 ", "a constant factor: every element is 0.25 times"},
    {"half-batch", convolution, ""},
    {"left-over", convolution, ""},
    {"updated-weights", convolution, ""},
    {"every-second-row", convolution, "zero where it should not be"},
    {"height-for-width", convolution, ""},
    {"float", convolution, "right to six digits"},
    {"nan", convolution, "values that are NaN"},
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(known_faults_are_found_and_named, Checker) {
  for (const Known& k : known) {
    const Run found = check(k.layer + "--break " + k.fault);
    BOOST_TEST(found.status == 1, k.fault << ": " << found.errors);
    BOOST_TEST(found.out.find("\n  " + k.guess) != std::string::npos, k.fault << " prints: " << found.out);
  }
}

// A fault that the test above does not try, or that is not listed, cannot be relied on.
BOOST_FIXTURE_TEST_CASE(help_lists_the_known_faults_and_no_others, Checker) {
  const Run help = check("--help");
  BOOST_TEST(help.status == 0);
  std::set<std::string> listed, tried;
  std::istringstream lines(help.out.substr(help.out.find("\nFaults:\n") + 9));
  for (std::string line; std::getline(lines, line) && !line.empty();)
    listed.insert(line.substr(2, line.find(' ', 2) - 2));
  for (const Known& k : known) tried.insert(k.fault);
  BOOST_TEST(listed == tried, boost::test_tools::per_element());
  BOOST_TEST(listed.size() >= 30u);
}

// What a layer does not have cannot be broken.
BOOST_FIXTURE_TEST_CASE(a_fault_of_another_layer_changes_nothing, Checker) {
  for (const char* fault : {"fixed-statistics", "no-deviation", "x-for-x-hat", "even-padding", "no-rest",
                            "mixed-phases", "pooling-all", "pooling-first", "unscaled-mask", "another-mask"})
    require_error(check("--layer dense --size 3 --break " + std::string(fault)), 2, {"changes nothing"});
  // An odd kernel at stride 1 has as much padding on either side; one sample has no second half.
  const std::string square = "--layer conv2d --size 4x4x2 --batch 1 ";
  require_error(check(square + "--break even-padding"), 2, {"changes nothing"});
  require_error(check(square + "--break no-rest"), 2, {"changes nothing"});
  require_error(check(square + "--break height-for-width"), 2, {"changes nothing"});
  require_error(check(square + "--break half-batch"), 2, {"changes nothing"});
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

// A place in the picture of errors for each element, and of the curve's steps the V: the error falls with the
// square of the step, then rounding makes it rise again.
BOOST_FIXTURE_TEST_CASE(pictures_show_every_element_and_every_step, Checker) {
  const Run run = check(convolution + "--break turned-kernel --out " + shell_quoted(figures));
  BOOST_TEST(run.status == 1, run.errors);
  for (const char* name : {"figure_gradient_check_errors", "figure_gradient_check_steps"})
    for (const char* ending : {".png", ".svg"})
      BOOST_TEST(std::filesystem::exists(figures / (std::string(name) + ending)), name << ending);

  const std::string errors = read_file(figures / "data/figure_gradient_check_errors.csv");
  BOOST_TEST(std::count(errors.begin(), errors.end(), '\n') == 1 + 525 + 108 + 4);
  // kernel(m, n, c, o) lies at row 4 c + m, column 4 o + n: the middle of a turned kernel is right.
  std::istringstream lines(errors);
  std::size_t kernels = 0;
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (!std::regex_match(line, found, std::regex("\"(\\w+) .*\",(\\d+),(\\d+),(.*)"))) continue;
    const bool middle = std::stoi(found[2]) % 4 == 1 && std::stoi(found[3]) % 4 == 1;
    BOOST_TEST((std::stod(found[4]) > 1) == (found[1] == "kernel" && !middle), line);
    kernels += found[1] == "kernel";
  }
  BOOST_TEST(kernels == 108u);

  std::map<std::string, std::map<double, double>> curves;  // by series and step
  std::istringstream points(read_file(figures / "data/figure_gradient_check_steps.csv"));
  for (std::string line; std::getline(points, line);) {
    std::smatch found;
    if (std::regex_search(line, found, std::regex("(central|dual|backward as).*,([-+e.0-9]+),([-+e.0-9]+)$")))
      curves[found[1]][std::stod(found[2])] = std::stod(found[3]);
  }
  BOOST_REQUIRE(curves.size() == 3u);
  const auto central = [&](double h) { return curves["central"].lower_bound(h * 0.999)->second; };
  BOOST_TEST(central(0.01) / central(0.001) == 100, boost::test_tools::tolerance(0.1));
  BOOST_TEST(central(1e-12) > 100 * central(1e-5));
  for (const auto& [h, error] : curves["dual"]) BOOST_TEST(error < 1e-13);
  for (const auto& [h, error] : curves["backward as"]) BOOST_TEST(error > 0.1);
}

// Each sort of tensor has its layout: vectors, matrices, images without channels.
BOOST_FIXTURE_TEST_CASE(tensors_of_every_shape_are_drawn, Checker) {
  for (const char* layer :
       {"--layer dense --size 3", "--layer activation --size 4x3", "--layer flatten --size 2x2x2x2"}) {
    const Run run = check(std::string(layer) + " --json --out " + shell_quoted(figures));
    BOOST_TEST(run.status == 0, run.errors);
    std::size_t elements = 1;
    const nlohmann::json found = nlohmann::json::parse(run.out);
    for (const nlohmann::json& argument : found["arguments"]) elements += argument["elements"].size();
    const std::string errors = read_file(figures / "data/figure_gradient_check_errors.csv");
    BOOST_TEST(static_cast<std::size_t>(std::count(errors.begin(), errors.end(), '\n')) == elements, layer);
  }
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
  require_error(check("--all --out x"), 2, {"--all and --out exclude each other"});
  require_error(check("--stroke 2"), 2, {"stroke"});
}

BOOST_AUTO_TEST_SUITE_END()
