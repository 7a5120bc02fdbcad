/// @file
/// What headers promise (ranges, signs, bounds, equalities), at the edges of the ranges, in float and in
/// double.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "data/mini_batches.hpp"
#include "evaluation/generative_scores.hpp"
#include "evaluation/image_quality.hpp"
#include "evaluation/metrics.hpp"
#include "layers/activation_layer.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/dropout.hpp"
#include "layers/initializer.hpp"
#include "losses/cross_entropy_definition.hpp"
#include "losses/loss.hpp"
#include "math/statistics.hpp"
#include "neuron/activation.hpp"
#include "optimizers/sgd.hpp"

using namespace plaingrad;

namespace {

using Limits = std::numeric_limits<Real>;

// Magnitudes from the smallest to the largest, and some where functions change over; then the same below 0.
std::vector<Real> edges() {
  std::vector<Real> all{0,
                        Limits::denorm_min(),
                        Limits::min() / 2,
                        Limits::min(),
                        Real(1e-30),
                        Real(1e-8),
                        Limits::epsilon() / 2,
                        Limits::epsilon(),
                        Real(1e-4),
                        Real(0.5),
                        1,
                        Real(8.7),
                        9,
                        Real(17),
                        Real(18),
                        Real(44),
                        Real(88.5),
                        Real(89),
                        Real(104),
                        Real(355),
                        Real(709),
                        Real(746),
                        Real(1e10),
                        Limits::max() / 2,
                        Limits::max(),
                        Limits::infinity()};
  for (std::size_t i = all.size(); i-- > 0;) all.push_back(-all[i]);
  return all;
}

double epsilon() {
  return static_cast<double>(Limits::epsilon());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(promises)

// ---- activation functions ------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(activations_stay_in_their_ranges) {
  for (const Real x : edges()) {
    BOOST_TEST((sigmoid(x) >= 0 && sigmoid(x) <= 1), x);
    BOOST_TEST((tanh_as_defined(x) >= -1 && tanh_as_defined(x) <= 1), x);
    BOOST_TEST(relu(x) >= 0, x);
    BOOST_TEST(relu(x) == std::max(x, Real(0)));
    BOOST_TEST(linear(x) == x);
    BOOST_TEST(leaky_relu(x) == (x < 0 ? leaky_relu_slope * x : x));
  }
}

BOOST_AUTO_TEST_CASE(value_is_what_apply_computes) {
  for (const Activation f : all_activations)
    for (const Real x : edges()) {
      Real y = x;
      apply(f, &y, 1);
      BOOST_TEST(value(f, x) == y, to_string(f) << " of " << x);
    }
  BOOST_TEST(value(Activation::tanh, Real(1e-8)) == Real(1e-8));
}

// To a rounding or two, absolutely; digits are lost close to zero.
BOOST_AUTO_TEST_CASE(tanh_as_defined_is_tanh) {
  for (const Real x : edges())
    BOOST_TEST(std::abs(double(tanh_as_defined(x)) - std::tanh(double(x))) <= 2 * epsilon(), x);
}

BOOST_AUTO_TEST_CASE(derivatives_have_the_right_sign_and_size) {
  for (const Activation f : all_activations)
    for (const Real x : edges()) {
      const Real derived = derivative(f, x);
      BOOST_TEST((derived >= 0 && derived <= 1), to_string(f) << " at " << x);
      // From the output alone: the same to within roundings of 1.
      BOOST_TEST(std::abs(double(derivative_from_output(f, value(f, x))) - double(derived)) <= 4 * epsilon(),
                 to_string(f) << " at " << x);
    }
  BOOST_TEST(derivative(Activation::relu, 0) == 0);
  BOOST_TEST(derivative(Activation::leaky_relu, 0) == leaky_relu_slope);
  BOOST_TEST(derivative_from_output(Activation::leaky_relu, value(Activation::leaky_relu, Real(-0.0))) ==
             leaky_relu_slope);
}

BOOST_AUTO_TEST_CASE(multiply_by_derivative_is_the_derivative_from_the_output) {
  for (const Activation f : all_activations)
    for (const Real x : edges()) {
      if (std::isinf(x)) continue;
      const Real y = value(f, x), dy = Real(-1.5);
      Real dz = 0;
      multiply_by_derivative(f, &y, &dy, &dz, 1);
      BOOST_TEST(dz == dy * derivative_from_output(f, y), to_string(f) << " at " << x);
    }
}

// ---- losses --------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(softmax_is_made_of_probabilities) {
  Random random(1);
  for (const Real scale : {Real(1e-6), Real(1), Real(100), Limits::max()}) {
    Tensor logits({50, 10}), p;
    random.fill_uniform(logits, -1, 1);
    for (Real& a : logits.values) a *= scale;
    softmax(logits, p);
    for (Index n = 0; n < 50; ++n) {
      double sum = 0;
      for (Index i = 0; i < 10; ++i) {
        BOOST_TEST((p[n * 10 + i] >= 0 && p[n * 10 + i] <= 1));
        sum += p[n * 10 + i];
      }
      BOOST_TEST(std::abs(sum - 1) <= 10 * epsilon());
    }
    const std::vector<Index> greatest = argmax(logits);  // no other is more probable
    for (Index n = 0; n < 50; ++n)
      BOOST_TEST(p[n * 10 + greatest[static_cast<std::size_t>(n)]] ==
                 *std::max_element(p.data() + n * 10, p.data() + (n + 1) * 10));
  }
}

