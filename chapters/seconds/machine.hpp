/// @file
/// The machine on which the seconds were measured.
#pragma once

#include <string>

namespace plaingrad::seconds {

/// "AMD EPYC, 2 threads, AVX2": the processor's name, the number of threads, and the widest vectors that this
/// program was compiled for.
std::string machine();

}  // namespace plaingrad::seconds
