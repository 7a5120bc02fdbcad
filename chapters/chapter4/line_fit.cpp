#include "chapter4/line_fit.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "math/statistics.hpp"

namespace plaingrad::chapter4 {

LineFit::LineFit(Index pairs, double width, Random& random) {
  for (Index i = 0; i < pairs; ++i) {
    x.push_back(random.uniform(0, width));
    y.push_back(2 * x.back() - 1 + random.normal(0, 0.5));
  }
}

MeanLoss LineFit::loss() const {
  const auto error = [this](const Tensor& theta, Index i) {
    const auto at = static_cast<std::size_t>(i);
    return static_cast<double>(theta[0]) * x[at] + static_cast<double>(theta[1]) - y[at];
  };
  //! [line_fit]
  return {
      .examples = static_cast<Index>(x.size()),
      .loss = [=](const Tensor& theta, Index i) { return error(theta, i) * error(theta, i) / 2; },
      .gradient =
          [=, this](const Tensor& theta, Index i) {
            const double e = error(theta, i);
            return Tensor({2}, {static_cast<Real>(e * x[static_cast<std::size_t>(i)]), static_cast<Real>(e)});
          }};
  //! [line_fit]
}

Tensor LineFit::best() const {
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  const auto n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    sx += x[i];
    sy += y[i];
    sxx += x[i] * x[i];
    sxy += x[i] * y[i];
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return Tensor({2}, {static_cast<Real>(slope), static_cast<Real>((sy - slope * sx) / n)});
}

Curve level_line(const LineFit& line, double level) {
  // With a, b the distances from the best slope and intercept the loss is half the mean of (a x + b)^2 above
  // the least.
  const auto n = static_cast<double>(line.x.size());
  const double mean_x = mean(line.x);
  const double variance =
      std::inner_product(line.x.begin(), line.x.end(), line.x.begin(), 0.) / n - mean_x * mean_x;
  Curve curve;
  for (int i = 0; i <= 60; ++i) {
    const double angle = i * std::numbers::pi / 30;
    const double a = std::sqrt(2 * level / variance) * std::cos(angle);
    curve.slope.push_back(static_cast<double>(line.best()[0]) + a);
    curve.intercept.push_back(static_cast<double>(line.best()[1]) + std::sqrt(2 * level) * std::sin(angle) -
                              mean_x * a);
  }
  return curve;
}

}  // namespace plaingrad::chapter4
