/// @file
/// An activation function as a layer of its own, for where something stands between the weighted sum and it.
#pragma once

#include "layers/layer.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// y = f(x), value by value (Keras's Activation).
class ActivationLayer : public Layer {
 public:
  /// For the function f.
  explicit ActivationLayer(Activation f) : f_(f) {}

  std::string type() const override { return "Activation"; }
  Shape build(const Shape& input, Random& random) override;
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode mode) override;
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::all) override;

 private:
  Activation f_;
  Shape input_;
  Tensor y_, dx_;
};

/// x above zero, 0.3 x below (Keras's slope).
class LeakyReLU : public ActivationLayer {
 public:
  LeakyReLU() : ActivationLayer(Activation::leaky_relu) {}
  std::string type() const override { return "LeakyReLU"; }
};

}  // namespace plaingrad
