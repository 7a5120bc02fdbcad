/// @file
/// How the decaying rate of section 8.5 was chosen: the network learns from all but the last 10,000 training
/// images, and is evaluated on these. The test images take no part.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "chapter8/common.hpp"
#include "chapter8/sections.hpp"
#include "models/cnn.hpp"
#include "optimizers/sgd.hpp"

namespace plaingrad::chapter8 {

namespace {

Epoch last_epoch(const LearningRate& rate, const Dataset& train, const Dataset& validation, int epochs,
                 std::uint64_t seed) {
  Random random(seed);
  Sequential model = make_cnn(random);
  SGD sgd(rate);
  char title[64];
  std::snprintf(title, sizeof title, "SGD %g, decay %g", rate.initial, rate.decay);
  Progress progress(title, std::cerr, isatty(STDERR_FILENO) == 1);
  return fit_classifier(model, sgd, train, validation, {.epochs = epochs, .progress = &progress}, random)
      .back();
}

}  // namespace

void section_8_5_rates(Context& context) {
  const Options& options = context.options;
  const Dataset& all = context.dataset(DatasetName::mnist).train;
  const Dataset validation = last_images(all, std::min<Index>(10000, all.count() / 6));
  const Dataset train = first_images(all, all.count() - validation.count());
  const int count = epochs(options, 1, 5);
  std::printf(
      "Learning rates initial / (1 + decay (k - 1)) of step k, %d epochs on the first %td training images,\n"
      "judged by the last %td:\n\n%10s%10s%12s%12s\n",
      count, train.count(), validation.count(), "initial", "decay", "loss", "accuracy");
  LearningRate best;
  double best_accuracy = -1;
  for (const double initial : {0.05, 0.1, 0.2, 0.4})
    for (const double decay : {1e-4, 1e-3}) {
      const LearningRate rate{initial, decay};
      const Epoch last = last_epoch(rate, train, validation, count, options.seed);
      std::printf("%10g%10g%12.4f%10.2f %%\n", initial, decay, last.validation_loss,
                  100 * last.validation_accuracy);
      std::fflush(stdout);
      if (last.validation_accuracy <= best_accuracy) continue;
      best_accuracy = last.validation_accuracy;
      best = rate;
    }
  std::printf("\nBest: initial %g, decay %g.\n\n", best.initial, best.decay);
}

}  // namespace plaingrad::chapter8
