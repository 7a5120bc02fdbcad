/// @file
/// Section 5.2: corruption, the loss (5.1) as a likelihood, training on (5.2).
#include <cmath>
#include <cstdio>
#include <iostream>

#include "chapter5/sections.hpp"
#include "evaluation/image_quality.hpp"
#include "losses/gaussian_likelihood.hpp"
#include "losses/loss.hpp"
#include "math/statistics.hpp"
#include "models/autoencoder.hpp"
#include "models/denoising.hpp"
#include "optimizers/adam.hpp"
#include "plotting/plot.hpp"
#include "training/fit_reconstruction.hpp"

namespace plaingrad::chapter5 {
namespace {

constexpr double sigma = 0.2;  // of the decoder's Gaussian, where one has to be chosen

// ---- corruption ------------------------------------------------------------------------------------------

/// Share of the values that are clipped to 0 or 1.
double clipped_share(const Tensor& tensor) {
  Index count = 0;
  for (const Real value : tensor.values) count += value <= 0 || value >= 1;
  return static_cast<double>(count) / static_cast<double>(tensor.size());
}

void print_corruption(const Tensor& x, Random& random) {
  std::printf("  noise   mean of x~   std of x~ - x   at 0 or 1   PSNR, dB\n");
  for (const double amount : {0.0, 0.2, 0.6, 1.0}) {
    const Tensor noisy = corrupt(x, amount, random);
    const double decibels = amount > 0 ? mean(peak_signal_to_noise(noisy, x)) : HUGE_VAL;
    const double bias = mean(noisy.values) - mean(x.values);
    std::printf("  %5.1f %12.4f %15.4f %9.1f %% %10.2f\n", amount, mean(noisy.values),
                std::sqrt(std::max(0.0, error_of(noisy, x) - bias * bias)), 100 * clipped_share(noisy),
                decibels);
  }
  std::printf("\n");
}

// ---- likelihood ------------------------------------------------------------------------------------------

/// x + t (x~ - x).
Tensor interpolated(const Tensor& x, const Tensor& noisy, double t) {
  Tensor r(x.shape);
  for (Index i = 0; i < x.size(); ++i) r[i] = x[i] + static_cast<Real>(t) * (noisy[i] - x[i]);
  return r;
}

double loss_5_1(const Tensor& r, const Tensor& x, double deviation) {
  Tensor gradient;
  return gaussian_negative_log_likelihood(r, x, deviation, gradient);
}

/// The gradient of a loss with respect to all parameters, one after another.
std::vector<double> parameter_gradient(Sequential& model, const Tensor& dL_dr) {
  model.zero_gradients();
  model.backward(dL_dr);
  std::vector<double> all;
  for (const Parameter* parameter : model.parameters())
    all.insert(all.end(), parameter->gradient.values.begin(), parameter->gradient.values.end());
  return all;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void print_values(const Tensor& x, const Tensor& noisy) {
  std::printf("(5.1) for r on the way from the clean to the noisy image, n = %td pixels\n\n", x.size());
  std::printf("                           sigma 0.2               sigma 0.5               sigma 1\n");
  std::printf("     t       MSE       L  (L - L0)/MSE       L  (L - L0)/MSE       L  (L - L0)/MSE\n");
  for (const double t : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const Tensor r = interpolated(x, noisy, t);
    const double error = error_of(r, x);
    std::printf("  %4.2f %9.5f", t, error);
    for (const double deviation : {0.2, 0.5, 1.0}) {
      const double L = loss_5_1(r, x, deviation), rise = L - loss_5_1(x, x, deviation);
      if (t > 0)
        std::printf(" %7.1f %13.1f ", L, rise / error);
      else
        std::printf(" %7.1f %13s ", L, "");
    }
    std::printf("\n");
  }
  std::printf("  n / (2 sigma^2)");
  for (const double deviation : {0.2, 0.5, 1.0})
    std::printf("%*.1f", deviation < 0.3 ? 21 : 23,
                static_cast<double>(x.size()) / (2 * deviation * deviation));
  std::printf("\n\n");
}

/// Both gradients through the whole network, for one mini-batch.
void print_gradients(Sequential& autoencoder, const Tensor& x, const Tensor& noisy, Results& results) {
  Tensor likelihood_gradient, squares_gradient;
  const Tensor r = autoencoder.forward(noisy, Mode::training);
  gaussian_negative_log_likelihood(r, x, sigma, likelihood_gradient);
  mean_squared_error(r, x, squares_gradient);
  const auto a = parameter_gradient(autoencoder, likelihood_gradient);
  const auto b = parameter_gradient(autoencoder, squares_gradient);
  const double cosine = dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
  std::printf("Their gradients in the %zu parameters, %td images: cosine of the angle %.6f,\n", a.size(),
              x.extent(0), cosine);
  std::printf("quotient of the lengths %.1f; n / (2 sigma^2) = %.1f with sigma %.1f.\n\n",
              std::sqrt(dot(a, a) / dot(b, b)), static_cast<double>(x.size()) / (2 * sigma * sigma), sigma);
  results.add("cosine between the gradients of (5.1) and of the mean squared error", cosine);
}

plotting::LinePlot loss_from_clean_to_noisy(const Tensor& x, const Tensor& noisy) {
  plotting::LinePlot plot{.title = "One minimum, whatever sigma is",
                          .x_label = "t: r from the clean image (0) to the noisy one (1)",
                          .y_label = "(5.1) above its least value",
                          .series = {},
                          .legend = plotting::Legend::top_left};
  for (const double deviation : {0.4, 0.5, 0.7, 1.0}) {
    char name[32];
    std::snprintf(name, sizeof name, "sigma %.1f", deviation);
    plotting::Series series{.name = name, .x = {}, .y = {}};
    for (double t = -0.3; t <= 1.001; t += 0.05) {
      series.x.push_back(t);
      series.y.push_back(loss_5_1(interpolated(x, noisy, t), x, deviation) - loss_5_1(x, x, deviation));
    }
    plot.series.push_back(series);
  }
  return plot;
}

plotting::LinePlot loss_over_sigma(const Tensor& x, const Tensor& noisy) {
  plotting::LinePlot plot{.title = "Best sigma: the root of the mean squared error",
                          .x_label = "sigma",
                          .y_label = "(5.1)",
                          .series = {},
                          .y_range = {-800, 2200}};
  plotting::Series best{
      .name = "sigma^2 = MSE", .x = {}, .y = {}, .style = plotting::Style::points, .colour = 3};
  for (const double t : {0.25, 0.5, 1.0}) {
    const Tensor r = interpolated(x, noisy, t);
    const double error = error_of(r, x);
    char name[32];
    std::snprintf(name, sizeof name, "MSE %.3f", error);
    plotting::Series series{.name = name, .x = {}, .y = {}};
    for (double deviation = 0.06; deviation < 1.0; deviation += 0.01) {
      const double L = loss_5_1(r, x, deviation);
      if (L > 1500) continue;
      series.x.push_back(deviation);
      series.y.push_back(L);
    }
    plot.series.push_back(series);
    best.x.push_back(std::sqrt(error));
    best.y.push_back(loss_5_1(r, x, std::sqrt(error)));
  }
  plot.series.push_back(best);
  return plot;
}

/// C(x~ | x) in pictures and numbers.
void show_corruption(const Options& options, const Images& images, Random& random) {
  std::printf("5.2 Corruption: x~ from C(x~ | x) = clip(x + noise N(0, 1), 0, 1)\n\n");
  print_corruption(images.test, random);
  Tensor row({8, 28, 28, 1});
  std::vector<std::string> captions;
  for (Index k = 0; k < 8; ++k) {
    const double amount = 0.2 * static_cast<double>(k);
    const Tensor noisy = corrupt(slice(images.test, 0, 1), amount, random);
    std::copy(noisy.values.begin(), noisy.values.end(), row.data() + k * noisy.size());
    char text[32];
    std::snprintf(text, sizeof text, "noise %.1f", amount);
    captions.push_back(text);
  }
  plotting::draw_images(options.figure("figure_5_1_corruption.png"), row, captions, 8);
}

/// (5.1) beside the mean squared error: values, gradients, and the best sigma.
void compare_losses(const Options& options, const Images& images, Sequential& autoencoder, Random& random,
                    Results& results) {
  const Tensor x = slice(images.test, 0, 1), noisy = corrupt(x, noise, random);
  print_values(x, noisy);
  const Tensor batch = slice(images.test, 0, 32);
  print_gradients(autoencoder, batch, corrupt(batch, noise, random), results);
  plotting::draw_lines(options.figure("figure_5_1_loss.png"),
                       {loss_from_clean_to_noisy(x, noisy), loss_over_sigma(x, noisy)}, 2);
}

// ---- training --------------------------------------------------------------------------------------------

/// An autoencoder trained on (noisy, clean) pairs, and the expectation (5.2) epoch by epoch.
Sequential train_denoising(const Images& images, Random& random, Results& results) {
  std::printf("(5.2) Training on %td pairs (x~, x), noise %.1f; (5.2) on %td new digits, sigma %.1f\n\n",
              images.train.extent(0), noise, images.test.extent(0), sigma);
  std::printf("  epoch   MSE, training   (5.2), 1 draw   (5.2), 4 draws\n");
  Sequential autoencoder = make_autoencoder(random);
  Random draws = random.split();
  double latest = 0;
  const auto report = [&](const Epoch& epoch) {
    latest = denoising_loss(autoencoder, images.test, noise, sigma, 4, draws);
    std::printf("  %5d", epoch.number);
    epoch.number == 0 ? std::printf(" %15s", "") : std::printf(" %15.5f", epoch.loss);
    std::printf(" %15.2f %16.2f\n", denoising_loss(autoencoder, images.test, noise, sigma, 1, draws), latest);
  };
  report({});
  const Tensor noisy = corrupt(images.train, noise, random), noisy_test = corrupt(images.test, noise, random);
  Adam optimizer;
  Progress progress("5.2 denoising", std::cerr, false);
  fit_reconstruction(autoencoder, optimizer, {noisy, images.train}, {noisy_test, images.test},
                     {.epochs = images.epochs, .progress = &progress, .after_epoch = report}, random);
  std::printf("  least possible, r = x: %.2f\n\n", 784 * std::log(2 * M_PI * sigma * sigma) / 2);
  results.add("(5.2) on new digits after training", latest);
  return autoencoder;
}

/// Both autoencoders on clean and on noisy digits.
void compare_autoencoders(const Images& images, Sequential& plain, Sequential& denoising, Random& random,
                          Results& results) {
  const Tensor noisy = corrupt(images.test, noise, random);
  std::printf("Mean squared error to the clean digits, %td new digits\n\n", images.test.extent(0));
  std::printf("  %-36s %12s %12s\n", "given", "clean x", "noisy x~");
  const auto row = [&](const std::string& what, double clean, double restored) {
    std::printf("  %-36s %12.5f %12.5f\n", what.c_str(), clean, restored);
    results.add("MSE on noisy digits, " + what, restored);
  };
  row("as it is", 0, error_of(noisy, images.test));
  row("autoencoder of 5.1, never saw noise", error_of(reconstruct(plain, images.test), images.test),
      error_of(reconstruct(plain, noisy), images.test));
  row("autoencoder of 5.2, trained on noise", error_of(reconstruct(denoising, images.test), images.test),
      error_of(reconstruct(denoising, noisy), images.test));
  std::printf("\n");
}

}  // namespace

void section_5_2(const Options& options, const Images& images, Sequential& plain, Random& random,
                 Results& results) {
  show_corruption(options, images, random);
  compare_losses(options, images, plain, random, results);
  Sequential denoising = train_denoising(images, random, results);
  draw_figure_5_1(options, images, denoising, random, results);
  compare_autoencoders(images, plain, denoising, random, results);
}

}  // namespace plaingrad::chapter5
