/// @file
/// Batch normalisation (report, section 11.1.3).
#pragma once

#include "layers/layer.hpp"

namespace plaingrad {

/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, for each channel (the last axis) over everything
/// else. In training mean and variance are the batch's, and moving averages of them are kept; inference uses
/// those averages.
class BatchNormalization : public Layer {
 public:
  /// Keras's defaults. @throws std::invalid_argument if momentum is not in [0, 1] or epsilon not above 0
  explicit BatchNormalization(double momentum = 0.99, double epsilon = 1e-3);

  std::string type() const override { return "BatchNormalization"; }
  Shape build(const Shape& input, Random& random) override;
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode mode) override;
  /// Gradient through the batch's own mean and variance after a forward in training mode, with both constant
  /// after one in inference mode.
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::all) override;
  std::vector<Parameter*> parameters() override;

 private:
  void take_batch_statistics(const Tensor& x);

  Real momentum_, epsilon_;
  Shape input_;
  Index channels_ = 0;
  Mode mode_ = Mode::inference;
  Parameter gamma_{"gamma", {}, {}}, beta_{"beta", {}, {}};
  Parameter moving_mean_{"moving_mean", {}, {}, false}, moving_variance_{"moving_variance", {}, {}, false};
  std::vector<Real> mean_, variance_, inverse_deviation_;
  Tensor x_hat_, y_, dx_;
};

}  // namespace plaingrad
