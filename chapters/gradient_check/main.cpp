/// @file
/// Checks a layer's backward pass against differences of its forward pass, element by element, with the exact
/// derivative by dual numbers beside them; with a known fault put in, if asked, to show how the check finds
/// it.
#include <algorithm>
#include <charconv>
#include <iostream>

#include "command_line.hpp"
#include "gradient_check/check.hpp"
#include "gradient_check/pictures.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::gradient_check {
namespace {

namespace po = boost::program_options;

constexpr const char* name = "gradient_check";

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const Activation f : all_activations) names.push_back(to_string(f));
  return names;
}

po::options_description describe_options() {
  po::options_description all("Options", 100);
  auto add = all.add_options();
  const Request usual;
  add("help", "show this text");
  add("layer", po::value<std::string>(), ("one of " + joined(layer_names())).c_str());
  add("size", po::value<std::string>()->default_value("5x7x3"),
      "one sample: HEIGHTxWIDTHxCHANNELS, or a number of values");
  add("filters", po::value<Index>()->default_value(usual.filters), "filters, or units of a dense layer");
  add("kernel", po::value<Index>()->default_value(usual.kernel), "rows and columns of the window");
  add("stride", po::value<Index>()->default_value(usual.stride), "from one window to the next");
  add("padding", po::value<std::string>()->default_value("same"), "same or valid");
  add("activation", po::value<std::string>()->default_value("tanh"),
      ("one of " + joined(activation_names())).c_str());
  add("batch", po::value<Index>()->default_value(usual.batch), "samples");
  add("seed", po::value<std::int64_t>()->default_value(1), "seed of all random numbers, 0 or more");
  add("rows", po::value<Index>()->default_value(8), "rows of the table for each tensor, the worst first");
  add("break", po::value<std::string>(), "put in a fault: one of those below");
  add("out", po::value<std::string>(),
      "a folder to draw into: the error of every element, and of differences for every step");
  add("all", po::bool_switch(), "check every layer, a line for each");
  add("json", po::bool_switch(), "print all elements as JSON in place of the table");
  return all;
}

void print_help(const po::options_description& description) {
  std::cout << name
            << ": compares a backward pass with differences of the forward pass and with dual numbers,\n"
               "element by element\n\n"
            << "Usage: " << name
            << " --layer conv2d --size 5x7x3 --filters 4 --stride 2 [--break turned-kernel]\n"
            << "       " << name << " --all\n\n"
            << description << "\nFaults:\n";
  for (const Fault& fault : all_faults())
    std::cout << "  " << fault.name << std::string(20 - fault.name.size(), ' ') << fault.what << '\n';
  std::cout << "\nExit status: 0 if the gradient is right, 1 if it is wrong (or a picture cannot be\n"
               "drawn), 2 after an error in the options.\n";
}

/// "5x7x3" as its extents.
Shape size_from(const std::string& text) {
  Shape size;
  const char *at = text.data(), *end = text.data() + text.size();
  while (true) {
    const auto [stop, error] = std::from_chars(at, end, size.emplace_back());
    if (error != std::errc() || size.back() < 1 || size.back() > 1000 || (stop != end && *stop != 'x')) break;
    if (stop == end) return size;
    at = stop + 1;
  }
  throw WrongUsage("--size " + text + ": expected extents from 1 to 1000, such as 5x7x3");
}

/// The value of an option, which must be one of `known`.
std::string one_of(const po::variables_map& values, const std::string& option,
                   const std::vector<std::string>& known) {
  std::string value = values[option].as<std::string>();
  if (std::find(known.begin(), known.end(), value) == known.end())
    throw WrongUsage("--" + option + " " + value + ": expected one of " + joined(known));
  return value;
}

Request request_from(const po::variables_map& values) {
  return {.layer = one_of(values, "layer", layer_names()),
          .size = size_from(values["size"].as<std::string>()),
          .filters = in_range<Index>(values, "filters", 1, 1000),
          .kernel = in_range<Index>(values, "kernel", 1, 100),
          .stride = in_range<Index>(values, "stride", 1, 100),
          .padding = one_of(values, "padding", {"same", "valid"}) == "same" ? Padding::same : Padding::valid,
          .activation = activation_from_name(one_of(values, "activation", activation_names())),
          .batch = in_range<Index>(values, "batch", 1, 1000),
          .seed = static_cast<std::uint64_t>(in_range<std::int64_t>(values, "seed", 0, INT64_MAX))};
}

/// The fault that --break names, or nullptr.
const Fault* fault_from(const po::variables_map& values) {
  if (values.count("break") == 0) return nullptr;
  std::vector<std::string> names;
  for (const Fault& fault : all_faults()) names.push_back(fault.name);
  const std::string asked = one_of(values, "break", names);
  return &*std::find_if(all_faults().begin(), all_faults().end(),
                        [&](const Fault& fault) { return fault.name == asked; });
}

int check_one(const po::variables_map& values) {
  const Request request = request_from(values);
  const Fault* fault = fault_from(values);
  const Index rows = in_range<Index>(values, "rows", 0, 1'000'000);
  const Checked checked = [&] {
    try {
      return check(request, fault);
    } catch (const std::invalid_argument& error) {
      throw WrongUsage(error.what());
    }
  }();
  if (values["json"].as<bool>()) {
    std::cout << as_json(request, checked).dump(2) << '\n';
  } else {
    std::cout << describe(request) << (fault ? ", broken: " + fault->what : "") << "\n\n" << std::flush;
    print_table(checked, rows);
    plotting::announce_pictures(&std::cout);
  }
  if (values.count("out") != 0) draw(values["out"].as<std::string>(), request, checked);
  return checked.report.passed() ? 0 : 1;
}

int check_all(const po::variables_map& values) {
  for (const char* option : {"layer", "break", "out"})
    if (values.count(option) != 0)
      throw WrongUsage(std::string("--all and --") + option + " exclude each other");
  const auto seed = static_cast<std::uint64_t>(in_range<std::int64_t>(values, "seed", 0, INT64_MAX));
  nlohmann::json all = nlohmann::json::array();
  bool right = true;
  for (const Request& request : all_requests(seed)) {
    const Checked checked = check(request, nullptr);
    const GradientReport& report = checked.report;
    right = right && report.passed();
    if (values["json"].as<bool>()) {
      all.push_back(as_json(request, checked));
      continue;
    }
    std::size_t elements = 0;
    for (const CheckedArgument& argument : report.arguments) elements += argument.elements.size();
    std::cout << describe(request) << ": ";
    if (report.passed())
      std::cout << elements << " elements agree" << std::endl;
    else
      std::cout << "wrong\n" << report << std::flush;
  }
  if (values["json"].as<bool>()) std::cout << all.dump(2) << '\n';
  return right ? 0 : 1;
}

int run(int argc, char** argv) {
  const po::options_description description = describe_options();
  const po::variables_map values = parse_command_line(argc, argv, description);
  if (values.count("help") != 0) {
    print_help(description);
    return 0;
  }
  if (values["all"].as<bool>()) return check_all(values);
  if (values.count("layer") == 0)
    throw WrongUsage("which layer? Give --layer with one of " + joined(layer_names()) + ", or --all");
  return check_one(values);
}

}  // namespace
}  // namespace plaingrad::gradient_check

int main(int argc, char** argv) {
  using namespace plaingrad;
  return run_main(argc, argv, "gradient_check", [&] { return gradient_check::run(argc, argv); });
}
