#include "engine/normalization.hpp"

namespace plaingrad {

//! [normalize]
void normalize(const Tensor& x, const std::vector<Real>& mean, const std::vector<Real>& inverse_deviation,
               const Tensor& gamma, const Tensor& beta, Tensor& x_hat, Tensor& y) {
  for (Index i = 0; i < x.size(); ++i) {
    const Index channel = i % gamma.size();
    const auto c = static_cast<std::size_t>(channel);
    x_hat[i] = (x[i] - mean[c]) * inverse_deviation[c];
    y[i] = gamma[channel] * x_hat[i] + beta[channel];
  }
}
//! [normalize]

//! [normalize_gradient]
void normalize_gradient(const Tensor& dy, const Tensor& x_hat, const std::vector<Real>& inverse_deviation,
                        const Tensor& gamma, const std::vector<Real>& dbeta, const std::vector<Real>& dgamma,
                        Real share, Tensor& dx) {
  for (Index i = 0; i < dy.size(); ++i) {
    const Index channel = i % gamma.size();
    const auto c = static_cast<std::size_t>(channel);
    dx[i] = gamma[channel] * inverse_deviation[c] * (dy[i] - share * (dbeta[c] + x_hat[i] * dgamma[c]));
  }
}
//! [normalize_gradient]

}  // namespace plaingrad
