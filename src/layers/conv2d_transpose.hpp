/// @file
/// The transposed convolution (report, sections 7.3.2 and 7.3.3): Conv2D run backwards, from small images to
/// large.
#pragma once

#include <optional>

#include "engine/convolution.hpp"
#include "layers/convolution_options.hpp"
#include "layers/kernel_and_bias.hpp"
#include "layers/layer.hpp"

namespace plaingrad {

/// The adjoint of a Conv2D with the same kernel, stride and `same` padding, with bias and activation of its
/// own: x (batch, height, width, channels), W (kernel, kernel, filters, channels) (Keras's order: a Conv2D's
/// kernel seen from its other end), b (filters), y (batch, stride height, stride width, filters).
class Conv2DTranspose : public Layer {
 public:
  /// @throws std::invalid_argument if filters, kernel or stride are below 1, or the padding is not `same`
  Conv2DTranspose(Index filters, Index kernel, ConvolutionOptions options);

  std::string type() const override { return "Conv2DTranspose"; }
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
  std::optional<Convolution> convolution_;  // the Conv2D whose adjoint this is: its window moves over y
  const Tensor* x_ = nullptr;
  Tensor y_, dx_;
};

}  // namespace plaingrad
