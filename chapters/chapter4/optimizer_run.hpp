/// @file
/// Gradient descent, SGD and Adam on their way through the valley of one LineFit.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chapter4/line_fit.hpp"
#include "optimizers/optimizer.hpp"

namespace plaingrad::chapter4 {

/// Steps of a run.
inline constexpr Index steps = 200;

/// How an optimizer is made from a learning rate, and the size of the mini-batches it is fed.
struct OptimizerSetup {
  std::string name;
  Index m;
  std::function<std::unique_ptr<Optimizer>(double rate)> make;
};

/// The three that the chapter compares.
std::vector<OptimizerSetup> optimizer_setups();

/// A line, and the randomness from which every run on it draws its mini-batches.
struct Valley {
  double width;  ///< the x are from 0 to this
  LineFit line;
  Random random;
};

/// The short valley and the long one.
std::vector<Valley> valleys(std::uint64_t seed);

/// What an optimizer did at one learning rate.
struct Run {
  double rate = 0;
  /// At the start and after each step, up to the one that has diverged.
  std::vector<double> slope{}, intercept{}, excess{};
};

/// @param start  theta before the first step, (slope, intercept)
/// @throws std::invalid_argument if the setup's m or the rate is out of range
Run run(const OptimizerSetup& setup, double rate, const Valley& valley,
        const std::pair<double, double>& start = {-1, 3});

/// The loss above the least, the mean over the last tenth of the steps: the last one alone is noisy when
/// mini-batches are small. Infinite if the run diverged.
double final_excess(const Run& run);

}  // namespace plaingrad::chapter4
