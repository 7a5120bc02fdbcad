#include <cmath>

#include "gradient_court/family.hpp"

namespace plaingrad::gradient_court {
namespace {

// x (rows, channels), gamma and beta (channels): y = gamma x_hat + beta.
constexpr std::size_t rows = 6, channels = 3;
constexpr double epsilon = 1e-3;

struct Statistics {
  double mean = 0, variance = 0;

  Statistics(const Numbers& x, std::size_t c) {
    for (std::size_t r = 0; r < rows; ++r) mean += x[r * channels + c] / rows;
    for (std::size_t r = 0; r < rows; ++r) variance += std::pow(x[r * channels + c] - mean, 2) / rows;
  }
  double inverse_deviation() const { return 1 / std::sqrt(variance + epsilon); }
  double x_hat(double x) const { return (x - mean) * inverse_deviation(); }
};

Numbers forward(const Values& v) {
  Numbers y(v[0].size());
  for (std::size_t k = 0; k < y.size(); ++k) {
    const std::size_t c = k % channels;
    y[k] = v[1][c] * Statistics(v[0], c).x_hat(v[0][k]) + v[2][c];
  }
  return y;
}

// Factors of the three terms of dx: all 1 in the right gradient.
struct Terms {
  double own = 1, through_mean = 1, through_variance = 1;
};

Numbers input_gradient(const Values& v, const Numbers& U, const Terms& terms) {
  Numbers dx(U.size());
  for (std::size_t c = 0; c < channels; ++c) {
    const Statistics s(v[0], c);
    double mean_U = 0, mean_U_x_hat = 0;
    for (std::size_t k = c; k < U.size(); k += channels) {
      mean_U += U[k] / rows;
      mean_U_x_hat += U[k] * s.x_hat(v[0][k]) / rows;
    }
    for (std::size_t k = c; k < U.size(); k += channels)
      dx[k] = v[1][c] * s.inverse_deviation() *
              (terms.own * U[k] - terms.through_mean * mean_U -
               terms.through_variance * s.x_hat(v[0][k]) * mean_U_x_hat);
  }
  return dx;
}

Values gradients(const Values& v, const Numbers& U) {
  Numbers dgamma(channels), dbeta(channels);
  for (std::size_t k = 0; k < U.size(); ++k) {
    const std::size_t c = k % channels;
    dgamma[c] += U[k] * Statistics(v[0], c).x_hat(v[0][k]);
    dbeta[c] += U[k];
  }
  return {input_gradient(v, U, {}), dgamma, dbeta};
}

// Multiplies each channel of dx by a factor.
void scale_channels(Pass& p, const std::function<double(std::size_t c, const Statistics&)>& factor) {
  for (std::size_t k = 0; k < p.U.size(); ++k)
    p.gradients[0][k] *= factor(k % channels, Statistics(p.values[0], k % channels));
}

std::vector<Fault> faults() {
  return {
      {"statistics taken for constants", "mean and variance count as if they did not depend on x",
       "mlpack/mlpack#1923",
       [](Pass& p) {
         p.gradients[0] = input_gradient(p.values, p.U, {1, 0, 0});
       }},
      {"variance taken for a constant", "the gradient flows through the mean alone", "",
       [](Pass& p) {
         p.gradients[0] = input_gradient(p.values, p.U, {1, 1, 0});
       }},
      {"mean taken for a constant", "the gradient flows through the variance alone", "",
       [](Pass& p) {
         p.gradients[0] = input_gradient(p.values, p.U, {1, 0, 1});
       }},
      {"only the statistics", "the direct path from y to x is left out", "",
       [](Pass& p) {
         p.gradients[0] = input_gradient(p.values, p.U, {0, 1, 1});
       }},
      {"N - 1 in the variance's gradient", "forward divides by N", "",
       [](Pass& p) {
         p.gradients[0] = input_gradient(p.values, p.U, {1, 1, rows / (rows - 1.0)});
       }},
      {"one channel's dx off by 5 %", "a ratio of norms below 0.1 lets it through", "mlpack/mlpack#2549",
       [](Pass& p) {
         scale_channels(p, [](std::size_t c, const Statistics&) { return c == 1 ? 1.05 : 1; });
       }},
      {"gamma left out of dx", "dx as if gamma were 1", "",
       [](Pass& p) {
         scale_channels(p, [&](std::size_t c, const Statistics&) { return 1 / p.values[1][c]; });
       }},
      {"epsilon left out of dx", "forward adds it to the variance", "",
       [](Pass& p) {
         scale_channels(p, [](std::size_t, const Statistics& s) {
           return 1 / std::sqrt(s.variance) / s.inverse_deviation();
         });
       }},
      {"divided by the variance, not its root", "1/(v + epsilon) in dx", "",
       [](Pass& p) {
         scale_channels(p, [](std::size_t, const Statistics& s) { return s.inverse_deviation(); });
       }},
      {"dgamma with x for x_hat", "the input before it was normalised", "",
       [](Pass& p) {
         p.gradients[1].assign(channels, 0);
         for (std::size_t k = 0; k < p.U.size(); ++k) p.gradients[1][k % channels] += p.U[k] * p.values[0][k];
       }},
      {"dbeta a mean over the batch", "where a sum belongs", "",
       [](Pass& p) { scale(p.gradients[2], 1.0 / rows); }},
  };
}

}  // namespace

Family batch_normalization(ImageShape) {
  return {
      {{input("x", {rows, channels}, 1), parameter("gamma", {channels}, 2), parameter("beta", {channels}, 3)},
       forward,
       gradients},
      faults()};
}

}  // namespace plaingrad::gradient_court