// As far as loss.hpp says: not only is there no overflow, the values are right.
BOOST_AUTO_TEST_CASE(losses_are_finite_and_right_at_the_edge) {
  const double edge = sizeof(Real) == sizeof(double) ? 1e150 : 1e18;
  const Real a = static_cast<Real>(edge);
  Tensor gradient;
  const std::vector<std::uint8_t> labels{0, 1};
  const double cross_entropy = softmax_cross_entropy(Tensor({2, 2}, {a, -a, a, -a}), labels, gradient);
  BOOST_CHECK_CLOSE(cross_entropy, edge, 1e-4);  // (0 + 2 a) / 2
  BOOST_TEST(all_finite(gradient));
  BOOST_CHECK_CLOSE(mean_squared_error(Tensor({2}, {a, 0}), Tensor({2}, {-a, 0}), gradient), 2 * edge * edge,
                    1e-4);
  BOOST_TEST(all_finite(gradient));
  for (const double target : {0.0, 0.25, 1.0})
    for (const Real logit : {a, -a}) {
      const double loss = binary_cross_entropy(Tensor({1, 1}, {logit}), target, gradient);
      const double right = std::max(double(logit), 0.0) - double(logit) * target;
      BOOST_TEST(std::abs(loss - right) <= 1e-12 * edge);
      BOOST_TEST(std::abs(double(gradient[0]) - ((logit > 0) - target)) <= epsilon());
    }
}

BOOST_AUTO_TEST_CASE(losses_are_never_negative) {
  Tensor gradient;
  const std::vector<std::uint8_t> label{0};
  for (const Real x : edges()) {
    if (std::isinf(x) || std::abs(double(x)) > 1e150) continue;
    BOOST_TEST(softmax_cross_entropy(Tensor({1, 2}, {x, 0}), label, gradient) >= 0);
    for (const double target : {0.0, 1.0})
      BOOST_TEST(binary_cross_entropy(Tensor({1, 1}, {x}), target, gradient) >= 0);
    BOOST_TEST(mean_squared_error(Tensor({1}, {x}), Tensor({1}), gradient) >= 0);
  }
}

BOOST_AUTO_TEST_CASE(cross_entropy_definition_knows_0_log_0) {
  const std::vector<Real> one_hot{0, 1}, sure{0, 1}, wrong{1, 0}, least{Limits::denorm_min(), 1};
  BOOST_TEST(cross_entropy_definition(one_hot, sure) == 0);
  BOOST_TEST(cross_entropy_definition(one_hot, wrong) == Limits::infinity());
  BOOST_TEST(std::isfinite(cross_entropy_definition(wrong, least)));
}

