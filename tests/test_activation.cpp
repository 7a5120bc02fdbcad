/// @file
/// Section 2.3: values, derivatives, extremes and names of the activation functions, and the array versions.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <vector>

#include "neuron/activation.hpp"

using namespace plaingrad;

namespace {

constexpr double tolerance = 1e-14;

// Both sides of the kink, never closer to it than the step of the differences below.
const std::vector<Real> points = {-30, -5, -2, -1, -0.4, -0.01, 0.01, 0.3, 1, 2.5, 6, 30};

double relative_error(double a, double b) {
  return std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1.0});
}

double numerical_derivative(Activation f, double e) {
  const double h = 1e-5;
  return (value(f, e + h) - value(f, e - h)) / (2 * h);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(activation)

BOOST_AUTO_TEST_CASE(values_as_in_the_table_of_section_2_3) {
  BOOST_TEST(linear(-3) == -3);
  BOOST_TEST(linear(-3, 2.5) == -7.5);
  BOOST_CHECK_SMALL(sigmoid(0) - 0.5, tolerance);
  BOOST_CHECK_SMALL(sigmoid(2) - 0.88079707797788244, tolerance);
  BOOST_CHECK_SMALL(sigmoid(-2) - 0.11920292202211756, tolerance);
  BOOST_CHECK_SMALL(tanh_as_defined(0.5) - 0.46211715726000976, tolerance);
  BOOST_CHECK_SMALL(tanh_as_defined(-0.5) + 0.46211715726000976, tolerance);
  BOOST_TEST(relu(-2) == 0);
  BOOST_TEST(relu(0) == 0);
  BOOST_TEST(relu(2) == 2);
  BOOST_CHECK_SMALL(leaky_relu(-2) + 0.6, tolerance);
  BOOST_CHECK_SMALL(leaky_relu(-2, 0.1) + 0.2, tolerance);
  BOOST_TEST(leaky_relu(2) == 2);
}

BOOST_AUTO_TEST_CASE(value_calls_the_function_named) {
  for (const Real e : points) {
    BOOST_TEST(value(Activation::linear, e) == e);
    BOOST_TEST(value(Activation::sigmoid, e) == sigmoid(e));
    BOOST_TEST(value(Activation::tanh, e) == std::tanh(e));
    BOOST_TEST(value(Activation::relu, e) == relu(e));
    BOOST_TEST(value(Activation::leaky_relu, e) == leaky_relu(e));
  }
}

BOOST_AUTO_TEST_CASE(tanh_as_the_report_defines_it_is_tanh) {
  for (const Real x : points) BOOST_CHECK_SMALL(tanh_as_defined(x) - std::tanh(x), tolerance);
}

// Section 11.1.4 times 2/(1 + exp(-x)) - 1 as tanh. That is another function: tanh(x/2).
BOOST_AUTO_TEST_CASE(tanh_of_the_timing_listing_is_tanh_of_half) {
  for (const Real x : points) {
    const Real listing = 2 / (1 + std::exp(-x)) - 1;
    BOOST_CHECK_SMALL(listing - std::tanh(x / 2), tolerance);
    if (std::abs(x) > 0.1 && std::abs(x) < 10) BOOST_TEST(std::abs(listing - std::tanh(x)) > 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(ranges_as_in_the_table_of_section_2_3) {
  for (Real x = -1000; x <= 1000; x += Real(0.5)) {
    BOOST_REQUIRE(sigmoid(x) >= 0 && sigmoid(x) <= 1);
    BOOST_REQUIRE(std::abs(tanh_as_defined(x)) <= 1);
    BOOST_REQUIRE(relu(x) >= 0);
  }
  // The report ends ReLU's range at Max(x), the greatest input seen; the function itself has no greatest
  // value.
  BOOST_TEST(relu(1e300) == 1e300);
}

BOOST_AUTO_TEST_CASE(derivatives_against_numerical_differences) {
  for (const Activation f : all_activations)
    for (const Real e : points)
      BOOST_TEST(relative_error(derivative(f, e), numerical_derivative(f, e)) < 1e-9,
                 to_string(f) << " at " << e << ": derivative " << derivative(f, e) << ", difference "
                              << numerical_derivative(f, e));
}

BOOST_AUTO_TEST_CASE(derivatives_from_the_output_are_the_derivatives) {
  for (const Activation f : all_activations)
    for (const Real e : points)
      BOOST_CHECK_SMALL(derivative_from_output(f, value(f, e)) - derivative(f, e), tolerance);
}

BOOST_AUTO_TEST_CASE(derivatives_at_the_kink_are_those_on_its_left) {
  for (const Activation f : {Activation::relu, Activation::leaky_relu}) {
    BOOST_TEST(derivative(f, 0) == derivative(f, -1));
    BOOST_TEST(derivative(f, 0) != derivative(f, 1));
    BOOST_TEST(derivative_from_output(f, 0) == derivative(f, 0));
  }
}

BOOST_AUTO_TEST_CASE(extremes_stay_finite) {
  for (const Activation f : all_activations)
    for (const Real e : {Real(-1000), Real(1000)}) {
      BOOST_TEST(std::isfinite(value(f, e)));
      BOOST_TEST(std::isfinite(derivative(f, e)));
      BOOST_TEST(std::isfinite(derivative_from_output(f, value(f, e))));
    }
  BOOST_TEST(sigmoid(-1000) == 0);
  BOOST_TEST(sigmoid(1000) == 1);
  BOOST_TEST(tanh_as_defined(-1000) == -1);
  BOOST_TEST(tanh_as_defined(1000) == 1);
  BOOST_TEST(sigmoid(-40) > 0);                         // e^-40 is a number yet
  BOOST_TEST(derivative(Activation::sigmoid, 40) > 0);  // and 1 - f(40) would have cancelled to nothing
  BOOST_TEST(derivative(Activation::tanh, 20) > 0);
}

BOOST_AUTO_TEST_CASE(nan_stays_nan) {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  for (const Activation f : all_activations) {
    BOOST_TEST(std::isnan(value(f, nan)), to_string(f));
    std::vector<Real> values(19, nan);
    apply(f, values.data(), 19);
    BOOST_TEST(std::all_of(values.begin(), values.end(), [](Real v) { return std::isnan(v); }), to_string(f));
    std::vector<Real> dz(19);
    multiply_by_derivative(f, std::vector<Real>(19, 0).data(), values.data(), dz.data(), 19);
    BOOST_TEST(std::all_of(dz.begin(), dz.end(), [](Real v) { return std::isnan(v); }), to_string(f));
  }
}

// Lengths that do and do not divide by the width of a vector register, and none at all.
BOOST_AUTO_TEST_CASE(array_versions_agree_with_the_functions_of_one_number) {
  for (const Activation f : all_activations)
    for (const std::size_t n : {0u, 1u, 7u, 16u, 33u}) {
      std::vector<Real> e(n + 1), y, dy(n + 1);
      for (std::size_t i = 0; i <= n; ++i) {
        e[i] = static_cast<Real>(i) * Real(0.37) - 4;
        dy[i] = 1 - static_cast<Real>(i) * Real(0.21);
      }
      y = e;
      std::vector<Real> dz = dy;
      apply(f, y.data(), static_cast<Index>(n));
      multiply_by_derivative(f, y.data(), dy.data(), dz.data(), static_cast<Index>(n));
      for (std::size_t i = 0; i < n; ++i) {
        BOOST_CHECK_SMALL(y[i] - value(f, e[i]), tolerance);
        BOOST_CHECK_SMALL(dz[i] - dy[i] * derivative(f, e[i]), tolerance);
      }
      BOOST_TEST(y[n] == e[n]);  // nothing beyond the end is touched
      BOOST_TEST(dz[n] == dy[n]);
    }
}

BOOST_AUTO_TEST_CASE(names_there_and_back) {
  std::set<std::string> names;
  for (const Activation f : all_activations) {
    names.insert(to_string(f));
    BOOST_TEST((activation_from_name(to_string(f)) == f));
  }
  BOOST_TEST(names.size() == all_activations.size());
  BOOST_CHECK_THROW(activation_from_name("ReLU"), std::invalid_argument);
  BOOST_CHECK_THROW(activation_from_name(""), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_number_outside_the_enumeration_throws) {
  const auto none = static_cast<Activation>(99);
  Real number = 1;
  BOOST_CHECK_THROW(value(none, 1), std::invalid_argument);
  BOOST_CHECK_THROW(derivative(none, 1), std::invalid_argument);
  BOOST_CHECK_THROW(derivative_from_output(none, 1), std::invalid_argument);
  BOOST_CHECK_THROW(apply(none, &number, 1), std::invalid_argument);
  BOOST_CHECK_THROW(multiply_by_derivative(none, &number, &number, &number, 1), std::invalid_argument);
  BOOST_CHECK_THROW(to_string(none), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
