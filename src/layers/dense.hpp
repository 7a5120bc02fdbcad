/// @file
/// The fully connected layer (report, section 7.3.1, equation (7.1)).
#pragma once

#include "layers/kernel_and_bias.hpp"
#include "layers/layer.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// y = f(x W + b): x (batch, inputs), W (inputs, units), b (units), y (batch, units).
/// @eqimpl{7,1}
class Dense : public Layer {
 public:
  /// @throws std::invalid_argument if units < 1
  explicit Dense(Index units, Activation activation = Activation::linear, bool use_bias = true);

  std::string type() const override { return "Dense"; }
  Shape build(const Shape& input, Random& random) override;
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode mode) override;
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::all) override;
  std::vector<Parameter*> parameters() override { return weights_.parameters(); }

 private:
  Index units_;
  Activation f_;
  Shape input_;
  KernelAndBias weights_;
  const Tensor* x_ = nullptr;
  Tensor y_, dx_;
};

}  // namespace plaingrad
