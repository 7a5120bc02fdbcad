/// @file
/// Measures of a classifier: the confusion matrix, accuracy, recall (1.1) and precision (1.2) of section 1.3,
/// and the last two over the threshold of a two-class decision.
#pragma once

#include <span>
#include <vector>

#include "math/real.hpp"

namespace plaingrad {

/// Counts of samples by true class (row) and predicted class (column).
class ConfusionMatrix {
 public:
  /// No samples yet. @throws std::invalid_argument if classes < 1
  explicit ConfusionMatrix(Index classes);
  /// @param counts  counts[t][p]: samples of class t predicted as class p; as many rows as columns,
  /// none negative
  /// @throws std::invalid_argument if they are not
  explicit ConfusionMatrix(const std::vector<std::vector<Index>>& counts);

  /// One more sample. @throws std::invalid_argument if one of the two is not 0 ... classes() - 1
  void add(Index truth, Index predicted);

  /// Number of classes.
  Index classes() const { return classes_; }
  /// Samples of class `truth` predicted as class `predicted`. @throws std::invalid_argument as add()
  /// does
  Index count(Index truth, Index predicted) const { return counts_[position(truth, predicted)]; }
  /// All samples.
  Index total() const;

  /// TP: samples of class c predicted as c. This and the next three throw as add() does.
  Index true_positives(Index c) const { return count(c, c); }
  /// FN: samples of class c predicted as another.
  Index false_negatives(Index c) const;
  /// FP: samples of other classes predicted as c.
  Index false_positives(Index c) const;
  /// TN: samples of other classes not predicted as c.
  Index true_negatives(Index c) const;

 private:
  std::size_t position(Index truth, Index predicted) const;

  Index classes_;
  std::vector<Index> counts_;  // row after row
};

/// The share of samples that are classified correctly. NaN if there are no samples.
double accuracy(const ConfusionMatrix& matrix);

/// Of the samples that are of class c, the share that was found: TP / (TP + FN). Section 1.3.
/// NaN if there is no such sample: 0/0 has no value.
/// @throws std::invalid_argument if c is not 0 ... classes() - 1
/// @eqimpl{1,1}
double recall(const ConfusionMatrix& matrix, Index c);

/// Of the samples predicted as class c, the share that is of class c: TP / (TP + FP). Section 1.3.
/// NaN if none was predicted as c.
/// @throws std::invalid_argument if c is not 0 ... classes() - 1
/// @eqimpl{1,2}
double precision(const ConfusionMatrix& matrix, Index c);

/// Recall and precision of the positive class when every score of at least `threshold` is called positive.
struct ThresholdPoint {
  double threshold, recall, precision;
};

/// One point for each threshold, in the order given.
/// @param scores    the classifier's score of each sample, greater for positive
/// @param positive  whether it is
/// @throws std::invalid_argument if the two are of different length, or a score or a threshold is NaN
std::vector<ThresholdPoint> sweep_thresholds(std::span<const double> scores,
                                             const std::vector<bool>& positive,
                                             std::span<const double> thresholds);

/// A point of the receiver operating characteristic, the ROC curve.
struct RocPoint {
  double false_positive_rate;  ///< share of the negative samples that are called positive
  double true_positive_rate;   ///< share of the positive ones: their recall
};

/// The ROC curve: from (0, 0), where no score is called positive, a point for each score that occurs,
/// greatest first, to (1, 1). Equal scores are called positive together.
/// @param scores    the classifier's score of each sample, greater for positive
/// @param positive  whether it is
/// @throws std::invalid_argument if the two are of different length, a score is NaN, or all samples are
/// positive or none is
std::vector<RocPoint> roc_curve(std::span<const double> scores, const std::vector<bool>& positive);

/// The area under it: how often a positive sample has the greater score than a negative one, equal scores
/// counted half. 1 separates them, 0.5 is no better than chance, and below that the order is upside down.
/// @throws std::invalid_argument if the curve has fewer than two points
double area_under(const std::vector<RocPoint>& curve);

}  // namespace plaingrad
