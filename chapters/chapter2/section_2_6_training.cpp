/// @file
/// Section 2.6: epoch after epoch. The network learns "exactly one of the two" (XOR) by the rule as printed,
/// by the rule with only (2.24) and (2.25) corrected, and by the corrected rule, from the same starts.
#include <algorithm>
#include <cstdio>

#include "chapter2/sections.hpp"
#include "chapter2/xor.hpp"

namespace plaingrad::chapter2 {

using namespace six_neurons;

namespace {

constexpr int starts = 20;
constexpr double solved_below = 0.01;

std::vector<double> train(Network& network, const Problem& problem, const Form& form) {
  return train(network, problem.samples, xor_learning_rate, form, xor_epochs);
}

/// Number of starts that end with a loss below `solved_below`.
int count_solved(const Problem& problem, const Form& form, std::uint64_t seed) {
  Random random(seed);
  int solved = 0;
  for (int start = 0; start < starts; ++start) {
    Network network = {random_weights(random), xor_neurons};
    if (train(network, problem, form).back() < solved_below) ++solved;
  }
  return solved;
}

/// Loss curves of the three forms from the same initial weights.
plotting::LinePlot loss_curves(const Problem& problem, std::uint64_t seed) {
  plotting::LinePlot plot{.title = std::string("XOR, ") + problem.name,
                          .x_label = "epoch",
                          .y_label = "mean of 1/2 (z - y)^2",
                          .series = {},
                          .x_range = {0, xor_epochs},
                          .y_range = {1e-4, 10},
                          .y_logarithmic = true};
  for (const Form& form : forms) {
    Random random(seed);
    Network network = {random_weights(random), xor_neurons};
    const std::vector<double> losses = train(network, problem, form);
    plotting::Series series{.name = form.name, .x = {}, .y = {}};
    for (int epoch = 1; epoch <= xor_epochs; epoch += 10) {
      series.x.push_back(epoch);
      series.y.push_back(losses[static_cast<std::size_t>(epoch) - 1]);
    }
    plot.series.push_back(series);
  }
  return plot;
}

void print_answers(const Problem& problem, std::uint64_t seed) {
  Random random(seed);
  Network network = {random_weights(random), xor_neurons};
  train(network, problem, forms.back());
  std::printf("\nThe network's answers after the first start (%s, all corrected):\n\n", problem.name);
  for (const auto& [x1, x2, z] : problem.samples)
    std::printf("  x1 = %2.0f, x2 = %2.0f: y = %5.2f (z = %.0f)\n", static_cast<double>(x1),
                static_cast<double>(x2), static_cast<double>(propagate(network, x1, x2).y6),
                static_cast<double>(z));
  std::printf("\n");
}

}  // namespace

void section_2_6_training(const Options& options, Results& results) {
  std::printf("Training (section 2.6): XOR, neurons 1 to 5 sigmoid and 6 linear, n = %.1f, %d epochs\n",
              static_cast<double>(xor_learning_rate), xor_epochs);
  std::printf("Of %d random starts, those whose error falls below %.2f:\n\n%-28s", starts, solved_below, "");
  for (const Problem& problem : problems) std::printf("%18s", problem.name);
  for (const Form& form : forms) {
    std::printf("\n  %-26s", form.name);
    for (const Problem& problem : problems) {
      const int solved = count_solved(problem, form, options.seed);
      std::printf("%18d", solved);
      results.add(std::string("XOR, ") + problem.name + ", solved of 20, " + form.name, solved);
    }
  }
  std::printf("\n");
  print_answers(problems.front(), options.seed);
  plotting::draw_lines(options.figure("figure_2_6_training.png"),
                       {loss_curves(problems[0], options.seed), loss_curves(problems[1], options.seed)}, 2);
}

}  // namespace plaingrad::chapter2
