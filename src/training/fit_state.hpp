/// @file
/// Internal to training: what fit_classifier() and fit_reconstruction() keep of a run.
#pragma once

#include "training/fit.hpp"

namespace plaingrad {

/// Everything that a training's next epoch depends on, and what it gives back in the end.
struct FitState {
  Sequential& model;
  Optimizer& optimizer;
  Random& random;
  History& history;
  std::vector<Weights>* weights;  ///< after each epoch; nullptr: not asked for
};

/// Goes on from the run's file, if options.run has one.
/// @throws std::runtime_error with the path, before anything is changed, if it is of another model or
/// optimizer
void resume(const FitState& state, const FitOptions& options);

/// After each epoch: adds the weights to options.weights and writes the run's file, if they are asked for.
/// @throws std::runtime_error with the path if it cannot be written
/// @throws std::invalid_argument if the optimizer is neither SGD nor Adam
void keep(const FitState& state, const FitOptions& options);

}  // namespace plaingrad