// ---- randomness ----------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(uniform_is_below_its_upper_bound) {
  Random random(2);
  const double next = std::nextafter(1.0, 2.0);
  for (int draw = 0; draw < 100; ++draw) {
    BOOST_TEST(random.uniform(1, next) == 1);
    BOOST_TEST((random.uniform(1e16, 1e16 + 2) == 1e16));
    BOOST_TEST(random.uniform(-3, -3) == -3);
    const double wide = random.uniform(-8e307, 8e307);
    BOOST_TEST((wide >= -8e307 && wide < 8e307));
  }
  Tensor values({100000});
  random.fill_uniform(values, -1, 1);
  for (const Real value : values.values) BOOST_REQUIRE((value >= -1 && value <= 1));
}

BOOST_AUTO_TEST_CASE(random_refuses_bad_bounds) {
  Random random(3);
  const double nan = std::nan("");
  Tensor tensor({2});
  for (const auto& [low, high] :
       {std::pair{1.0, 0.0}, {nan, 1.0}, {0.0, nan}, {0.0, HUGE_VAL}, {-1.7e308, 1.7e308}}) {
    BOOST_CHECK_THROW(random.uniform(low, high), std::invalid_argument);
    BOOST_CHECK_THROW(random.fill_uniform(tensor, low, high), std::invalid_argument);
  }
  for (const auto& [mean, deviation] : {std::pair{0.0, -1.0}, {nan, 1.0}, {0.0, nan}, {0.0, HUGE_VAL}})
    BOOST_CHECK_THROW(random.normal(mean, deviation), std::invalid_argument);
  BOOST_TEST(random.normal(2, 0) == 2);
  BOOST_CHECK_THROW(random.permutation(-1), std::invalid_argument);
  BOOST_TEST(random.permutation(0).empty());
  BOOST_CHECK_THROW(glorot_uniform(tensor, 0, 0, random), std::invalid_argument);
}

// Rates at both ends: all is kept, all but nothing is.
BOOST_AUTO_TEST_CASE(dropout_at_the_ends_of_its_rates) {
  Random random(4);
  const Tensor x({1, 1000}, std::vector<Real>(1000, Real(1)));
  for (const double rate : {0.0, 1 - 1e-12}) {
    Dropout layer(rate);
    layer.build({1000}, random);
    Index kept = 0;
    for (const Real y : layer.forward(x, Mode::training).values) {
      kept += y != 0;
      BOOST_TEST((y == 0 || y == static_cast<Real>(1 / (1 - rate))));
    }
    BOOST_TEST(kept == (rate == 0 ? 1000 : 0));
    BOOST_TEST((layer.forward(x, Mode::inference).values == x.values));
  }
}

// ---- data ----------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(bytes_become_numbers_from_0_to_1_and_from_minus_1_to_1) {
  Dataset bytes{16, 16, std::vector<std::uint8_t>(256), {0}};
  std::iota(bytes.pixels.begin(), bytes.pixels.end(), std::uint8_t(0));
  const Tensor unit = all_images(bytes), symmetric = all_images(bytes, Real(1) / Real(127.5), -1);
  BOOST_TEST(unit[0] == 0);
  BOOST_TEST(unit[255] == 1);
  BOOST_TEST(symmetric[0] == -1);
  for (Index i = 0; i < 256; ++i) {
    BOOST_TEST((unit[i] >= 0 && unit[i] <= 1));
    BOOST_TEST((symmetric[i] >= -1 && symmetric[i] <= 1), i << ": " << symmetric[i] - 1);
  }
}

BOOST_AUTO_TEST_CASE(mini_batches_of_any_size) {
  constexpr Index largest = std::numeric_limits<Index>::max();
  BOOST_TEST(mini_batch_count(10, largest) == 1);
  BOOST_TEST(mini_batch_count(largest, largest - 1) == 2);
  BOOST_TEST(mini_batch_count(0, 5) == 0);
  for (const Index bad : {Index(0), Index(-1)}) {
    Random random(5);
    BOOST_CHECK_THROW(mini_batch_count(10, bad), std::invalid_argument);
    BOOST_CHECK_THROW(for_each_mini_batch(10, bad, random, [](Index, std::span<const Index>) {}),
                      std::invalid_argument);
    BOOST_CHECK_THROW(for_each_slice(Tensor({2, 1}), bad, [](Index, const Tensor&) {}),
                      std::invalid_argument);
  }
}

// ---- batch normalisation ---------------------------------------------------------------------------------------

