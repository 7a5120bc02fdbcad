/// @file
/// The one place where a product and a sum are rounded together.
#pragma once

#include <cmath>

#include "math/real.hpp"

namespace plaingrad {

/// a b + c: rounded once on a processor that has fused multiply-add, twice on one that has not. Elsewhere
/// nothing is fused (the Makefile forbids it), so that every compiler computes the same bits.
inline Real multiply_add(Real a, Real b, Real c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  return std::fma(a, b, c);
#else
  return a * b + c;
#endif
}

}  // namespace plaingrad
