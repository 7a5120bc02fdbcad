/// @file
/// Dual numbers themselves: each rule against the derivative that one knows.
#define BOOST_TEST_DYN_LINK
#include "math/dual.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <type_traits>

#include "math/real.hpp"

using namespace plaingrad;

namespace {

constexpr double a = 0.7, b = -1.3, da = 2, db = -0.6;
constexpr Dual A(a, da), B(b, db);

void expect(Dual found, double value, double derivative) {
  BOOST_TEST(found.value == value);
  BOOST_TEST(found.derivative == derivative, boost::test_tools::tolerance(1e-15));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dual_numbers)

BOOST_AUTO_TEST_CASE(sums_and_products) {
  expect(-A, -a, -da);
  expect(A + B, a + b, da + db);
  expect(A - B, a - b, da - db);
  expect(A * B, a * b, da * b + a * db);
  expect(A / B, a / b, (da * b - a * db) / (b * b));
  expect(fma(A, B, Dual(5, 3)), std::fma(a, b, 5), da * b + a * db + 3);
}

BOOST_AUTO_TEST_CASE(assignments_compute_the_same) {
  Dual x = A;
  x += B, expect(x, a + b, da + db);
  x = A, x -= B, expect(x, a - b, da - db);
  x = A, x *= B, expect(x, a * b, da * b + a * db);
  x = A, x /= B, expect(x, a / b, (da * b - a * db) / (b * b));
}

BOOST_AUTO_TEST_CASE(functions_follow_the_chain_rule) {
  expect(exp(A), std::exp(a), std::exp(a) * da);
  expect(log(A), std::log(a), da / a);
  expect(log1p(A), std::log1p(a), da / (1 + a));
  expect(sqrt(A), std::sqrt(a), da / (2 * std::sqrt(a)));
  expect(tanh(A), std::tanh(a), da * (1 - std::tanh(a) * std::tanh(a)));
  expect(abs(A), a, da);
  expect(abs(B), -b, -db);
  expect(abs(Dual(0, da)), 0, da);
  expect(tanh(Dual(800, 1)), 1, 0);  // cosh overflows, and its square before it
}

BOOST_AUTO_TEST_CASE(constants_do_not_change) {
  expect(Dual(), 0, 0);
  expect(Dual(3), 3, 0);
  expect(3 * A, 3 * a, 3 * da);
  expect(1 / A, 1 / a, -da / (a * a));
}

BOOST_AUTO_TEST_CASE(comparisons_look_at_the_value) {
  const Dual nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST((Dual(1, 5) == Dual(1, -5)));
  BOOST_TEST((Dual(1, 5) <= Dual(1, -5)));
  BOOST_TEST((Dual(1, 5) < Dual(2, -5)));
  BOOST_TEST((Dual(2, -5) > 1));
  BOOST_TEST(!(nan == nan));
  BOOST_TEST(!(nan < 1));
  BOOST_TEST(!(nan >= 1));
  BOOST_TEST(isnan(nan));
  BOOST_TEST(!isfinite(nan));
  BOOST_TEST(isfinite(A));
  BOOST_TEST(value_of(std::numeric_limits<Dual>::max()) == std::numeric_limits<double>::max());
}

BOOST_AUTO_TEST_CASE(only_a_name_drops_the_derivative) {
  static_assert(std::is_same_v<Real, Dual>);
  static_assert(std::is_same_v<Sum, Dual>);
  static_assert(!std::is_constructible_v<double, Dual> && !std::is_constructible_v<float, Dual>);
  BOOST_TEST(value_of(A) == a);
}

BOOST_AUTO_TEST_SUITE_END()
