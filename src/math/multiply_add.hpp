/// @file
/// The one place where a product and a sum are rounded together.
#pragma once

#include "math/real.hpp"

namespace plaingrad {

/// Whether the processor that this file is compiled for has fused multiply-add.
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
inline constexpr bool has_fused_multiply_add = true;
#else
inline constexpr bool has_fused_multiply_add = false;
#endif

/// a b + c: rounded once on a processor that has fused multiply-add, twice on one that has not. Elsewhere
/// nothing is fused (the Makefile forbids it), so that every compiler computes the same bits.
inline Real multiply_add(Real a, Real b, Real c) {
  if constexpr (has_fused_multiply_add)
    return fma(a, b, c);
  else
    return a * b + c;
}

}  // namespace plaingrad
