/// @file
/// A learning rate that rises and falls once in a training (beyond the report).
#pragma once

#include "math/tensor.hpp"

namespace plaingrad {

/// The share of the steps in which one_cycle() rises.
inline constexpr double one_cycle_rise = 0.3;

/// epsilon_k of a training of `steps` steps: from `peak` / (steps that rise) it rises by equal amounts to
/// `peak`, for the first 30 % of the steps (at least one), and falls by equal amounts so that step `steps` +
/// 1 would have 0. Small steps while Adam's moments still know little, large ones while there is far to go,
/// small ones to settle.
/// @return in (0, peak]
/// @throws std::invalid_argument unless 1 <= k <= steps and peak is positive and finite
double one_cycle(Index k, Index steps, double peak);

}  // namespace plaingrad
