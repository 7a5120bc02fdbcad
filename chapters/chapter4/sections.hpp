/// @file
/// The sections of chapter 4, and the problem that two of them solve.
#pragma once

#include <vector>

#include "optimizers/sgd.hpp"
#include "program.hpp"

namespace plaingrad::chapter4 {

/// A line to be found: pairs (x, y) with y = 2 x - 1 + noise. theta is (slope, intercept), the loss of a pair
/// half the squared error. The loss is a valley, the longer the wider the x are spread: then the slope counts
/// for much more than the intercept.
struct LineFit {
  std::vector<double> x, y;

  /// @param width  the x are uniform on 0 ... width
  LineFit(Index pairs, double width, Random& random);
  MeanLoss loss() const;
  /// The theta of least mean loss, from the normal equations.
  Tensor best() const;
};

/// One point of a series each: i = 0 ... count - 1.
std::vector<double> count_up(std::size_t count);

void gradient_descent(const Options& options, Results& results);
void stochastic_gradient_descent(const Options& options, Results& results);
void adaptive_moment_estimation(const Options& options, Results& results);
void the_three_together(const Options& options, Results& results);

}  // namespace plaingrad::chapter4
