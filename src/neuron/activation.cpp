#include "neuron/activation.hpp"

#include <stdexcept>

#include "math/multiply_add.hpp"

namespace plaingrad {

namespace {

/// A value outside the enumeration can only come from a cast: no name for it, and no silent zero either.
[[noreturn]] void throw_unknown(Activation f) {
  throw std::invalid_argument("no activation function of number " + std::to_string(static_cast<int>(f)) +
                              ": expected 0 ... " + std::to_string(all_activations.size() - 1));
}

// Taken in double: of a float, C libraries compute it differently, by up to 3 units in the last place. What
// differs in the last place of a double is hardly ever seen once it is rounded.
Real hyperbolic_tangent(Real x) {
  return static_cast<Real>(tanh(static_cast<Sum>(x)));
}

}  // namespace

//! [activation_values]
Real linear(Real x, Real c) {
  return c * x;
}

Real sigmoid(Real x) {
  // e^-x overflows for x far below zero; there, multiply numerator and denominator by e^x.
  if (x < 0) {
    const Real power = exp(x);
    return power / (1 + power);
  }
  return 1 / (1 + exp(-x));
}

// Where e^-2x overflows to infinity, 2 / infinity - 1 is the right limit, -1.
Real tanh_as_defined(Real x) {
  return 2 / (1 + exp(-2 * x)) - 1;
}

Real relu(Real x) {
  return x < 0 ? 0 : x;
}

Real leaky_relu(Real x, Real slope) {
  return x < 0 ? slope * x : x;
}
//! [activation_values]

Real value(Activation f, Real e) {
  switch (f) {
    case Activation::linear:
      return linear(e);
    case Activation::sigmoid:
      return sigmoid(e);
    case Activation::tanh:
      return hyperbolic_tangent(e);
    case Activation::relu:
      return relu(e);
    case Activation::leaky_relu:
      return leaky_relu(e);
  }
  throw_unknown(f);
}

//! [activation_derivatives]
Real derivative(Activation f, Real e) {
  switch (f) {
    case Activation::linear:
      return 1;
    case Activation::sigmoid:
      return sigmoid(e) * sigmoid(-e);  // 1 - f(e) = f(-e), without cancellation
    case Activation::tanh:
      return 4 * sigmoid(2 * e) * sigmoid(-2 * e);  // tanh(e) = 2 sigmoid(2e) - 1
    case Activation::relu:
      return e > 0 ? Real(1) : Real(0);
    case Activation::leaky_relu:
      return e > 0 ? Real(1) : leaky_relu_slope;
  }
  throw_unknown(f);
}

Real derivative_from_output(Activation f, Real y) {
  switch (f) {
    case Activation::linear:
      return 1;
    case Activation::sigmoid:
      return y * (1 - y);
    case Activation::tanh:
      return multiply_add(-y, y, 1);
    case Activation::relu:
      return y > 0 ? Real(1) : Real(0);
    case Activation::leaky_relu:
      return y > 0 ? Real(1) : leaky_relu_slope;
  }
  throw_unknown(f);
}
//! [activation_derivatives]

// The two below choose the function once and loop inside, so that the compiler turns each loop into vector
// code. The comparisons are the ones above: a NaN among the values stays a NaN.
void apply(Activation f, Real* values, Index n) {
  switch (f) {
    case Activation::linear:
      return;
    case Activation::sigmoid:
      for (Index i = 0; i < n; ++i) values[i] = sigmoid(values[i]);
      return;
    case Activation::tanh:
      for (Index i = 0; i < n; ++i) values[i] = hyperbolic_tangent(values[i]);
      return;
    case Activation::relu:
#pragma omp simd
      for (Index i = 0; i < n; ++i) values[i] = relu(values[i]);
      return;
    case Activation::leaky_relu:
#pragma omp simd
      for (Index i = 0; i < n; ++i) values[i] = leaky_relu(values[i]);
      return;
  }
  throw_unknown(f);
}

void multiply_by_derivative(Activation f, const Real* y, const Real* dy, Real* dz, Index n) {
  switch (f) {
    case Activation::linear:
#pragma omp simd
      for (Index i = 0; i < n; ++i) dz[i] = dy[i];
      return;
    case Activation::sigmoid:
#pragma omp simd
      for (Index i = 0; i < n; ++i) dz[i] = dy[i] * (y[i] * (1 - y[i]));
      return;
    case Activation::tanh:
#pragma omp simd
      for (Index i = 0; i < n; ++i) dz[i] = dy[i] * multiply_add(-y[i], y[i], 1);
      return;
    case Activation::relu:
#pragma omp simd
      for (Index i = 0; i < n; ++i) dz[i] = dy[i] * (y[i] > 0 ? Real(1) : Real(0));
      return;
    case Activation::leaky_relu:
#pragma omp simd
      for (Index i = 0; i < n; ++i) dz[i] = dy[i] * (y[i] > 0 ? Real(1) : leaky_relu_slope);
      return;
  }
  throw_unknown(f);
}

std::string to_string(Activation f) {
  switch (f) {
    case Activation::linear:
      return "linear";
    case Activation::sigmoid:
      return "sigmoid";
    case Activation::tanh:
      return "tanh";
    case Activation::relu:
      return "relu";
    case Activation::leaky_relu:
      return "leaky_relu";
  }
  throw_unknown(f);
}

Activation activation_from_name(const std::string& name) {
  std::string known;
  for (const Activation f : all_activations) {
    if (to_string(f) == name) return f;
    known += (known.empty() ? "" : ", ") + to_string(f);
  }
  throw std::invalid_argument("no activation function \"" + name + "\": expected one of " + known);
}

}  // namespace plaingrad
