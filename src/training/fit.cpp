#include "training/fit.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "data/mini_batches.hpp"
#include "losses/loss.hpp"
#include "math/decimal.hpp"
#include "math/floating_point.hpp"
#include "training/fit_state.hpp"
#include "training/stop.hpp"

namespace plaingrad {
namespace {

Index count_correct(const Tensor& logits, std::span<const std::uint8_t> labels) {
  const std::vector<Index> predicted = argmax(logits);
  Index correct = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) correct += predicted[n] == labels[n];
  return correct;
}

std::string describe(const std::string& prefix, double loss, double accuracy) {
  return prefix + "loss " + fixed(loss, 4) + ", " + prefix + "accuracy " + fixed(100 * accuracy, 2) + " %";
}

/// The first parameter with a value or gradient that is not finite, else the first layer whose output for x
/// is not.
std::string first_not_finite(Sequential& model, const Tensor* x) {
  for (const Parameter* parameter : model.parameters())
    if (!all_finite(parameter->value) || !all_finite(parameter->gradient)) return parameter->name;
  for (Index layers = 1; x && layers <= model.layer_count(); ++layers)
    if (!all_finite(model.forward_to(*x, layers)))
      return "the output of " + model.layer_names()[static_cast<std::size_t>(layers - 1)];
  return "the loss of what " + model.layer_names().back() + " gives out";
}

// One epoch: steps 2 to 5 of section 4.3 for each mini-batch.
//! [train_epoch]
void train_epoch(Sequential& model, Optimizer& optimizer, const Dataset& train, const FitOptions& options,
                 Random& random, Epoch& epoch) {
  Tensor x, gradient;
  std::vector<std::uint8_t> labels;
  double loss_sum = 0;
  Index seen = 0, correct = 0;
  const auto train_step = [&](Index step, std::span<const Index> batch) {
    throw_if_stopped();
    gather_images(train, batch, Real(1) / 255, 0, x);
    gather_labels(train, batch, labels);

    const Tensor& logits = model.forward(x, Mode::training);
    const double loss = value_of(softmax_cross_entropy(logits, labels, gradient));
    require_finite(loss, epoch.number, step, model, &x);
    model.zero_gradients();
    model.backward(gradient);
    optimizer.step(model.parameters());

    loss_sum += loss * static_cast<double>(batch.size());
    correct += count_correct(logits, labels);
    seen += std::ssize(batch);
    epoch.loss = loss_sum / static_cast<double>(seen);
    epoch.accuracy = static_cast<double>(correct) / static_cast<double>(seen);
    if (options.progress)
      options.progress->step(epoch.number, step, describe("", epoch.loss, epoch.accuracy));
  };
  for_each_mini_batch(train.count(), options.batch_size, random, train_step);
}
//! [train_epoch]

}  // namespace

void require_fit_options(const std::string& what, const FitOptions& options, Index train_count) {
  if (options.batch_size < 1 || options.batch_size > max_batch_size)
    throw std::invalid_argument(what + ": the batch size must be 1 to " + std::to_string(max_batch_size) +
                                ", got " + std::to_string(options.batch_size));
  if (options.epochs < 1)
    throw std::invalid_argument(what + ": epochs must be 1 or more, got " + std::to_string(options.epochs));
  if (train_count < 1) throw std::invalid_argument(what + ": the training set is empty");
}

void require_images(const std::string& what, const Sequential& model, const Dataset& images) {
  if (images.count() < 1) throw std::invalid_argument(what + " is empty");
  const Shape sample{images.height, images.width, 1}, &input = model.shape_after(-1);
  if (sample != input)
    throw std::invalid_argument(what + " has images of shape " + to_string(sample) + ", but " + model.name() +
                                " takes " + to_string(input));
  if (std::ssize(images.pixels) != images.count() * element_count(sample))
    throw std::invalid_argument(what + " has " + std::to_string(images.pixels.size()) + " pixels for " +
                                std::to_string(images.count()) + " images of shape " + to_string(sample));
  const Index classes = model.shape_after(model.layer_count() - 1).back();
  for (std::size_t i = 0; i < images.labels.size(); ++i)
    if (images.labels[i] >= classes)
      throw std::invalid_argument(what + " has label " + std::to_string(images.labels[i]) + " at position " +
                                  std::to_string(i) + ", but " + model.name() + " knows " +
                                  std::to_string(classes) + " classes");
}

