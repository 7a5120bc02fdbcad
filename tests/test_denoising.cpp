/// @file
/// Chapter 5: (5.1) and (5.2) by hand and by differences, the corruption, and training on noisy images.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "data/dataset.hpp"
#include "layers/conv2d.hpp"
#include "losses/gaussian_likelihood.hpp"
#include "losses/loss.hpp"
#include "math/statistics.hpp"
#include "math/threads.hpp"
#include "models/autoencoder.hpp"
#include "models/denoising.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/sgd.hpp"
#include "training/fit_reconstruction.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

namespace {

Tensor grey(Shape shape, Real value) {
  Tensor tensor(std::move(shape));
  tensor.fill(value);
  return tensor;
}

Tensor random_tensor(Shape shape, std::uint64_t seed) {
  Tensor tensor(std::move(shape));
  Random random(seed);
  random.fill_uniform(tensor, 0, 1);
  return tensor;
}

/// Value of (5.1) alone.
double loss_5_1(const Tensor& r, const Tensor& x, double sigma) {
  Tensor gradient;
  return gaussian_negative_log_likelihood(r, x, sigma, gradient);
}

/// r = weight x~ + bias for every pixel by itself: the smallest network there is.
Sequential one_weight(Random& random, Real weight) {
  Sequential model("one weight", {1, 1, 1});
  model.add<Conv2D>(1, 1, ConvolutionOptions{});
  model.build(random);
  model.parameters()[0]->value[0] = weight;
  return model;
}

struct MeanAndDeviation {
  double mean = 0, deviation = 0;
};
MeanAndDeviation moments(const Tensor& tensor) {
  const double average = mean(tensor.values);
  double squares = 0;
  for (const Real value : tensor.values) squares += (value - average) * (value - average);
  return {average, std::sqrt(squares / static_cast<double>(tensor.size()))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(denoising)

// ---- (5.1) -----------------------------------------------------------------------------------------------

// Two pixels, off by 0.3 and -0.1, sigma 0.5: (0.09 + 0.01) / 0.5 + log(2 pi 0.25).
BOOST_AUTO_TEST_CASE(eq_5_1_by_hand) {
  const Tensor r({2}, {0.8, 0.4}), x({2}, {0.5, 0.5});
  Tensor gradient;
  const double L = gaussian_negative_log_likelihood(r, x, 0.5, gradient);
  BOOST_TEST(L == 0.2 + 0.451582705289455, tt::tolerance(1e-12));
  BOOST_TEST(gradient[0] == 1.2, tt::tolerance(1e-12));   // 0.3 / 0.25
  BOOST_TEST(gradient[1] == -0.4, tt::tolerance(1e-12));  // -0.1 / 0.25
}

// exp(-L) is a density of x: it integrates to 1, which fixes the constant.
BOOST_AUTO_TEST_CASE(eq_5_1_is_minus_the_log_of_a_density) {
  for (const double sigma : {0.2, 1.0, 1.7}) {
    double integral = 0;
    const double step = 0.001;
    for (double x = 0.3 - 10 * sigma; x < 0.3 + 10 * sigma; x += step)
      integral += step * std::exp(-loss_5_1(Tensor({1}, {0.3}), Tensor({1}, {x}), sigma));
    BOOST_TEST(integral == 1.0, tt::tolerance(1e-9));
  }
}

BOOST_AUTO_TEST_CASE(eq_5_1_gradient_against_numerical_differences) {
  Tensor r = random_tensor({2, 3, 2, 1}, 1), gradient, unused;
  const Tensor x = random_tensor({2, 3, 2, 1}, 2);
  gaussian_negative_log_likelihood(r, x, 0.7, gradient);
  for (Index i = 0; i < r.size(); ++i) {
    const Real value = r[i], h = 1e-6;
    r[i] = value + h;
    const double above = loss_5_1(r, x, 0.7);
    r[i] = value - h;
    const double below = loss_5_1(r, x, 0.7);
    r[i] = value;
    BOOST_TEST(std::abs((above - below) / (2 * h) - gradient[i]) < 1e-7);
  }
}

// Why the mean squared error is trained on: the gradients differ by the factor n / (2 sigma^2) alone, and the
// values by it and a constant.
BOOST_AUTO_TEST_CASE(eq_5_1_gradient_is_that_of_the_mean_squared_error_times_a_factor) {
  const Tensor r = random_tensor({3, 4, 4, 1}, 3), other = random_tensor({3, 4, 4, 1}, 4);
  const Tensor x = random_tensor({3, 4, 4, 1}, 5);
  for (const double sigma : {0.1, 0.5, 2.0}) {
    Tensor likelihood, squares, unused;
    const double factor = 48 / (2 * sigma * sigma);
    const double L = gaussian_negative_log_likelihood(r, x, sigma, likelihood);
    const double error = mean_squared_error(r, x, squares);
    for (Index i = 0; i < r.size(); ++i)
      BOOST_TEST(likelihood[i] == factor * squares[i], tt::tolerance(1e-12));
    BOOST_TEST(L - loss_5_1(other, x, sigma) == factor * (error - mean_squared_error(other, x, unused)),
               tt::tolerance(1e-9));
  }
}

// Of all sigma, the likelihood is greatest for the one whose square is the mean squared error.
BOOST_AUTO_TEST_CASE(eq_5_1_is_least_where_sigma_is_the_error) {
  const Tensor r = random_tensor({50}, 6), x = random_tensor({50}, 7);
  Tensor unused;
  const double best = std::sqrt(mean_squared_error(r, x, unused));
  BOOST_TEST(loss_5_1(r, x, best) < loss_5_1(r, x, 1.01 * best));
  BOOST_TEST(loss_5_1(r, x, best) < loss_5_1(r, x, 0.99 * best));
}

BOOST_AUTO_TEST_CASE(eq_5_1_refuses_bad_arguments) {
  const Tensor x({3});
  for (const double sigma : {0.0, -1.0, HUGE_VAL, std::numeric_limits<double>::quiet_NaN()})
    BOOST_CHECK_THROW(loss_5_1(x, x, sigma), std::invalid_argument);
  BOOST_CHECK_THROW(loss_5_1(x, Tensor({2}), 1), std::invalid_argument);
}

// ---- C(x~ | x) -------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(corruption_has_the_given_mean_and_deviation) {
  Random random(1);
  const Tensor x = grey({100, 20, 20, 1}, 0.5);
  for (const double noise :
       {0.02, 0.1}) {  // 0.5 is five deviations or more away from 0 and 1: nothing is clipped
    const auto [mean, deviation] = moments(corrupt(x, noise, random));
    BOOST_TEST(std::abs(mean - 0.5) < 4 * noise / 200);  // 40,000 values: the mean is within noise / 200
    BOOST_TEST(std::abs(deviation / noise - 1) < 0.02);
  }
}

// The share that noise pushes below 0 or above 1 is known: Phi(-0.5 / noise) on either side.
BOOST_AUTO_TEST_CASE(corruption_clips_at_0_and_1) {
  Random random(2);
  const Tensor x = grey({100, 20, 20, 1}, 0.5), noisy = corrupt(x, 1, random);
  Index black = 0, white = 0;
  for (const Real value : noisy.values) {
    BOOST_REQUIRE(value >= 0);
    BOOST_REQUIRE(value <= 1);
    black += value == 0;
    white += value == 1;
  }
  const double expected = std::erfc(0.5 / std::numbers::sqrt2) / 2;
  BOOST_TEST(std::abs(static_cast<double>(black) / 40'000 - expected) < 0.01);
  BOOST_TEST(std::abs(static_cast<double>(white) / 40'000 - expected) < 0.01);
}

// A black pixel can only become brighter: the mean of max(0, noise N(0,1)) is noise / sqrt(2 pi).
BOOST_AUTO_TEST_CASE(corruption_of_black_makes_it_brighter) {
  Random random(3);
  BOOST_TEST(std::abs(moments(corrupt(grey({100, 20, 20, 1}, 0), 0.2, random)).mean -
                      0.2 / std::sqrt(2 * std::numbers::pi)) < 0.003);
}

BOOST_AUTO_TEST_CASE(corruption_without_noise_changes_nothing) {
  Random random(4);
  const Tensor x = random_tensor({3, 4, 4, 1}, 8);
  BOOST_TEST(corrupt(x, 0, random).values == x.values, tt::per_element());
}

BOOST_AUTO_TEST_CASE(corruption_is_new_each_time_and_for_each_pixel) {
  Random random(5);
  const Tensor x = grey({2, 2, 1, 1}, 0.5), first = corrupt(x, 0.1, random), second = corrupt(x, 0.1, random);
  for (Index i = 0; i < 4; ++i) {
    BOOST_TEST(first[i] != second[i]);
    for (Index j = 0; j < i; ++j) BOOST_TEST(first[i] != first[j]);
  }
  Random again(5);
  BOOST_TEST(corrupt(x, 0.1, again).values == first.values, tt::per_element());
}

// What it adds to image n are the normal numbers of a generator of its own, in the order of the pixels.
BOOST_AUTO_TEST_CASE(corruption_adds_what_each_images_generator_draws) {
  Random random(6), same(6);
  const Tensor x = random_tensor({3, 4, 5, 1}, 8), noisy = corrupt(x, 0.1, random);
  const std::uint64_t seed = same.bits();
  for (Index n = 0; n < 3; ++n) {
    Random sample(seed + static_cast<std::uint64_t>(n));
    for (Index i = 20 * n; i < 20 * (n + 1); ++i)
      BOOST_TEST(noisy[i] == std::clamp(x[i] + 0.1 * sample.normal(), 0.0, 1.0), tt::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(corruption_is_the_same_on_any_number_of_threads) {
  const int threads = thread_count();
  std::vector<std::vector<Real>> values;
  for (const int count : {1, 2, 3}) {
    set_thread_count(count);
    Random random(6);
    values.push_back(corrupt(random_tensor({20, 5, 5, 1}, 9), 0.5, random).values);
  }
  set_thread_count(threads);
  BOOST_TEST((values[0] == values[1]));
  BOOST_TEST((values[0] == values[2]));
}

BOOST_AUTO_TEST_CASE(corruption_refuses_bad_noise) {
  Random random(7);
  const Tensor x({1, 2, 2, 1});
  for (const double noise : {-0.1, HUGE_VAL, std::numeric_limits<double>::quiet_NaN()})
    BOOST_CHECK_THROW(corrupt(x, noise, random), std::invalid_argument);
}

// ---- (5.2) -----------------------------------------------------------------------------------------------

// A network that gives back what it is given is off by the noise itself, so the expectation is known:
// noise^2 / (2 sigma^2) + 1/2 log(2 pi sigma^2) for each pixel (no clipping in the middle of the range).
BOOST_AUTO_TEST_CASE(eq_5_2_of_the_identity_is_the_noise) {
  Random random(8);
  Sequential identity = one_weight(random, 1);
  const double noise = 0.1, sigma = 0.3;
  const double expected =
      noise * noise / (2 * sigma * sigma) + std::log(2 * std::numbers::pi * sigma * sigma) / 2;
  BOOST_TEST(std::abs(denoising_loss(identity, grey({10'000, 1, 1, 1}, 0.5), noise, sigma, 4, random) -
                      expected) < 0.002);
}

// One that answers with the right grey whatever it is given has the constant alone, and one that gives back
// what it is given has it too without noise.
BOOST_AUTO_TEST_CASE(eq_5_2_compares_with_the_clean_image) {
  Random random(9);
  Sequential answers_half = one_weight(random, 0);
  answers_half.parameters()[1]->value[0] = 0.5;
  const double constant = std::log(2 * std::numbers::pi) / 2;
  BOOST_TEST(denoising_loss(answers_half, grey({50, 1, 1, 1}, 0.5), 0.4, 1, 2, random) == constant,
             tt::tolerance(1e-12));
  Sequential identity = one_weight(random, 1);
  BOOST_TEST(denoising_loss(identity, random_tensor({50, 1, 1, 1}, 10), 0, 1, 1, random) == constant,
             tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(eq_5_2_is_a_mean_over_images_and_draws) {
  Random random(10);
  Sequential answers_0 = one_weight(random, 0);
  const Tensor x({2, 1, 1, 1}, {0.2, 0.6});  // errors 0.04 and 0.36, mean 0.2
  const double expected = 0.1 + std::log(2 * std::numbers::pi) / 2;
  for (const int draws : {1, 3})
    BOOST_TEST(denoising_loss(answers_0, x, 0.2, 1, draws, random) == expected, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(eq_5_2_refuses_bad_arguments) {
  Random random(11);
  Sequential model = one_weight(random, 1);
  const Tensor x({2, 1, 1, 1});
  BOOST_CHECK_THROW(denoising_loss(model, x, 0.1, 1, 0, random), std::invalid_argument);
  BOOST_CHECK_THROW(denoising_loss(model, x, -0.1, 1, 1, random), std::invalid_argument);
  BOOST_CHECK_THROW(denoising_loss(model, x, 0.1, 0, 1, random), std::invalid_argument);
  BOOST_CHECK_THROW(denoising_loss(model, Tensor(), 0.1, 1, 1, random), std::invalid_argument);
}

// Trained on pairs (noisy, clean), one weight becomes the best line from noisy to clean: its slope is the
// variance of x over that of x~, below 1. Trained the other way round, as the report's P(x~ | x) has it, it
// would be 1.
BOOST_AUTO_TEST_CASE(eq_5_2_training_predicts_clean_from_noisy) {
  Random random(12);
  Tensor x({4000, 1, 1, 1});
  for (Index i = 0; i < x.size(); ++i) x[i] = i % 2 ? Real(0.4) : Real(0.6);  // variance 0.01
  const Tensor noisy = corrupt(x, 0.1, random);                               // variance 0.01 + 0.01
  Sequential model = one_weight(random, 1);
  Adam optimizer({.learning_rate = 0.01});
  fit_reconstruction(model, optimizer, {noisy, x}, {noisy, x}, {.epochs = 40, .batch_size = 100}, random);
  BOOST_TEST(std::abs(model.parameters()[0]->value[0] - 0.5) < 0.04);
  BOOST_TEST(std::abs(model.parameters()[1]->value[0] - 0.25) < 0.02);
}

// Training on the mean squared error makes (5.2) small, on noise that it was not trained on.
BOOST_AUTO_TEST_CASE(eq_5_2_falls_as_the_autoencoder_learns) {
  Random random(13);
  const Tensor x = all_images(first_images(load_dataset(DatasetName::mnist, "tests/data").train, 64));
  Sequential autoencoder = make_autoencoder(random);
  const double before = denoising_loss(autoencoder, x, 0.4, 0.2, 1, random);
  const Tensor noisy = corrupt(x, 0.4, random);
  Adam optimizer;
  const History history = fit_reconstruction(autoencoder, optimizer, {noisy, x}, {noisy, x},
                                             {.epochs = 6, .batch_size = 8}, random);
  BOOST_TEST(history.back().loss < 0.7 * history.front().loss);
  BOOST_TEST(denoising_loss(autoencoder, x, 0.4, 0.2, 1, random) < before);
}

BOOST_AUTO_TEST_CASE(pairs_that_do_not_fit_the_model_are_refused_before_the_first_step) {
  Random random(16);
  Sequential model = make_autoencoder(random);
  Adam adam;
  const std::string state = random.state();
  const Tensor valueless, good({3, 28, 28, 1}), fewer({2, 28, 28, 1}), other({3, 14, 56, 1}),
      none({0, 28, 28, 1});
  for (const auto& [input, target] : {std::pair<const Tensor&, const Tensor&>{good, fewer},
                                      {good, other},
                                      {other, good},
                                      {other, other},
                                      {none, none},
                                      {valueless, valueless}}) {
    BOOST_CHECK_THROW(fit_reconstruction(model, adam, {input, target}, {good, good}, {}, random),
                      std::invalid_argument);
    BOOST_CHECK_THROW(fit_reconstruction(model, adam, {good, good}, {input, target}, {}, random),
                      std::invalid_argument);
  }
  BOOST_CHECK_THROW(
      fit_reconstruction(model, adam, {good, good}, {good, good}, {.batch_size = max_batch_size + 1}, random),
      std::invalid_argument);
  BOOST_TEST(adam.t() == 0);
  BOOST_TEST(random.state() == state);
}

// The only step has a finite loss; what it leaves has not.
BOOST_AUTO_TEST_CASE(a_validation_loss_that_is_not_finite_is_reported) {
  Random random(17);
  Sequential model = make_autoencoder(random);
  SGD sgd({.initial = 1e300});
  Tensor x({4, 28, 28, 1});
  random.fill_uniform(x, 0, 1);
  BOOST_CHECK_THROW(fit_reconstruction(model, sgd, {x, x}, {x, x}, {}, random), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(encoder_and_decoder_one_after_the_other_are_the_autoencoder) {
  Random random(14);
  Sequential autoencoder = make_autoencoder(random);
  const Tensor x = random_tensor({3, 28, 28, 1}, 15);
  const Tensor h = autoencoder.forward_to(x, autoencoder_encoder_layers);
  BOOST_TEST(h.shape == (Shape{3, 7, 7, 8}), tt::per_element());
  const Tensor r = autoencoder.forward_to(h, autoencoder.layer_count(), autoencoder_encoder_layers);
  BOOST_TEST(r.shape == x.shape, tt::per_element());
  BOOST_TEST(r.values == reconstruct(autoencoder, x).values, tt::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
