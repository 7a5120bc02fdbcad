/// @file
/// Section 6.1: the value of the game, the discriminator that is best, and the two losses of the generator.
#include <cmath>
#include <cstdio>

#include "chapter6/sections.hpp"
#include "chapter6/toy_gan.hpp"
#include "losses/adversarial.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter6 {

namespace {

/// p_g is no network's here but a Gaussian of known density, so that the best D is known too.
constexpr double p_g_mean = 0, p_g_deviation = 0.8;

double p_data(double x) {
  return gaussian(x, data_mean, data_deviation);
}
double p_g(double x) {
  return gaussian(x, p_g_mean, p_g_deviation);
}

/// p_data / (p_data + p_g) as a logit: log p_data - log p_g, which no rounding spoils.
double best_logit(double x) {
  const double a = (x - data_mean) / data_deviation, b = (x - p_g_mean) / p_g_deviation;
  return (b * b - a * a) / 2 + std::log(p_g_deviation / data_deviation);
}

double D_of(double logit) {
  return 1 / (1 + std::exp(-logit));
}

/// A discriminator, by its logit.
struct Discriminator {
  std::string name;
  double (*logit)(double x);
};
const std::vector<Discriminator> discriminators = {
    {"always 1/2", [](double) { return 0.0; }},
    {"the other way round, 1 - D*", [](double x) { return -best_logit(x); }},
    {"a step at 1/2: 0.1, then 0.9", [](double x) { return x < 0.5 ? -std::log(9.0) : std::log(9.0); }},
    {"half as sure as D*", [](double x) { return 0.5 * best_logit(x); }},
    {"D* = p_data / (p_data + p_g)", best_logit},
    {"twice as sure as D*", [](double x) { return 2 * best_logit(x); }},
};

Tensor logits_of(const Discriminator& D, const Tensor& samples) {
  Tensor logits(samples.shape);
  for (Index i = 0; i < samples.size(); ++i)
    logits[i] = static_cast<Real>(D.logit(static_cast<double>(samples[i])));
  return logits;
}

/// -log 4 + 2 JSD(p_data, p_g), integrated: what (6.1) comes to for the best D.
double best_value() {
  double sum = 0;
  constexpr double dx = 0.001;
  for (double x = -6; x < 6; x += dx) {
    const double d = D_of(best_logit(x));
    sum += (p_data(x) * std::log(d) + p_g(x) * std::log(1 - d)) * dx;
  }
  return sum;
}

void draw_discriminators(const Options& options) {
  using plotting::Series;
  using plotting::Style;
  Series data{"p_data", {}, {}, Style::dashed}, generated{"p_g", {}, {}};
  std::vector<Series> D = {
      {"D*", {}, {}}, {"twice as sure", {}, {}, Style::dashed}, {"half as sure", {}, {}, Style::dashed}};
  for (double x = -3; x <= 3.5; x += 0.02) {
    data.x.push_back(x);
    data.y.push_back(p_data(x));
    generated.x.push_back(x);
    generated.y.push_back(p_g(x));
    const double factor[] = {1, 2, 0.5};
    for (std::size_t i = 0; i < D.size(); ++i) {
      D[i].x.push_back(x);
      D[i].y.push_back(D_of(factor[i] * best_logit(x)));
    }
  }
  plotting::draw_lines(options.figure("figure_6_1_best_discriminator.png"),
                       {{.title = "Two densities and the best discriminator between them",
                         .x_label = "x",
                         .y_label = "density; D(x)",
                         .series = {data, generated, D[0], D[1], D[2]},
                         .x_range = {-3, 3.5},
                         .y_range = {0, 1.05},
                         .legend = plotting::Legend::below}});
}

/// The value (6.1) for several discriminators, and the best one.
void compare_discriminators(const Options& options, Results& results) {
  constexpr Index count = 20000;
  Random random(options.seed);
  const Tensor x = sample_data(count, random);
  Tensor generated({count, 1});
  random.fill_normal(generated, p_g_mean, p_g_deviation);

  std::printf("6.1 The game\n\n");
  std::printf(
      "x is Gaussian, mean %.1f, standard deviation %.1f; G(z) for now too, mean %.1f, deviation %.1f.\n\n",
      data_mean, data_deviation, p_g_mean, p_g_deviation);
  std::printf("  %-34s%26s\n", "discriminator", "V(D, G)  (6.1), samples");
  for (const Discriminator& D : discriminators)
    std::printf("  %-34s%26.4f\n", D.name.c_str(), minimax_value(logits_of(D, x), logits_of(D, generated)));
  std::printf("\n  the best value, integrated        %26.4f\n", best_value());
  std::printf("  -log 4, if p_g were p_data        %26.4f\n\n", -std::log(4.0));
  results.add("(6.1) of the best D, samples",
              minimax_value(logits_of(discriminators[4], x), logits_of(discriminators[4], generated)));
  results.add("(6.1) of the best D, integrated", best_value());
  draw_discriminators(options);
}

/// The saturating and the non-saturating loss and their gradients.
void compare_generator_losses(const Options& options, Results& results) {
  struct LossCurves {
    GeneratorLoss kind;
    plotting::Series loss, slope;
  };
  LossCurves kinds[] = {
      {GeneratorLoss::saturating, {"log(1 - D), saturating", {}, {}}, {"saturating", {}, {}}},
      {GeneratorLoss::non_saturating, {"-log D, non-saturating", {}, {}}, {"non-saturating", {}, {}}}};
  Tensor gradient;
  const auto logit = [](double D) { return static_cast<Real>(std::log(D / (1 - D))); };
  for (LossCurves& k : kinds)
    for (double D = 0.005; D < 0.996; D += 0.005) {
      k.loss.x.push_back(D);
      k.loss.y.push_back(generator_loss(k.kind, Tensor({1, 1}, {logit(D)}), gradient));
      k.slope.x.push_back(D);
      k.slope.y.push_back(static_cast<double>(gradient[0]));
    }
  plotting::draw_lines(options.figure("figure_6_1_generator_losses.png"),
                       {{.title = "What the generator descends",
                         .x_label = "D(G(z))",
                         .y_label = "loss",
                         .series = {kinds[0].loss, kinds[1].loss},
                         .x_range = {0, 1}},
                        {.title = "Its gradient, by the logit of D(G(z))",
                         .x_label = "D(G(z))",
                         .y_label = "gradient",
                         .series = {kinds[0].slope, kinds[1].slope},
                         .x_range = {0, 1},
                         .y_range = {-1.05, 0.05},
                         .legend = plotting::Legend::none}},
                       2);

  std::printf("The two losses of the generator, and their gradients by the logit of D(G(z)):\n\n");
  std::printf("  %8s%16s%12s%16s%12s\n", "D(G(z))", "log(1 - D)", "gradient", "-log D", "gradient");
  for (const double D : {0.001, 0.01, 0.1, 0.5, 0.9, 0.99}) {
    std::printf("  %8.3f", D);
    for (const LossCurves& k : kinds) {
      const double loss = generator_loss(k.kind, Tensor({1, 1}, {logit(D)}), gradient);
      std::printf("%16.4f%12.4f", loss, static_cast<double>(gradient[0]));
    }
    std::printf("\n");
  }
  std::printf("\n");
  generator_loss(GeneratorLoss::saturating, Tensor({1, 1}, {logit(0.01)}), gradient);
  results.add("gradient at D(G(z)) = 0.01, saturating", gradient[0]);
  generator_loss(GeneratorLoss::non_saturating, Tensor({1, 1}, {logit(0.01)}), gradient);
  results.add("gradient at D(G(z)) = 0.01, non-saturating", gradient[0]);
}

}  // namespace

void section_6_1(const Options& options, Results& results) {
  compare_discriminators(options, results);
  compare_generator_losses(options, results);
}

}  // namespace plaingrad::chapter6
