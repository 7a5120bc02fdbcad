/// @file
/// Interpolation between two noises of section 8.8.
#pragma once

#include "math/real.hpp"

namespace plaingrad::chapter8 {

/// Spherical interpolation, along the great circle from a to b: a straight line would pass closer to zero
/// than noise ever does.
/// @param a, b  two noises in different directions, gan_noise_size values each
/// @param t  0 for a ... 1 for b @param z  the result
void slerp(const Real* a, const Real* b, double t, Real* z);

}  // namespace plaingrad::chapter8
