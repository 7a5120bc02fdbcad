/// @file
/// Functions of one number, applied to each element.
#pragma once

#include "gradient_court/family.hpp"

namespace plaingrad::gradient_court {

using Function = double (*)(double x);

/// y = f(x) and dx = U f'(x), element by element.
Subject pointwise(const Argument& x, Function f, Function f_prime);

double sigmoid(double x);
double relu(double x);
/// 0 at the kink.
double relu_prime(double x);

}  // namespace plaingrad::gradient_court
