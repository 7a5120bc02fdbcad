/// @file
/// The number type of the whole library. Programs compute in `float`. The very same files are built twice
/// more, for gradient checks and tests: in `double` (-DPLAINGRAD_DOUBLE), precise enough for numerical
/// differences, and with dual numbers (-DPLAINGRAD_DUAL), which differentiate exactly.
#pragma once

#include <cmath>
#include <cstddef>

#ifdef PLAINGRAD_DUAL
#include "math/dual.hpp"
#endif

namespace plaingrad {

//! [number_types]
/// The number type.
#if defined(PLAINGRAD_DUAL)
using Real = Dual;
#elif defined(PLAINGRAD_DOUBLE)
using Real = double;
#else
using Real = float;
#endif

/// The number type of losses, and of other sums that float is too short for.
#ifdef PLAINGRAD_DUAL
using Sum = Dual;
#else
using Sum = double;
#endif
//! [number_types]

/// Counts and positions. Signed, so that differences and loops that count down mean what they say.
using Index = std::ptrdiff_t;

/// A number to be printed or checked, as a double. Of a dual number, only this drops the derivative.
constexpr double value_of(double x) {
  return x;
}

// The functions of a Real are called without std::, so that dual numbers find theirs.
using std::abs, std::exp, std::fma, std::isfinite, std::isnan, std::log, std::log1p, std::sqrt, std::tanh;

}  // namespace plaingrad
