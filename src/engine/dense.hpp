/// @file
/// The dense product of equation (7.1) and its gradients, by the engine that was chosen when building.
#pragma once

#include "engine/gradient_targets.hpp"
#include "math/tensor.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// y = f(x W + b) (7.1). The caller has checked the shapes and has sized y.
/// @param x  (batch, inputs) @param W  (inputs, units) @param b  (units), or nullptr @param y  (batch, units)
void dense_forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y);

/// The gradients of dense_forward(), from dL/dy. @param y  what dense_forward() gave for x
void dense_backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                    const GradientTargets& targets);

}  // namespace plaingrad
