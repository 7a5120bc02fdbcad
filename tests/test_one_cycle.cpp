/// @file
/// A learning rate that rises and falls.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <limits>
#include <stdexcept>
#include <vector>

#include "optimizers/one_cycle.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(one_cycle_rate)

BOOST_AUTO_TEST_CASE(rises_for_three_tenths_of_the_steps_and_falls_to_nothing) {
  std::vector<double> rates;
  for (Index k = 1; k <= 10; ++k) rates.push_back(one_cycle(k, 10, 8));
  const std::vector<double> by_hand{8. / 3, 16. / 3, 8, 7, 6, 5, 4, 3, 2, 1};
  BOOST_TEST(rates == by_hand, tt::tolerance(1e-15) << tt::per_element());
}

BOOST_AUTO_TEST_CASE(the_shortest_trainings_have_rates_too) {
  BOOST_TEST(one_cycle(1, 1, 0.5) == 0.5);
  BOOST_TEST(one_cycle(1, 3, 0.6) == 0.6);  // three tenths of three steps are less than one
  BOOST_TEST(one_cycle(3, 3, 0.6) == 0.2, tt::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(refuses_steps_and_rates_out_of_range) {
  BOOST_CHECK_THROW(one_cycle(0, 10, 1), std::invalid_argument);
  BOOST_CHECK_THROW(one_cycle(11, 10, 1), std::invalid_argument);
  BOOST_CHECK_THROW(one_cycle(1, 0, 1), std::invalid_argument);
  for (const double peak :
       {0., -1., std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    BOOST_CHECK_THROW(one_cycle(1, 10, peak), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