// tensorflow#55545: Keras's fused kernel would keep N / (N - 1) times the variance, 4/3 of it here.
BOOST_AUTO_TEST_CASE(the_moving_variance_is_that_of_the_equation) {
  Random random(6);
  BatchNormalization layer(0.75);
  layer.build({1}, random);
  const Tensor x({4, 1}, {1, 2, 3, 6});  // mean 3, mean squared deviation 14 / 4
  const Tensor& y = layer.forward(x, Mode::training);
  BOOST_CHECK_CLOSE(double(layer.parameters()[2]->value[0]), 0.25 * 3, 1e-4);
  BOOST_CHECK_CLOSE(double(layer.parameters()[3]->value[0]), 0.75 * 1 + 0.25 * 3.5, 1e-4);
  BOOST_CHECK_CLOSE(double(y[3]), 3 / std::sqrt(3.5 + 1e-3), 1e-4);
}

BOOST_AUTO_TEST_CASE(a_constant_channel_is_normalised_to_beta) {
  Random random(7);
  for (const Real constant : {Real(0), Limits::denorm_min(), Real(1024), Limits::max() / 8}) {
    BatchNormalization layer;
    layer.build({1}, random);
    layer.parameters()[1]->value.fill(Real(0.5));
    const Tensor x({4, 1}, std::vector<Real>(4, constant));
    for (const Real y : layer.forward(x, Mode::training).values) BOOST_TEST(y == Real(0.5), constant);
  }
}

// ---- optimizers ------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(learning_rates_fall_and_stay_positive) {
  const LearningRate rate{.initial = 0.5, .decay = 1e-4};
  BOOST_TEST(rate.at(1) == 0.5);
  for (Index k = 1; k < (Index(1) << 40); k *= 2) {
    BOOST_TEST(rate.at(k + 1) < rate.at(k));
    BOOST_TEST(rate.at(k + 1) > 0);
  }
}

// ---- evaluation ------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(classifier_score_from_1_to_the_number_of_classes) {
  const Tensor same({3, 2}, {Real(0.25), Real(0.75), Real(0.25), Real(0.75), Real(0.25), Real(0.75)});
  BOOST_CHECK_CLOSE(classifier_score(same), 1.0, 1e-10);
  const Tensor sure({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1});
  BOOST_CHECK_CLOSE(classifier_score(sure), 3.0, 1e-10);
  BOOST_TEST(entropy({1, 0, 0}) == 0);
  BOOST_CHECK_CLOSE(entropy({0.25, 0.25, 0.25, 0.25}), std::log(4), 1e-10);
}

BOOST_AUTO_TEST_CASE(frechet_distance_is_never_negative) {
  Random random(8);
  for (int trial = 0; trial < 20; ++trial) {
    Tensor features({4, 5});  // fewer images than features: eigenvalues that are zero but for rounding
    random.fill_normal(features);
    const FeatureStatistics a = feature_statistics(features);
    const double distance = frechet_distance(a, a);
    BOOST_TEST(distance >= 0);
    BOOST_TEST(distance < 1e-6);
  }
}

// Jacobi's method knows no scale.
BOOST_AUTO_TEST_CASE(eigenvalues_of_small_and_of_large_matrices) {
  for (const double scale : {1e-300, 1e-160, 1.0, 1e160, 1e300}) {
    SquareMatrix A(2);
    A.values = {2 * scale, scale, scale, 2 * scale};
    std::vector<double> values = symmetric_eigen(A).values;
    std::sort(values.begin(), values.end());
    BOOST_CHECK_CLOSE(values[0], scale, 1e-10);
    BOOST_CHECK_CLOSE(values[1], 3 * scale, 1e-10);
  }
}

BOOST_AUTO_TEST_CASE(similarity_of_equal_images_is_one) {
  Random random(9);
  for (const Real level : {Real(0), Real(0.5), Real(1)}) {
    Tensor images({1, 11, 11, 1});
    images.fill(level);
    BOOST_TEST(structural_similarity(images, images)[0] == 1);
    BOOST_TEST(peak_signal_to_noise(images, images)[0] == HUGE_VAL);
  }
}

BOOST_AUTO_TEST_SUITE_END()
