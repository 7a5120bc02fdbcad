/// @file
/// The two parameters of a layer that multiplies its input by a kernel.
#pragma once

#include "engine/gradient_targets.hpp"
#include "layers/initializer.hpp"
#include "layers/layer.hpp"

namespace plaingrad {

/// W and, unless the layer does without one, b.
struct KernelAndBias {
  bool use_bias;
  Parameter W{"kernel", {}, {}}, b{"bias", {}, {}};

  /// Glorot uniform W of the given shape, b of zeros, one for each output channel.
  /// @param fan_in,fan_out  see glorot_uniform()
  void build(const Shape& kernel, Index outputs, Index fan_in, Index fan_out, Random& random) {
    W.value = W.gradient = Tensor(kernel);
    glorot_uniform(W.value, fan_in, fan_out, random);
    if (use_bias) b.value = b.gradient = Tensor({outputs});
  }
  /// In Keras's order.
  std::vector<Parameter*> parameters() { return use_bias ? std::vector{&W, &b} : std::vector{&W}; }
  /// b, or nullptr.
  const Tensor* bias() const { return use_bias ? &b.value : nullptr; }
  /// Where a backward pass puts the gradients that are wanted.
  GradientTargets targets(Gradients wanted, Tensor& dx) {
    const bool parameters = wanted != Gradients::input;
    return {.dW = parameters ? &W.gradient : nullptr,
            .db = parameters && use_bias ? &b.gradient : nullptr,
            .dx = wanted != Gradients::parameters ? &dx : nullptr};
  }
};

}  // namespace plaingrad
