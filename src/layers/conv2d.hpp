/// @file
/// The convolutional layer (report, sections 3.3, 3.4, 7.3.1). What it computes, loop by loop, is in
/// convolution/convolution.hpp; here is the same sum at the speed of the machine.
#pragma once

#include "layers/batch_sums.hpp"
#include "layers/layer.hpp"
#include "layers/sliding_window.hpp"
#include "layers/winograd.hpp"

namespace plaingrad {

/// What Keras lets one choose for a convolutional layer, with its defaults.
struct ConvolutionOptions {
  Index stride = 1;
  Padding padding = Padding::valid;
  Activation activation = Activation::linear;
  bool use_bias = true;
};

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
  std::vector<Parameter*> parameters() override;

 private:
  Index filters_, kernel_;
  ConvolutionOptions options_;
  Shape input_;
  SlidingWindow window_;
  Winograd winograd_;  // the same window, where that takes fewer multiplications
  Parameter W_{"kernel", {}, {}}, b_{"bias", {}, {}};
  const Tensor* x_ = nullptr;
  Tensor y_, dx_;
  SliceSums sums_;
  std::vector<Real> W_transposed_;
};

/// @throws std::invalid_argument naming the layer if filters, kernel or stride are below 1
void require_convolution_options(const std::string& layer, Index filters, Index kernel,
                                 const ConvolutionOptions& options);
/// @throws std::invalid_argument naming the layer if `input` is not (height, width, channels) with a channel
/// at least
void require_image(const std::string& layer, const Shape& input);
/// `sample` with the batch extent of x in front. @throws std::invalid_argument naming the layer if x has
/// another shape
Shape require_batch_of(const Shape& sample, const Tensor& x, const std::string& layer);

}  // namespace plaingrad
