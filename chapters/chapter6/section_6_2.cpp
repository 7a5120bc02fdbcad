/// @file
/// Section 6.2: the algorithm at work. Fig. 6.1.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter6/sections.hpp"
#include "chapter6/toy_gan.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter6 {

namespace {

constexpr int steps = 3000, k = 2;

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
          .y_range = {0, 1.3},
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

/// Mean of |D - 1/2| under p_data and p_g.
double mean_distance_from_half(const Snapshot& now) {
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

/// The training by the algorithm, and Fig. 6.1.
void train(const Options& options, Results& results) {
  std::printf("6.2 The algorithm: m = %td, k = %d, z Gaussian\n\n", m, k);
  print_header();
  const auto panel = [](const Snapshot& now, const std::string& title) {
    return picture_of(now, title, plotting::Legend::top_left);
  };
  Snapshot now;
  {
    ToyGan gan({.k = k, .seed = options.seed});  // one in which the generator waits
    for (int i = 0; i < 1500; ++i) gan.discriminator_step();
    now = take_snapshot(gan);
  }
  print_row("D only", now);
  std::vector<plotting::LinePlot> panels = {panel(now, "(b) only D has learned: D is close to D*")};

  ToyGan gan({.k = k, .seed = options.seed});
  std::vector<plotting::LinePlot> frames;
  Curves curves;
  for (int step = 0; step <= steps; ++step) {
    const bool frame = step % 10 == 0 && (step <= 400 || step % 50 == 0) && (step <= 1000 || step % 250 == 0);
    const bool row = step == 0 || step == 100 || step == 200 || step == 500 || step % 1000 == 0;
    if (frame || row) {
      now = take_snapshot(gan);
      curves.add(step, now);
      frames.push_back(picture_of(now, "step " + std::to_string(step), plotting::Legend::top_left));
    }
    if (row) print_row(std::to_string(step), now);
    if (step == 0) panels.insert(panels.begin(), panel(now, "(a) before any step"));
    if (step == 100) panels.push_back(panel(now, "(c) both learn: p_g moves where D is greater"));
    if (step < steps) gan.step();
  }
  panels.push_back(panel(now, "(d) after " + std::to_string(steps) + " steps: D is close to 1/2"));
  std::printf(
      "\n  p_data: mean %.3f, deviation %.3f. D is %.3f away from 1/2 on average, where there are samples.\n",
      data_mean, data_deviation, mean_distance_from_half(now));
  std::printf("  -log 4 = %.4f\n\n", -std::log(4.0));
  results.add("V(D, G) at the end", now.V, -std::log(4.0));
  results.add("mean of p_g at the end", now.mean, data_mean);
  results.add("deviation of p_g at the end", now.deviation, data_deviation);
  results.add("mean |D - 1/2| at the end", mean_distance_from_half(now), 0);
  plotting::draw_lines(options.figure("figure_6_1_training.png"), panels, 2);
  plotting::animate_lines(options.figure("figure_6_1_training.gif"), frames, 12);
  draw_value(options, curves);
}

// ---- variants of the algorithm ---------------------------------------------------------------------------

/// A variant of the algorithm.
struct Variant {
  std::string name;
  Config config;
};

/// How its training went.
struct Outcome {
  plotting::Series distance;  ///< of p_g from p_data, over the generator's steps
  double gap = 0;             ///< mean of V(D*, G) - V(D, G): by how much D is worse than the best
};

/// @param head_start  steps of D alone before the first of G
Outcome train_variant(const Variant& variant, int head_start, int generator_steps) {
  ToyGan gan(variant.config);
  for (int i = 0; i < head_start; ++i) gan.discriminator_step();
  Outcome outcome{{variant.name, {}, {}}};
  constexpr int interval = 50;
  for (int step = 0; step <= generator_steps; ++step) {
    if (step % interval == 0) {
      const Snapshot now = take_snapshot(gan);
      outcome.distance.x.push_back(step);
      outcome.distance.y.push_back(now.distance);
      outcome.gap += (now.best_V - now.V) * interval / (generator_steps + interval);
    }
    if (step < generator_steps) gan.step();
  }
  return outcome;
}

constexpr std::size_t shown[] = {0, 2, 4, 10, 20, 30};

void print_distances(const std::vector<Outcome>& outcomes) {
  std::printf("  %-26s", "steps of the generator");
  for (const std::size_t i : shown) std::printf("%9.0f", outcomes[0].distance.x[i]);
  std::printf("   V(D*, G) - V(D, G), mean\n");
  for (const Outcome& outcome : outcomes) {
    std::printf("  %-26s", outcome.distance.name.c_str());
    for (const std::size_t i : shown) std::printf("%9.3f", outcome.distance.y[i]);
    std::printf("%26.3f\n", outcome.gap);
  }
  std::printf("\n");
}

plotting::LinePlot distance_plot(const std::string& title, const std::vector<Outcome>& outcomes) {
  plotting::LinePlot plot{.title = title,
                          .x_label = "step of the generator",
                          .y_label = "distance of p_g from p_data",
                          .series = {},
                          .y_range = {0.01, 20},
                          .y_logarithmic = true};
  for (const Outcome& outcome : outcomes) plot.series.push_back(outcome.distance);
  plot.x_range = {0, plot.series[0].x.back()};
  return plot;
}

/// Both losses of the generator from a start where the discriminator is confident, and several k.
void compare_variants(const Options& options, Results& results) {
  const Config adam{.generator_start = -3, .seed = options.seed};
  Config adam_saturating = adam, sgd = adam, sgd_saturating = adam, k2 = adam, k5 = adam;
  adam_saturating.loss = sgd_saturating.loss = GeneratorLoss::saturating;
  sgd.plain_descent = sgd_saturating.plain_descent = true;
  k2.k = 2;
  k5.k = 5;
  const auto train_all = [](const std::vector<Variant>& variants, int head_start) {
    std::vector<Outcome> outcomes;
    for (const Variant& variant : variants) outcomes.push_back(train_variant(variant, head_start, 1500));
    return outcomes;
  };

  std::printf(
      "From far apart: p_g begins about -3, and D alone has made 500 steps. Distance of p_g from "
      "p_data:\n\n");
  const std::vector<Outcome> losses = train_all({{"log(1 - D), plain descent", sgd_saturating},
                                                 {"-log D, plain descent", sgd},
                                                 {"log(1 - D), Adam", adam_saturating},
                                                 {"-log D, Adam", adam}},
                                                500);
  print_distances(losses);
  for (const Outcome& outcome : losses)
    results.add("distance after 500 steps from far apart, " + outcome.distance.name, outcome.distance.y[10]);

  std::printf(
      "Without that head start; k steps of the discriminator for one of the generator (-log D, Adam):\n\n");
  const std::vector<Outcome> steps_of_D = train_all({{"k = 1", adam}, {"k = 2", k2}, {"k = 5", k5}}, 0);
  print_distances(steps_of_D);
  for (const Outcome& outcome : steps_of_D)
    results.add("mean of V(D*, G) - V(D, G), " + outcome.distance.name, outcome.gap);

  plotting::draw_lines(options.figure("figure_6_1_ways.png"),
                       {distance_plot("Two losses, D having a head start", losses),
                        distance_plot("k steps of D for one of G", steps_of_D)});
}

}  // namespace

void section_6_2(const Options& options, Results& results) {
  train(options, results);
  compare_variants(options, results);
}

}  // namespace plaingrad::chapter6
