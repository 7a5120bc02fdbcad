/// @file
/// Chapter 5 step by step. Each function prints what it finds and draws its figures.
#pragma once

#include <string>
#include <vector>

#include "layers/sequential.hpp"
#include "program.hpp"

namespace plaingrad::chapter5 {

/// Standard deviation of the noise that the denoising autoencoder is trained on.
inline constexpr double noise = 0.6;

/// What the chapter works with: digits to learn from, digits and other pictures to look at, all in [0, 1].
struct Images {
  Tensor train, test;  ///< digits
  Tensor fashion;      ///< clothes: pictures that are no digits
  int epochs = 2;
  std::vector<int> digit;                  ///< which digit each test image shows
  std::vector<std::string> fashion_names;  ///< what each picture of `fashion` shows

  explicit Images(const Options& options);
};

/// 5.1: the autoencoder stage by stage, and trained to give back the digits it is given.
Sequential encoder_and_decoder(const Images& images, Random& random);
/// 5.1: codes of digits, clothes and noise, and how much of each comes back.
void what_the_code_keeps(const Options& options, const Images& images, Sequential& plain, Random& random,
                         Results& results);

/// 5.2: C(x~ | x) in pictures and numbers.
void corruption(const Options& options, const Images& images, Random& random);
/// (5.1) beside the mean squared error: values, gradients, and the best sigma.
void likelihood(const Options& options, const Images& images, Sequential& autoencoder, Random& random,
                Results& results);
/// (5.2): an autoencoder trained on (noisy, clean) pairs, and the expectation epoch by epoch.
Sequential denoising_training(const Images& images, Random& random, Results& results);
/// Fig. 5.1 with a real image at every stage.
void training_procedure(const Options& options, const Images& images, Sequential& denoising, Random& random,
                        Results& results);
/// Both autoencoders on clean and on noisy digits.
void with_and_without_noise(const Images& images, Sequential& plain, Sequential& denoising, Random& random,
                            Results& results);

/// Mean squared error.
double error_of(const Tensor& r, const Tensor& x);

}  // namespace plaingrad::chapter5
