/// @file
/// The first layer of a network of grey images: a convolution of one channel. Its windows have so few values
/// that in a matrix product the start and the end of a tile take as long as the sum.
#pragma once

#include "engine/convolution_geometry.hpp"

namespace plaingrad::fast {

/// Whether correlate_one_channel() takes this geometry: one channel, a kernel of 3 or 5, filters that fill
/// registers.
bool takes_one_channel(const ConvolutionGeometry& g);

/// y = b + the sum over the window, as a matrix product computes it (same order, same bits), by one thread.
/// @param padded  image with the zeros around it, `padded_width` values in a row
/// @param W  (kernel, kernel, filters) @param bias  (filters), or nullptr
/// @param y  (height, width, filters) of the result
void correlate_one_channel(const ConvolutionGeometry& g, const Real* padded, Index padded_width,
                           const Real* W, const Real* bias, Real* y);

}  // namespace plaingrad::fast
