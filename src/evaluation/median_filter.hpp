/// @file
/// The median filter, the classical way to remove noise: a baseline for section 8.7.
#pragma once

#include "math/tensor.hpp"

namespace plaingrad {

/// Every pixel becomes the median of the 3 x 3 pixels around it. Beyond the border the nearest pixel of the
/// image is repeated. Around a NaN there is no median: the result is NaN.
/// @param images  (count, height, width, 1)
/// @return the same shape
/// @throws std::invalid_argument if the shape is another
Tensor median_filter(const Tensor& images);

}  // namespace plaingrad
