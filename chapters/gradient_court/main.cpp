/// @file
/// The gradient court: seven gradient checkers tried on wrong and right backward passes.
#include <iostream>

#include "command_line.hpp"
#include "gradient_court/court.hpp"

namespace plaingrad::gradient_court {
namespace {

int run(int argc, char** argv) {
  boost::program_options::options_description options("Options");
  options.add_options()("help", "show this text")("faults", "what each fault is, and where it comes from");
  const auto values = parse_command_line(argc, argv, options);
  if (values.count("help") != 0)
    std::cout << "gradient_court: which wrong gradients are seen by which way to check\n\n" << options;
  else if (values.count("faults") != 0)
    print_faults(std::cout);
  else
    print_matrix(std::cout, try_all());
  return 0;
}

}  // namespace
}  // namespace plaingrad::gradient_court

int main(int argc, char** argv) {
  using namespace plaingrad;
  return run_main(argc, argv, "gradient_court", [&] { return gradient_court::run(argc, argv); });
}
