/// @file
/// Averaged weights (beyond the report): those of many steps make a steadier network than those of the last.
#pragma once

#include "layers/sequential.hpp"

namespace plaingrad {

/// The share of step t in an average that decays: 1 / t while that is greater than 1 - `decay`, so that it
/// begins as the mean of all steps, then 1 - `decay`.
/// @param decay  0 ... 1, 1 excluded @param t  1, 2, ...
/// @throws std::invalid_argument if either is out of its range
double average_share(double decay, Index t);

/// Moves every parameter of `average`, batch normalisation's moving statistics included, towards that of
/// `model`: a <- (1 - share) a + share w.
/// @param share  0 ... 1
/// @throws std::invalid_argument if the two do not have the same parameters, or share is out of its range;
/// nothing has changed then
void average_weights(Sequential& average, const Sequential& model, double share);

}  // namespace plaingrad
