/// @file
/// What batch normalization does to every value, by the engine that was chosen when building. A tensor is
/// seen as rows of channels (its last axis); the caller has sized the results.
#pragma once

#include <vector>

#include "math/tensor.hpp"

namespace plaingrad {

/// x_hat(i,c) = (x(i,c) - mean(c)) inverse_deviation(c), y(i,c) = gamma(c) x_hat(i,c) + beta(c), for the rows
/// i and channels c.
/// @param x  (..., channels), one channel or more; the others have one value for each channel
void normalize(const Tensor& x, const std::vector<Real>& mean, const std::vector<Real>& inverse_deviation,
               const Tensor& gamma, const Tensor& beta, Tensor& x_hat, Tensor& y);

/// dx(i,c) = gamma(c) inverse_deviation(c) (dy(i,c) - share (dbeta(c) + x_hat(i,c) dgamma(c)))
/// @param dbeta,dgamma  the sums over all rows of dy(i,c) and of dy(i,c) x_hat(i,c)
/// @param share  of every row in mean and variance: 1 / rows, or 0 if they are constants
void normalize_gradient(const Tensor& dy, const Tensor& x_hat, const std::vector<Real>& inverse_deviation,
                        const Tensor& gamma, const std::vector<Real>& dbeta, const std::vector<Real>& dgamma,
                        Real share, Tensor& dx);

}  // namespace plaingrad
