/// @file
/// Initial weights: Keras's default.
#pragma once

#include "math/random.hpp"

namespace plaingrad {

/// Glorot uniform: each value uniform on [-limit, limit), limit = sqrt(6 / (fan_in + fan_out)).
/// @param fan_in   values that one output sums (inputs x window for a convolution)
/// @param fan_out  outputs that one input reaches
void glorot_uniform(Tensor& kernel, Index fan_in, Index fan_out, Random& random);

}  // namespace plaingrad
