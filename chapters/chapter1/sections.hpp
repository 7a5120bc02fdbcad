/// @file
/// The section of chapter 1 that has formulas. It prints what it works out, draws its figures and adds its
/// numbers to the results.
#pragma once

#include "program.hpp"

namespace plaingrad::chapter1 {

/// Recall (1.1) and precision (1.2) of a confusion matrix, and of a screening test as its threshold moves.
void section_1_3(const Options& options, Results& results);

}  // namespace plaingrad::chapter1
