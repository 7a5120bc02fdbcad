/// @file
/// The sections of chapter 4. Each prints what it works out, draws its figures and adds its numbers to the
/// results.
#pragma once

#include <numeric>
#include <vector>

#include "program.hpp"

namespace plaingrad::chapter4 {

/// 0, 1 ... count - 1.
inline std::vector<double> count_up(std::size_t count) {
  std::vector<double> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0.);
  return numbers;
}

/// Gradient descent on a function of one variable, (4.1)-(4.5), Fig. 4.1.
void section_4_2(const Options& options, Results& results);
/// Stochastic gradient descent, (4.6): mini-batches, a decaying learning rate, the stopping rule.
void section_4_3(const Options& options, Results& results);
/// Adam's eight steps, as corrected and as printed.
void section_4_4(const Options& options, Results& results);
/// The three optimizers on one problem.
void compare_optimizers(const Options& options, Results& results);

}  // namespace plaingrad::chapter4
