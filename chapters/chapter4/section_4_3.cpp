/// @file
/// Section 4.3: stochastic gradient descent with mini-batches of several sizes, a decaying learning rate and
/// the stopping rule.
#include <algorithm>
#include <cstdio>

#include "chapter4/line_fit.hpp"
#include "chapter4/sections.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter4 {

namespace {

struct Setting {
  std::string name;
  Index m;
  LearningRate rate;
};

const Setting compared[] = {{"m = 64, all pairs", 64, {.initial = 0.2}},
                            {"m = 8", 8, {.initial = 0.2}},
                            {"m = 1", 1, {.initial = 0.05}},
                            {"m = 8, decay 0.05", 8, {.initial = 0.2, .decay = 0.05}}};

void print_gradients(const MeanLoss& loss, Random& random) {
  const Tensor theta({2});
  std::printf("(4.6) the gradient at theta = (0, 0), estimated from m pairs drawn at random\n");
  std::printf("     m    g_hat\n");
  for (const Index m : {1, 4, 16, 64}) {
    for (int draw = 0; draw < (m == 64 ? 1 : 3); ++draw) {
      const Tensor g_hat = mini_batch_gradient(loss, theta, sample_mini_batch(loss.examples, m, random));
      std::printf("%6td    (%7.3f, %7.3f)\n", m, static_cast<double>(g_hat[0]),
                  static_cast<double>(g_hat[1]));
    }
  }
  std::printf("With m = 64 = n it is the gradient itself.\n\n");
}

/// The losses above the least possible one.
std::vector<double> excess(std::vector<double> losses, double least) {
  for (double& loss : losses) loss = std::max(loss - least, 1e-12);
  return losses;
}

}  // namespace

void section_4_3(const Options& options, Results& results) {
  Random random(options.seed);
  const LineFit line(64, 4, random);
  const MeanLoss loss = line.loss();
  const double least = loss.mean(line.best());
  std::printf("4.3 Stochastic gradient descent: the line through 64 pairs, y = 2 x - 1 + noise\n\n");
  std::printf("The best line is y = %.4f x %+.4f, its loss %.5f.\n\n", static_cast<double>(line.best()[0]),
              static_cast<double>(line.best()[1]), least);
  print_gradients(loss, random);

  std::printf(
      "Steps 1 to 5 until 5 passes in a row improve the loss by no more than 0.00001 (at most 100 passes)\n");
  std::printf("mini-batch           epsilon_1   passes   steps     slope   intercept   loss - least\n");
  plotting::LinePlot plot{.title = "Loss above the least possible, after each pass over the 64 pairs",
                          .x_label = "pass",
                          .y_label = "loss - least loss",
                          .series = {},
                          .y_range = {1e-5, 10},
                          .y_logarithmic = true};
  for (const Setting& setting : compared) {
    const DescentResult run = stochastic_gradient_descent(loss, Tensor({2}), setting.rate, setting.m,
                                                          StoppingRule(1e-5, 5), 100, random);
    std::printf("%-20s %9g %8zu %7td %9.4f %11.4f %14.6f\n", setting.name.c_str(), setting.rate.initial,
                run.losses.size() - 1, run.steps, static_cast<double>(run.theta[0]),
                static_cast<double>(run.theta[1]), run.losses.back() - least);
    plot.series.push_back({setting.name, count_up(run.losses.size()), excess(run.losses, least)});
    results.add("4.3 loss above the least, " + setting.name, run.losses.back() - least);
  }
  std::printf("\n");
  plotting::draw_lines(options.figure("figure_4_3_mini_batches.png"), {plot});
}

}  // namespace plaingrad::chapter4
