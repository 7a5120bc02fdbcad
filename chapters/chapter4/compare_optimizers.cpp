/// @file
/// Gradient descent, SGD and Adam on one problem, each at the best of the same learning rates.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "chapter4/optimizer_run.hpp"
#include "chapter4/sections.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter4 {

namespace {

const std::vector<double> rates = {0.003, 0.01, 0.03, 0.1, 0.3};

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

/// Three of the curves of equal loss.
plotting::Series level_lines(const LineFit& line) {
  plotting::Series series{.name = "equal loss", .x = {}, .y = {}, .style = plotting::Style::dashed};
  for (const double level : {0.1, 1., 4.}) {
    const Curve curve = level_line(line, level);
    series.x.insert(series.x.end(), curve.slope.begin(), curve.slope.end());
    series.y.insert(series.y.end(), curve.intercept.begin(), curve.intercept.end());
    series.x.push_back(std::numeric_limits<double>::quiet_NaN());  // a gap to the next one
    series.y.push_back(std::numeric_limits<double>::quiet_NaN());
  }
  return series;
}

/// All optimizers at all rates, as a table. @return the best run of each
std::vector<Run> try_rates(const Valley& valley) {
  std::vector<Run> best;
  for (const OptimizerSetup& setup : optimizer_setups()) {
    std::vector<Run> runs;
    std::printf("%-24s", setup.name.c_str());
    for (const double rate : rates) {
      runs.push_back(run(setup, rate, valley));
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
  const std::vector<OptimizerSetup> setups = optimizer_setups();
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
  const std::vector<OptimizerSetup> setups = optimizer_setups();
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
  for (const Valley& valley : valleys(options.seed)) {
    std::printf("x from 0 to %-4g epsilon", valley.width);
    for (const double rate : rates) std::printf(" %8g", rate);
    std::printf("\n");
    best = try_rates(valley);
    if (valley.width == 10) {
      draw_losses(options, best);
      draw_paths(options, valley.line, best);
    }
  }
  const std::vector<OptimizerSetup> setups = optimizer_setups();
  for (std::size_t i = 0; i < best.size(); ++i) {
    results.add("loss above the least, " + setups[i].name, final_excess(best[i]));
  }
}

}  // namespace plaingrad::chapter4
