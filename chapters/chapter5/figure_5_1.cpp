/// @file
/// Fig. 5.1: the training procedure of a denoising autoencoder, with a real image at every stage.
#include <algorithm>
#include <cstdio>

#include "chapter5/sections.hpp"
#include "losses/gaussian_likelihood.hpp"
#include "models/autoencoder.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter5 {
namespace {

/// One image as a picture.
Tensor picture_of(const Tensor& image) {
  return Tensor({image.extent(1), image.extent(2)}, image.values);
}

/// The maps of a code beside each other, four in a row, between them a line of one pixel; the greatest value
/// is white.
Tensor picture_of_code(const Tensor& h) {
  const Index side = h.extent(1), maps = h.extent(3);
  const Real greatest = std::max(Real(1e-6), *std::max_element(h.values.begin(), h.values.end()));
  Tensor picture({maps / 4 * (side + 1) - 1, 4 * side + 3});
  picture.fill(1);
  for (Index k = 0; k < maps; ++k)
    for (Index i = 0; i < side; ++i)
      for (Index j = 0; j < side; ++j) {
        const Index row = k / 4 * (side + 1) + i, column = k % 4 * (side + 1) + j;
        picture[row * picture.extent(1) + column] = h[(i * side + j) * maps + k] / greatest;
      }
  return picture;
}

}  // namespace

void draw_figure_5_1(const Options& options, const Images& images, Sequential& denoising, Random& random,
                     Results& results) {
  const double sigma = 0.2;
  //! [procedure]
  const Tensor x = slice(images.test, 0, 1);                                   // from the data
  const Tensor x_noisy = corrupt(x, noise, random);                            // C(x~ | x)
  const Tensor h = denoising.forward_to(x_noisy, autoencoder_encoder_layers);  // h = f(x~)
  const Tensor r = denoising.forward_to(h, denoising.layer_count(), autoencoder_encoder_layers);  // r = g(h)
  Tensor gradient;
  const double L = gaussian_negative_log_likelihood(r, x, sigma, gradient);  // -log p_decoder(x | h)
  //! [procedure]
  std::printf("Fig. 5.1, one image: MSE of x~ %.5f, of r %.5f; L = %.1f with sigma %.1f\n\n",
              error_of(x_noisy, x), error_of(r, x), L, sigma);
  results.add("Fig. 5.1, mean squared error of r", error_of(r, x));

  char loss[80], corrupted[80];
  std::snprintf(loss, sizeof loss, "L = −log p(x | h)   (5.1)\nMSE %.4f, L = %.0f with σ = %.1f",
                error_of(r, x), L, sigma);
  std::snprintf(corrupted, sizeof corrupted, "C(x̃ | x)\nclip(x + %.1f N(0,1),\n0, 1)", noise);
  enum { image, corruption, noisy, encoder, code, decoder, restored, comparison };
  plotting::draw_diagram(
      options.figure("figure_5_1_denoising.png"),
      {.title = "Training a denoising autoencoder",
       .nodes =
           {{.x = 0.65, .y = 0, .text = "x", .width = 1.3, .height = 1.5, .picture = picture_of(x)},
            {.x = 2.2, .y = 0, .text = corrupted, .width = 1.4, .height = 0.9, .colour = 1},
            {.x = 3.75, .y = 0, .text = "x̃", .width = 1.3, .height = 1.5, .picture = picture_of(x_noisy)},
            {.x = 5.3, .y = 0, .text = "f\nencoder", .width = 1, .height = 0.9, .colour = 2},
            {.x = 5.3,
             .y = 1.75,
             .text = "h: 7 × 7 × 8",
             .width = 1.5,
             .height = 1.1,
             .picture = picture_of_code(h)},
            {.x = 5.3, .y = 3.5, .text = "g\ndecoder", .width = 1, .height = 0.9, .colour = 2},
            {.x = 3.75, .y = 3.5, .text = "r", .width = 1.3, .height = 1.5, .picture = picture_of(r)},
            {.x = 0.65, .y = 3.5, .text = loss, .width = 2.6, .height = 0.9, .colour = 3}},
       .arrows = {{image, corruption, ""},
                  {corruption, noisy, ""},
                  {noisy, encoder, ""},
                  {encoder, code, ""},
                  {code, decoder, ""},
                  {decoder, restored, ""},
                  {restored, comparison, ""},
                  {image, comparison, "what r should be"}},
       .pixel_width = 740,
       .pixel_height = 560});
}

}  // namespace plaingrad::chapter5
