/// @file
/// Section 4.2: (4.1)-(4.5).
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <stdexcept>

#include "optimizers/gradient_descent.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(gradient_descent)

BOOST_AUTO_TEST_CASE(eq_4_1_argmin) {
  BOOST_TEST(argmin(parabola, {-1, 0, 1, 2, 3, 4, 5}) == 3);
  BOOST_TEST(argmin([](double x) { return -x; }, {1, 3, 2}) == 3);
  BOOST_TEST(argmin([](double x) { return x * x; }, {5, -2, 2}) == -2);  // a tie: the first
  BOOST_TEST(argmin([](double) { return 7.; }, {4}) == 4);
  BOOST_CHECK_THROW(argmin(parabola, {}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(eq_4_2_function) {
  BOOST_TEST(parabola(3) == 0);
  BOOST_TEST(parabola(0) == 9);
  BOOST_TEST(parabola(5) == 4);
  BOOST_TEST(parabola(-1) == 16);
}

BOOST_AUTO_TEST_CASE(eq_4_3_derivative) {
  BOOST_TEST(parabola_derivative(5) == 4);
  BOOST_TEST(parabola_derivative(-1) == -8);
  const double h = 1e-5;
  for (const double x : {-2., 0., 1.5, 3., 4.25}) {
    BOOST_TEST(std::abs(parabola_derivative(x) - (parabola(x + h) - parabola(x - h)) / (2 * h)) < 1e-8);
  }
}

// The signs are the report's; the zero is at 3, where the report prints 0.
BOOST_AUTO_TEST_CASE(eq_4_3_stationary_point_is_3_not_0) {
  BOOST_TEST(parabola_derivative(2.999) < 0);
  BOOST_TEST(parabola_derivative(3.001) > 0);
  BOOST_TEST(parabola_derivative(3) == 0);
  BOOST_TEST(parabola_derivative(0) == -6);
}

BOOST_AUTO_TEST_CASE(eq_4_4_value) {
  // f = exp at 0, slope 1: 1 + epsilon.
  const auto f = [](double x) { return std::exp(x); };
  BOOST_TEST(linear_approximation(f, f, 0, 0.25) == 1.25);
  BOOST_TEST(linear_approximation(f, f, 0, -0.25) == 0.75);
  BOOST_TEST(linear_approximation(parabola, parabola_derivative, 1, 0.5) == 2);  // 4 - 4 / 2
}

// A tenth of the step, a hundredth of the error: for this f the error is epsilon^2 itself.
BOOST_AUTO_TEST_CASE(eq_4_4_error_is_of_second_order) {
  for (const double epsilon : {1., 0.1, 0.01, 0.001}) {
    const double error =
        parabola(1 + epsilon) - linear_approximation(parabola, parabola_derivative, 1, epsilon);
    BOOST_TEST(error == epsilon * epsilon, tt::tolerance(1e-6));
  }
  const auto f = [](double x) { return std::sin(x); };
  const auto f_prime = [](double x) { return std::cos(x); };
  const auto error = [&](double epsilon) {
    return std::abs(f(1 + epsilon) - linear_approximation(f, f_prime, 1, epsilon));
  };
  BOOST_TEST(error(1e-2) / error(1e-3) == 100, tt::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(eq_4_5_sign_step) {
  BOOST_TEST(sign(-0.1) == -1);
  BOOST_TEST(sign(0) == 0);
  BOOST_TEST(sign(12) == 1);
  BOOST_TEST(sign_step(parabola_derivative, 0, 0.25) == 0.25);  // slope -6: up by epsilon, not by 6 epsilon
  BOOST_TEST(sign_step(parabola_derivative, 7, 0.25) == 6.75);
  BOOST_TEST(sign_step(parabola_derivative, 3, 0.25) == 3);
}

BOOST_AUTO_TEST_CASE(eq_4_5_holds_for_small_epsilon) {
  for (const double x : {-4., 0., 2.5, 3.5, 10.}) {
    for (const double epsilon : {1e-6, 1e-3, 0.5}) {
      BOOST_TEST(sign_step_improves(parabola, parabola_derivative, x, epsilon));
    }
  }
}

// For this f the bound is known: it holds for 0 < epsilon < 2 |x - 3| only.
BOOST_AUTO_TEST_CASE(eq_4_5_fails_for_large_epsilon) {
  BOOST_TEST(sign_step_improves(parabola, parabola_derivative, 0, 5.99));
  BOOST_TEST(!sign_step_improves(parabola, parabola_derivative, 0, 6));  // f(6) = f(0): not less
  BOOST_TEST(!sign_step_improves(parabola, parabola_derivative, 0, 6.01));
}

BOOST_AUTO_TEST_CASE(eq_4_5_fails_at_stationary_point) {
  for (const double epsilon : {1e-6, 0.1, 10.}) {
    BOOST_TEST(!sign_step_improves(parabola, parabola_derivative, 3, epsilon));
  }
}

BOOST_AUTO_TEST_CASE(gradient_step_is_as_long_as_the_slope) {
  BOOST_TEST(gradient_step(parabola_derivative, 0, 0.25) == 1.5);
  BOOST_TEST(gradient_step(parabola_derivative, 5, 0.25) == 4);
  BOOST_TEST(gradient_step(parabola_derivative, 3, 0.25) == 3);
}

// x_i - 3 = (1 - 2 epsilon)^i (x_0 - 3): slow, at once, for ever to and fro, away.
BOOST_AUTO_TEST_CASE(descend_by_gradient) {
  const auto path = [](double epsilon, Index steps) {
    return descend([=](double x) { return gradient_step(parabola_derivative, x, epsilon); }, 0, steps);
  };
  const std::vector<double> slow = path(0.1, 20);
  BOOST_REQUIRE(slow.size() == 21U);
  for (std::size_t i = 0; i < slow.size(); ++i) {
    BOOST_TEST(slow[i] == 3 - 3 * std::pow(0.8, static_cast<double>(i)), tt::tolerance(1e-12));
  }
  BOOST_TEST(path(0.5, 20) == (std::vector<double>{0, 3}),
             tt::per_element());  // stops at the stationary point
  BOOST_TEST(path(1, 4) == (std::vector<double>{0, 6, 0, 6, 0}), tt::per_element());
  BOOST_TEST(std::abs(path(1.1, 20).back() - 3) > 100);
}

// A step of fixed length cannot come nearer than half of it.
BOOST_AUTO_TEST_CASE(descend_by_sign_hops_over_the_minimum) {
  const std::vector<double> path =
      descend([](double x) { return sign_step(parabola_derivative, x, 0.4); }, 0, 1000);
  BOOST_REQUIRE(path.size() == 1001U);
  for (std::size_t i = 8; i < path.size(); ++i) {
    BOOST_TEST(std::abs(path[i] - 3) > 0.199);
    BOOST_TEST(std::abs(path[i] - 3) < 0.201);
  }
}

BOOST_AUTO_TEST_CASE(descend_takes_no_negative_count) {
  const auto step = [](double x) { return x + 1; };
  BOOST_TEST(descend(step, 2, 0) == (std::vector<double>{2}), tt::per_element());
  BOOST_TEST(descend(step, 2, 2) == (std::vector<double>{2, 3, 4}), tt::per_element());
  BOOST_CHECK_THROW(descend(step, 2, -1), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
