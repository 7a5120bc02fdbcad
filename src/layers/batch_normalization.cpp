#include "layers/batch_normalization.hpp"

#include <stdexcept>

#include "engine/normalization.hpp"
#include "engine/reductions.hpp"
#include "layers/shape_checks.hpp"
#include "math/multiply_add.hpp"

namespace plaingrad {

BatchNormalization::BatchNormalization(double momentum, double epsilon)
    : momentum_(static_cast<Real>(momentum)), epsilon_(static_cast<Real>(epsilon)) {
  if (!(momentum >= 0 && momentum <= 1) || !(epsilon_ > 0) || !isfinite(epsilon_))
    throw std::invalid_argument("BatchNormalization: momentum must lie in [0, 1] and epsilon above 0, got " +
                                std::to_string(momentum) + " and " + std::to_string(epsilon));
}

Shape BatchNormalization::build(const Shape& input, Random&) {
  if (input.empty() || input.back() < 1)
    throw std::invalid_argument("BatchNormalization: samples need at least one channel, got shape " +
                                to_string(input));
  input_ = input;
  channels_ = input.back();
  for (Parameter* p : parameters()) p->value = p->gradient = Tensor({channels_});
  gamma_.value.fill(1);
  moving_variance_.value.fill(1);
  return input;
}

std::vector<Parameter*> BatchNormalization::parameters() {
  return {&gamma_, &beta_, &moving_mean_, &moving_variance_};
}

// The batch's mean and variance, and the moving averages of them.
void BatchNormalization::take_batch_statistics(const Tensor& x) {
  if (x.size() == 0)
    throw std::invalid_argument("BatchNormalization: the batch is empty, shape " + to_string(x.shape));
  const Index rows = x.size() / channels_;
  mean_ = channel_sums(x);
  for (Real& mean : mean_) mean /= static_cast<Real>(rows);
  variance_ = channel_square_deviations(x, mean_);
  for (Real& variance : variance_) variance /= static_cast<Real>(rows);
  for (std::size_t c = 0; c < mean_.size(); ++c)
    if (!isfinite(mean_[c]) || !isfinite(variance_[c]))
      throw std::runtime_error("BatchNormalization: channel " + std::to_string(c) + " of the batch for " +
                               gamma_.name + " has mean " + std::to_string(value_of(mean_[c])) +
                               " and variance " + std::to_string(value_of(variance_[c])));
  for (Index c = 0; c < channels_; ++c) {
    Real &mean = moving_mean_.value[c], &variance = moving_variance_.value[c];
    mean = multiply_add(momentum_, mean, (1 - momentum_) * mean_[static_cast<std::size_t>(c)]);
    variance = multiply_add(momentum_, variance, (1 - momentum_) * variance_[static_cast<std::size_t>(c)]);
  }
}

//! [forward]
const Tensor& BatchNormalization::forward(const Tensor& x, Mode mode) {
  const Shape shape = require_batch_of(input_, x, "BatchNormalization");
  mode_ = mode;
  y_.resize(shape);
  x_hat_.resize(shape);
  if (mode == Mode::training) {
    take_batch_statistics(x);
  } else {
    mean_ = moving_mean_.value.values;
    variance_ = moving_variance_.value.values;
  }
  inverse_deviation_ = variance_;
  for (Real& value : inverse_deviation_) value = 1 / sqrt(value + epsilon_);
  // x_hat(i,c) = (x(i,c) - mean(c)) / sqrt(variance(c) + epsilon)
  // y(i,c)     = gamma(c) x_hat(i,c) + beta(c)
  normalize(x, mean_, inverse_deviation_, gamma_.value, beta_.value, x_hat_, y_);
  return y_;
}
//! [forward]

//! [backward]
const Tensor& BatchNormalization::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "BatchNormalization output gradient");
  dx_.resize(dy.shape);
  // dbeta(c)  += sum_i dy(i,c)
  // dgamma(c) += sum_i dy(i,c) x_hat(i,c)
  const std::vector<Real> dbeta = channel_sums(dy), dgamma = channel_products(dy, x_hat_);
  if (wanted != Gradients::input)
    for (Index c = 0; c < channels_; ++c) {
      beta_.gradient[c] += dbeta[static_cast<std::size_t>(c)];
      gamma_.gradient[c] += dgamma[static_cast<std::size_t>(c)];
    }
  // In training mean and variance depend on x too; with N rows, this subtracts their contributions:
  // dx(i,c) = gamma(c) / sqrt(variance(c) + epsilon) (dy(i,c) - (dbeta(c) + x_hat(i,c) dgamma(c)) / N)
  // In inference they are constants, and there is nothing to subtract.
  const Index rows = dy.size() / channels_;
  const Real share = mode_ == Mode::training ? 1 / static_cast<Real>(rows) : Real(0);
  normalize_gradient(dy, x_hat_, inverse_deviation_, gamma_.value, dbeta, dgamma, share, dx_);
  return dx_;
}
//! [backward]

}  // namespace plaingrad
