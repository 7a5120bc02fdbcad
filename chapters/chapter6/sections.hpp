/// @file
/// The sections of chapter 6. Each prints what it works out, draws its figures and adds its numbers to the
/// results.
#pragma once

#include "program.hpp"

namespace plaingrad::chapter6 {

/// The game: its value (6.1) for several discriminators, the best one, and the two losses of the generator.
void section_6_1(const Options& options, Results& results);
/// The algorithm, (6.2) and (6.3), Fig. 6.1, and variants of it.
void section_6_2(const Options& options, Results& results);

}  // namespace plaingrad::chapter6
