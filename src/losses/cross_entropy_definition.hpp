/// @file
/// Cross-entropy as the report writes it (section 3.4), on probabilities. Training uses losses/loss.hpp,
/// which computes softmax and logarithm in one and stays finite where a probability rounds to 0.
#pragma once

#include <span>

#include "math/real.hpp"

namespace plaingrad {

/// CE = -sum_i y'_i log y_i over the classes, with the natural logarithm. A class with y'_i = 0 adds nothing,
/// whatever y_i is (0 log 0 = 0); a class with y'_i > 0 and y_i = 0 makes it infinite.
/// @param actual  y', true probability of each class, usually 1 for one class and 0 for the rest
/// @param predicted  y, predicted probability of each class; the same number
/// @throws std::invalid_argument if the numbers of classes differ, or a probability is not in 0 ... 1
/// @eqimpl{3,7}
Real cross_entropy_definition(std::span<const Real> actual, std::span<const Real> predicted);

}  // namespace plaingrad
