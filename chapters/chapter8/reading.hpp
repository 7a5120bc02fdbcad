/// @file
/// How the trained network reads a digit, in one picture.
#pragma once

#include "chapter8/common.hpp"

namespace plaingrad::chapter8 {

/// From a test image through feature maps of the first convolution to the probabilities of the classes, and
/// below them the equation of the convolution, (3.3), and its line of code: `figure_8_3_reading.png`.
/// @param position  of the image in the test set, from 0
void draw_reading(const Options& options, Sequential& model, const Dataset& test, Index position);

}  // namespace plaingrad::chapter8
