/// @file
/// The convolutional layer (report, sections 3.3, 3.4, 7.3.1).
#pragma once

#include <optional>

#include "engine/convolution.hpp"
#include "layers/convolution_options.hpp"
#include "layers/kernel_and_bias.hpp"
#include "layers/layer.hpp"

namespace plaingrad {

/// y = f(x cross-correlated with W, + b): x (batch, height, width, channels), W (kernel, kernel, channels,
/// filters), b (filters), y (batch, out_height, out_width, filters).
class Conv2D : public Layer {
 public:
  /// @throws std::invalid_argument if filters, kernel or stride are below 1
  Conv2D(Index filters, Index kernel, ConvolutionOptions options = {});

  std::string type() const override { return "Conv2D"; }
  Shape build(const Shape& input, Random& random) override;
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode mode) override;
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::all) override;
  std::vector<Parameter*> parameters() override { return weights_.parameters(); }

 private:
  Index filters_, kernel_;
  ConvolutionOptions options_;
  Shape input_, output_;
  KernelAndBias weights_;
  std::optional<Convolution> convolution_;  // made by build()
  const Tensor* x_ = nullptr;
  Tensor y_, dx_;
};

}  // namespace plaingrad
