/// @file
/// Section 4.3: (4.6), the five steps, the stopping rule.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "optimizers/sgd.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

namespace {

/// Halved squared distance of theta (two values) from the points (i, 2 i), i = 0 ... n - 1: gradient theta -
/// point, mean gradient theta - centre.
MeanLoss distance_to_points(Index n) {
  const auto away = [](const Tensor& theta, Index i) {
    return Tensor({2}, {theta[0] - static_cast<Real>(i), theta[1] - static_cast<Real>(2 * i)});
  };
  return {.examples = n,
          .loss =
              [=](const Tensor& theta, Index i) {
                const Tensor d = away(theta, i);
                return static_cast<double>(d[0] * d[0] + d[1] * d[1]) / 2;
              },
          .gradient = away};
}

const double not_a_number = std::numeric_limits<double>::quiet_NaN();
const double infinite = std::numeric_limits<double>::infinity();

Parameter parameter(std::vector<Real> value, std::vector<Real> gradient) {
  const Shape shape = {static_cast<Index>(value.size())};
  return {.name = "kernel",
          .value = Tensor(shape, std::move(value)),
          .gradient = Tensor(shape, std::move(gradient))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sgd)

BOOST_AUTO_TEST_CASE(learning_rate_decays) {
  const LearningRate rate{.initial = 0.6, .decay = 0.5};
  BOOST_TEST(rate.at(1) == 0.6, tt::tolerance(1e-15));
  BOOST_TEST(rate.at(2) == 0.4, tt::tolerance(1e-15));  // 0.6 / 1.5
  BOOST_TEST(rate.at(3) == 0.3, tt::tolerance(1e-15));
  BOOST_TEST(LearningRate{.initial = 0.6}.at(1000) == 0.6);
  BOOST_TEST(LearningRate{}.at(1) == 0.01);
  BOOST_CHECK_THROW(rate.at(0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(eq_4_6_is_the_mean_of_the_examples_gradients) {
  const MeanLoss loss = distance_to_points(10);
  const Tensor g_hat = mini_batch_gradient(loss, Tensor({2}, {1, 1}), {2, 3, 7});
  BOOST_TEST(g_hat.shape == (Shape{2}), tt::per_element());
  BOOST_TEST(g_hat[0] == 1 - 4., tt::tolerance(1e-14));  // 4 = (2 + 3 + 7) / 3
  BOOST_TEST(g_hat[1] == 1 - 8., tt::tolerance(1e-14));
  const Tensor one = mini_batch_gradient(loss, Tensor({2}, {1, 1}), {5});
  BOOST_TEST(one[0] == -4);
  BOOST_TEST(one[1] == -9);
}

BOOST_AUTO_TEST_CASE(eq_4_6_is_the_gradient_of_the_mean_loss_when_m_is_n) {
  const MeanLoss loss = distance_to_points(7);
  Random random(3);
  const Tensor theta({2}, {0.3, -1.7});
  const Tensor g_hat = mini_batch_gradient(loss, theta, sample_mini_batch(7, 7, random));
  const double h = 1e-5;
  for (Index j = 0; j < 2; ++j) {
    Tensor up = theta, down = theta;
    up[j] += h;
    down[j] -= h;
    BOOST_TEST(g_hat[j] == (loss.mean(up) - loss.mean(down)) / (2 * h), tt::tolerance(1e-8));
  }
}

// What makes it an estimate: over all mini-batches of the same size it is right on average.
BOOST_AUTO_TEST_CASE(eq_4_6_is_right_on_average) {
  const MeanLoss loss = distance_to_points(4);
  const Tensor theta({2}, {0, 0});
  double sum = 0;
  for (const auto& pair : std::vector<std::vector<Index>>{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}) {
    sum += mini_batch_gradient(loss, theta, pair)[0];
  }
  BOOST_TEST(sum / 6 == mini_batch_gradient(loss, theta, {0, 1, 2, 3})[0], tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(eq_4_6_refuses) {
  const MeanLoss loss = distance_to_points(4);
  BOOST_CHECK_THROW(mini_batch_gradient(loss, Tensor({2}), {}), std::invalid_argument);
  BOOST_CHECK_THROW(mini_batch_gradient(loss, Tensor({3}), {1}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(mean_loss_is_a_mean) {
  BOOST_TEST(distance_to_points(2).mean(Tensor({2}, {0, 0})) == 1.25);  // (0 + (1 + 4) / 2) / 2
}

BOOST_AUTO_TEST_CASE(step_2_samples_different_examples) {
  Random random(1);
  std::vector<int> seen(6);
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::vector<Index> batch = sample_mini_batch(6, 4, random);
    BOOST_REQUIRE(batch.size() == 4U);
    for (const Index i : batch) {
      BOOST_REQUIRE((i >= 0 && i < 6));
      ++seen[static_cast<std::size_t>(i)];
    }
    std::sort(batch.begin(), batch.end());
    BOOST_TEST((std::adjacent_find(batch.begin(), batch.end()) == batch.end()));
  }
  for (const int count : seen) BOOST_TEST(count > 15);  // 33 expected
  BOOST_CHECK_THROW(sample_mini_batch(6, 0, random), std::invalid_argument);
  BOOST_CHECK_THROW(sample_mini_batch(6, 7, random), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(stopping_rule_waits_for_minuscule_improvements) {
  StoppingRule rule(0.25, 2);
  BOOST_TEST(!rule.reached(10));
  BOOST_TEST(!rule.reached(9));
  BOOST_TEST(!rule.reached(8.875));  // better by 1/8: quiet
  BOOST_TEST(!rule.reached(8));      // better by 7/8: starts counting again
  BOOST_TEST(!rule.reached(7.75));   // better by 1/4, not by more than that
  BOOST_TEST(rule.reached(20));
  BOOST_TEST(rule.reached(20));
}

// The best loss so far is what counts: a loss that only makes good what was lost is no improvement.
BOOST_AUTO_TEST_CASE(stopping_rule_compares_with_the_best) {
  StoppingRule rule(0, 3);
  BOOST_TEST(!rule.reached(5));
  BOOST_TEST(!rule.reached(7));
  BOOST_TEST(!rule.reached(6));
  BOOST_TEST(rule.reached(5));
}

BOOST_AUTO_TEST_CASE(stopping_rule_ends_on_nan) {
  StoppingRule rule(0);
  BOOST_TEST(!rule.reached(5));
  BOOST_TEST(rule.reached(not_a_number));
}

BOOST_AUTO_TEST_CASE(stopping_rule_refuses) {
  BOOST_CHECK_THROW(StoppingRule(-1), std::invalid_argument);
  BOOST_CHECK_THROW((void)StoppingRule(not_a_number), std::invalid_argument);
  BOOST_CHECK_THROW(StoppingRule(0, 0), std::invalid_argument);
}

// With m = n there is no chance in it: theta - c shrinks by 1 - epsilon_k at each step.
BOOST_AUTO_TEST_CASE(steps_1_to_5) {
  Random random(1);
  const DescentResult result =
      stochastic_gradient_descent(distance_to_points(5), Tensor({2}, {0, 0}), {.initial = 0.5, .decay = 1}, 5,
                                  StoppingRule(0), 3, random);
  // epsilon = 1/2, 1/4, 1/6 around the centre (2, 4).
  const double left = 0.5 * 0.75 * (5. / 6);
  BOOST_TEST(result.theta[0] == 2 - 2 * left, tt::tolerance(1e-14));
  BOOST_TEST(result.theta[1] == 4 - 4 * left, tt::tolerance(1e-14));
  BOOST_TEST(result.steps == 3);
  BOOST_TEST(!result.converged);
  BOOST_REQUIRE(result.losses.size() == 4U);
  BOOST_TEST(result.losses[0] == 15, tt::tolerance(1e-14));  // 5/2 (0 + 1 + 4 + 9 + 16) / 5
  BOOST_TEST(result.losses[1] == 7.5, tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(a_pass_takes_examples_over_m_steps) {
  Random random(1);
  const auto steps = [&](Index m) {
    return stochastic_gradient_descent(distance_to_points(10), Tensor({2}), {}, m, StoppingRule(0), 1, random)
        .steps;
  };
  BOOST_TEST(steps(1) == 10);
  BOOST_TEST(steps(5) == 2);
  BOOST_TEST(steps(4) == 3);
}

BOOST_AUTO_TEST_CASE(repeats_until_the_improvement_is_minuscule) {
  Random random(1);
  const DescentResult result = stochastic_gradient_descent(
      distance_to_points(5), Tensor({2}, {0, 0}), {.initial = 0.5}, 5, StoppingRule(1e-9), 1000, random);
  BOOST_TEST(result.converged);
  BOOST_TEST(result.steps < 30);
  BOOST_TEST(result.theta[0] == 2, tt::tolerance(1e-4));
  BOOST_TEST(result.theta[1] == 4, tt::tolerance(1e-4));
  const std::size_t n = result.losses.size();
  BOOST_TEST(result.losses[n - 2] - result.losses[n - 1] <= 1e-9);
  BOOST_TEST(result.losses[n - 3] - result.losses[n - 2] > 1e-9);
}

// A constant rate keeps rattling among the examples; a decaying one homes in.
BOOST_AUTO_TEST_CASE(decay_lets_it_home_in) {
  const auto distance = [](double decay) {
    Random random(5);
    const Tensor theta =
        stochastic_gradient_descent(distance_to_points(20), Tensor({2}), {.initial = 0.5, .decay = decay}, 2,
                                    StoppingRule(0, 1000), 100, random)
            .theta;
    return std::hypot(theta[0] - 9.5, theta[1] - 19);
  };
  BOOST_TEST(distance(0.5) < 0.3);
  BOOST_TEST(distance(0) > 1);
}

BOOST_AUTO_TEST_CASE(optimizer_step_4_and_5) {
  SGD optimizer({.initial = 0.5, .decay = 1});
  Parameter a = parameter({1, 2, 3}, {1, -2, 4}), b = parameter({10}, {-8});
  BOOST_TEST(optimizer.k() == 1);
  optimizer.step({&a, &b});
  BOOST_TEST(optimizer.k() == 2);
  BOOST_TEST(a.value.values == (std::vector<Real>{0.5, 3, 1}), tt::per_element());
  BOOST_TEST(b.value.values == (std::vector<Real>{14}), tt::per_element());
  BOOST_TEST(a.gradient.values == (std::vector<Real>{1, -2, 4}), tt::per_element());
  optimizer.step({&a, &b});  // epsilon_2 = 1/4
  BOOST_TEST(a.value.values == (std::vector<Real>{0.25, 3.5, 0}), tt::per_element());
  BOOST_TEST(b.value.values == (std::vector<Real>{16}), tt::per_element());
}

// The optimizer against the algorithm written out, on the same mini-batches.
BOOST_AUTO_TEST_CASE(optimizer_takes_the_steps_of_the_algorithm) {
  const MeanLoss loss = distance_to_points(12);
  const LearningRate rate{.initial = 0.2, .decay = 0.1};
  Random random(9);
  const DescentResult expected =
      stochastic_gradient_descent(loss, Tensor({2}, {5, 5}), rate, 3, StoppingRule(0, 1000), 4, random);
  random = Random(9);
  SGD optimizer(rate);
  Parameter theta = parameter({5, 5}, {0, 0});
  for (Index k = 1; k <= 16; ++k) {
    theta.gradient = mini_batch_gradient(loss, theta.value, sample_mini_batch(12, 3, random));
    optimizer.step({&theta});
  }
  BOOST_TEST(theta.value.values == expected.theta.values, tt::tolerance(1e-14) << tt::per_element());
}

BOOST_AUTO_TEST_CASE(optimizer_goes_on_from_k) {
  SGD optimizer({.initial = 1, .decay = 1});
  optimizer.set_k(4);
  Parameter a = parameter({1}, {1});
  optimizer.step({&a});
  BOOST_TEST(a.value[0] == 0.75);
  BOOST_TEST(optimizer.k() == 5);
  BOOST_CHECK_THROW(optimizer.set_k(0), std::invalid_argument);
  BOOST_CHECK_THROW(optimizer.set_k(max_steps + 1), std::invalid_argument);
  optimizer.set_k(1);
  optimizer.set_k(max_steps);
}

BOOST_AUTO_TEST_CASE(optimizer_leaves_what_is_not_trainable) {
  SGD optimizer({.initial = 0.5});
  Parameter a = parameter({1}, {1}), fixed = parameter({1, 2}, {1, 1});
  fixed.trainable = false;
  optimizer.step({&fixed, &a});
  BOOST_TEST(fixed.value.values == (std::vector<Real>{1, 2}), tt::per_element());
  BOOST_TEST(a.value[0] == 0.5);
}

BOOST_AUTO_TEST_CASE(optimizer_refuses_other_parameters) {
  SGD optimizer;
  Parameter a = parameter({1, 2}, {1, 1}), b = parameter({1}, {1}), c = parameter({1, 2, 3}, {1, 1, 1});
  optimizer.step({&a, &b});
  BOOST_CHECK_THROW(optimizer.step({&a}), std::invalid_argument);
  BOOST_CHECK_THROW(optimizer.step({&b, &a}), std::invalid_argument);
  BOOST_CHECK_THROW(optimizer.step({&c, &b}), std::invalid_argument);
  BOOST_TEST(optimizer.k() == 2);  // a refused step is no step
  optimizer.step({&a, &b});
}

BOOST_AUTO_TEST_CASE(optimizer_refuses_a_gradient_of_another_shape) {
  SGD optimizer;
  Parameter a = parameter({1, 2}, {1, 1});
  a.gradient = Tensor({2, 1});
  BOOST_CHECK_THROW(optimizer.step({&a}), std::invalid_argument);
  a.trainable = false;  // then it is not read
  optimizer.step({&a});
}

BOOST_AUTO_TEST_CASE(optimizer_refuses_settings) {
  BOOST_CHECK_THROW(SGD({.initial = 0}), std::invalid_argument);
  BOOST_CHECK_THROW(SGD({.initial = not_a_number}), std::invalid_argument);
  BOOST_CHECK_THROW(SGD({.initial = infinite}), std::invalid_argument);
  BOOST_CHECK_THROW(SGD({.decay = -1}), std::invalid_argument);
  BOOST_CHECK_THROW(SGD({.decay = not_a_number}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
