/// @file
/// Section 3.4: cross-entropy (3.7) on probabilities.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "losses/cross_entropy_definition.hpp"

using namespace plaingrad;

namespace {

using Values = std::vector<Real>;

Real ce(const Values& actual, const Values& predicted) {
  return cross_entropy_definition(actual, predicted);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cross_entropy_by_definition)

BOOST_AUTO_TEST_CASE(eq_3_7_one_class_is_certain) {
  BOOST_TEST(ce({0, 1, 0}, {0.25, 0.5, 0.25}) == std::log(2.0), boost::test_tools::tolerance(1e-15));
  BOOST_TEST(ce({0, 0, 1}, {0.25, 0.5, 0.25}) == std::log(4.0), boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(eq_3_7_several_classes_are_possible) {
  const Real expected =
      0.25 * std::log(2.0) + 0.75 * std::log(8.0);  // not the same as with y and y' changed over
  BOOST_TEST(ce({0.25, 0.75, 0}, {0.5, 0.125, 0.375}) == expected, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(eq_3_7_is_least_where_the_prediction_is_right) {
  const Values actual{0.2, 0.3, 0.5};
  const Real entropy = ce(actual, actual);
  BOOST_TEST(entropy > 0);
  BOOST_TEST(ce(actual, {0.21, 0.3, 0.49}) > entropy);
  BOOST_TEST(ce(actual, {0.2, 0.29, 0.51}) > entropy);
}

BOOST_AUTO_TEST_CASE(eq_3_7_of_zeros) {
  BOOST_TEST(ce({1, 0}, {1, 0}) == 0);  // 0 log 0 = 0
  BOOST_TEST(ce({0, 1}, {1, 0}) == std::numeric_limits<Real>::infinity());
  BOOST_TEST(ce({}, {}) == 0);
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused) {
  BOOST_CHECK_THROW(ce({1, 0}, {1, 0, 0}), std::invalid_argument);
  BOOST_CHECK_THROW(ce({1, 0}, {1.5, -0.5}), std::invalid_argument);
  BOOST_CHECK_THROW(ce({0, 1}, {-0.5, 1}), std::invalid_argument);
  BOOST_CHECK_THROW(ce({-0.5, 1}, {0, 1}), std::invalid_argument);
  BOOST_CHECK_THROW(ce({0, 1}, {std::nan(""), 1}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
