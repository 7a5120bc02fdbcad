#include "seconds/rungs.hpp"

#include <algorithm>
#include <chrono>

#include "data/mini_batches.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/one_cycle.hpp"
#include "training/fit_steps.hpp"

namespace plaingrad::seconds {
namespace {

double accuracy(const Rung& rung, Sequential& model, const Dataset& images) {
  return evaluate_classifier(model, all_images(images, rung.white / 255), images.labels).accuracy;
}

constexpr Index mnist_images = 60000;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

// ---- the rungs -------------------------------------------------------------------------------------------

//! [rungs]
const std::vector<Rung>& ladder() {
  static const std::vector<Rung> rungs = {
      {.name = "as the report", .slug = "report"},
      {.name = "mini-batches of 64", .slug = "batch", .batch_size = 64},
      {.name = "a rate that rises and falls",
       .slug = "cycle",
       .images = 60000,
       .cycle = true,
       .batch_size = 64,
       .learning_rate = 0.004},
      {.name = "a second moment that forgets",
       .slug = "beta2",
       .images = 54000,
       .cycle = true,
       .batch_size = 64,
       .learning_rate = 0.004,
       .beta2 = 0.99},
      {.name = "brighter images",
       .slug = "white",
       .images = 48000,
       .cycle = true,
       .batch_size = 64,
       .learning_rate = 0.004,
       .beta2 = 0.99,
       .white = 3},
      {.name = "smoothed labels",
       .slug = "smoothing",
       .images = 28000,
       .cycle = true,
       .batch_size = 64,
       .learning_rate = 0.006,
       .beta2 = 0.99,
       .smoothing = 0.2,
       .white = 3},
      {.name = "99.4 %: images moved by a pixel",
       .slug = "shift",
       .images = 120000,
       .cycle = true,
       .batch_size = 64,
       .learning_rate = 0.006,
       .beta2 = 0.99,
       .smoothing = 0.2,
       .white = 3,
       .shift = 1},
  };
  return rungs;
}
//! [rungs]

const Rung& fastest() {
  return *std::find_if(ladder().begin(), ladder().end(),
                       [](const Rung& rung) { return rung.slug == "smoothing"; });
}

// ---- training --------------------------------------------------------------------------------------------

ValidationSplit split_validation(const Dataset& all) {
  const Index count = std::min<Index>(10000, all.count() / 6);
  return {first_images(all, all.count() - count), last_images(all, count)};
}

Index images_seen(const Rung& rung, Index training_images) {
  return rung.images * std::min(training_images, mnist_images) / mnist_images;
}

//! [train]
Trained train(const Rung& rung, Index seen, const Dataset& images, const Dataset& validation,
              std::uint64_t seed) {
  Clock::time_point start = Clock::now();
  Random random(seed);
  Trained trained{.model = make_cnn(random)};
  Adam adam({.learning_rate = rung.learning_rate, .beta2 = rung.beta2});
  // A cycle is trained in one piece. At a constant rate each epoch is a piece, and may be the last.
  const Index pieces = rung.cycle ? 1 : std::max<Index>(1, seen / images.count());
  const Index steps = rung.cycle ? std::max<Index>(1, seen / rung.batch_size)
                                 : mini_batch_count(images.count(), rung.batch_size);
  const StepsOptions options{
      .steps = steps,
      .batch_size = rung.batch_size,
      .learning_rate =
          [&](Index k) { return rung.cycle ? one_cycle(k, steps, rung.learning_rate) : rung.learning_rate; },
      .smoothing = rung.smoothing,
      .white = rung.white,
      .shift = rung.shift};
  for (Index piece = 1; piece <= pieces; ++piece) {
    trained.images += fit_steps(trained.model, adam, images, options, random);
    trained.seconds.push_back(seconds_since(start));
    trained.accuracy.push_back(accuracy(rung, trained.model, validation));
    if (trained.accuracy.back() >= goal) break;
    start = Clock::now();
  }
  return trained;
}
//! [train]

}  // namespace plaingrad::seconds
