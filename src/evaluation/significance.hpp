/// @file
/// Is a difference more than chance? Tests for two ways of training that were tried on the same seeds, or on
/// the same images.
#pragma once

#include <vector>

#include "math/real.hpp"

namespace plaingrad {

/// What the differences a_i - b_i of paired numbers say, by Student's t distribution.
struct PairedDifference {
  Index pairs = 0;
  double mean = 0;
  double low = 0, high = 0;  ///< a 95 % confidence interval of the mean; infinite of a single pair
  double p = 1;              ///< two-sided: how often chance alone would make as great a mean; 1 of one pair
};
/// Whether the mean of a_i - b_i differs from 0 by more than chance.
/// @throws std::invalid_argument if there are no pairs, or one list is longer
PairedDifference paired_difference(const std::vector<double>& a, const std::vector<double>& b);

/// McNemar's test, exact: of the images that only one of two classifiers takes for something else, are more
/// on one side than a fair coin would put there?
struct McNemar {
  Index only_a = 0, only_b = 0;  ///< images misclassified by a alone, by b alone
  double p = 1;                  ///< two-sided
};
/// The test for two classifiers of the same images.
/// @param a, b  positions of the images that each misclassifies, increasing
McNemar mcnemar(const std::vector<Index>& a, const std::vector<Index>& b);

}  // namespace plaingrad
