/// @file
/// Section 4.4: Adam's eight steps by hand, and the effect of the printed form of two of them.
#include <cmath>
#include <cstdio>

#include "chapter4/sections.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/gradient_descent.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter4 {

namespace {

void print_steps() {
  const AdamSettings settings{.learning_rate = 0.1};
  std::printf("4.4 Adam on f(x) = (x - 3)^2 from theta = 0, epsilon = 0.1, the rest as in Keras\n\n");
  std::printf("step     2         3         4         5         6         7         8\n");
  std::printf("         t         g         s         v     s_hat     v_hat     theta\n");
  //! [adam_by_hand]
  AdamState state;
  for (int i = 0; i < 3; ++i) {
    const double g = parabola_derivative(state.theta);
    state = adam_step(state, g, settings);
    std::printf("%10td %9.5f %9.5f %9.5f %9.5f %9.5f %9.5f\n", state.t, g, state.s, state.v, state.s_hat,
                state.v_hat, state.theta);
  }
  //! [adam_by_hand]
  std::printf(
      "The gradient is 6 or so, the first step 0.1 = epsilon: only the sign and the steadiness of g "
      "count.\n\n");
}

/// s_hat, v_hat and the length of the step over the rate under the constant gradient 1, at every t of two
/// digits: 1, 2 ... 99, 100, 110, 120 ...: enough for a logarithmic axis.
struct Estimates {
  std::vector<double> t, s_hat, v_hat, step;
};

Estimates estimates(AdamState (*step)(const AdamState&, double, const AdamSettings&), Index steps) {
  const AdamSettings settings;
  Estimates result;
  AdamState state;
  for (Index t = 1; t <= steps; ++t) {
    const double before = state.theta;
    state = step(state, 1, settings);
    const auto unit = static_cast<Index>(std::pow(10, std::floor(std::log10(t)) - 1));
    if (unit > 1 && t % unit != 0) continue;
    result.t.push_back(static_cast<double>(t));
    result.s_hat.push_back(state.s_hat);
    result.v_hat.push_back(state.v_hat);
    result.step.push_back((before - state.theta) / settings.learning_rate);
  }
  return result;
}

void draw(const Options& options, const Estimates& corrected, const Estimates& printed) {
  using plotting::Style;
  plotting::draw_lines(
      options.figure("figure_4_4_adam_as_printed.png"),
      {{.title = "Estimates under the constant gradient 1",
        .x_label = "t",
        .y_label = "estimate",
        .series = {{"s_hat, v_hat corrected: 1", corrected.t, corrected.s_hat},
                   {"v_hat as printed", printed.t, printed.v_hat},
                   {"s_hat as printed", printed.t, printed.s_hat}},
        .y_range = {0.1, 1e6},
        .x_logarithmic = true,
        .y_logarithmic = true},
       {.title = "Length of a step",
        .x_label = "t",
        .y_label = "step / epsilon",
        .series = {{"corrected", corrected.t, corrected.step}, {"as printed", printed.t, printed.step}},
        .y_range = {0.1, 10},
        .x_logarithmic = true,
        .y_logarithmic = true,
        .legend = plotting::Legend::bottom_right}},
      2);
}

}  // namespace

void section_4_4(const Options& options, Results& results) {
  print_steps();
  const Estimates corrected = estimates(adam_step, 10000), printed = estimates(adam_step_as_printed, 10000);
  std::printf("Steps 4 and 5 corrected and as printed, under the constant gradient 1\n");
  std::printf("           corrected                        as printed\n");
  std::printf("       t     s_hat     v_hat  step/epsilon    s_hat     v_hat  step/epsilon\n");
  for (std::size_t i = 0; i < corrected.t.size(); ++i) {
    const double power = std::log10(corrected.t[i]);
    if (power != std::floor(power)) continue;
    std::printf("%8.0f %9.3f %9.3f %13.3f %8.3f %9.3f %13.3f\n", corrected.t[i], corrected.s_hat[i],
                corrected.v_hat[i], corrected.step[i], printed.s_hat[i], printed.v_hat[i], printed.step[i]);
  }
  std::printf("\n");
  results.add("Adam s_hat corrected, gradient 1, t = 10000", corrected.s_hat.back());
  results.add("Adam v_hat corrected, gradient 1, t = 10000", corrected.v_hat.back());
  results.add("Adam s_hat as printed, gradient 1, t = 10000", printed.s_hat.back());
  results.add("Adam v_hat as printed, gradient 1, t = 10000", printed.v_hat.back());
  draw(options, corrected, printed);
}

}  // namespace plaingrad::chapter4
