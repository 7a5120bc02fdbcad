/// @file
/// Measures of generated images: on cases whose answer is known.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "evaluation/generative_scores.hpp"
#include "math/random.hpp"

using namespace plaingrad;
using boost::test_tools::tolerance;

namespace {

SquareMatrix random_symmetric(Index n, Random& random) {
  SquareMatrix A(n);
  for (Index i = 0; i < n; ++i)
    for (Index j = i; j < n; ++j) A(i, j) = A(j, i) = random.normal();
  return A;
}

/// B B^T: symmetric, without negative eigenvalues.
SquareMatrix random_covariance(Index n, Random& random) {
  const SquareMatrix B = random_symmetric(n, random);
  return product(B, B);
}

double greatest_difference(const SquareMatrix& A, const SquareMatrix& B) {
  double greatest = 0;
  for (std::size_t i = 0; i < A.values.size(); ++i)
    greatest = std::max(greatest, std::abs(A.values[i] - B.values[i]));
  return greatest;
}

SquareMatrix diagonal(const std::vector<double>& values) {
  SquareMatrix D(static_cast<Index>(values.size()));
  for (Index i = 0; i < D.size; ++i) D(i, i) = values[static_cast<std::size_t>(i)];
  return D;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(generative_scores)

BOOST_AUTO_TEST_CASE(eigen_of_a_matrix_of_two) {
  SquareMatrix A(2);
  A(0, 0) = A(1, 1) = 2;
  A(0, 1) = A(1, 0) = 1;
  std::vector<double> values = symmetric_eigen(A).values;
  std::sort(values.begin(), values.end());
  BOOST_TEST(values[0] == 1, tolerance(1e-14));
  BOOST_TEST(values[1] == 3, tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(eigen_puts_the_matrix_together_again) {
  Random random(1);
  for (const Index n : {1, 2, 3, 7, 40}) {
    const SquareMatrix A = random_symmetric(n, random);
    const SymmetricEigen eigen = symmetric_eigen(A);
    SquareMatrix V_transposed(n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) V_transposed(i, j) = eigen.vectors(j, i);
    const SquareMatrix again = product(product(eigen.vectors, diagonal(eigen.values)), V_transposed);
    BOOST_TEST(greatest_difference(again, A) < 1e-12, "size " << n);
    const SquareMatrix one = product(eigen.vectors, V_transposed);
    BOOST_TEST(greatest_difference(one, diagonal(std::vector<double>(static_cast<std::size_t>(n), 1))) <
               1e-12);
  }
}

BOOST_AUTO_TEST_CASE(square_root_times_itself) {
  Random random(2);
  for (const Index n : {1, 3, 20}) {
    const SquareMatrix A = random_covariance(n, random), root = square_root(A);
    BOOST_TEST(greatest_difference(product(root, root), A) < 1e-10, "size " << n);
  }
}

BOOST_AUTO_TEST_CASE(matrices_that_do_not_fit_are_refused) {
  BOOST_CHECK_THROW(SquareMatrix(-1), std::invalid_argument);
  BOOST_CHECK_THROW(product(SquareMatrix(2), SquareMatrix(3)), std::invalid_argument);
  BOOST_CHECK_THROW(symmetric_eigen(diagonal({1, NAN})), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(frechet_of_equal_gaussians_is_zero) {
  Random random(3);
  const FeatureStatistics a{{1, 2, 3, 4, 5}, random_covariance(5, random)};
  BOOST_TEST(std::abs(frechet_distance(a, a)) < 1e-9);
}

BOOST_AUTO_TEST_CASE(frechet_of_a_shifted_mean_is_the_squared_distance) {
  Random random(4);
  FeatureStatistics a{{0, 0, 0}, random_covariance(3, random)}, b = a;
  b.mean = {1, -2, 2};
  BOOST_TEST(frechet_distance(a, b) == 9, tolerance(1e-9));
}

// For diagonal covariances: the sum of (s1 - s2)^2 over the standard deviations.
BOOST_AUTO_TEST_CASE(frechet_of_diagonal_covariances) {
  const FeatureStatistics a{{0, 0, 0}, diagonal({4, 9, 0})}, b{{0, 0, 1}, diagonal({1, 25, 16})};
  BOOST_TEST(frechet_distance(a, b) == 1 + (1 + 4 + 16), tolerance(1e-12));
}

// Turning both by the same angle changes nothing; here the covariances do not commute.
BOOST_AUTO_TEST_CASE(frechet_is_symmetric_and_does_not_depend_on_the_axes) {
  Random random(5);
  const FeatureStatistics a{{0, 1, 0, 0}, random_covariance(4, random)},
      b{{1, 0, 0, 2}, random_covariance(4, random)};
  const double distance = frechet_distance(a, b);
  BOOST_TEST(distance > 0.1);
  BOOST_TEST(frechet_distance(b, a) == distance, tolerance(1e-9));
  const SquareMatrix V = symmetric_eigen(random_symmetric(4, random)).vectors;
  SquareMatrix V_transposed(4);
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 4; ++j) V_transposed(i, j) = V(j, i);
  const auto turned = [&](const FeatureStatistics& s) {
    FeatureStatistics t{std::vector<double>(4), product(product(V, s.covariance), V_transposed)};
    for (Index i = 0; i < 4; ++i)
      for (Index j = 0; j < 4; ++j)
        t.mean[static_cast<std::size_t>(i)] += V(i, j) * s.mean[static_cast<std::size_t>(j)];
    return t;
  };
  BOOST_TEST(frechet_distance(turned(a), turned(b)) == distance, tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(frechet_refuses_other_numbers_of_features) {
  BOOST_CHECK_THROW(frechet_distance({{0}, SquareMatrix(1)}, {{0, 0}, SquareMatrix(2)}),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(statistics_by_hand) {
  const FeatureStatistics s = feature_statistics(Tensor({3, 2}, {1, 0, 2, 0, 3, 6}));
  BOOST_TEST(s.mean[0] == 2);
  BOOST_TEST(s.mean[1] == 2);
  BOOST_TEST(s.covariance(0, 0) == 1);
  BOOST_TEST(s.covariance(1, 1) == 12);
  BOOST_TEST(s.covariance(0, 1) == 3);
  BOOST_TEST(s.covariance(1, 0) == 3);
  BOOST_TEST(feature_statistics(Tensor({2, 1}, {1, 3})).covariance(0, 0) == 2);  // two images will do
  BOOST_CHECK_THROW(feature_statistics(Tensor({1, 2})), std::invalid_argument);
  BOOST_CHECK_THROW(feature_statistics(Tensor({4})), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(classifier_score_between_one_and_the_number_of_classes) {
  // Sure of each, and each class once.
  BOOST_TEST(classifier_score(Tensor({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1})) == 3, tolerance(1e-12));
  // The same said of every image.
  BOOST_TEST(classifier_score(Tensor({2, 2}, {0.3, 0.7, 0.3, 0.7})) == 1, tolerance(1e-12));
  // By hand: p(y) = (0.5, 0.5), KL = 0.8 log(1.6) + 0.2 log(0.4) for both.
  BOOST_TEST(classifier_score(Tensor({2, 2}, {0.8, 0.2, 0.2, 0.8})) ==
                 std::exp(0.8 * std::log(1.6) + 0.2 * std::log(0.4)),
             tolerance(1e-12));
  BOOST_CHECK_THROW(classifier_score(Tensor({0, 10})), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(shares_confidences_and_entropy) {
  const Tensor p({4, 2}, {0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.7, 0.3});
  const std::vector<double> shares = class_shares(p), sure = confidences(p), mean = mean_probabilities(p);
  BOOST_TEST(shares[0] == 0.75, tolerance(1e-12));
  BOOST_TEST(shares[1] == 0.25, tolerance(1e-12));
  BOOST_TEST((sure == std::vector<double>{0.9, 0.6, 0.8, 0.7}));
  BOOST_TEST(mean[0] == 0.6, tolerance(1e-12));
  BOOST_TEST((class_shares(Tensor({2, 1}, {1, 1})) == std::vector<double>{1}));  // of one class, all
  BOOST_TEST(entropy({0, 1, 0}) == 0);
  BOOST_TEST(entropy({0.5, 0.5}) == std::log(2), tolerance(1e-12));
  BOOST_TEST(entropy({0.75, 0.25}) == -0.75 * std::log(0.75) - 0.25 * std::log(0.25), tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(nearest_image_by_hand) {
  Dataset data;
  data.height = 1;
  data.width = 2;
  data.pixels = {0, 0, 255, 0, 255, 255};
  data.labels = {0, 1, 2};
  const std::vector<Neighbour> nearest = nearest_images(Tensor({2, 1, 2, 1}, {0.9, 0.2, 1, 1}), data);
  BOOST_TEST(nearest[0].position == 1);
  BOOST_TEST(nearest[0].distance == std::sqrt(0.01 + 0.04), tolerance(1e-12));
  BOOST_TEST(nearest[1].position == 2);
  BOOST_TEST(nearest[1].distance == 0);
  BOOST_CHECK_THROW(nearest_images(Tensor({1, 2, 2, 1}), data), std::invalid_argument);
  BOOST_CHECK_THROW(nearest_images(Tensor({1, 1, 2, 1}), Dataset{}), std::invalid_argument);
}

// The data set is read in blocks of a thousand: the answer may lie in any of them.
BOOST_AUTO_TEST_CASE(nearest_image_in_a_later_block) {
  Dataset data;
  data.height = data.width = 1;
  data.pixels.assign(2500, 0);
  data.labels.assign(2500, 0);
  data.pixels[2400] = 255;
  data.pixels[1000] = 51;
  const std::vector<Neighbour> nearest = nearest_images(Tensor({2, 1, 1, 1}, {0.9, 0.25}), data);
  BOOST_TEST(nearest[0].position == 2400);
  BOOST_TEST(nearest[1].position == 1000);
}

BOOST_AUTO_TEST_SUITE_END()
