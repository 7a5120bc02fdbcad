/// @file
/// Section 5.1: encoder, decoder and the code between them.
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "chapter5/sections.hpp"
#include "evaluation/image_quality.hpp"
#include "math/statistics.hpp"
#include "models/autoencoder.hpp"
#include "optimizers/adam.hpp"
#include "plotting/plot.hpp"
#include "training/fit_reconstruction.hpp"

namespace plaingrad::chapter5 {
namespace {

void print_stage(const std::string& what, const std::string& layer, const Shape& shape) {
  std::printf("  %-14s %-20s %-13s %5td\n", what.c_str(), layer.c_str(), to_string(shape).c_str(),
              element_count(shape));
}

void print_stages(const Sequential& autoencoder) {
  std::printf("  %-14s %-20s %-13s %5s\n", "", "layer", "shape", "numbers");
  print_stage("x", "", autoencoder.shape_after(-1));
  for (Index i = 0; i < autoencoder.layer_count(); ++i) {
    const bool code = i + 1 == autoencoder_encoder_layers, last = i + 1 == autoencoder.layer_count();
    print_stage(code   ? "h = f(x)"
                : last ? "r = g(h)"
                       : "",
                autoencoder.layer_names()[static_cast<std::size_t>(i)], autoencoder.shape_after(i));
  }
  std::printf("\n");
}

/// The mean variance within an image: the error of reconstructing each image as its mean grey.
double variance_within(const Tensor& images) {
  const Index count = images.extent(0), size = images.size() / count;
  double total = 0;
  for (Index n = 0; n < count; ++n) {
    double sum = 0, squares = 0;
    for (Index i = n * size; i < (n + 1) * size; ++i) {
      sum += static_cast<double>(images[i]);
      squares += static_cast<double>(images[i]) * static_cast<double>(images[i]);
    }
    total += squares / static_cast<double>(size) - sum * sum / static_cast<double>(size * size);
  }
  return total / static_cast<double>(count);
}

/// One line of the table. @return the share of the variance that the reconstruction keeps
double print_kept(const std::string& kind, Sequential& autoencoder, const Tensor& x) {
  const Tensor r = reconstruct(autoencoder, x);
  const double error = error_of(r, x), variance = variance_within(x);
  std::printf("  %-26s %9.5f %9.2f %7.3f %9.5f %9.1f %%\n", kind.c_str(), error,
              mean(peak_signal_to_noise(r, x)), mean(structural_similarity(r, x)), variance,
              100 * (1 - error / variance));
  return 1 - error / variance;
}

/// How often each of the eight maps is zero, which ReLU makes of everything negative.
void print_zero_share(const Tensor& h) {
  const Index maps = h.extent(3);
  std::printf("  map of h            ");
  for (Index k = 0; k < maps; ++k) std::printf("%8td", k + 1);
  std::printf("\n  zero, %% of values   ");
  for (Index k = 0; k < maps; ++k) {
    Index zeros = 0;
    for (Index i = k; i < h.size(); i += maps) zeros += h[i] == 0;
    std::printf("%8.1f", 100.0 * static_cast<double>(zeros * maps) / static_cast<double>(h.size()));
  }
  std::printf("\n\n");
}

/// x, the maps of h (each value 4 x 4 pixels, one scale for all) and r of every image, row by row.
Tensor rows_of_codes(const Tensor& x, const Tensor& h, const Tensor& r) {
  const Index count = x.extent(0), maps = h.extent(3), side = x.extent(1), factor = side / h.extent(1);
  const Real greatest = *std::max_element(h.values.begin(), h.values.end());
  Tensor pictures({count * (maps + 2), side, side, 1});
  Index next = 0;
  for (Index n = 0; n < count; ++n)
    for (Index k = -1; k <= maps; ++k)
      for (Index i = 0; i < side; ++i)
        for (Index j = 0; j < side; ++j) {
          const Index pixel = (n * side + i) * side + j;
          const Index value = ((n * h.extent(1) + i / factor) * h.extent(2) + j / factor) * maps + k;
          pictures[next++] = k < 0 ? x[pixel] : k == maps ? r[pixel] : h[value] / greatest;
        }
  return pictures;
}

/// Three digits, two clothes and one picture of pure noise.
Tensor examples(const Images& images, const Tensor& pure_noise) {
  Tensor x = slice(images.test, 0, 3);
  for (const Tensor& more : {slice(images.fashion, 0, 2), slice(pure_noise, 0, 1)})
    x.values.insert(x.values.end(), more.values.begin(), more.values.end());
  x.shape[0] = 6;
  return x;
}

void draw_codes(const Options& options, const Images& images, Sequential& autoencoder,
                const Tensor& pure_noise) {
  const Tensor x = examples(images, pure_noise);
  const Tensor h = autoencoder.forward_to(x, autoencoder_encoder_layers);
  const Tensor r = autoencoder.forward_to(h, autoencoder.layer_count(), autoencoder_encoder_layers);
  std::vector<std::string> captions;
  for (Index n = 0; n < x.extent(0); ++n) {
    const auto position = static_cast<std::size_t>(n);
    captions.push_back(n < 3   ? "x: a " + std::to_string(images.digit[position])
                       : n < 5 ? "x: " + images.fashion_names[position - 3]
                               : "x: noise");
    for (Index k = 1; k <= h.extent(3); ++k) captions.push_back("h, map " + std::to_string(k));
    char text[32];
    std::snprintf(text, sizeof text, "r, MSE %.4f", error_of(slice(r, n, 1), slice(x, n, 1)));
    captions.push_back(text);
  }
  plotting::draw_images(options.figure("figure_5_1_codes.png"), rows_of_codes(x, h, r), captions,
                        static_cast<int>(h.extent(3)) + 2,
                        "Image, code and reconstruction; learned from digits only");
}

Sequential train_autoencoder(const Images& images, Random& random) {
  Sequential autoencoder = make_autoencoder(random);
  print_stages(autoencoder);
  Adam optimizer;
  Progress progress("5.1 autoencoder", std::cerr, false);
  const History history =
      fit_reconstruction(autoencoder, optimizer, {images.train, images.train}, {images.test, images.test},
                         {.epochs = images.epochs, .progress = &progress}, random);
  std::printf(
      "Trained for %d epochs to give back %td digits: mean squared error %.5f, %.5f on new digits.\n\n",
      images.epochs, images.train.extent(0), history.back().loss, history.back().validation_loss);
  return autoencoder;
}

/// How much of digits, clothes and noise is reconstructed from their codes.
void compare_reconstructions(const Options& options, const Images& images, Sequential& plain, Random& random,
                             Results& results) {
  Tensor pure_noise(images.test.shape);
  random.fill_uniform(pure_noise, 0, 1);
  std::printf("What comes back of pictures of which kind:\n\n");
  std::printf("  %-26s %9s %9s %7s %9s %11s\n", "", "MSE", "PSNR, dB", "SSIM", "variance", "kept");
  results.add("share of variance kept, digits", print_kept("digits not seen before", plain, images.test));
  results.add("share of variance kept, clothes", print_kept("clothes", plain, images.fashion));
  results.add("share of variance kept, noise", print_kept("noise, uniform on 0 ... 1", plain, pure_noise));
  std::printf("\n");
  const Tensor some = slice(images.test, 0, 100);
  print_zero_share(plain.forward_to(some, autoencoder_encoder_layers));
  draw_codes(options, images, plain, pure_noise);
}

}  // namespace

Sequential section_5_1(const Options& options, const Images& images, Random& random, Results& results) {
  std::printf("5.1 Encoder h = f(x), decoder r = g(h)\n\n");
  Sequential plain = train_autoencoder(images, random);
  compare_reconstructions(options, images, plain, random, results);
  return plain;
}

}  // namespace plaingrad::chapter5