void require_finite(double loss, int epoch, Index step, Sequential& model, const Tensor* x) {
  if (std::isfinite(loss)) return;
  throw std::runtime_error("training has come to a loss that is not a finite number, in epoch " +
                           std::to_string(epoch) + ", step " + std::to_string(step) + " of " + model.name() +
                           "; first seen in " + first_not_finite(model, x) +
                           ". A smaller learning rate usually helps.");
}

void require_finite_parameters(int epoch, Index step, Sequential& model) {
  for (const Parameter* parameter : model.parameters())
    if (!all_finite(parameter->value))
      throw std::runtime_error("training has come to a value of " + parameter->name +
                               " that is not a finite number, in epoch " + std::to_string(epoch) + ", step " +
                               std::to_string(step) + " of " + model.name() +
                               ". A smaller learning rate usually helps.");
}

History fit_classifier(Sequential& model, Optimizer& optimizer, const Dataset& train,
                       const Dataset& validation, const FitOptions& options, Random& random) {
  require_fit_options("fit_classifier", options, train.count());
  require_images("fit_classifier: the training set", model, train);
  require_images("fit_classifier: the validation set", model, validation);
  const FloatingPointSettings standard;
  const Index steps = mini_batch_count(train.count(), options.batch_size);
  if (options.progress) options.progress->begin(options.epochs, steps);
  History history;
  const FitState state{model, optimizer, random, history, options.weights};
  resume(state, options);
  for (int number = static_cast<int>(history.size()) + 1; number <= options.epochs; ++number) {
    Epoch epoch;
    epoch.number = number;
    const auto start = std::chrono::steady_clock::now();
    train_epoch(model, optimizer, train, options, random, epoch);
    require_finite_parameters(number, steps, model);
    epoch.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const Evaluation evaluation = evaluate_classifier(model, validation);
    epoch.validation_loss = evaluation.loss;
    epoch.validation_accuracy = evaluation.accuracy;
    history.push_back(epoch);
    keep(state, options);
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
  const Index count = images.shape.empty() ? 0 : images.extent(0);
  if (count < 1) throw std::invalid_argument("evaluate_classifier: there are no images");
  if (count != static_cast<Index>(labels.size()))
    throw std::invalid_argument("evaluate_classifier: " + std::to_string(count) + " images, " +
                                std::to_string(labels.size()) + " labels");
  const FloatingPointSettings standard;
  Evaluation result;
  Tensor gradient;
  double loss_sum = 0;
  Index correct = 0;
  for_each_slice(images, 128, [&](Index first, const Tensor& x) {
    throw_if_stopped();
    const auto m = static_cast<std::size_t>(x.extent(0));
    const Tensor& logits = model.forward(x, Mode::inference);
    const auto x_labels = labels.subspan(static_cast<std::size_t>(first), m);
    const double loss = value_of(softmax_cross_entropy(logits, x_labels, gradient));
    if (!std::isfinite(loss))
      throw std::runtime_error("evaluate_classifier: the loss of images " + std::to_string(first) + " to " +
                               std::to_string(first + x.extent(0) - 1) +
                               " is not a finite number; first seen in " + first_not_finite(model, &x) + ".");
    loss_sum += loss * static_cast<double>(m);
    correct += count_correct(logits, x_labels);
    for (const Index predicted : argmax(logits))
      result.predicted.push_back(static_cast<std::uint8_t>(predicted));
  });
  result.loss = loss_sum / static_cast<double>(count);
  result.accuracy = static_cast<double>(correct) / static_cast<double>(count);
  return result;
}

Evaluation evaluate_classifier(Sequential& model, const Dataset& dataset) {
  return evaluate_classifier(model, all_images(dataset), dataset.labels);
}

}  // namespace plaingrad
