/// @file
/// How many numbers one vector register of the processor holds, and how many registers there are: known when
/// compiling. A loop of as many steps becomes a single instruction.
#pragma once

#include "math/real.hpp"

namespace plaingrad::fast {

/// Bytes of a vector register, and the number of registers.
#if defined(__AVX512F__)
inline constexpr Index register_bytes = 64, registers = 32;
#elif defined(__AVX__)
inline constexpr Index register_bytes = 32, registers = 16;
#elif defined(__aarch64__)
inline constexpr Index register_bytes = 16, registers = 32;
#else
inline constexpr Index register_bytes = 16, registers = 16;
#endif

/// Numbers in a vector register.
inline constexpr Index lanes = register_bytes / static_cast<Index>(sizeof(Real));

/// Columns of B that matrix_product() takes at a time. Where they lie close together, row after row, it is
/// fastest.
inline constexpr Index panel_columns = 2 * lanes;

}  // namespace plaingrad::fast
