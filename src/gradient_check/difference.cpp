#include "gradient_check/difference.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace plaingrad {
namespace {

// Slopes to either side of 0 for the steps h, h/2 and h/4, in this order.
struct Slopes {
  double smallest_step;
  std::array<double, 3> left, right;

  double central(std::size_t k) const { return (left[k] + right[k]) / 2; }
  double jump(std::size_t k) const { return right[k] - left[k]; }
};

Slopes slopes(const std::function<double(double)>& f, double f_0, double h) {
  Slopes s{};
  for (std::size_t k = 0; k < 3; ++k, h /= 2) {
    s.right[k] = (f(h) - f_0) / h;
    s.left[k] = (f_0 - f(-h)) / h;
    s.smallest_step = h;
  }
  return s;
}

// What rounding makes of a slope.
double rounding(const Slopes& s, const DifferencePrecision& p) {
  return (4 * p.noise + p.epsilon * p.scale * std::abs(s.central(2))) / s.smallest_step;
}

//! [extrapolated]
Difference extrapolated(const Slopes& s, const DifferencePrecision& p) {
  // The error of a central difference is c2 h^2 + c4 h^4 + ...: two steps get rid of the first term, three of
  // both.
  const double coarse = (4 * s.central(1) - s.central(0)) / 3, fine = (4 * s.central(2) - s.central(1)) / 3;
  const double derivative = (16 * fine - coarse) / 15;
  // Of a smooth function the jump is h f'' + O(h^3) and halves with h. What is left says how smooth f is.
  const double rough = std::max(std::abs(s.jump(1) - 2 * s.jump(2)), std::abs(s.jump(0) - 2 * s.jump(1)) / 8);
  return {.derivative = derivative, .bound = 4 * std::abs(derivative - fine) + 4 * rough + rounding(s, p)};
}
//! [extrapolated]

//! [kink]
// At a kink the jump stays as it is, however small the step.
bool is_kink(const Slopes& s, const DifferencePrecision& p) {
  return std::abs(s.jump(2) - s.jump(1)) < 0.05 * std::abs(s.jump(2)) &&
         std::abs(s.jump(2)) > 16 * rounding(s, p);
}
//! [kink]

// The one-sided derivatives: their error falls with h itself.
Difference at_kink(const Slopes& s, const DifferencePrecision& p) {
  return {.derivative = s.central(2),
          .bound = 4 * std::max(std::abs(s.left[2] - s.left[1]), std::abs(s.right[2] - s.right[1])) +
                   3 * rounding(s, p),
          .kink = true,
          .left = 2 * s.left[2] - s.left[1],
          .right = 2 * s.right[2] - s.right[1]};
}

}  // namespace

Difference difference_at_zero(const std::function<double(double)>& f, const DifferencePrecision& precision) {
  const double f_0 = f(0), smallest = std::cbrt(precision.epsilon) * precision.scale;
  Difference best{.bound = std::numeric_limits<double>::infinity()};
  Slopes s{};
  for (double h = 16 * std::pow(precision.epsilon, 0.25) * precision.scale; h >= smallest; h /= 16) {
    s = slopes(f, f_0, h);
    const Difference found = extrapolated(s, precision);
    if (!(found.bound >= best.bound)) best = found;
    if (best.bound <= 1e-9 * std::abs(best.derivative) + 8 * rounding(s, precision)) return best;
  }
  return is_kink(s, precision) ? at_kink(s, precision) : best;
}

//! [noise]
double noise_in(const std::vector<double>& x, const std::vector<double>& values) {
  std::vector<double> found;
  for (std::size_t first = 0; first + 5 <= x.size(); ++first) {
    // The fourth divided difference: nothing of a smooth function is left at small distances. With weights
    // whose squares add up to 1 it is as large as the rounding of one value.
    double difference = 0, squares = 0;
    for (std::size_t i = first; i < first + 5; ++i) {
      double weight = 1;
      for (std::size_t k = first; k < first + 5; ++k)
        if (k != i) weight *= (x[first + 4] - x[first]) / (x[i] - x[k]);
      difference += weight * (values[i] - values[first]);
      squares += weight * weight;
    }
    if (difference != 0) found.push_back(std::abs(difference) / std::sqrt(squares));
  }
  // Five neighbours that are all the same tell nothing, and a single kink or jump is seen five times at most.
  if (found.size() < 10) return 0;
  // Of an even number the greater of the two in the middle: rather too much noise than too little.
  const auto median = found.begin() + std::ssize(found) / 2;
  std::nth_element(found.begin(), median, found.end());
  return *median;
}
//! [noise]

}  // namespace plaingrad
