/// @file
/// Sums over a batch for each channel, by the engine that was chosen when building. A tensor is seen as rows
/// of channels (its last axis); the results have one value for each channel and do not depend on the number
/// of threads.
#pragma once

#include <vector>

#include "math/tensor.hpp"

namespace plaingrad {

/// sum over the rows i of x(i,c), for each channel c. @param x  (..., channels), one channel or more
std::vector<Real> channel_sums(const Tensor& x);

/// sum over the rows i of (x(i,c) - mean[c])^2. @param mean  one value for each channel
std::vector<Real> channel_square_deviations(const Tensor& x, const std::vector<Real>& mean);

/// sum over the rows i of a(i,c) b(i,c). @param a,b  of one shape
std::vector<Real> channel_products(const Tensor& a, const Tensor& b);

}  // namespace plaingrad
