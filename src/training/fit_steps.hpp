/// @file
/// Training a classifier step by step, with a learning rate of its own for each (beyond the report): for
/// trainings that may end in the middle of an epoch.
#pragma once

#include <functional>

#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad {

/// How long, and at what rates.
struct StepsOptions {
  Index steps = 1;                                 ///< 1 or more
  Index batch_size = 64;                           ///< 1 ... max_batch_size
  std::function<double(Index k)> learning_rate{};  ///< epsilon_k of step k = 1 ... steps
  double smoothing = 0;                            ///< of the labels (smoothed_cross_entropy()), 0 ... 1
  Real white = 1;                                  ///< what a byte of 255 becomes; black is 0
  /// Every image is moved up or down and to the left or right by up to that many pixels, drawn anew each
  /// time.
  Index shift = 0;
  bool mirror = false;  ///< left and right are exchanged in half of the images, drawn anew each time
  /// Called after step k with the mini-batch's loss before it. nullptr: not called
  std::function<void(Index k, double loss)> after_step = nullptr;
};

/// Trains `model` on softmax cross-entropy as fit_classifier() does, but for a number of steps: the images
/// come in an order drawn from `random`, in mini-batches (the last one of an epoch may be smaller), and in a
/// new order when all have been seen.
/// @return how many images the network has seen
/// @throws std::invalid_argument before the first step, if an option is out of its range, there is no
/// learning rate, there are no images, they are not such as the model takes or a label is not one of its
/// classes
/// @throws std::runtime_error naming epoch, step and the first layer with a value that is not finite, if a
/// loss is not, or a parameter after the last step
/// @throws Stopped after the mini-batch in which a signal came (training/stop.hpp)
Index fit_steps(Sequential& model, Adam& adam, const Dataset& train, const StepsOptions& options,
                Random& random);

}  // namespace plaingrad
