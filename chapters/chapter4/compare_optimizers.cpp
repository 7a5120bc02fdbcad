/// @file
/// Gradient descent, SGD and Adam on one problem, each at the best of the same learning rates.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "chapter4/sections.hpp"
#include "math/statistics.hpp"
#include "optimizers/adam.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter4 {

namespace {

constexpr Index steps = 200;
constexpr double diverged = 1e12;  // a loss from which no run comes back
const std::vector<double> rates = {0.003, 0.01, 0.03, 0.1, 0.3};

/// How an optimizer is made from a learning rate, and the size of the mini-batches it is fed.
struct OptimizerSetup {
  std::string name;
  Index m;
  std::unique_ptr<Optimizer> (*make)(double rate);
};

const OptimizerSetup setups[] = {
    {"gradient descent", 64,
     [](double rate) -> std::unique_ptr<Optimizer> { return std::make_unique<SGD>(LearningRate{rate}); }},
    {"SGD, m = 8", 8,
     [](double rate) -> std::unique_ptr<Optimizer> {
       return std::make_unique<SGD>(LearningRate{rate, 0.05});
     }},
    {"Adam, m = 8", 8, [](double rate) -> std::unique_ptr<Optimizer> {
       return std::make_unique<Adam>(AdamSettings{.learning_rate = rate});
     }}};

/// What an optimizer did at one learning rate.
struct Run {
  double rate = 0;
  /// At the start and after each step, up to the one that has diverged.
  std::vector<double> slope{}, intercept{}, excess{};
};

Run run(const OptimizerSetup& setup, double rate, const MeanLoss& loss, double least, Random random) {
  Run result{.rate = rate};
  Parameter theta{.name = "theta", .value = Tensor({2}, {-1, 3}), .gradient = Tensor({2})};
  const auto record = [&] {
    result.slope.push_back(static_cast<double>(theta.value[0]));
    result.intercept.push_back(static_cast<double>(theta.value[1]));
    result.excess.push_back(loss.mean(theta.value) - least);
  };
  record();
  //! [one_problem]
  const std::unique_ptr<Optimizer> optimizer = setup.make(rate);
  for (Index k = 0; k < steps && result.excess.back() < diverged; ++k) {
    theta.gradient =
        mini_batch_gradient(loss, theta.value, sample_mini_batch(loss.examples, setup.m, random));
    optimizer->step({&theta});
    record();
  }
  //! [one_problem]
  return result;
}

/// The mean over the last tenth of the steps: the last one alone is noisy when mini-batches are small.
/// Infinite if the run diverged.
double final_excess(const Run& result) {
  if (!(result.excess.back() < diverged)) return std::numeric_limits<double>::infinity();
  const double last = mean(std::vector<double>(result.excess.end() - steps / 10, result.excess.end()));
  return last < result.excess.front() ? last : std::numeric_limits<double>::infinity();
}

bool less_excess(const Run& a, const Run& b) {
  return final_excess(a) < final_excess(b);
}

/// Below 0.00001 the rounding of float dominates.
void print(double excess) {
  if (std::isinf(excess)) {
    std::printf("     away");
  } else if (excess < 1e-5) {
    std::printf(" <0.00001");
  } else {
    std::printf(" %8.5f", excess);
  }
}

/// Curves of equal loss around the best theta, ellipses since the loss is a mean of squares: with a, b the
/// distances from the best slope and intercept it is half the mean of (a x + b)^2 above the least.
plotting::Series level_lines(const LineFit& line) {
  plotting::Series series{.name = "equal loss", .x = {}, .y = {}, .style = plotting::Style::dashed};
  const auto n = static_cast<double>(line.x.size());
  const double mean_x = mean(line.x);
  const double variance =
      std::inner_product(line.x.begin(), line.x.end(), line.x.begin(), 0.) / n - mean_x * mean_x;
  for (const double level : {0.1, 1., 4.}) {
    for (int i = 0; i <= 60; ++i) {
      const double angle = i * std::numbers::pi / 30;
      const double a = std::sqrt(2 * level / variance) * std::cos(angle);
      series.x.push_back(static_cast<double>(line.best()[0]) + a);
      series.y.push_back(static_cast<double>(line.best()[1]) + std::sqrt(2 * level) * std::sin(angle) -
                         mean_x * a);
    }
    series.x.push_back(std::numeric_limits<double>::quiet_NaN());  // a gap to the next one
    series.y.push_back(std::numeric_limits<double>::quiet_NaN());
  }
  return series;
}

/// All optimizers at all rates, as a table. @return the best run of each
std::vector<Run> try_rates(const LineFit& line, const Random& random) {
  const MeanLoss loss = line.loss();
  const double least = loss.mean(line.best());
  std::vector<Run> best;
  for (const OptimizerSetup& setup : setups) {
    std::vector<Run> runs;
    std::printf("%-24s", setup.name.c_str());
    for (const double rate : rates) {
      runs.push_back(run(setup, rate, loss, least, random));
      print(final_excess(runs.back()));
    }
    std::printf("\n");
    best.push_back(*std::min_element(runs.begin(), runs.end(), less_excess));
  }
  std::printf("\n");
  return best;
}

void draw_losses(const Options& options, const std::vector<Run>& best) {
  plotting::LinePlot by_step{.title = "By step",
                             .x_label = "step",
                             .y_label = "loss - least loss",
                             .series = {},
                             .y_range = {1e-5, 1000},
                             .y_logarithmic = true};
  plotting::LinePlot by_work = by_step;
  by_work.title = "By work";
  by_work.x_label = "gradients of one example computed";
  by_work.x_range = {0, 1600};
  for (std::size_t i = 0; i < best.size(); ++i) {
    const auto& [name, m, make] = setups[i];
    const std::vector<double> k = count_up(best[i].excess.size());
    std::vector<double> work = k;
    for (double& value : work) value *= static_cast<double>(m);
    by_step.series.push_back({name, k, best[i].excess});
    by_work.series.push_back({name, work, best[i].excess});
  }
  plotting::draw_lines(options.figure("figure_4_5_optimizers.png"), {by_step, by_work}, 2);
}

/// Where the path is after every 50 steps: the closer the points, the slower.
plotting::Series every_50_steps(const Run& run) {
  plotting::Series series{.name = "every 50 steps", .x = {}, .y = {}, .style = plotting::Style::points};
  for (std::size_t k = 0; k < run.slope.size(); k += 50) {
    series.x.push_back(run.slope[k]);
    series.y.push_back(run.intercept[k]);
  }
  return series;
}

void draw_paths(const Options& options, const LineFit& line, const std::vector<Run>& best) {
  const plotting::Series minimum{.name = "minimum",
                                 .x = {static_cast<double>(line.best()[0])},
                                 .y = {static_cast<double>(line.best()[1])},
                                 .style = plotting::Style::points,
                                 .colour = 6,
                                 .width = 5};
  std::vector<plotting::LinePlot> plots;
  for (std::size_t i = 0; i < best.size(); ++i) {
    plotting::Series points = every_50_steps(best[i]);
    points.colour = 0;
    plots.push_back(
        {.title = setups[i].name,
         .x_label = "slope",
         .y_label = "intercept",
         .series = {{.name = "path of theta", .x = best[i].slope, .y = best[i].intercept, .width = 1.5},
                    level_lines(line),
                    points,
                    minimum},
         .x_range = {-1.2, 3.2},
         .y_range = {-8, 8},
         .legend = plotting::Legend::none});
  }
  plots.front().legend = plotting::Legend::top_right;
  plotting::draw_lines(options.figure("figure_4_6_paths.png"), plots, 3);
}

}  // namespace

void compare_optimizers(const Options& options, Results& results) {
  std::printf(
      "The three fit a line to 64 pairs, from theta = (-1, 3): loss above the least after %td steps\n",
      steps);
  std::vector<Run> best;
  for (const double width : {4., 10.}) {
    Random random(options.seed);
    const LineFit line(64, width, random);
    std::printf("x from 0 to %-4g epsilon", width);
    for (const double rate : rates) std::printf(" %8g", rate);
    std::printf("\n");
    best = try_rates(line, random);
    if (width == 10) {
      draw_losses(options, best);
      draw_paths(options, line, best);
    }
  }
  for (std::size_t i = 0; i < best.size(); ++i) {
    results.add("loss above the least, " + setups[i].name, final_excess(best[i]));
  }
}

}  // namespace plaingrad::chapter4
