/// @file
/// The sections of chapter 4. Each prints what it works out, draws its figures and adds its numbers to the
/// results.
#pragma once

#include <vector>

#include "optimizers/sgd.hpp"
#include "program.hpp"

namespace plaingrad::chapter4 {

/// The problem that two of them solve, a line to be fitted: pairs (x, y) with y = 2 x - 1 + noise. theta is
/// (slope, intercept), the loss of a pair half the squared error. The loss is a valley, the longer the wider
/// the x are spread: then the slope counts for much more than the intercept.
struct LineFit {
  std::vector<double> x, y;

  /// @param width  the x are uniform on 0 ... width
  LineFit(Index pairs, double width, Random& random);
  MeanLoss loss() const;
  /// The theta of least mean loss, from the normal equations.
  Tensor best() const;
};

/// 0, 1 ... count - 1.
std::vector<double> count_up(std::size_t count);

/// Gradient descent on a function of one variable, (4.1)-(4.5), Fig. 4.1.
void section_4_2(const Options& options, Results& results);
/// Stochastic gradient descent, (4.6): mini-batches, a decaying learning rate, the stopping rule.
void section_4_3(const Options& options, Results& results);
/// Adam's eight steps, as corrected and as printed.
void section_4_4(const Options& options, Results& results);
/// The three optimizers on one problem.
void compare_optimizers(const Options& options, Results& results);

}  // namespace plaingrad::chapter4
