/// @file
/// The activation functions of section 2.3 and their derivatives, each as a plain function of one number, and
/// the two array functions that the layers call.
#pragma once

#include <array>
#include <string>

#include "math/real.hpp"

namespace plaingrad {

/// The report's four activation functions (section 2.3), and the leaky ReLU of its GAN (section 11.1.3).
enum class Activation { linear, sigmoid, tanh, relu, leaky_relu };

/// All of them, in the order of the report's table.
inline constexpr std::array<Activation, 5> all_activations = {
    Activation::linear, Activation::sigmoid, Activation::tanh, Activation::relu, Activation::leaky_relu};

/// Slope of the leaky ReLU below zero: Keras's default.
inline constexpr Real leaky_relu_slope = Real(0.3);

/// f(x) = c x. Range: all numbers. The enumeration stands for c = 1.
Real linear(Real x, Real c = 1);
/// f(x) = 1 / (1 + e^-x), computed so that no exponential overflows. Range: 0 to 1.
Real sigmoid(Real x);
/// f(x) = 2 / (1 + e^-2x) - 1, as the report writes it. Range: -1 to 1. Close to zero the subtraction loses
/// digits that std::tanh keeps; the absolute error stays within a rounding or two.
Real tanh_as_defined(Real x);
/// f(x) = 0 if x < 0, x if x >= 0. Range: 0 to infinity. NaN stays NaN.
Real relu(Real x);
/// f(x) = slope x if x < 0, x if x >= 0. Range: all numbers.
Real leaky_relu(Real x, Real slope = leaky_relu_slope);

/// f(e): the output of a neuron whose weighted sum is e (section 2.3). For tanh it is std::tanh, which keeps
/// the digits close to zero.
Real value(Activation f, Real e);

/// df(e)/de at the weighted sum e. At the kink of the two ReLUs, e = 0, where there is no derivative, it is
/// what it is on the left: 0 and leaky_relu_slope (TensorFlow does the same).
Real derivative(Activation f, Real e);

/// df(e)/de from the output y = f(e) alone. All five allow it, so a layer keeps its output and need not keep
/// its weighted sums.
Real derivative_from_output(Activation f, Real y);

/// values[i] = f(values[i]) for i = 0 ... n - 1.
void apply(Activation f, Real* values, Index n);

/// dz[i] = dy[i] f'(e[i]) for i = 0 ... n - 1, with f' from the outputs y[i] = f(e[i]): from the gradient
/// with respect to outputs to the one with respect to weighted sums. dz overlaps neither y nor dy.
void multiply_by_derivative(Activation f, const Real* y, const Real* dy, Real* dz, Index n);

/// "linear", "sigmoid", "tanh", "relu", "leaky_relu": Keras's names.
std::string to_string(Activation f);
/// The reverse of to_string. @throws std::invalid_argument naming the known ones, if there is none of that
/// name
Activation activation_from_name(const std::string& name);

}  // namespace plaingrad
