#include "chapter4/sections.hpp"

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

std::vector<double> count_up(std::size_t count) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(static_cast<double>(i));
  return numbers;
}

}  // namespace plaingrad::chapter4
