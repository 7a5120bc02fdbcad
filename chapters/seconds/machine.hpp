/// @file
/// What machine the seconds are of.
#pragma once

#include <string>

namespace plaingrad::seconds {

/// "AMD EPYC, 2 threads, AVX2": the processor's name, how many threads compute, and the widest vectors that
/// this program was compiled for.
std::string machine();

}  // namespace plaingrad::seconds
