/// @file
/// The loss of section 5.2 as a likelihood, and why it comes down to the mean squared error.
#pragma once

#include "math/tensor.hpp"

namespace plaingrad {

/// -log p(x | h) for a decoder that gives the means of a Gaussian, every value by itself and all with the
/// same standard deviation: summed over all n values, |x - r|^2 / (2 sigma^2) + n/2 log(2 pi sigma^2), r =
/// g(h). The second term does not depend on the network, and the first is the mean squared error times n / (2
/// sigma^2): the same weights are best for both.
/// @param r  the decoder's output, the means
/// @param x  the clean images, of the same shape
/// @param sigma  standard deviation of the decoder's Gaussian
/// @param gradient  with respect to r; resized to the same shape
/// @throws std::invalid_argument if the shapes differ, or sigma or its square is not positive and finite
/// @eqimpl{5,1}
Sum gaussian_negative_log_likelihood(const Tensor& r, const Tensor& x, double sigma, Tensor& gradient);

}  // namespace plaingrad
