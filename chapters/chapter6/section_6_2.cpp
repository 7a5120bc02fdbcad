/// @file
/// Section 6.2: the algorithm at work. Fig. 6.1.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter6/line_game.hpp"
#include "chapter6/sections.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter6 {

namespace {

constexpr int steps = 4000;

/// p_data, p_g, D and the best D.
plotting::LinePlot picture_of(const Snapshot& now, const std::string& title, plotting::Legend legend) {
  using plotting::Style;
  return {.title = title,
          .x_label = "x",
          .y_label = "density; D(x)",
          .series = {{"p_data", now.x, now.p_data, Style::dashed, 0},
                     {"p_g", now.x, now.p_g, Style::line, 1},
                     {"D", now.x, now.D, Style::line, 2},
                     {"D*, the best", now.x, now.best_D, Style::dashed, 3}},
          .x_range = {-3, 3.5},
          .y_range = {0, 1.2},
          .legend = legend};
}

void print_header() {
  std::printf("  %6s%10s%10s%10s%10s%10s%12s%12s%12s\n", "step", "p_g mean", "deviation", "distance", "D(x)",
              "D(G(z))", "V(D, G)", "V(D*, G)", "less -log 4");
}

void print_row(const std::string& step, const Snapshot& now) {
  std::printf("  %6s%10.3f%10.3f%10.3f%10.3f%10.3f%12.4f%12.4f%12.4f\n", step.c_str(), now.mean,
              now.deviation, now.distance, now.D_real, now.D_generated, now.V, now.best_V,
              now.V + std::log(4.0));
}

/// How far D is from 1/2 where samples of either kind lie, on average.
double unsettled(const Snapshot& now) {
  double sum = 0, weight = 0;
  for (std::size_t i = 0; i < now.x.size(); ++i) {
    sum += std::abs(now.D[i] - 0.5) * (now.p_data[i] + now.p_g[i]);
    weight += now.p_data[i] + now.p_g[i];
  }
  return sum / weight;
}

/// Value of the game over the steps.
struct Curves {
  plotting::Series V{"V(D, G), the game as it is played", {}, {}},
      best{"V(D*, G), the best D against this G", {}, {}}, end{"-log 4", {}, {}, plotting::Style::dashed};

  void add(int step, const Snapshot& now) {
    V.x.push_back(step);
    V.y.push_back(now.V);
    best.x.push_back(step);
    best.y.push_back(now.best_V);
    end.x.push_back(step);
    end.y.push_back(-std::log(4.0));
  }
};

void draw_value(const Options& options, const Curves& curves) {
  plotting::draw_lines(options.figure("figure_6_1_value.png"),
                       {{.title = "The value of the game, (6.1)",
                         .x_label = "step of the generator",
                         .y_label = "value",
                         .series = {curves.V, curves.best, curves.end},
                         .x_range = {0, steps}}});
}

}  // namespace

