#include "optimizers/gradient_descent.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace plaingrad {

double argmin(const Function& f, const std::vector<double>& candidates) {
  if (candidates.empty()) throw std::invalid_argument("argmin: no candidates");
  for (const double x : candidates)
    if (std::isnan(f(x))) throw std::invalid_argument("argmin: f is NaN at " + std::to_string(x));
  //! [eq_4_1]
  double x_star = candidates.front();
  for (const double x : candidates) {
    if (f(x) < f(x_star)) x_star = x;  // (4.1)
  }
  return x_star;
  //! [eq_4_1]
}

//! [eq_4_2]
double parabola(double x) {
  return (x - 3) * (x - 3);  // (4.2)
}

double parabola_derivative(double x) {
  return 2 * (x - 3);  // (4.3)
}
//! [eq_4_2]

//! [eq_4_4]
double linear_approximation(const Function& f, const Function& f_prime, double x, double epsilon) {
  return f(x) + epsilon * f_prime(x);  // (4.4)
}
//! [eq_4_4]

//! [eq_4_5]
double sign(double x) {
  return x > 0 ? 1 : x < 0 ? -1 : x;  // 0 of 0, and NaN of NaN
}

double sign_step(const Function& f_prime, double x, double epsilon) {
  return x - epsilon * sign(f_prime(x));  // the x of (4.5)
}

bool sign_step_improves(const Function& f, const Function& f_prime, double x, double epsilon) {
  return f(sign_step(f_prime, x, epsilon)) < f(x);  // (4.5)
}
//! [eq_4_5]

namespace {

void require_finite(double x, Index step) {
  if (!std::isfinite(x))
    throw std::runtime_error("descend: step " + std::to_string(step) + " leads to " + std::to_string(x) +
                             ". A smaller learning rate usually helps.");
}

}  // namespace

//! [descend]
double gradient_step(const Function& f_prime, double x, double epsilon) {
  return x - epsilon * f_prime(x);
}

std::vector<double> descend(const Function& step, double start, Index steps) {
  if (steps < 0)
    throw std::invalid_argument("descend: " + std::to_string(steps) + " steps, expected 0 or more");
  std::vector<double> path = {start};
  for (Index i = 0; i < steps; ++i) {
    const double x = step(path.back());
    require_finite(x, i + 1);
    if (x == path.back()) break;  // f'(x) = 0: a stationary point
    path.push_back(x);
  }
  return path;
}
//! [descend]

}  // namespace plaingrad
