/// @file
/// Numerical differences of the example network's error, computed twice: in float and in double
/// (chapter2/float_and_double/); and its derivatives by dual numbers (chapter2/dual/).
#pragma once

#include <array>
#include <vector>

namespace plaingrad::chapter2 {

/// The gradient of the example network's error by central differences, (L(w + h) - L(w - h)) / 2h, in float:
/// how far it is from backpropagation's, relative to its length, for each step h.
std::vector<double> central_difference_errors(const std::vector<double>& steps);
/// The same with forward differences, (L(w + h) - L(w)) / h.
std::vector<double> forward_difference_errors(const std::vector<double>& steps);

}  // namespace plaingrad::chapter2

/// The library as compiled in double.
namespace plaingrad_double::chapter2 {

/// As plaingrad::chapter2::central_difference_errors, in double.
std::vector<double> central_difference_errors(const std::vector<double>& steps);
/// As plaingrad::chapter2::forward_difference_errors, in double.
std::vector<double> forward_difference_errors(const std::vector<double>& steps);

/// For each of the fourteen weights: -dL/dw by central differences, and what the corrected rule and the
/// printed one add to it at learning rate 1.
std::vector<std::array<double, 3>> compare_rules(bool later_neurons_linear);

}  // namespace plaingrad_double::chapter2

/// The library as compiled with dual numbers.
namespace plaingrad_dual::chapter2 {

/// How far the gradient that dual numbers give is from backpropagation's, relative to its length.
double dual_number_error();

}  // namespace plaingrad_dual::chapter2
