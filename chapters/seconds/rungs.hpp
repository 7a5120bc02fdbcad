/// @file
/// The rungs of the ladder: how the network of section 7.3.1 is trained to 99.0 % in less and less time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "training/fit.hpp"

namespace plaingrad::seconds {

/// The goal of the ladder: the test accuracy to be reached.
inline constexpr double goal = 0.99;

/// How a network is trained: the optimizer is Adam. The default is the report's.
struct Rung {
  std::string name;  ///< what is new on this rung
  std::string slug;  ///< in file names
  /// How many images the network sees, scaled down if there are fewer training images than MNIST's 60,000.
  /// Without a cycle this is a maximum: training stops after the first epoch that reaches the goal.
  Index images = 600000;
  bool cycle = false;  ///< the rate rises and falls once (one_cycle()); otherwise it is constant
  Index batch_size = 32;
  double learning_rate = 0.001;  ///< constant, or the peak
  double beta2 = 0.999;
  double smoothing = 0;  ///< of the labels
  Real white = 1;        ///< what a byte of 255 becomes
  Index shift = 0;       ///< images are moved by up to that many pixels
};

/// From the report's settings to the fastest to 99.0 %, and one rung further, to 99.4 %.
const std::vector<Rung>& ladder();
/// The fastest to 99.0 %.
const Rung& fastest();

/// The training images, split: the last 10,000, or a sixth if there are few, are held out to choose settings
/// by. The test images take no part.
struct ValidationSplit {
  Dataset train, validation;
};
/// @param all  all training images
ValidationSplit split_validation(const Dataset& all);

/// A network after training.
struct Trained {
  Sequential model;
  Index images = 0;                ///< how many it has seen
  std::vector<double> accuracy{};  ///< on the validation images, after each epoch, or after the last step
  std::vector<double> seconds{};   ///< that each took, without reading files and without evaluation
};

/// Trains the network.
/// @param seen  how many images it is to see (images_seen())
/// @param images  to learn from
/// @param validation  images on which the accuracy is measured: the test images, or those held out
Trained train(const Rung& rung, Index seen, const Dataset& images, const Dataset& validation,
              std::uint64_t seed);

/// rung.images, or in proportion if the training images are fewer than MNIST's.
Index images_seen(const Rung& rung, Index training_images);

}  // namespace plaingrad::seconds
