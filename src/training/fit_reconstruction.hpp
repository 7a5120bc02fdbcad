/// @file
/// Training a network to reconstruct images (report, sections 5.2 and 7.3.2).
#pragma once

#include "training/fit.hpp"

namespace plaingrad {

/// Input images and their targets, one for one, each (count, height, width, channels).
struct ImagePairs {
  const Tensor &input, &target;
};

/// Trains `model` on the mean squared error between its outputs and the targets; for a denoising autoencoder
/// the pairs are (noisy, clean). Every epoch uses every pair once, in an order drawn from `random`. The
/// history's accuracies stay 0. Options, order and errors are those of fit_classifier.
/// @eqimpl{5,2}
History fit_reconstruction(Sequential& model, Optimizer& optimizer, const ImagePairs& train,
                           const ImagePairs& validation, const FitOptions& options, Random& random);

/// The model's outputs for all images, in inference mode.
/// @param images  (count, height, width, channels)
/// @return of the same shape
/// @throws std::invalid_argument if the model does not take them or gives another shape
Tensor reconstruct(Sequential& model, const Tensor& images);

}  // namespace plaingrad
