/// @file
/// The convolutional network of section 7.3.1, as listed in 11.1.1.
#pragma once

#include "layers/sequential.hpp"

namespace plaingrad {

/// Convolutions 3 x 3 of 32, 64 and 128 filters with ReLU, 2 x 2 max pooling after the first two, dense 128
/// with ReLU, dense 10 without: 28 x 28 x 1 images in, 10 logits out, 241,546 parameters.
/// @param convolutions  3, or 2: section 8.6 leaves out the third @throws std::invalid_argument otherwise
Sequential make_cnn(Random& random, int convolutions = 3);

}  // namespace plaingrad
