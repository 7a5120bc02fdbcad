/// @file
/// Max pooling of whole batches with its mask (sections 3.5 and 3.6), by the engine that was chosen when
/// building.
#pragma once

#include <cstdint>
#include <vector>

#include "math/tensor.hpp"

namespace plaingrad {

/// y = the maximum of every size x size window of every channel, and which of the window's elements it is,
/// counted row by row (of equal ones the first; a NaN counts as greater than any number). The caller has
/// sized y and argmax.
/// @param x  (batch, height, width, channels)
/// @param y  (batch, height / size, width / size, channels)
/// @param argmax  one number for each value of y, 0 ... size * size - 1
void max_pooling_forward(const Tensor& x, Index size, Tensor& y, std::vector<std::int32_t>& argmax);

/// dx = dy at the element of each window that argmax names, 0 at its others. The caller has sized dx, and
/// where no whole window fits, in the last rows and columns, it holds zeros.
void max_pooling_backward(const Tensor& dy, const std::vector<std::int32_t>& argmax, Index size, Tensor& dx);

}  // namespace plaingrad
