#include "training/fit_steps.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/mini_batches.hpp"
#include "losses/loss.hpp"
#include "math/floating_point.hpp"
#include "training/fit.hpp"
#include "training/stop.hpp"

namespace plaingrad {
namespace {

void require_options(const StepsOptions& options, Index images) {
  require_fit_options("fit_steps", {.batch_size = options.batch_size}, images);
  if (options.steps < 1)
    throw std::invalid_argument("fit_steps: steps must be 1 or more, got " + std::to_string(options.steps));
  if (!options.learning_rate) throw std::invalid_argument("fit_steps: there is no learning rate");
  if (!(options.smoothing >= 0 && options.smoothing <= 1))
    throw std::invalid_argument("fit_steps: smoothing must be 0 to 1, got " +
                                std::to_string(options.smoothing));
  if (!(options.white > 0) || !isfinite(options.white))
    throw std::invalid_argument("fit_steps: white must be a positive number, got " +
                                std::to_string(value_of(options.white)));
  if (options.shift < 0)
    throw std::invalid_argument("fit_steps: the shift must be 0 or more, got " +
                                std::to_string(options.shift));
}

}  // namespace

//! [fit_steps]
Index fit_steps(Sequential& model, Adam& adam, const Dataset& train, const StepsOptions& options,
                Random& random) {
  require_options(options, train.count());
  require_images("fit_steps: the training set", model, train);
  const FloatingPointSettings standard;
  const Index steps_of_epoch = mini_batch_count(train.count(), options.batch_size);
  std::optional<MiniBatches> batches;
  Tensor x, gradient;
  std::vector<std::uint8_t> labels;
  int epoch = 0;
  Index step = 0, seen = 0;
  for (Index k = 1; k <= options.steps; ++k) {
    throw_if_stopped();
    step = (k - 1) % steps_of_epoch + 1;
    if (step == 1) {
      batches.emplace(train.count(), options.batch_size, random);
      ++epoch;
    }
    const std::span<const Index> batch = batches->at(step);
    gather_images(train, batch, options.white / 255, 0, x);
    if (options.shift > 0) shift_each(x, options.shift, random);
    if (options.mirror) mirror_each(x, random);
    gather_labels(train, batch, labels);

    const Tensor& logits = model.forward(x, Mode::training);
    const double loss = value_of(smoothed_cross_entropy(logits, labels, options.smoothing, gradient));
    require_finite(loss, epoch, step, model, &x);
    model.zero_gradients();
    model.backward(gradient);
    adam.set_learning_rate(options.learning_rate(k));
    adam.step(model.parameters());
    seen += std::ssize(batch);
    if (options.after_step) options.after_step(k, loss);
  }
  require_finite_parameters(epoch, step, model);
  return seen;
}
//! [fit_steps]

}  // namespace plaingrad
