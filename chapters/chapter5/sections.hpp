/// @file
/// The sections of chapter 5. Each prints what it works out, draws its figures and adds its numbers to the
/// results.
#pragma once

#include <string>
#include <vector>

#include "layers/sequential.hpp"
#include "program.hpp"

namespace plaingrad::chapter5 {

/// Standard deviation of the noise that the denoising autoencoder is trained on.
inline constexpr double noise = 0.6;

/// The images of this chapter: digits to train on, digits and other pictures to test on, all in [0, 1].
struct Images {
  Tensor train, test;  ///< digits
  Tensor fashion;      ///< clothes: pictures that are no digits
  int epochs = 2;
  std::vector<int> digit;                  ///< which digit each test image shows
  std::vector<std::string> fashion_names;  ///< what each picture of `fashion` shows

  explicit Images(const Options& options);
};

/// Encoder and decoder: the autoencoder trained to reconstruct digits, their codes, and how much of digits,
/// clothes and noise is reconstructed. @return the trained autoencoder
Sequential section_5_1(const Options& options, const Images& images, Random& random, Results& results);
/// Denoising: C(x~ | x), the loss (5.1), training on (5.2), Fig. 5.1.
/// @param plain  the autoencoder of section 5.1
void section_5_2(const Options& options, const Images& images, Sequential& plain, Random& random,
                 Results& results);

/// Fig. 5.1 with a real image at every stage.
void draw_figure_5_1(const Options& options, const Images& images, Sequential& denoising, Random& random,
                     Results& results);

/// Mean squared error.
double error_of(const Tensor& r, const Tensor& x);

}  // namespace plaingrad::chapter5
