/// @file
/// The number type of the whole library. Programs compute in `float`; the tests that difference numerically
/// link a build of the very same files in `double` (-DPLAINGRAD_DOUBLE).
#pragma once

#include <cstddef>

namespace plaingrad {

/// The number type.
#ifdef PLAINGRAD_DOUBLE
using Real = double;
#else
using Real = float;
#endif

/// Counts and positions. Signed, so that differences and loops that count down mean what they say.
using Index = std::ptrdiff_t;

}  // namespace plaingrad
