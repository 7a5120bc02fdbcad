/// @file
/// What layers require of the shapes that reach them.
#pragma once

#include <string>

#include "math/tensor.hpp"

namespace plaingrad {

/// @throws std::invalid_argument naming the layer if `input` is not (height, width, channels) with at least
/// one channel
void require_image(const std::string& layer, const Shape& input);

/// `sample` with the batch extent of x in front. @throws std::invalid_argument naming the layer if x has
/// another shape
Shape require_batch_of(const Shape& sample, const Tensor& x, const std::string& layer);

}  // namespace plaingrad
