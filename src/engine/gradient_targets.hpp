/// @file
/// Where a backward pass puts its results.
#pragma once

#include "math/tensor.hpp"

namespace plaingrad {

/// The gradients of a layer y = f(x W + b). One that is nullptr is not wanted and not computed.
struct GradientTargets {
  Tensor* dW = nullptr;  ///< the kernel's gradient is added to what is there
  Tensor* db = nullptr;  ///< the bias's gradient is added to what is there; wanted only with dW
  Tensor* dx = nullptr;  ///< the input's gradient overwrites what is there
};

}  // namespace plaingrad
