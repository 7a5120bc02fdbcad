/// @file
/// The rungs of the ladder: how the network of section 7.3.1 is trained to 99.0 % in less and less time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "training/fit.hpp"

namespace plaingrad::seconds {

/// What the ladder is about: this share of the test images right.
inline constexpr double goal = 0.99;

/// How a network is trained: the optimizer is Adam. The default is the report's.
struct Rung {
  std::string name;  ///< what is new in it
  std::string slug;  ///< in names of files
  /// How many the network sees, or fewer in proportion where there are fewer training images than MNIST's
  /// 60,000. Without a cycle at most: whole epochs, of which the first to reach the goal is the last.
  Index images = 600000;
  bool cycle = false;  ///< the rate rises and falls once (one_cycle()); otherwise it is constant
  Index batch_size = 32;
  double learning_rate = 0.001;  ///< constant, or the peak
  double beta2 = 0.999;
  double smoothing = 0;  ///< of the labels
  Real white = 1;        ///< what a byte of 255 becomes
  Index shift = 0;       ///< images are moved by up to so many pixels
};

/// From the report's settings to the fastest to 99.0 %, and one rung further, to 99.4 %.
const std::vector<Rung>& ladder();
/// The fastest to 99.0 %.
const Rung& fastest();

/// Images to learn from, and the last ones of the training images, by which settings are chosen: 10,000, or a
/// sixth where there are few. The test images take no part.
struct Judges {
  Dataset train, judges;
};
/// @param train  all training images
Judges judges_of(const Dataset& train);

/// A network after training.
struct Trained {
  Sequential model;
  Index images = 0;                ///< how many it has seen
  std::vector<double> accuracy{};  ///< on the judges, after each epoch, or after the last step
  std::vector<double> seconds{};   ///< that each took: all but reading the files and judging
};

/// Trains the network.
/// @param seen  how many images it is to see (images_seen())
/// @param images  to learn from
/// @param judges  images whose accuracy is taken: those of the test, or those by which settings are chosen
Trained train(const Rung& rung, Index seen, const Dataset& images, const Dataset& judges, std::uint64_t seed);

/// rung.images, or in proportion if the training images are fewer than MNIST's.
Index images_seen(const Rung& rung, Index training_images);

}  // namespace plaingrad::seconds
