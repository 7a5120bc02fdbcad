/// @file
/// Batch normalisation (report, section 11.1.3).
#pragma once

#include "layers/layer.hpp"

namespace plaingrad {

/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, for each channel (the last axis) over everything
/// else. In training mean and variance are the batch's, and moving averages of them are kept; inference uses
/// those averages.
///
/// The variance is the mean of (x - mean)^2, here and in the moving average, as in the paper of Ioffe and
/// Szegedy for training and in Keras wherever its kernel is not the fused one. The fused one
/// (tensorflow#55545) keeps N / (N - 1) times as much in the moving average, where N is the number of values
/// of a channel in the batch: in weights taken over from it the variances are larger by that factor.
///
/// If a channel has one value in the batch, its variance is 0, y is beta and dx is 0, as in Keras.
class BatchNormalization : public Layer {
 public:
  /// Keras's defaults.
  /// @throws std::invalid_argument if momentum is not in [0, 1] or epsilon, as a Real, not above 0 and finite
  explicit BatchNormalization(double momentum = 0.99, double epsilon = 1e-3);

  std::string type() const override { return "BatchNormalization"; }
  Shape build(const Shape& input, Random& random) override;
  using Layer::forward;
  /// @throws std::invalid_argument in training, if the batch is empty: it has no mean
  /// @throws std::runtime_error in training, naming the channel, if its mean or variance is not finite. The
  /// moving averages stay as they are.
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
