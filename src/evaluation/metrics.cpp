#include "evaluation/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

namespace plaingrad {

namespace {

double ratio(Index part, Index whole) {
  if (whole == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(part) / static_cast<double>(whole);
}

bool has_nan(std::span<const double> numbers) {
  return std::any_of(numbers.begin(), numbers.end(), [](double number) { return std::isnan(number); });
}

void require_scores(const std::string& what, std::span<const double> scores,
                    const std::vector<bool>& positive) {
  if (scores.size() != positive.size())
    throw std::invalid_argument(what + ": " + std::to_string(scores.size()) + " scores for " +
                                std::to_string(positive.size()) + " samples");
  if (has_nan(scores)) throw std::invalid_argument(what + ": a score is NaN");
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(Index classes) : classes_(classes) {
  if (classes < 1)
    throw std::invalid_argument("confusion matrix of " + std::to_string(classes) +
                                " classes: expected 1 or more");
  counts_.assign(static_cast<std::size_t>(classes * classes), 0);
}

ConfusionMatrix::ConfusionMatrix(const std::vector<std::vector<Index>>& counts)
    : ConfusionMatrix(static_cast<Index>(counts.size())) {
  counts_.clear();
  for (const std::vector<Index>& row : counts) {
    if (row.size() != counts.size())
      throw std::invalid_argument("confusion matrix of " + std::to_string(counts.size()) +
                                  " rows has a row of " + std::to_string(row.size()) + " columns");
    for (const Index samples : row)
      if (samples < 0)
        throw std::invalid_argument("confusion matrix with a count below 0: " + std::to_string(samples));
    counts_.insert(counts_.end(), row.begin(), row.end());
  }
}

std::size_t ConfusionMatrix::position(Index truth, Index predicted) const {
  for (const Index c : {truth, predicted})
    if (c < 0 || c >= classes_)
      throw std::invalid_argument("class " + std::to_string(c) + ": expected 0 ... " +
                                  std::to_string(classes_ - 1));
  return static_cast<std::size_t>(truth * classes_ + predicted);
}

void ConfusionMatrix::add(Index truth, Index predicted) {
  ++counts_[position(truth, predicted)];
}

Index ConfusionMatrix::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), Index{0});
}

Index ConfusionMatrix::false_negatives(Index c) const {
  Index row = 0;
  for (Index predicted = 0; predicted < classes_; ++predicted) row += count(c, predicted);
  return row - true_positives(c);
}

Index ConfusionMatrix::false_positives(Index c) const {
  Index column = 0;
  for (Index truth = 0; truth < classes_; ++truth) column += count(truth, c);
  return column - true_positives(c);
}

Index ConfusionMatrix::true_negatives(Index c) const {
  return total() - true_positives(c) - false_negatives(c) - false_positives(c);
}

double accuracy(const ConfusionMatrix& matrix) {
  Index correct = 0;
  for (Index c = 0; c < matrix.classes(); ++c) correct += matrix.true_positives(c);
  return ratio(correct, matrix.total());
}

//! [eq_1_1_and_1_2]
double recall(const ConfusionMatrix& matrix, Index c) {
  const Index TP = matrix.true_positives(c), FN = matrix.false_negatives(c);
  return ratio(TP, TP + FN);  // (1.1)
}

double precision(const ConfusionMatrix& matrix, Index c) {
  const Index TP = matrix.true_positives(c), FP = matrix.false_positives(c);
  return ratio(TP, TP + FP);  // (1.2)
}
//! [eq_1_1_and_1_2]

std::vector<ThresholdPoint> sweep_thresholds(std::span<const double> scores,
                                             const std::vector<bool>& positive,
                                             std::span<const double> thresholds) {
  require_scores("sweep_thresholds", scores, positive);
  if (has_nan(thresholds)) throw std::invalid_argument("sweep_thresholds: a threshold is NaN");
  std::vector<ThresholdPoint> points;
  //! [threshold_sweep]
  for (const double threshold : thresholds) {
    ConfusionMatrix matrix(2);  // class 1 is the positive one
    for (std::size_t i = 0; i < scores.size(); ++i)
      matrix.add(positive[i] ? 1 : 0, scores[i] >= threshold ? 1 : 0);
    points.push_back({threshold, recall(matrix, 1), precision(matrix, 1)});
  }
  //! [threshold_sweep]
  return points;
}

std::vector<RocPoint> roc_curve(std::span<const double> scores, const std::vector<bool>& positive) {
  require_scores("roc_curve", scores, positive);
  const auto positives = static_cast<double>(std::count(positive.begin(), positive.end(), true));
  const double negatives = static_cast<double>(scores.size()) - positives;
  if (positives == 0 || negatives == 0)
    throw std::invalid_argument("roc_curve: there must be samples of both kinds, but all are " +
                                std::string(positives == 0 ? "negative" : "positive"));
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  //! [roc]
  std::vector<RocPoint> curve = {{0, 0}};
  double true_positives = 0, false_positives = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    ++(positive[order[k]] ? true_positives : false_positives);
    const bool next_is_equal = k + 1 < order.size() && scores[order[k + 1]] == scores[order[k]];
    if (!next_is_equal) curve.push_back({false_positives / negatives, true_positives / positives});
  }
  //! [roc]
  return curve;
}

double area_under(const std::vector<RocPoint>& curve) {
  if (curve.size() < 2) throw std::invalid_argument("area_under: a curve has two points at least");
  double area = 0;
  for (std::size_t k = 1; k < curve.size(); ++k)
    area += (curve[k].false_positive_rate - curve[k - 1].false_positive_rate) *
            (curve[k].true_positive_rate + curve[k - 1].true_positive_rate) / 2;
  return area;
}

}  // namespace plaingrad
