/// @file
/// Gradient descent on a function of one variable, as section 4.2 develops it, (4.1)-(4.5). Everything here
/// computes in double whatever Real is: (4.4) and (4.5) are about differences of nearly equal numbers.
#pragma once

#include <functional>
#include <vector>

#include "math/real.hpp"

namespace plaingrad {

/// A function of one variable.
using Function = std::function<double(double)>;

/// x* = argmin f(x), by evaluating every candidate: the definition, before any method that needs fewer
/// evaluations (section 4.2).
/// @return the first of the candidates at which f is least
/// @throws std::invalid_argument if there is no candidate or f is NaN at one
/// @eqimpl{4,1}
double argmin(const Function& f, const std::vector<double>& candidates);

/// The example of Fig. 4.1: f(x) = (x - 3)^2.
/// @eqimpl{4,2}
double parabola(double x);

/// Its derivative: f'(x) = 2 (x - 3). Zero at x = 3.
/// @eqimpl{4,3}
double parabola_derivative(double x);

/// First-order approximation of f(x + epsilon): f(x) + epsilon f'(x). Its error is of order epsilon^2.
/// @eqimpl{4,4}
double linear_approximation(const Function& f, const Function& f_prime, double x, double epsilon);

/// -1, 0 or 1; of a NaN NaN.
double sign(double x);

/// The step of (4.5): x - epsilon sign(f'(x)). Always epsilon long, except where f'(x) = 0.
double sign_step(const Function& f_prime, double x, double epsilon);

/// Whether (4.5) holds: f(x - epsilon sign(f'(x))) < f(x). It does wherever f'(x) != 0 and epsilon is small
/// enough.
/// @eqimpl{4,5}
bool sign_step_improves(const Function& f, const Function& f_prime, double x, double epsilon);

/// The step that section 4.3 uses: x - epsilon f'(x). It shortens by itself as the slope levels out.
double gradient_step(const Function& f_prime, double x, double epsilon);

/// Repeats a step: x_0 = start, x_i = step(x_(i-1)). Stops early at a stationary point, where the step leaves
/// x as it is.
/// @return x_0 ... x_n, n <= steps @throws std::invalid_argument if steps is negative
/// @throws std::runtime_error if a step leads to a number that is not finite
std::vector<double> descend(const Function& step, double start, Index steps);

}  // namespace plaingrad
