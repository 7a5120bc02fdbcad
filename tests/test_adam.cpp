/// @file
/// Section 4.4: Adam's eight steps, corrected and as printed.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "math/threads.hpp"
#include "optimizers/adam.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

namespace {

// Each number different and lambda large, so that no mistake hides behind another or behind the tolerance.
const AdamSettings settings{.learning_rate = 0.1, .beta1 = 0.9, .beta2 = 0.999, .lambda = 0.5};

// Computed by hand for theta = 1 and the gradients 2, -1, 0.5.
const double gradients[] = {2, -1, 0.5};
const AdamState by_hand[] = {{.theta = 0.92, .s = 0.2, .v = 0.004, .t = 1, .s_hat = 2, .v_hat = 4},
                             {.theta = 0.89976585499293382,
                              .s = 0.08,
                              .v = 0.004996,
                              .t = 2,
                              .s_hat = 0.08 / 0.19,
                              .v_hat = 0.004996 / 0.001999},
                             {.theta = 0.87506305764180881,
                              .s = 0.122,
                              .v = 0.005241004,
                              .t = 3,
                              .s_hat = 0.122 / 0.271,
                              .v_hat = 0.005241004 / 0.002997001}};

/// Runs the three steps and compares one of their results with the numbers by hand.
void check_against_hand(double AdamState::*result) {
  AdamState state{.theta = 1};
  for (std::size_t i = 0; i < 3; ++i) {
    state = adam_step(state, gradients[i], settings);
    BOOST_TEST((state.*result) == (by_hand[i].*result), tt::tolerance(1e-12));
  }
}

Parameter parameter(std::vector<Real> value, std::vector<Real> gradient) {
  const Shape shape = {static_cast<Index>(value.size())};
  return {.name = "kernel",
          .value = Tensor(shape, std::move(value)),
          .gradient = Tensor(shape, std::move(gradient))};
}

Parameter random_parameter(Index n, Random& random) {
  Parameter p{.name = "kernel", .value = Tensor({n}), .gradient = Tensor({n})};
  random.fill_normal(p.value);
  return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(adam)

BOOST_AUTO_TEST_CASE(adam_step_1_starts_from_zero) {
  const AdamState state;
  BOOST_TEST(state.s == 0);
  BOOST_TEST(state.v == 0);
  BOOST_TEST(state.t == 0);
  BOOST_TEST(Adam().t() == 0);
  BOOST_TEST(Adam().moments().empty());
  const AdamSettings defaults;
  BOOST_TEST(defaults.learning_rate == 0.001);
  BOOST_TEST(defaults.beta1 == 0.9);
  BOOST_TEST(defaults.beta2 == 0.999);
  BOOST_TEST(defaults.lambda == 1e-7);
}

BOOST_AUTO_TEST_CASE(adam_step_2_counts) {
  AdamState state = adam_step({}, 1);
  BOOST_TEST(state.t == 1);
  state = adam_step(state, 1);
  BOOST_TEST(state.t == 2);
}

// Step 3 is the gradient given: it decides the direction.
BOOST_AUTO_TEST_CASE(adam_step_3_goes_against_the_gradient) {
  BOOST_TEST(adam_step({}, 3).theta < 0);
  BOOST_TEST(adam_step({}, -3).theta > 0);
  BOOST_TEST(adam_step({}, 0).theta == 0);  // 0 / (0 + lambda)
}

BOOST_AUTO_TEST_CASE(adam_step_4_first_moment) {
  check_against_hand(&AdamState::s);
}
BOOST_AUTO_TEST_CASE(adam_step_5_second_moment) {
  check_against_hand(&AdamState::v);
}
BOOST_AUTO_TEST_CASE(adam_step_6_first_estimate) {
  check_against_hand(&AdamState::s_hat);
}
BOOST_AUTO_TEST_CASE(adam_step_7_second_estimate) {
  check_against_hand(&AdamState::v_hat);
}
BOOST_AUTO_TEST_CASE(adam_step_8_parameter) {
  check_against_hand(&AdamState::theta);
}

// What "unbiased" means: under a constant gradient the estimates are g and g^2 from the first step on.
BOOST_AUTO_TEST_CASE(adam_step_6_7_unbiased) {
  AdamState state;
  for (int t = 0; t < 100; ++t) {
    state = adam_step(state, -1.5);
    BOOST_TEST(state.s_hat == -1.5, tt::tolerance(1e-11));
    BOOST_TEST(state.v_hat == 2.25, tt::tolerance(1e-11));
  }
}

// As printed they are not: 19 g = (1 + 0.9) / (1 - 0.9) g at every step, and 1999 g^2 sinking to 19.99 g^2.
BOOST_AUTO_TEST_CASE(adam_step_4_5_as_printed_are_biased) {
  AdamState state;
  for (int t = 1; t <= 20000; ++t) {
    state = adam_step_as_printed(state, -1.5);
    BOOST_REQUIRE_CLOSE(state.s_hat, -1.5 * 19, 1e-9);
    if (t == 1) BOOST_TEST(state.v_hat == 2.25 * 1999, tt::tolerance(1e-11));
  }
  BOOST_TEST(state.s == -1.5 * 19, tt::tolerance(1e-11));
  BOOST_TEST(state.v == 2.25 * 19.99, tt::tolerance(1e-11));  // large, but not without bound
  BOOST_TEST(state.v_hat == 2.25 * 19.99, tt::tolerance(1e-7));
}

// Under a constant gradient a step is epsilon long; as printed it grows from 0.42 to 4.25 epsilon.
BOOST_AUTO_TEST_CASE(adam_step_8_length) {
  AdamState corrected, printed;
  for (int t = 1; t <= 20000; ++t) {
    const double before = corrected.theta, before_printed = printed.theta;
    corrected = adam_step(corrected, 3);
    printed = adam_step_as_printed(printed, 3);
    BOOST_REQUIRE_CLOSE(before - corrected.theta, 0.001, 1e-3);
    if (t == 1)
      BOOST_TEST(before_printed - printed.theta == 0.001 * 19 / std::sqrt(1999), tt::tolerance(1e-6));
    if (t == 20000)
      BOOST_TEST(before_printed - printed.theta == 0.001 * 19 / std::sqrt(19.99), tt::tolerance(1e-6));
  }
}

BOOST_AUTO_TEST_CASE(adam_as_printed_first_steps) {
  AdamState state{.theta = 1};
  state = adam_step_as_printed(state, 2, settings);
  BOOST_TEST(state.t == 1);
  BOOST_TEST(state.s == 3.8, tt::tolerance(1e-12));    // 1.9 * 2
  BOOST_TEST(state.v == 7.996, tt::tolerance(1e-12));  // 1.999 * 4
  BOOST_TEST(state.theta == 0.95774038065561784, tt::tolerance(1e-12));
  state = adam_step_as_printed(state, -1, settings);
  BOOST_TEST(state.t == 2);
  BOOST_TEST(state.s == 1.52, tt::tolerance(1e-12));
  BOOST_TEST(state.v == 9.1954, tt::tolerance(1e-12));  // 0.9 * 7.996 + 1.999: with beta2 it would be 9.987
  BOOST_TEST(state.theta == 0.94603134432429503, tt::tolerance(1e-12));
}

// The optimizer takes the same steps, for each value by itself.
BOOST_AUTO_TEST_CASE(optimizer_first_three_steps_by_hand) {
  Adam optimizer(settings);
  Parameter a = parameter({1, 5, 1}, {0, 0, 0}), b = parameter({1}, {0});
  for (std::size_t i = 0; i < 3; ++i) {
    a.gradient.values = {static_cast<Real>(gradients[i]), 0, static_cast<Real>(-gradients[i])};
    b.gradient.values = {static_cast<Real>(gradients[i])};
    optimizer.step({&a, &b});
    const AdamState& expected = by_hand[i];
    BOOST_TEST(optimizer.t() == expected.t);
    BOOST_TEST(a.value[0] == expected.theta, tt::tolerance(1e-12));
    BOOST_TEST(a.value[1] == 5);
    BOOST_TEST(a.value[2] == 2 - expected.theta, tt::tolerance(1e-12));
    BOOST_TEST(b.value[0] == expected.theta, tt::tolerance(1e-12));
    BOOST_REQUIRE(optimizer.moments().size() == 2U);
    BOOST_TEST(optimizer.moments()[0].s[0] == expected.s, tt::tolerance(1e-12));
    BOOST_TEST(optimizer.moments()[0].s[2] == -expected.s, tt::tolerance(1e-12));
    BOOST_TEST(optimizer.moments()[0].v[2] == expected.v, tt::tolerance(1e-12));
    BOOST_TEST(optimizer.moments()[1].v[0] == expected.v, tt::tolerance(1e-12));
  }
}

// Every length of vector and remainder, and one long enough to be shared out over the threads.
BOOST_AUTO_TEST_CASE(optimizer_equals_the_steps_on_one_number) {
  for (const Index n : {1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 100, 200'003}) {
    Random random(static_cast<std::uint64_t>(n));
    Parameter p = random_parameter(n, random);
    std::vector<AdamState> states(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i) states[static_cast<std::size_t>(i)].theta = p.value[i];
    Adam optimizer(settings);
    double worst = 0;
    for (int t = 0; t < 4; ++t) {
      random.fill_normal(p.gradient);
      optimizer.step({&p});
      for (Index i = 0; i < n; ++i) {
        AdamState& state = states[static_cast<std::size_t>(i)];
        state = adam_step(state, p.gradient[i], settings);
        worst = std::max(worst, std::abs(state.theta - p.value[i]));
      }
    }
    BOOST_TEST(worst < 1e-14, "n = " << n << ": off by " << worst);
  }
}

BOOST_AUTO_TEST_CASE(optimizer_gives_the_same_bits_on_any_number_of_threads) {
  const int threads = thread_count();
  std::vector<std::vector<Real>> values;
  for (const int count : {1, 2, 3}) {
    set_thread_count(count);
    Random random(4);
    Parameter p = random_parameter(150'001, random);
    Adam optimizer;
    for (int t = 0; t < 3; ++t) {
      random.fill_normal(p.gradient);
      optimizer.step({&p});
    }
    values.push_back(p.value.values);
  }
  set_thread_count(threads);
  BOOST_TEST((values[0] == values[1]));
  BOOST_TEST((values[0] == values[2]));
}

BOOST_AUTO_TEST_CASE(optimizer_leaves_what_is_not_trainable) {
  Adam optimizer;
  Parameter a = parameter({1}, {1}), fixed = parameter({1, 2}, {1, 1});
  fixed.trainable = false;
  optimizer.step({&fixed, &a});
  BOOST_TEST(fixed.value.values == (std::vector<Real>{1, 2}), tt::per_element());
  BOOST_TEST(a.value[0] == 0.999, tt::tolerance(1e-9));
  BOOST_REQUIRE(optimizer.moments().size() == 2U);
  BOOST_TEST(optimizer.moments()[0].s.values == (std::vector<Real>{0, 0}), tt::per_element());
  BOOST_TEST(optimizer.moments()[0].v.values == (std::vector<Real>{0, 0}), tt::per_element());
  BOOST_TEST(optimizer.moments()[1].s[0] == 0.1, tt::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(optimizer_goes_on_where_it_stopped) {
  const auto gradient = [](int t) { return static_cast<Real>(std::sin(t)); };
  Adam whole(settings), first(settings), second(settings);
  Parameter a = parameter({1}, {0}), b = parameter({1}, {0});
  for (int t = 0; t < 6; ++t) {
    a.gradient[0] = b.gradient[0] = gradient(t);
    whole.step({&a});
    if (t == 3) second.restore(first.t(), first.moments());
    (t < 3 ? first : second).step({&b});
  }
  BOOST_TEST(a.value[0] == b.value[0]);
  BOOST_TEST(second.t() == 6);
}

BOOST_AUTO_TEST_CASE(optimizer_refuses_a_state) {
  Adam optimizer;
  BOOST_CHECK_THROW(optimizer.restore(-1, {}), std::invalid_argument);
  BOOST_CHECK_THROW(optimizer.restore(1, {}), std::invalid_argument);
  const std::vector<AdamMoments> moments{{.s = Tensor({2}), .v = Tensor({2})}};
  BOOST_CHECK_THROW(optimizer.restore(max_steps + 1, moments), std::invalid_argument);
  optimizer.restore(max_steps, moments);
  BOOST_CHECK_THROW(optimizer.restore(1, {{.s = Tensor({2}), .v = Tensor({3})}}), std::invalid_argument);
  optimizer.restore(1, {{.s = Tensor({2}), .v = Tensor({2})}});
  Parameter other = parameter({1, 2, 3}, {1, 1, 1});
  BOOST_CHECK_THROW(optimizer.step({&other}), std::invalid_argument);
  optimizer.restore(0, {});  // from the beginning
  optimizer.step({&other});
  BOOST_TEST(optimizer.t() == 1);
}

BOOST_AUTO_TEST_CASE(optimizer_refuses_other_parameters) {
  Adam optimizer;
  Parameter a = parameter({1, 2}, {1, 1}), b = parameter({1}, {1});
  optimizer.step({&a, &b});
  BOOST_CHECK_THROW(optimizer.step({&a}), std::invalid_argument);
  BOOST_CHECK_THROW(optimizer.step({&b, &a}), std::invalid_argument);
  BOOST_TEST(optimizer.t() == 1);
  b.gradient = Tensor({2});
  BOOST_CHECK_THROW(optimizer.step({&a, &b}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_rate_that_changes_holds_from_the_next_step_on) {
  AdamSettings changing = settings;
  Adam optimizer(changing);
  Parameter p = parameter({1}, {0});
  AdamState state{.theta = 1};
  for (const double g : gradients) {
    changing.learning_rate *= 3;
    optimizer.set_learning_rate(changing.learning_rate);
    state = adam_step(state, g, changing);
    p.gradient[0] = static_cast<Real>(g);
    optimizer.step({&p});
    BOOST_TEST(p.value[0] == state.theta, tt::tolerance(1e-14));
  }
  for (const double wrong :
       {0., -1., std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    BOOST_CHECK_THROW(optimizer.set_learning_rate(wrong), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(optimizer_refuses_settings) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_CHECK_THROW(Adam({.learning_rate = 0}), std::invalid_argument);
  BOOST_CHECK_THROW(Adam({.learning_rate = nan}), std::invalid_argument);
  BOOST_CHECK_THROW(Adam({.beta1 = 1}), std::invalid_argument);
  BOOST_CHECK_THROW(Adam({.beta1 = -0.1}), std::invalid_argument);
  BOOST_CHECK_THROW(Adam({.beta2 = 1}), std::invalid_argument);
  BOOST_CHECK_THROW(Adam({.beta2 = nan}), std::invalid_argument);
  BOOST_CHECK_THROW(Adam({.lambda = 0}), std::invalid_argument);
  Adam({.beta1 = 0, .beta2 = 0});
}

BOOST_AUTO_TEST_SUITE_END()
