/// @file
/// Confusion matrix, accuracy, recall (1.1), precision (1.2), the threshold sweep, the ROC curve.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "evaluation/metrics.hpp"
#include "math/random.hpp"

using namespace plaingrad;

namespace {

// Row 0: 5 right, 2 taken for 1, 1 taken for 2, and so on. No two of the numbers that could be confused are
// equal.
const ConfusionMatrix three({{5, 2, 1}, {4, 9, 3}, {0, 6, 7}});

constexpr double rounding = 1e-15;

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(confusion_matrix_counts_by_truth_and_prediction) {
  ConfusionMatrix matrix(3);
  matrix.add(0, 2);
  matrix.add(0, 2);
  matrix.add(2, 1);
  BOOST_TEST(matrix.count(0, 2) == 2);
  BOOST_TEST(matrix.count(2, 1) == 1);
  BOOST_TEST(matrix.count(2, 0) == 0);
  BOOST_TEST(matrix.total() == 3);
}

BOOST_AUTO_TEST_CASE(positives_and_negatives_of_a_class) {
  BOOST_TEST(three.total() == 37);
  BOOST_TEST(three.true_positives(1) == 9);
  BOOST_TEST(three.false_negatives(1) == 4 + 3);
  BOOST_TEST(three.false_positives(1) == 2 + 6);
  BOOST_TEST(three.true_negatives(1) == 5 + 1 + 0 + 7);
}

BOOST_AUTO_TEST_CASE(accuracy_is_the_diagonal_over_everything) {
  BOOST_CHECK_SMALL(accuracy(three) - 21.0 / 37.0, rounding);
}

BOOST_AUTO_TEST_CASE(eq_1_1_recall) {
  BOOST_CHECK_SMALL(recall(three, 0) - 5.0 / 8.0, rounding);
  BOOST_CHECK_SMALL(recall(three, 1) - 9.0 / 16.0, rounding);
  BOOST_CHECK_SMALL(recall(three, 2) - 7.0 / 13.0, rounding);
}

BOOST_AUTO_TEST_CASE(eq_1_2_precision) {
  BOOST_CHECK_SMALL(precision(three, 0) - 5.0 / 9.0, rounding);
  BOOST_CHECK_SMALL(precision(three, 1) - 9.0 / 17.0, rounding);
  BOOST_CHECK_SMALL(precision(three, 2) - 7.0 / 11.0, rounding);
}

// Section 1.3 in words: recall is the share of the actual positives that was found, precision the share of
// the predicted positives that is right. A test that calls everybody ill finds all the ill, and is often
// wrong.
BOOST_AUTO_TEST_CASE(eq_1_1_and_eq_1_2_when_everything_is_called_positive) {
  const ConfusionMatrix everybody_ill({{0, 90}, {0, 10}});
  BOOST_TEST(recall(everybody_ill, 1) == 1.0);
  BOOST_CHECK_SMALL(precision(everybody_ill, 1) - 0.1, rounding);
}

BOOST_AUTO_TEST_CASE(zero_over_zero_is_not_a_number) {
  const ConfusionMatrix only_class_0({{3, 0}, {0, 0}});
  BOOST_TEST(std::isnan(recall(only_class_0, 1)));
  BOOST_TEST(std::isnan(precision(only_class_0, 1)));
  BOOST_TEST(std::isnan(accuracy(ConfusionMatrix(2))));
  BOOST_TEST(recall(only_class_0, 0) == 1.0);
  BOOST_TEST(recall(ConfusionMatrix({{0, 1}, {0, 1}}), 0) == 0.0);  // 0/1, not 0/0
}

BOOST_AUTO_TEST_CASE(bad_arguments) {
  BOOST_CHECK_THROW(ConfusionMatrix(0), std::invalid_argument);
  BOOST_CHECK_THROW(ConfusionMatrix({{1, 2}, {3}}), std::invalid_argument);
  BOOST_CHECK_THROW(ConfusionMatrix({{1, 2}, {3, -4}}), std::invalid_argument);
  ConfusionMatrix matrix(2);
  BOOST_CHECK_THROW(matrix.add(2, 0), std::invalid_argument);
  BOOST_CHECK_THROW(matrix.add(0, -1), std::invalid_argument);
  BOOST_CHECK_THROW(recall(matrix, 2), std::invalid_argument);
  BOOST_CHECK_THROW(precision(matrix, -1), std::invalid_argument);
  BOOST_CHECK_THROW(sweep_thresholds(std::vector<double>{0.5}, {true, false}, std::vector<double>{0.1}),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(threshold_sweep_by_hand) {
  const std::vector<double> scores = {0.1, 0.4, 0.5, 0.8, 0.9};
  const std::vector<bool> positive = {false, true, false, true, true};
  const auto points = sweep_thresholds(scores, positive, std::vector<double>{0.0, 0.4, 0.45, 0.85, 1.0});
  BOOST_REQUIRE(points.size() == 5u);
  BOOST_TEST(points[0].threshold == 0.0);
  BOOST_TEST(points[0].recall == 1.0);
  BOOST_CHECK_SMALL(points[0].precision - 3.0 / 5.0, rounding);
  BOOST_TEST(points[1].recall == 1.0);  // a score equal to the threshold counts
  BOOST_CHECK_SMALL(points[1].precision - 3.0 / 4.0, rounding);
  BOOST_CHECK_SMALL(points[2].recall - 2.0 / 3.0, rounding);
  BOOST_CHECK_SMALL(points[2].precision - 2.0 / 3.0, rounding);
  BOOST_CHECK_SMALL(points[3].recall - 1.0 / 3.0, rounding);
  BOOST_TEST(points[3].precision == 1.0);
  BOOST_TEST(points[4].recall == 0.0);
  BOOST_TEST(std::isnan(points[4].precision));  // nothing is called positive
}

BOOST_AUTO_TEST_CASE(roc_by_hand) {
  // In order: positive, then one of each at 0.8, then negative.
  const std::vector<double> scores = {0.8, 0.1, 0.9, 0.8};
  const std::vector<RocPoint> curve = roc_curve(scores, {true, false, true, false});
  const std::vector<std::pair<double, double>> expected = {{0, 0}, {0, 0.5}, {0.5, 1}, {1, 1}};
  BOOST_REQUIRE(curve.size() == expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) {
    BOOST_TEST(curve[k].false_positive_rate == expected[k].first);
    BOOST_TEST(curve[k].true_positive_rate == expected[k].second);
  }
  BOOST_TEST(area_under(curve) == 0.875);  // of four pairs three are in order and one is equal
}

BOOST_AUTO_TEST_CASE(the_area_is_the_share_of_pairs_in_order) {
  Random random(1);
  for (const int levels : {2, 10, 1000}) {
    std::vector<double> scores;
    std::vector<bool> positive;
    for (int i = 0; i < 60; ++i) {
      positive.push_back(i % 3 == 0);
      scores.push_back(std::floor(random.uniform(0, 1) * levels) + (positive.back() ? levels / 4 : 0));
    }
    double in_order = 0, pairs = 0;
    for (std::size_t i = 0; i < 60; ++i)
      for (std::size_t j = 0; j < 60; ++j)
        if (positive[i] && !positive[j]) {
          ++pairs;
          in_order += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
    BOOST_CHECK_SMALL(area_under(roc_curve(scores, positive)) - in_order / pairs, 1e-14);
  }
}

BOOST_AUTO_TEST_CASE(areas_of_order_chance_and_the_wrong_way_round) {
  const std::vector<bool> positive = {true, true, false};
  BOOST_TEST(area_under(roc_curve(std::vector<double>{3, 2, 1}, positive)) == 1);
  BOOST_TEST(area_under(roc_curve(std::vector<double>{1, 1, 1}, positive)) == 0.5);
  BOOST_TEST(area_under(roc_curve(std::vector<double>{1, 2, 3}, positive)) == 0);
  const double infinite = std::numeric_limits<double>::infinity();
  BOOST_TEST(area_under(roc_curve(std::vector<double>{infinite, 0, -infinite}, positive)) == 1);
}

BOOST_AUTO_TEST_CASE(what_has_no_roc_curve_is_refused) {
  const std::vector<double> scores = {1, 2};
  BOOST_CHECK_THROW(roc_curve(scores, {true}), std::invalid_argument);
  BOOST_CHECK_THROW(roc_curve(scores, {true, true}), std::invalid_argument);
  BOOST_CHECK_THROW(roc_curve(scores, {false, false}), std::invalid_argument);
  BOOST_CHECK_THROW(roc_curve(std::vector<double>{1, std::nan("")}, {true, false}), std::invalid_argument);
  BOOST_CHECK_THROW(area_under({}), std::invalid_argument);
  BOOST_CHECK_THROW(area_under({{0, 0}}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
