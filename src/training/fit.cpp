#include "training/fit.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "losses/loss.hpp"

namespace plaingrad {
namespace {

std::uint8_t greatest_position(const Real* values, Index count) {
  return static_cast<std::uint8_t>(std::max_element(values, values + count) - values);
}

Index count_right(const Tensor& logits, std::span<const std::uint8_t> labels) {
  const Index classes = logits.extent(1);
  Index right = 0;
  for (Index n = 0; n < logits.extent(0); ++n)
    right += greatest_position(logits.data() + n * classes, classes) == labels[static_cast<std::size_t>(n)];
  return right;
}

std::string describe(const char* name, double loss, double accuracy) {
  char text[80];
  std::snprintf(text, sizeof text, "%sloss %.4f, %saccuracy %.2f %%", name, loss, name, 100 * accuracy);
  return text;
}

bool all_finite(const Tensor& tensor) {
  return std::all_of(tensor.values.begin(), tensor.values.end(), [](Real v) { return std::isfinite(v); });
}

/// Where the trouble began: a parameter, else the output of a layer.
std::string first_not_finite(Sequential& model, const Tensor* x) {
  for (const Parameter* parameter : model.parameters())
    if (!all_finite(parameter->value) || !all_finite(parameter->gradient)) return parameter->name;
  for (Index layers = 1; x && layers <= model.layer_count(); ++layers)
    if (!all_finite(model.forward_to(*x, layers)))
      return "the output of " + model.layer_names()[static_cast<std::size_t>(layers - 1)];
  return "the loss of what " + model.layer_names().back() + " gives out";
}

// One pass over the training images in random order: steps 2 to 5 of section 4.3 for each mini-batch.
//! [train_epoch]
void train_epoch(Sequential& model, Optimizer& optimizer, const Dataset& train, const FitOptions& options,
                 Random& random, Epoch& epoch) {
  const std::vector<Index> order = random.permutation(train.count());
  Tensor x, gradient;
  std::vector<std::uint8_t> labels;
  double loss_sum = 0;
  Index met = 0, right = 0, step = 0;
  while (met < train.count()) {
    const Index m = std::min(options.batch_size, train.count() - met);
    const std::span<const Index> batch(order.data() + met, static_cast<std::size_t>(m));
    gather_images(train, batch, Real(1) / 255, 0, x);
    labels.clear();
    for (Index position : batch) labels.push_back(train.labels[static_cast<std::size_t>(position)]);

    const Tensor& logits = model.forward(x, Mode::training);
    const double loss = softmax_cross_entropy(logits, labels, gradient);
    require_finite(loss, epoch.number, step + 1, model, &x);
    model.zero_gradients();
    model.backward(gradient);
    optimizer.step(model.parameters());

    loss_sum += loss * static_cast<double>(m);
    right += count_right(logits, labels);
    met += m;
    ++step;
    epoch.loss = loss_sum / static_cast<double>(met);
    epoch.accuracy = static_cast<double>(right) / static_cast<double>(met);
    if (options.progress)
      options.progress->step(epoch.number, step, describe("", epoch.loss, epoch.accuracy));
  }
}
//! [train_epoch]

}  // namespace

void require_fit_options(const std::string& what, const FitOptions& options, Index train_count) {
  if (options.batch_size < 1 || options.epochs < 1)
    throw std::invalid_argument(what + ": batch size and epochs must be 1 or more, got " +
                                std::to_string(options.batch_size) + " and " +
                                std::to_string(options.epochs));
  if (train_count < 1) throw std::invalid_argument(what + ": the training set is empty");
}

void require_finite(double loss, int epoch, Index step, Sequential& model, const Tensor* x) {
  if (std::isfinite(loss)) return;
  throw std::runtime_error("training has come to a loss that is not a finite number, in epoch " +
                           std::to_string(epoch) + ", step " + std::to_string(step) + " of " + model.name() +
                           "; first seen in " + first_not_finite(model, x) +
                           ". A smaller learning rate usually helps.");
}

History fit_classifier(Sequential& model, Optimizer& optimizer, const Dataset& train,
                       const Dataset& validation, const FitOptions& options, Random& random) {
  require_fit_options("fit_classifier", options, train.count());
  if (options.progress)
    options.progress->begin(options.epochs, (train.count() + options.batch_size - 1) / options.batch_size);
  History history;
  for (int number = 1; number <= options.epochs; ++number) {
    Epoch epoch;
    epoch.number = number;
    const auto start = std::chrono::steady_clock::now();
    train_epoch(model, optimizer, train, options, random, epoch);
    epoch.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const Evaluation evaluation = evaluate_classifier(model, validation);
    epoch.validation_loss = evaluation.loss;
    epoch.validation_accuracy = evaluation.accuracy;
    history.push_back(epoch);
    if (options.progress)
      options.progress->epoch_done(
          number, describe("", epoch.loss, epoch.accuracy) + ", " +
                      describe("validation ", epoch.validation_loss, epoch.validation_accuracy));
    if (options.after_epoch) options.after_epoch(epoch);
  }
  return history;
}

Evaluation evaluate_classifier(Sequential& model, const Tensor& images,
                               std::span<const std::uint8_t> labels) {
  constexpr Index batch_size = 128;
  const Index count = images.extent(0), size = count ? images.size() / count : 0;
  if (count != static_cast<Index>(labels.size()))
    throw std::invalid_argument("evaluate_classifier: " + std::to_string(count) + " images, " +
                                std::to_string(labels.size()) + " labels");
  Evaluation result;
  Tensor x, gradient;
  double loss_sum = 0;
  Index right = 0;
  for (Index first = 0; first < count; first += batch_size) {
    const Index m = std::min(batch_size, count - first);
    x.resize({m, images.extent(1), images.extent(2), images.extent(3)});
    std::copy_n(images.data() + first * size, m * size, x.data());
    const Tensor& logits = model.forward(x, Mode::inference);
    const auto batch_labels = labels.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(m));
    loss_sum += softmax_cross_entropy(logits, batch_labels, gradient) * static_cast<double>(m);
    right += count_right(logits, batch_labels);
    for (Index n = 0; n < m; ++n)
      result.predicted.push_back(greatest_position(logits.data() + n * logits.extent(1), logits.extent(1)));
  }
  result.loss = count ? loss_sum / static_cast<double>(count) : 0;
  result.accuracy = count ? static_cast<double>(right) / static_cast<double>(count) : 0;
  return result;
}

Evaluation evaluate_classifier(Sequential& model, const Dataset& dataset) {
  return evaluate_classifier(model, all_images(dataset), dataset.labels);
}

}  // namespace plaingrad