void training(const Options& options, Results& results) {
  std::printf("6.2 The algorithm: m = %td, k = 1, z uniform on -1 to 1\n\n", m);
  print_header();
  const auto panel = [](const Snapshot& now, const std::string& title) {
    return picture_of(now, title, plotting::Legend::top_left);
  };
  Snapshot now;
  {
    LineGame game({.seed = options.seed});  // one in which the generator waits
    for (int i = 0; i < 1500; ++i) game.discriminator_step();
    now = look(game);
  }
  print_row("D only", now);
  std::vector<plotting::LinePlot> panels = {panel(now, "(b) only D has learned: D is close to D*")};

  LineGame game({.seed = options.seed});
  std::vector<plotting::LinePlot> frames;
  Curves curves;
  for (int step = 0; step <= steps; ++step) {
    const bool frame = step % 10 == 0 && (step <= 400 || step % 50 == 0) && (step <= 1000 || step % 250 == 0);
    const bool row = step == 0 || step == 100 || step == 200 || step == 500 || step % 1000 == 0;
    if (frame || row) {
      now = look(game);
      curves.add(step, now);
      frames.push_back(picture_of(now, "step " + std::to_string(step), plotting::Legend::top_left));
    }
    if (row) print_row(std::to_string(step), now);
    if (step == 0) panels.insert(panels.begin(), panel(now, "(a) before any step"));
    if (step == 200) panels.push_back(panel(now, "(c) both learn: p_g moves where D is greater"));
    if (step < steps) game.step();
  }
  panels.push_back(panel(now, "(d) after " + std::to_string(steps) + " steps: D is close to 1/2"));
  std::printf(
      "\n  p_data: mean %.3f, deviation %.3f. D is %.3f away from 1/2 on average, where there are samples.\n",
      data_mean, data_deviation, unsettled(now));
  std::printf("  -log 4 = %.4f\n\n", -std::log(4.0));
  results.add("V(D, G) at the end", now.V, -std::log(4.0));
  results.add("mean of p_g at the end", now.mean, data_mean);
  results.add("deviation of p_g at the end", now.deviation, data_deviation);
  results.add("mean |D - 1/2| at the end", unsettled(now), 0);
  plotting::draw_lines(options.figure("figure_6_1_training.png"), panels, 2);
  plotting::animate_lines(options.figure("figure_6_1_training.gif"), frames, 12);
  draw_value(options, curves);
}

namespace {

/// One way to play.
struct Way {
  std::string name;
  Rules rules;
};

/// The distance of p_g from p_data over the generator's steps, after D alone has learned for a while.
plotting::Series play(const Way& way, int generator_steps) {
  LineGame game(way.rules);
  for (int i = 0; i < 500; ++i) game.discriminator_step();
  plotting::Series curve{way.name, {}, {}};
  for (int step = 0; step <= generator_steps; ++step) {
    if (step % 25 == 0) {
      curve.x.push_back(step);
      curve.y.push_back(distance_from_data(game));
    }
    if (step < generator_steps) game.step();
  }
  return curve;
}

void print_ways(const std::vector<plotting::Series>& curves, Results& results) {
  std::printf("  %-24s", "generator's steps");
  for (const std::size_t i : {0, 8, 20, 40, 60}) std::printf("%10.0f", curves[0].x[i]);
  std::printf("\n");
  for (const plotting::Series& curve : curves) {
    std::printf("  %-24s", curve.name.c_str());
    for (const std::size_t i : {0, 8, 20, 40, 60}) std::printf("%10.3f", curve.y[i]);
    std::printf("\n");
    results.add("distance after 500 steps from far apart, " + curve.name, curve.y[20]);
  }
  std::printf("\n");
}

}  // namespace

void far_apart(const Options& options, Results& results) {
  const Rules saturating{.loss = GeneratorLoss::saturating, .generator_start = -3, .seed = options.seed};
  const Rules non_saturating{.generator_start = -3, .seed = options.seed};
  Rules k2 = non_saturating, k5 = non_saturating;
  k2.k = 2;
  k5.k = 5;
  std::vector<plotting::Series> curves;
  for (const Way& way : {Way{"log(1 - D), k = 1", saturating}, Way{"-log D, k = 1", non_saturating},
                         Way{"-log D, k = 2", k2}, Way{"-log D, k = 5", k5}})
    curves.push_back(play(way, 1500));
  std::printf(
      "From far apart: p_g begins near -3, and D alone has learned 500 steps. Distance of p_g from "
      "p_data:\n\n");
  print_ways(curves, results);
  plotting::draw_lines(options.figure("figure_6_1_far_apart.png"),
                       {{.title = "From a start where D is sure of everything",
                         .x_label = "step of the generator",
                         .y_label = "distance of p_g from p_data",
                         .series = curves,
                         .x_range = {0, 1500}}});
}

}  // namespace plaingrad::chapter6
