#include "training/fit_reconstruction.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "data/mini_batches.hpp"
#include "losses/loss.hpp"
#include "math/decimal.hpp"
#include "math/floating_point.hpp"
#include "training/fit_state.hpp"
#include "training/stop.hpp"

namespace plaingrad {
namespace {

// The images at `positions`, one after another.
void gather(const Tensor& images, std::span<const Index> positions, Tensor& out) {
  const Index size = images.size() / images.extent(0);
  out.resize({static_cast<Index>(positions.size()), images.extent(1), images.extent(2), images.extent(3)});
  for (std::size_t i = 0; i < positions.size(); ++i)
    std::copy_n(images.data() + positions[i] * size, size, out.data() + static_cast<Index>(i) * size);
}

// Pairs of the model's input and output.
void require_pairs(const std::string& what, const Sequential& model, const ImagePairs& pairs) {
  const Index count = pairs.input.shape.empty() ? 0 : pairs.input.extent(0);
  if (count < 1) throw std::invalid_argument(what + " is empty");
  const auto batch_of = [count](Shape sample) {
    sample.insert(sample.begin(), count);
    return sample;
  };
  require_shape(pairs.input, batch_of(model.shape_after(-1)), what + ", inputs");
  require_shape(pairs.target, batch_of(model.shape_after(model.layer_count() - 1)), what + ", targets");
}

double mean_squared_error_of(Sequential& model, const ImagePairs& pairs) {
  Tensor gradient;
  return value_of(mean_squared_error(reconstruct(model, pairs.input), pairs.target, gradient));
}

//! [train_epoch]
double train_epoch(Sequential& model, Optimizer& optimizer, const ImagePairs& train,
                   const FitOptions& options, Random& random, int number) {
  Tensor x, target, gradient;
  double loss_sum = 0;
  Index seen = 0;
  const auto train_step = [&](Index step, std::span<const Index> batch) {
    throw_if_stopped();
    gather(train.input, batch, x);
    gather(train.target, batch, target);
    const Sum loss = mean_squared_error(model.forward(x, Mode::training), target, gradient);  // (5.1), (5.2)
    require_finite(value_of(loss), number, step, model, &x);
    model.zero_gradients();
    model.backward(gradient);
    optimizer.step(model.parameters());
    loss_sum += value_of(loss) * static_cast<double>(batch.size());
    seen += std::ssize(batch);
    if (options.progress)
      options.progress->step(number, step, "loss " + fixed(loss_sum / static_cast<double>(seen), 5));
  };
  for_each_mini_batch(train.input.extent(0), options.batch_size, random, train_step);
  return loss_sum / static_cast<double>(seen);
}
//! [train_epoch]

}  // namespace

History fit_reconstruction(Sequential& model, Optimizer& optimizer, const ImagePairs& train,
                           const ImagePairs& validation, const FitOptions& options, Random& random) {
  require_fit_options("fit_reconstruction", options, train.input.shape.empty() ? 0 : train.input.extent(0));
  require_pairs("fit_reconstruction: the training set", model, train);
  require_pairs("fit_reconstruction: the validation set", model, validation);
  const FloatingPointSettings standard;
  const Index steps = mini_batch_count(train.input.extent(0), options.batch_size);
  if (options.progress) options.progress->begin(options.epochs, steps);
  History history;
  const FitState state{model, optimizer, random, history, options.weights};
  resume(state, options);
  for (int number = static_cast<int>(history.size()) + 1; number <= options.epochs; ++number) {
    Epoch epoch;
    epoch.number = number;
    const auto start = std::chrono::steady_clock::now();
    epoch.loss = train_epoch(model, optimizer, train, options, random, number);
    require_finite_parameters(number, steps, model);
    epoch.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    epoch.validation_loss = mean_squared_error_of(model, validation);
    const Tensor some = slice(validation.input, 0, std::min<Index>(100, validation.input.extent(0)));
    require_finite(epoch.validation_loss, number, steps, model, &some);
    history.push_back(epoch);
    keep(state, options);
    if (options.progress)
      options.progress->epoch_done(
          number, "loss " + fixed(epoch.loss, 5) + ", validation loss " + fixed(epoch.validation_loss, 5));
    if (options.after_epoch) options.after_epoch(epoch);
  }
  return history;
}

Tensor reconstruct(Sequential& model, const Tensor& images) {
  Tensor result(images.shape);
  for_each_slice(images, 100, [&](Index first, const Tensor& x) {
    throw_if_stopped();
    const Tensor& r = model.forward(x, Mode::inference);
    require_shape(r, x.shape, "reconstruct: the model's output");
    std::copy_n(r.data(), r.size(), result.data() + first * (x.size() / x.extent(0)));
  });
  return result;
}

}  // namespace plaingrad
