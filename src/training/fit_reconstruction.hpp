/// @file
/// Training a network to give back images (report, sections 5.2 and 7.3.2).
#pragma once

#include "training/fit.hpp"

namespace plaingrad {

/// Images that go in and the images that shall come out, one for one, each (count, height, width, channels).
struct ImagePairs {
  const Tensor &input, &target;
};

/// Trains `model` on the mean squared error between what it makes of the inputs and the targets: for an
/// autoencoder that denoises, (noisy, clean). Every epoch meets every pair once, in an order drawn from
/// `random`. The history's accuracies stay 0. Options, order and errors are those of fit_classifier.
/// @eqimpl{5,2}
History fit_reconstruction(Sequential& model, Optimizer& optimizer, const ImagePairs& train,
                           const ImagePairs& validation, const FitOptions& options, Random& random);

/// What the model makes of all images, in inference mode.
Tensor reconstruct(Sequential& model, const Tensor& images);

}  // namespace plaingrad
