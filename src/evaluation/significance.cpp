/// @file
/// Through Boost.Math's distributions.
#include "evaluation/significance.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <iterator>
#include <limits>
#include <stdexcept>

#include "math/statistics.hpp"

namespace plaingrad {

PairedDifference paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.empty() || a.size() != b.size())
    throw std::invalid_argument("paired_difference: " + std::to_string(a.size()) + " and " +
                                std::to_string(b.size()) + " numbers");
  std::vector<double> differences;
  std::transform(a.begin(), a.end(), b.begin(), std::back_inserter(differences), std::minus<>());
  PairedDifference result{.pairs = std::ssize(a), .mean = mean(differences)};
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (result.pairs == 1) {
    result.low = -infinity;
    result.high = infinity;
    return result;
  }
  const double error = standard_deviation(differences) / std::sqrt(static_cast<double>(result.pairs));
  const boost::math::students_t distribution(static_cast<double>(result.pairs - 1));
  const double reach = boost::math::quantile(distribution, 0.975) * error;
  result.low = result.mean - reach;
  result.high = result.mean + reach;
  if (error > 0)
    result.p = 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(result.mean) / error));
  else
    result.p = result.mean == 0 ? 1 : 0;
  return result;
}

//! [mcnemar]
McNemar mcnemar(const std::vector<Index>& a, const std::vector<Index>& b) {
  std::vector<Index> only_a, only_b;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only_a));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(only_b));
  McNemar result{std::ssize(only_a), std::ssize(only_b), 1};
  const Index both = result.only_a + result.only_b, less = std::min(result.only_a, result.only_b);
  if (both > 0) {
    const boost::math::binomial fair(static_cast<double>(both), 0.5);
    result.p = std::min(1.0, 2 * boost::math::cdf(fair, static_cast<double>(less)));
  }
  return result;
}
//! [mcnemar]

}  // namespace plaingrad
