#include "losses/loss.hpp"

#include <algorithm>
#include <stdexcept>

#include "neuron/activation.hpp"

namespace plaingrad {
namespace {

// A mean over nothing would be 0 / 0.
void require_not_empty(const Tensor& tensor, const std::string& what) {
  if (tensor.size() < 1)
    throw std::invalid_argument(what + ": the batch is empty, shape " + to_string(tensor.shape));
}

}  // namespace

void softmax(const Tensor& logits, Tensor& probabilities) {
  if (logits.shape.size() != 2 || logits.extent(1) < 1)
    throw std::invalid_argument("softmax: expected shape (batch, classes), 1 class or more, got " +
                                to_string(logits.shape));
  probabilities.resize(logits.shape);
  const Index classes = logits.extent(1);
  for (Index n = 0; n < logits.extent(0); ++n) {
    const Real* a = logits.data() + n * classes;
    Real* p = probabilities.data() + n * classes;
    const Real max_logit = *std::max_element(a, a + classes);
    Real sum = 0;
    for (Index i = 0; i < classes; ++i) sum += p[i] = exp(a[i] - max_logit);
    for (Index i = 0; i < classes; ++i) p[i] /= sum;
  }
}

//! [softmax_cross_entropy]
Sum softmax_cross_entropy(const Tensor& logits, std::span<const std::uint8_t> labels, Tensor& gradient) {
  softmax(logits, gradient);
  const Index batch = logits.extent(0), classes = logits.extent(1);
  if (batch != static_cast<Index>(labels.size()))
    throw std::invalid_argument("softmax_cross_entropy: " + std::to_string(batch) + " rows of logits, " +
                                std::to_string(labels.size()) + " labels");
  require_not_empty(logits, "softmax_cross_entropy");
  Sum sum = 0;
  for (Index n = 0; n < batch; ++n) {
    const Index label = labels[static_cast<std::size_t>(n)];
    if (label >= classes)
      throw std::invalid_argument("softmax_cross_entropy: label " + std::to_string(label) + " of " +
                                  std::to_string(classes) + " classes");
    const Real* a = logits.data() + n * classes;
    Real* p = gradient.data() + n * classes;
    const Sum max_logit = *std::max_element(a, a + classes);
    Sum exponentials = 0;
    for (Index i = 0; i < classes; ++i) exponentials += exp(a[i] - max_logit);
    sum += log(exponentials) + max_logit - a[label];  // -log p[label]: (3.7) with a one-hot y'
    p[label] -= 1;
    for (Index i = 0; i < classes; ++i) p[i] /= static_cast<Real>(batch);
  }
  return sum / static_cast<double>(batch);
}
//! [softmax_cross_entropy]

//! [smoothed_cross_entropy]
Sum smoothed_cross_entropy(const Tensor& logits, std::span<const std::uint8_t> labels, double smoothing,
                           Tensor& gradient) {
  if (!(smoothing >= 0 && smoothing <= 1))
    throw std::invalid_argument("smoothed_cross_entropy: smoothing " + std::to_string(smoothing) +
                                ", expected 0 ... 1");
  const Sum one_hot = softmax_cross_entropy(logits, labels, gradient);
  const Index batch = logits.extent(0), classes = logits.extent(1);
  const Real share = static_cast<Real>(smoothing / static_cast<double>(batch));
  Sum margins = 0;
  for (Index n = 0; n < batch; ++n) {
    const Index label = labels[static_cast<std::size_t>(n)];
    const Real* a = logits.data() + n * classes;
    Real* dlogits = gradient.data() + n * classes;
    for (Index i = 0; i < classes; ++i) {
      margins +=
          (static_cast<Sum>(a[label]) - a[i]) / static_cast<double>(classes);  // log p[label] - log p[i]
      dlogits[i] -= share / static_cast<Real>(classes);
    }
    dlogits[label] += share;
  }
  return one_hot + smoothing * margins / static_cast<double>(batch);
}
//! [smoothed_cross_entropy]

//! [mean_squared_error]
Sum mean_squared_error(const Tensor& prediction, const Tensor& target, Tensor& gradient) {
  require_not_empty(prediction, "mean_squared_error");
  require_shape(prediction, target.shape, "mean_squared_error: prediction");
  require_shape(target, prediction.shape, "mean_squared_error: target");
  gradient.resize(prediction.shape);
  const auto count = static_cast<Real>(prediction.size());
  Sum sum = 0;
  for (Index i = 0; i < prediction.size(); ++i) {
    const Real difference = prediction[i] - target[i];
    sum += static_cast<Sum>(difference) * static_cast<Sum>(difference);
    gradient[i] = 2 * difference / count;
  }
  return sum / static_cast<Sum>(count);
}
//! [mean_squared_error]

//! [binary_cross_entropy]
Sum binary_cross_entropy(const Tensor& logits, double target, Tensor& gradient) {
  require_not_empty(logits, "binary_cross_entropy");
  if (!(target >= 0 && target <= 1))
    throw std::invalid_argument("binary_cross_entropy: target " + std::to_string(target) +
                                ", expected 0 ... 1");
  gradient.resize(logits.shape);
  const auto count = static_cast<Real>(logits.size());
  Sum sum = 0;
  for (Index i = 0; i < logits.size(); ++i) {
    const Sum a = logits[i];
    sum += std::max(a, Sum(0)) - a * target + log1p(exp(-abs(a)));
    gradient[i] = (sigmoid(logits[i]) - static_cast<Real>(target)) / count;
  }
  return sum / static_cast<Sum>(count);
}
//! [binary_cross_entropy]

}  // namespace plaingrad
