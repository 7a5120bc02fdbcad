/// @file
/// Training a classifier epoch by epoch (report, sections 4.3 and 7.3.1), and evaluating it.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "data/dataset.hpp"
#include "layers/sequential.hpp"
#include "optimizers/optimizer.hpp"
#include "training/progress.hpp"

namespace plaingrad {

/// The history's entry for one epoch.
struct Epoch {
  int number = 0;              ///< 1, 2, ...
  double loss = 0;             ///< mean over the training images, each before the update it leads to
  double accuracy = 0;         ///< share of the training images classified correctly, likewise
  double validation_loss = 0;  ///< on the test images, after the epoch
  double validation_accuracy = 0;
  double seconds = 0;  ///< for the training, without the validation
};
/// One entry for each epoch.
using History = std::vector<Epoch>;

/// The largest mini-batch that a training takes. Of the report's smallest network, what one of this size
/// leaves in memory is gigabytes already: a larger number is a slip.
inline constexpr Index max_batch_size = 65536;

/// The values of all parameters of a model, in its order.
using Weights = std::vector<Tensor>;

class RunFile;  // training/run.hpp

/// How a network is trained.
struct FitOptions {
  int epochs = 1;
  Index batch_size = 32;         ///< 1 ... max_batch_size; of a training set that is smaller, all of it
  Progress* progress = nullptr;  ///< updated after every mini-batch and epoch; nullptr: none
  /// Called after every epoch, with the model as it is then.
  std::function<void(const Epoch&)> after_epoch = nullptr;
  /// Written after every epoch; what it holds is not trained again, and every later bit is what it would have
  /// been without the interruption. nullptr: none
  RunFile* run = nullptr;
  std::vector<Weights>* weights = nullptr;  ///< receives the weights after every epoch; nullptr: not wanted
};

/// Loss and accuracy of a classifier on a data set, in inference mode.
struct Evaluation {
  double loss = 0, accuracy = 0;
  std::vector<std::uint8_t> predicted;  ///< the class of the greatest logit, for each image
};

/// Trains `model` on softmax cross-entropy: every epoch uses every image once, in an order drawn from
/// `random`, in mini-batches (the last one may be smaller), images divided by 255.
/// @throws std::invalid_argument before the first step, if batch_size or epochs is out of its range, a set is
/// empty, its images are not such as the model takes or a label is not one of the model's classes
/// @throws std::runtime_error naming epoch, step and the first layer with a value that is not finite, if a
/// loss is not, or a parameter after an epoch; naming the run's file, if it cannot be used or written; or as
/// the optimizer does
/// @throws Stopped after the mini-batch in which a signal came (training/stop.hpp)
History fit_classifier(Sequential& model, Optimizer& optimizer, const Dataset& train,
                       const Dataset& validation, const FitOptions& options, Random& random);

/// Loss and accuracy on all images, divided by 255.
/// @throws std::invalid_argument if there are no images, or another number of labels
/// @throws std::runtime_error naming the first layer with a value that is not finite, if the loss is not
Evaluation evaluate_classifier(Sequential& model, const Dataset& dataset);
/// The same for images given as a tensor (count, 28, 28, 1).
Evaluation evaluate_classifier(Sequential& model, const Tensor& images, std::span<const std::uint8_t> labels);

/// @throws std::invalid_argument naming `what` if batch size or epochs is out of its range or there are no
/// training samples
void require_fit_options(const std::string& what, const FitOptions& options, Index train_count);
/// @throws std::invalid_argument naming `what` if there are no images, they are not such as the model takes
/// or a label is not one of its classes
void require_images(const std::string& what, const Sequential& model, const Dataset& images);
/// @param x  the mini-batch that led to the loss, if it is at hand
/// @throws std::runtime_error, if `loss` is not finite, naming epoch, step and the first parameter (its value
/// or its gradient) that is not finite, or else the first layer whose output for x is not
void require_finite(double loss, int epoch, Index step, Sequential& model, const Tensor* x = nullptr);
/// After an epoch, whose last update no loss has seen.
/// @throws std::runtime_error naming epoch and step, the last, and the first parameter that is not finite
void require_finite_parameters(int epoch, Index step, Sequential& model);

}  // namespace plaingrad
