#include "losses/gaussian_likelihood.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace plaingrad {

Sum gaussian_negative_log_likelihood(const Tensor& r, const Tensor& x, double sigma, Tensor& gradient) {
  require_shape(r, x.shape, "gaussian_negative_log_likelihood");
  if (!(sigma > 0) || !std::isnormal(sigma * sigma))
    throw std::invalid_argument(
        "gaussian_negative_log_likelihood: sigma and its square must be positive and "
        "finite, got " +
        std::to_string(sigma));
  gradient.resize(r.shape);
  //! [eq_5_1]
  const double variance = sigma * sigma;
  const double constant = std::log(2 * std::numbers::pi * variance) / 2;
  Sum L = 0;
  for (Index i = 0; i < r.size(); ++i) {
    const Sum difference = static_cast<Sum>(r[i]) - static_cast<Sum>(x[i]);
    L += difference * difference / (2 * variance) + constant;  // (5.1)
    gradient[i] = static_cast<Real>(difference / variance);
  }
  return L;
  //! [eq_5_1]
}

}  // namespace plaingrad
