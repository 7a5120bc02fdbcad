/// @file
/// The derivative of a function of one number by differences, with a bound on its error.
#pragma once

#include <functional>
#include <vector>

namespace plaingrad {

/// What differences say about f'(0).
struct Difference {
  double derivative = 0;       ///< from both sides
  double bound = 0;            ///< how far it may be off; large where f is too rough to tell
  bool kink = false;           ///< f has a kink at 0: only the two below mean anything
  double left = 0, right = 0;  ///< the derivatives from the left and from the right, at a kink
};

/// How exact f is, and how far to go from 0.
struct DifferencePrecision {
  double epsilon = 0;  ///< of the number type in which f computes: 2.2e-16 for double
  double noise = 0;    ///< how far rounding may move a value of f
  double scale = 1;    ///< steps are taken in proportion to it: 1, or the magnitude of what moves if greater
};

/// Central differences with three steps, each half of the one before, extrapolated to no step at all
/// (Richardson, as in Ridders' method). Their disagreement bounds the error; smaller steps are tried as long
/// as the bound is not small. Curvature, which falls with the step, tells a bend from a kink, which does not.
/// @param f  a function whose derivative at 0 is asked for
Difference difference_at_zero(const std::function<double(double)>& f, const DifferencePrecision& precision);

/// How far rounding moves the values of a function that is smooth otherwise, on average: from what five
/// neighbours have in common with no polynomial of third degree. The median over all such five, as there may
/// be a kink on the way. 0 if the values hardly change.
/// @param x  where the values are taken: ascending, at least five, at unequal distances
double noise_in(const std::vector<double>& x, const std::vector<double>& values);

}  // namespace plaingrad
