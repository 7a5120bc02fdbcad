/// @file
/// What section 8.8 measures of generated digits, by the predictions of the CNN.
#pragma once

#include <vector>

#include "chapter8/common.hpp"
#include "evaluation/generative_scores.hpp"
#include "training/gan_run.hpp"

namespace plaingrad::chapter8 {

/// Scores of a set of images, from the CNN's predictions.
struct Scores {
  double confidence = 0;        ///< mean of the greatest probability
  double confident = 0;         ///< share of the images with a confidence of 0.9 or more
  std::vector<double> shares;   ///< of the images, for each class
  double class_entropy = 0;     ///< of these shares, in nats
  double classifier_score = 0;  ///< exp(E KL(p(y|x) || p(y)))
  double frechet = 0;           ///< distance from real test images, in the CNN's penultimate layer

  /// To the scores of a record, and back. @param of  "generated" or "real"
  void add_to(Record& record, const std::string& of) const;
  static Scores of_record(const Record& record, const std::string& of);
};

/// Scores generated images by the CNN of three epochs, with real test images for comparison.
class Evaluator {
 public:
  /// @param max_images  limit on the test images and, for comparison, training images that are used
  Evaluator(Sequential cnn, const TrainAndTest& data, Index max_images);

  /// @param images  (count, 28, 28, 1) in [-1, 1]
  Scores scores(const Tensor& images);
  /// Probabilities of the classes, (count, 10), for images in [-1, 1].
  Tensor probabilities(const Tensor& images);

  /// Scores of the real test images. Their distance is that of equally many training images from them: the
  /// distance that two sets of real digits have by chance alone.
  const Scores& real() const { return real_; }
  /// The CNN's accuracy on these test images.
  double accuracy() const { return accuracy_; }
  /// How many there are.
  Index real_count() const { return real_count_; }

 private:
  struct Predictions {
    Tensor probabilities, features;
  };
  Predictions predict(const Tensor& images);
  Scores scores(const Predictions& predictions) const;

  Sequential cnn_;
  Index real_count_ = 0;
  double accuracy_ = 0;
  FeatureStatistics test_;
  Scores real_;
};

/// From [-1, 1] to [0, 1].
Tensor as_grey(const Tensor& images);

/// The scores of the last epoch's generator beside those of real digits, as a table and bars
/// (`figure_STEM_classes.png`).
void print_scores(const Options& options, const std::string& stem, const Record& record, Results& results);
/// The training image nearest to each of the digits: does the generator copy? (`figure_STEM_nearest.png`)
/// @param generated  in [-1, 1]
void compare_with_nearest(const Options& options, const std::string& stem, const Tensor& generated,
                          const TrainAndTest& data, const Dataset& train, Results& results);
/// Images between one digit and the next, from noise interpolated in small steps.
void draw_interpolation(const Options& options, GanRun& run);

}  // namespace plaingrad::chapter8
