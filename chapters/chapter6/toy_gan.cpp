#include "chapter6/toy_gan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "layers/dense.hpp"
#include "losses/adversarial.hpp"
#include "math/statistics.hpp"
#include "neuron/activation.hpp"

namespace plaingrad::chapter6 {

Tensor sample_data(Index count, Random& random) {
  Tensor x({count, 1});
  random.fill_normal(x, data_mean, data_deviation);
  return x;
}

Tensor sample_noise(Index count, Random& random) {
  Tensor z({count, 1});
  random.fill_normal(z);
  return z;
}

double gaussian(double x, double mean, double deviation) {
  const double d = (x - mean) / deviation;
  return std::exp(-d * d / 2) / (deviation * std::sqrt(2 * std::numbers::pi));
}

//! [networks]
ToyGan::ToyGan(const Config& config)
    : config_(config),
      random_(config.seed),
      G_("generator", {1}),
      D_("discriminator", {1}),
      G_adam_({.learning_rate = 0.001, .beta1 = 0.5}),
      D_adam_({.learning_rate = 0.002, .beta1 = 0.5}),
      G_sgd_({.initial = 0.05}),
      trainer_(G_, D_, config.plain_descent ? static_cast<Optimizer&>(G_sgd_) : G_adam_, D_adam_,
               config.loss) {
  G_.add<Dense>(16, Activation::tanh);
  G_.add<Dense>(1);
  G_.build(random_);
  G_.parameters().back()->value[0] = static_cast<Real>(config.generator_start);
  D_.add<Dense>(16, Activation::tanh);
  D_.add<Dense>(16, Activation::tanh);
  D_.add<Dense>(1);
  D_.build(random_);
}
//! [networks]

//! [algorithm]
void ToyGan::discriminator_step() {
  const Tensor z = sample_noise(m, random_);  // step 1
  const Tensor x = sample_data(m, random_);   // step 2
  trainer_.discriminator_step(x, z);          // step 3, (6.2)
}

void ToyGan::step() {
  for (int i = 0; i < config_.k; ++i) discriminator_step();
  const Tensor z = sample_noise(m, random_);  // step 4
  trainer_.generator_step(z);                 // step 5, (6.3)
}
//! [algorithm]

Tensor ToyGan::generate(Index count) {
  const Tensor z = sample_noise(count, random_);
  return G_.forward(z, Mode::inference);
}

namespace {

/// Kernel density estimate of the samples, with a Gaussian kernel.
double kernel_density(const Tensor& samples, double x, double width) {
  double sum = 0;
  for (const Real s : samples.values) sum += gaussian(x, static_cast<double>(s), width);
  return sum / static_cast<double>(samples.size());
}

double mean_D(const Tensor& logits) {
  double sum = 0;
  for (const Real logit : logits.values) sum += static_cast<double>(sigmoid(logit));
  return sum / static_cast<double>(logits.size());
}

double deviation_of(const Tensor& t) {
  const double average = mean(t.values);
  double sum = 0;
  for (const Real v : t.values) sum += std::pow(static_cast<double>(v) - average, 2);
  return std::sqrt(sum / static_cast<double>(t.size() - 1));
}

/// Wasserstein-1 distance of two samples of the same size: the mean difference once both are sorted.
double wasserstein_distance(Tensor a, Tensor b) {
  std::sort(a.values.begin(), a.values.end());
  std::sort(b.values.begin(), b.values.end());
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += std::abs(static_cast<double>(a[i] - b[i]));
  return sum / static_cast<double>(a.size());
}

void fill_curves(Snapshot& now, ToyGan& gan, const Tensor& generated) {
  constexpr double width = 0.1, left = -3, right = 3.5;
  constexpr int points = 131;
  constexpr double dx = (right - left) / (points - 1);
  for (int i = 0; i < points; ++i) now.x.push_back(left + i * dx);
  Tensor x({points, 1});
  std::copy(now.x.begin(), now.x.end(), x.values.begin());
  const Tensor logits = gan.logits(x);
  for (int i = 0; i < points; ++i) {
    const double at = now.x[static_cast<std::size_t>(i)];
    const double p_data = gaussian(at, data_mean, std::hypot(data_deviation, width));
    const double p_g = kernel_density(generated, at, width);
    const double best_D = p_data / (p_data + p_g);
    now.p_data.push_back(p_data);
    now.p_g.push_back(p_g);
    now.D.push_back(static_cast<double>(sigmoid(logits[i])));
    now.best_D.push_back(p_data + p_g > 0.01 ? best_D : std::numeric_limits<double>::quiet_NaN());
    if (p_data > 1e-12 && p_g > 1e-12)
      now.best_V += (p_data * std::log(best_D) + p_g * std::log(1 - best_D)) * dx;
  }
}

}  // namespace

Snapshot take_snapshot(ToyGan& gan) {
  const std::string state = gan.random().state();
  constexpr Index count = 4000;
  const Tensor generated = gan.generate(count), x = sample_data(count, gan.random());
  gan.random().restore(state);

  Snapshot now;
  fill_curves(now, gan, generated);
  const Tensor real_logits = gan.logits(x), generated_logits = gan.logits(generated);
  now.V = minimax_value(real_logits, generated_logits);
  now.D_real = mean_D(real_logits);
  now.D_generated = mean_D(generated_logits);
  now.mean = mean(generated.values);
  now.deviation = deviation_of(generated);
  now.distance = wasserstein_distance(generated, x);
  return now;
}

}  // namespace plaingrad::chapter6
