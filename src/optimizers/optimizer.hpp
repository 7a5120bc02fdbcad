/// @file
/// What every optimizer does: one step from the gradients that backward left in the parameters.
#pragma once

#include <vector>

#include "layers/layer.hpp"

namespace plaingrad {

/// More steps than any training takes: a count beyond it, read from a file, is a sign of damage. A run
/// that resumes there still cannot overflow an Index. (In a browser, where an Index has 32 bits, 2^30.)
inline constexpr Index max_steps = Index(1) << (sizeof(Index) > 4 ? 53 : 30);

/// Updates parameters in place. State (moments, counters) belongs to the optimizer and is made at the first
/// step.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// One update of every trainable parameter. The same parameters, in the same order, at every call.
  /// @throws std::invalid_argument if they differ in number or size from the first call's
  virtual void step(const std::vector<Parameter*>& parameters) = 0;
};

}  // namespace plaingrad
