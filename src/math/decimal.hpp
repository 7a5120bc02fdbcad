/// @file
/// Numbers as text, with a point whatever the locale: std::printf writes a comma once a program has called
/// setlocale.
#pragma once

#include <string>

namespace plaingrad {

/// With `decimals` digits after the point: fixed(2.5, 2) is "2.50".
std::string fixed(double value, int decimals);

/// With at most `digits` significant digits, as "%g" of printf: significant(0.25, 9) is "0.25".
std::string significant(double value, int digits);

}  // namespace plaingrad
