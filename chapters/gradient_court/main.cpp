/// @file
/// The gradient court: wrong and right backward passes against seven ways to check them.
#include <iostream>

#include "command_line.hpp"
#include "gradient_court/court.hpp"

int main(int argc, char** argv) {
  using namespace plaingrad;
  return run_main(argc, argv, "gradient_court", [] {
    gradient_court::print_matrix(std::cout, gradient_court::try_all());
    return 0;
  });
}
