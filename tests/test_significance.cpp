/// @file
/// Mean, spread and tests of differences, against values worked out by hand or taken from tables.
#define BOOST_TEST_DYN_LINK
#include "evaluation/significance.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <stdexcept>

#include "math/statistics.hpp"

using namespace plaingrad;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(significance)

BOOST_AUTO_TEST_CASE(the_median_is_in_the_middle) {
  BOOST_TEST(median({9, 1, 2}) == 2);
  BOOST_TEST(median({9, 1, 4, 2}) == 3);
  BOOST_TEST(median({5}) == 5);
  BOOST_CHECK_THROW(median({}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(standard_deviation_of_a_sample) {
  BOOST_TEST(standard_deviation(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9}) == std::sqrt(32.0 / 7),
             tt::tolerance(1e-14));
  BOOST_TEST(standard_deviation(std::vector<int>{3, 3, 3}) == 0);
  BOOST_TEST(std::isnan(standard_deviation(std::vector<double>{3})));
  BOOST_CHECK_THROW(standard_deviation(std::vector<double>()), std::invalid_argument);
}

// Differences 1, 2, 3, 4, 5: mean 3, standard error sqrt(2.5 / 5); the table has t = 2.776 for 4 degrees of
// freedom at 95 %.
BOOST_AUTO_TEST_CASE(paired_differences_by_hand) {
  const PairedDifference d = paired_difference({2, 4, 6, 8, 10}, {1, 2, 3, 4, 5});
  BOOST_TEST(d.pairs == 5);
  BOOST_TEST(d.mean == 3);
  BOOST_TEST(d.high - d.mean == 2.776445 * std::sqrt(0.5), tt::tolerance(1e-6));
  BOOST_TEST(d.mean - d.low == d.high - d.mean, tt::tolerance(1e-12));
  BOOST_TEST(d.p == 0.0132356, tt::tolerance(1e-4));  // t = 4.2426
  const PairedDifference reversed = paired_difference({1, 2, 3, 4, 5}, {2, 4, 6, 8, 10});
  BOOST_TEST(reversed.mean == -3);
  BOOST_TEST(reversed.p == d.p, tt::tolerance(1e-12));
}

// One degree of freedom is Cauchy's distribution: p = 1 - 2 atan(t) / pi.
BOOST_AUTO_TEST_CASE(two_pairs_follow_the_cauchy_distribution) {
  const PairedDifference d = paired_difference({1, 3}, {0, 0});
  BOOST_TEST(d.p == 1 - 2 * std::atan(2.0) / std::acos(-1.0), tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(one_pair_says_nothing_of_chance) {
  const PairedDifference d = paired_difference({5}, {1});
  BOOST_TEST(d.mean == 4);
  BOOST_TEST(std::isinf(d.low));
  BOOST_TEST(std::isinf(d.high));
  BOOST_TEST(d.p == 1);
  BOOST_TEST(paired_difference({1, 1}, {1, 1}).p == 1);
  BOOST_TEST(paired_difference({2, 2}, {1, 1}).p == 0);
  BOOST_CHECK_THROW(paired_difference({}, {}), std::invalid_argument);
  BOOST_CHECK_THROW(paired_difference({1, 2}, {1}), std::invalid_argument);
}

// 1 against 9: the coin comes down so, or more one-sided, in 2 (1 + 10) / 1024 of all cases.
BOOST_AUTO_TEST_CASE(mcnemar_is_a_fair_coin) {
  const McNemar test = mcnemar({1, 2, 50}, {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 50});
  BOOST_TEST(test.only_a == 1);
  BOOST_TEST(test.only_b == 9);
  BOOST_TEST(test.p == 22.0 / 1024, tt::tolerance(1e-12));
  BOOST_TEST(mcnemar({1, 2}, {3, 4}).p == 1);
  BOOST_TEST(mcnemar({1, 2}, {1, 2}).p == 1);
  BOOST_TEST(mcnemar({}, {}).p == 1);
}

BOOST_AUTO_TEST_SUITE_END()
