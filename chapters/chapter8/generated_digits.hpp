/// @file
/// What section 8.8 finds out about generated digits, with the CNN as judge.
#pragma once

#include <vector>

#include "chapter8/common.hpp"
#include "evaluation/generative_scores.hpp"
#include "training/gan_training.hpp"

namespace plaingrad {

/// What the CNN makes of many images.
struct Marks {
  double confidence = 0;       ///< mean of the greatest probability
  double sure = 0;             ///< share of the images with a confidence of 0.9 or more
  std::vector<double> shares;  ///< of the images, for each class
  double class_entropy = 0;    ///< of these shares, in nats
  double score = 0;            ///< exp(E KL(p(y|x) || p(y)))
  double frechet = 0;          ///< distance from real test images, in the CNN's last layer but one
};

/// The CNN, and real test images to compare with.
class Judge {
 public:
  /// @param most  how many test images and, to compare, training images are looked at at most
  Judge(const Options& options, Index most);

  /// @param images  (count, 28, 28, 1) in [-1, 1]
  Marks mark(const Tensor& images);
  /// Probabilities of the classes, (count, 10), for images in [-1, 1].
  Tensor probabilities(const Tensor& images);

  /// Marks of the real test images. Their distance is that of as many training images from them: what chance
  /// alone makes of two sets of real digits.
  const Marks& real() const { return real_; }
  /// The CNN's accuracy on the test images it judges by.
  double accuracy() const { return accuracy_; }
  /// How many there are.
  Index real_count() const { return real_count_; }

 private:
  struct Opinion {
    Tensor probabilities, features;
  };
  Opinion ask(const Tensor& images);
  Marks mark(const Opinion& opinion) const;

  Sequential& cnn_;
  Index real_count_ = 0;
  double accuracy_ = 0;
  FeatureStatistics test_;
  Marks real_;
};

/// From [-1, 1] to [0, 1].
Tensor as_grey(const Tensor& images);

/// The marks of the last epoch's generator beside those of real digits, as a table and bars.
/// @param noise  to generate from
void report_card(const Options& options, GanTraining& run, Judge& judge, const Tensor& noise,
                 Results& results);
/// The training image nearest to each of the digits: is the generator copying?
void nearest_training_images(const Options& options, GanTraining& run, const Dataset& train,
                             Results& results);
/// From the noise of one digit to that of another, in small steps.
void walk(const Options& options, GanTraining& run);

}  // namespace plaingrad
