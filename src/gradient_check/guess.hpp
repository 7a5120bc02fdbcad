/// @file
/// What may be wrong with a gradient, from the pattern of its error.
#pragma once

#include <string>
#include <vector>

#include "math/tensor.hpp"

namespace plaingrad {

/// A gradient beside what it should be, element by element.
struct WrongGradient {
  Shape shape;
  std::vector<double> analytic, correct;
  double tolerance;             ///< up to which two elements count as equal
  std::vector<double> earlier;  ///< what the gradient held before backward
  bool added;                   ///< backward should add to that, and `analytic` is what it has added
};

/// A sentence: the sign, a constant factor, transposed, turned, overwritten in place of added, zero or not
/// zero by mistake, only the last row, a factor such as f' missing, or right to six digits.
std::string guess_fault(const WrongGradient& wrong);

}  // namespace plaingrad
