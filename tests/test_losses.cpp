/// @file
/// The losses: values by hand and by definition, gradients by numerical differences, and logits of any size.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <limits>

#include "check_gradients.hpp"
#include "losses/adversarial.hpp"
#include "losses/cross_entropy_definition.hpp"
#include "losses/loss.hpp"
#include "neuron/activation.hpp"

using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(losses)

BOOST_AUTO_TEST_CASE(eq_3_7_softmax_cross_entropy_is_the_definition) {
  Random random(1);
  Tensor logits({4, 5}), probabilities, gradient;
  random.fill_normal(logits, 0, 3);
  const std::vector<std::uint8_t> labels = {0, 4, 2, 2};
  softmax(logits, probabilities);
  double sum = 0;
  for (Index n = 0; n < 4; ++n) {
    std::vector<Real> actual(5, 0);
    actual[labels[static_cast<std::size_t>(n)]] = 1;
    sum += cross_entropy_definition(actual, std::span<const Real>(probabilities.data() + 5 * n, 5));
  }
  BOOST_TEST(softmax_cross_entropy(logits, labels, gradient) == sum / 4, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(softmax_of_no_classes_is_refused) {
  Tensor probabilities;
  BOOST_CHECK_THROW(softmax(Tensor({2, 0}), probabilities), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(softmax_cross_entropy_gradient) {
  Random random(2);
  Tensor logits({3, 4}), gradient, unused;
  random.fill_normal(logits, 0, 2);
  const std::vector<std::uint8_t> labels = {3, 0, 1};
  softmax_cross_entropy(logits, labels, gradient);
  const GradientReport report = check_gradient(
      logits.values, gradient.values, [&] { return softmax_cross_entropy(logits, labels, unused); },
      "logits");
  BOOST_TEST(report.passed(), report);
}

// (3.7) with targets 0.7 + 0.3 / 5 and 0.3 / 5.
BOOST_AUTO_TEST_CASE(smoothed_cross_entropy_is_the_definition) {
  Random random(1);
  Tensor logits({4, 5}), probabilities, gradient, one_hot;
  random.fill_normal(logits, 0, 3);
  const std::vector<std::uint8_t> labels = {0, 4, 2, 2};
  softmax(logits, probabilities);
  double sum = 0;
  for (Index n = 0; n < 4; ++n) {
    std::vector<Real> actual(5, 0.06);
    actual[labels[static_cast<std::size_t>(n)]] = 0.76;
    sum += cross_entropy_definition(actual, std::span<const Real>(probabilities.data() + 5 * n, 5));
  }
  BOOST_TEST(smoothed_cross_entropy(logits, labels, 0.3, gradient) == sum / 4,
             boost::test_tools::tolerance(1e-12));
  const double unsmoothed = softmax_cross_entropy(logits, labels, one_hot);
  BOOST_TEST(smoothed_cross_entropy(logits, labels, 0, gradient) == unsmoothed);
  BOOST_TEST(gradient.values == one_hot.values);
}

BOOST_AUTO_TEST_CASE(smoothed_cross_entropy_gradient) {
  Random random(2);
  Tensor logits({3, 4}), gradient, unused;
  random.fill_normal(logits, 0, 2);
  const std::vector<std::uint8_t> labels = {3, 0, 1};
  for (const double smoothing : {0.2, 1.0}) {
    smoothed_cross_entropy(logits, labels, smoothing, gradient);
    const GradientReport report = check_gradient(
        logits.values, gradient.values,
        [&] { return smoothed_cross_entropy(logits, labels, smoothing, unused); }, "logits");
    BOOST_TEST(report.passed(), report);
  }
}

BOOST_AUTO_TEST_CASE(mean_squared_error_gradient) {
  Random random(3);
  Tensor prediction({2, 3, 1, 2}), target(prediction.shape), gradient, unused;
  random.fill_normal(prediction);
  random.fill_normal(target);
  mean_squared_error(prediction, target, gradient);
  const GradientReport report = check_gradient(
      prediction.values, gradient.values, [&] { return mean_squared_error(prediction, target, unused); },
      "prediction");
  BOOST_TEST(report.passed(), report);
  BOOST_TEST(mean_squared_error(Tensor({2}, {1, 5}), Tensor({2}, {0, 2}), gradient) == 5);
}

BOOST_AUTO_TEST_CASE(binary_cross_entropy_gradient) {
  Random random(4);
  Tensor logits({6, 1}), gradient, unused;
  random.fill_normal(logits, 0, 3);
  for (double target : {0.0, 1.0, 0.9}) {
    binary_cross_entropy(logits, target, gradient);
    const GradientReport report = check_gradient(
        logits.values, gradient.values, [&] { return binary_cross_entropy(logits, target, unused); },
        "logits");
    BOOST_TEST(report.passed(), report);
  }
}

BOOST_AUTO_TEST_CASE(binary_cross_entropy_is_its_definition) {
  Tensor gradient;
  const Tensor logits({2, 1}, {0.7, -1.3});
  double sum = 0;
  for (Real a : logits.values) sum += -0.25 * std::log(sigmoid(a)) - 0.75 * std::log(1 - sigmoid(a));
  BOOST_TEST(binary_cross_entropy(logits, 0.25, gradient) == sum / 2, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(finite_at_any_logit) {
  Tensor gradient;
  const double most = std::numeric_limits<Real>::max() / 4;
  for (double a : {-most, -1e4, -800.0, 0.0, 800.0, 1e4, most}) {
    for (double target : {0.0, 1.0}) {
      BOOST_TEST(std::isfinite(binary_cross_entropy(Tensor({1, 1}, {Real(a)}), target, gradient)));
      BOOST_TEST(std::isfinite(gradient[0]));
    }
    BOOST_TEST(std::isfinite(
        softmax_cross_entropy(Tensor({1, 2}, {Real(a), 0}), std::vector<std::uint8_t>{1}, gradient)));
    BOOST_TEST(std::isfinite(gradient[0]));
  }
  BOOST_TEST(binary_cross_entropy(Tensor({1, 1}, {800}), 0, gradient) == 800);
}

// The saturating loss is log(1 - D), the other -log D; gradients by differences.
BOOST_AUTO_TEST_CASE(eq_6_3_generator_losses) {
  Random random(5);
  Tensor logits({5, 1}), gradient, unused;
  random.fill_normal(logits, 0, 2);
  double saturating = 0, non_saturating = 0;
  for (Real a : logits.values) {
    saturating += std::log(1 - sigmoid(a)) / 5;
    non_saturating -= std::log(sigmoid(a)) / 5;
  }
  BOOST_TEST(generator_loss(GeneratorLoss::saturating, logits, gradient) == saturating,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(generator_loss(GeneratorLoss::non_saturating, logits, gradient) == non_saturating,
             boost::test_tools::tolerance(1e-12));
  for (GeneratorLoss kind : {GeneratorLoss::saturating, GeneratorLoss::non_saturating}) {
    generator_loss(kind, logits, gradient);
    const GradientReport report = check_gradient(
        logits.values, gradient.values, [&] { return generator_loss(kind, logits, unused); }, "logits");
    BOOST_TEST(report.passed(), report);
    for (Real g : gradient.values)
      BOOST_TEST(g < 0);  // descending either raises the logits: D shall say "real"
  }
}

// Where D is sure that an image is made up, the saturating gradient has faded and the other has not.
BOOST_AUTO_TEST_CASE(saturating_gradient_fades_where_d_is_sure) {
  Tensor gradient;
  generator_loss(GeneratorLoss::saturating, Tensor({1, 1}, {-8}), gradient);
  BOOST_TEST(std::abs(gradient[0]) < 1e-3);
  generator_loss(GeneratorLoss::non_saturating, Tensor({1, 1}, {-8}), gradient);
  BOOST_TEST(std::abs(gradient[0]) > 0.99);
}

BOOST_AUTO_TEST_CASE(arguments_that_do_not_fit_are_refused) {
  Tensor gradient;
  BOOST_CHECK_THROW(softmax_cross_entropy(Tensor({2, 3}), std::vector<std::uint8_t>{0}, gradient),
                    std::invalid_argument);
  BOOST_CHECK_THROW(softmax_cross_entropy(Tensor({1, 3}), std::vector<std::uint8_t>{3}, gradient),
                    std::invalid_argument);
  BOOST_CHECK_THROW(softmax_cross_entropy(Tensor({3}), std::vector<std::uint8_t>{0}, gradient),
                    std::invalid_argument);
  for (const double smoothing : {-0.01, 1.01, std::numeric_limits<double>::quiet_NaN()})
    BOOST_CHECK_THROW(
        smoothed_cross_entropy(Tensor({1, 3}), std::vector<std::uint8_t>{2}, smoothing, gradient),
        std::invalid_argument);
  BOOST_CHECK_THROW(mean_squared_error(Tensor({2}), Tensor({3}), gradient), std::invalid_argument);
  Tensor lacks_one({2});
  lacks_one.values.pop_back();
  BOOST_CHECK_THROW(mean_squared_error(Tensor({2}), lacks_one, gradient), std::invalid_argument);
  BOOST_CHECK_THROW(mean_squared_error(lacks_one, Tensor({2}), gradient), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
