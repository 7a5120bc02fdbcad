/// @file
/// Section 2.6: which form of the rule is right? The gradient check: move a weight a little and see what
/// becomes of the error.
#include <cmath>
#include <cstdio>

#include "chapter2/differences.hpp"
#include "chapter2/gradient.hpp"
#include "chapter2/sections.hpp"

namespace plaingrad::chapter2 {

namespace {

/// @return the number of weights for which the printed rule holds
int print_comparison(const char* heading, const std::vector<std::array<double, 3>>& rows) {
  std::printf("%s\n\n%-14s%14s%14s%14s   %s\n", heading, "weight", "-dL/dw", "corrected", "as printed",
              "printed rule");
  int holding = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [numerical, corrected, printed] = rows[i];
    const bool holds = agrees(printed, numerical);
    holding += holds;
    std::printf("  (2.%zu)  %s%15.6f%14.6f%14.6f   %s%s\n", i + 12,
                std::string(six_neurons::all_weights[i].name).c_str(), numerical, corrected, printed,
                holds ? "holds" : "wrong", agrees(corrected, numerical) ? "" : " (so is ours!)");
  }
  std::printf("\n");
  return holding;
}

}  // namespace

void section_2_6_gradient_check(Results& results) {
  std::printf("Gradient check (section 2.6): numerical differences in double, h = 1e-5\n\n");
  const int sigmoid =
      print_comparison("All neurons sigmoid:", plaingrad_double::chapter2::compare_rules(false));
  const int linear = print_comparison("Neurons 4, 5, 6 linear, so that the missing derivatives are 1:",
                                      plaingrad_double::chapter2::compare_rules(true));
  results.add("weights for which the printed rule holds, all sigmoid", sigmoid);
  results.add("weights for which the printed rule holds, neurons 4 to 6 linear", linear);
}

void section_2_6_step_sizes(const Options& options) {
  std::vector<double> steps;
  for (int i = 0; i <= 14 * 6; ++i) steps.push_back(std::pow(10.0, -1 - i / 6.0));
  const auto central = central_difference_errors(steps), forward = forward_difference_errors(steps);
  const auto central_double = plaingrad_double::chapter2::central_difference_errors(steps);
  const auto forward_double = plaingrad_double::chapter2::forward_difference_errors(steps);

  const double exact = plaingrad_dual::chapter2::dual_number_error();

  std::printf("How small a step? Relative error of the numerical gradient, all neurons sigmoid\n\n");
  std::printf("%10s%18s%18s\n", "h", "forward, double", "central, double");
  for (std::size_t i = 0; i <= 18; i += 6)
    std::printf("%10.0e%18.1e%18.1e\n", steps[i], forward_double[i], central_double[i]);
  std::printf(
      "\nA tenth of the step: a tenth of the error (forward), a hundredth (central).\n"
      "Not for ever: below some h the two numbers that are subtracted agree in nearly all\n"
      "their digits, and rounding is what is left. The figure shows both sides of that\n"
      "valley, in float and in double.\n\n"
      "Dual numbers take no step at all. Their relative error: %.0e\n",
      exact);

  plotting::draw_lines(options.figure("figure_2_7_step_size.png"),
                       {{.title = "Numerical gradient against backpropagation",
                         .x_label = "step h",
                         .y_label = "relative error",
                         .series = {{"forward, float", steps, forward},
                                    {"central, float", steps, central},
                                    {"forward, double", steps, forward_double},
                                    {"central, double", steps, central_double},
                                    {"dual numbers, double", steps, std::vector(steps.size(), exact)}},
                         .x_range = {1e-15, 1e-1},
                         .x_logarithmic = true,
                         .y_logarithmic = true,
                         .legend = plotting::Legend::bottom_left}});
}

}  // namespace plaingrad::chapter2
