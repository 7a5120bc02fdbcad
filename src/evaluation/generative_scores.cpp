#include "evaluation/generative_scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "math/parallel.hpp"

namespace plaingrad {

namespace {

void require_rows(const Tensor& table, Index min_rows, const std::string& what) {
  if (table.shape.size() != 2 || table.extent(0) < min_rows || table.extent(1) < 1)
    throw std::invalid_argument(what + ": expected (images, values) with " + std::to_string(min_rows) +
                                " images or more, got " + to_string(table.shape));
}

void require_probabilities(const Tensor& table, const std::string& what) {
  require_rows(table, 1, what);
  for (const Real p : table.values)
    if (!(p >= 0 && p <= 1))
      throw std::invalid_argument(what + ": expected probabilities, got " + std::to_string(value_of(p)));
}

std::vector<double> column_means(const Tensor& table) {
  const Index rows = table.extent(0), columns = table.extent(1);
  std::vector<double> mean(static_cast<std::size_t>(columns));
  for (Index n = 0; n < rows; ++n)
    for (Index c = 0; c < columns; ++c) mean[static_cast<std::size_t>(c)] += value_of(table[n * columns + c]);
  for (double& m : mean) m /= static_cast<double>(rows);
  return mean;
}

double trace(const SquareMatrix& A) {
  double sum = 0;
  for (Index i = 0; i < A.size; ++i) sum += A(i, i);
  return sum;
}

}  // namespace

std::vector<double> mean_probabilities(const Tensor& probabilities) {
  require_probabilities(probabilities, "mean_probabilities");
  return column_means(probabilities);
}

std::vector<double> class_shares(const Tensor& probabilities) {
  require_probabilities(probabilities, "class_shares");
  const Index count = probabilities.extent(0);
  std::vector<double> shares(static_cast<std::size_t>(probabilities.extent(1)));
  for (const Index c : argmax(probabilities))
    shares[static_cast<std::size_t>(c)] += 1 / static_cast<double>(count);
  return shares;
}

std::vector<double> confidences(const Tensor& probabilities) {
  require_probabilities(probabilities, "confidences");
  const std::vector<Index> most_probable = argmax(probabilities);
  std::vector<double> largest;
  for (std::size_t n = 0; n < most_probable.size(); ++n)
    largest.push_back(
        value_of(probabilities[static_cast<Index>(n) * probabilities.extent(1) + most_probable[n]]));
  return largest;
}

double entropy(const std::vector<double>& shares) {
  double sum = 0;
  for (const double p : shares) {
    if (!(p >= 0)) throw std::invalid_argument("entropy: a share of " + std::to_string(p));
    if (p > 0) sum -= p * std::log(p);
  }
  return sum;
}

//! [classifier_score]
double classifier_score(const Tensor& probabilities) {
  const std::vector<double> p_y = mean_probabilities(probabilities);
  const Index count = probabilities.extent(0), classes = probabilities.extent(1);
  double divergence = 0;
  for (Index n = 0; n < count; ++n)
    for (Index y = 0; y < classes; ++y) {
      const double p = value_of(probabilities[n * classes + y]);
      if (p > 0) divergence += p * std::log(p / p_y[static_cast<std::size_t>(y)]);  // KL(p(y|x) || p(y))
    }
  return std::exp(divergence / static_cast<double>(count));
}
//! [classifier_score]

FeatureStatistics feature_statistics(const Tensor& features) {
  require_rows(features, 2, "feature_statistics");
  if (!all_finite(features)) throw std::invalid_argument("feature_statistics: a feature is not finite");
  const Index count = features.extent(0), size = features.extent(1);
  FeatureStatistics statistics{column_means(features), SquareMatrix(size)};
  SquareMatrix& S = statistics.covariance;
  std::vector<double> d(static_cast<std::size_t>(size));
  for (Index n = 0; n < count; ++n) {
    for (std::size_t i = 0; i < d.size(); ++i)
      d[i] = features[n * size + static_cast<Index>(i)] - statistics.mean[i];
    for (Index i = 0; i < size; ++i)
      for (Index j = 0; j < size; ++j)
        S(i, j) += d[static_cast<std::size_t>(i)] * d[static_cast<std::size_t>(j)];
  }
  for (double& s : S.values) s /= static_cast<double>(count - 1);
  return statistics;
}

//! [frechet_distance]
double frechet_distance(const FeatureStatistics& a, const FeatureStatistics& b) {
  if (a.mean.size() != b.mean.size())
    throw std::invalid_argument("frechet_distance: " + std::to_string(a.mean.size()) + " and " +
                                std::to_string(b.mean.size()) + " features");
  double means = 0;
  for (std::size_t i = 0; i < a.mean.size(); ++i) means += std::pow(a.mean[i] - b.mean[i], 2);
  const SquareMatrix root = square_root(a.covariance);  // S1^(1/2)
  const SquareMatrix inner = product(product(root, b.covariance), root);
  double trace_of_root = 0;  // of a symmetric matrix: the sum of the roots of its eigenvalues
  for (const double value : symmetric_eigen(inner).values) trace_of_root += std::sqrt(std::max(0.0, value));
  return std::max(0.0, means + trace(a.covariance) + trace(b.covariance) - 2 * trace_of_root);
}
//! [frechet_distance]

namespace {

/// Updates `nearest` from a part of the data set that begins at position `first`, values in [0, 1].
void update_nearest(const Real* image, const Tensor& among, Index first, Neighbour& nearest) {
  const Index pixels = among.size() / among.extent(0);
  for (Index n = 0; n < among.extent(0); ++n) {
    const Real* other = among.data() + n * pixels;
    double squares = 0;
    for (Index i = 0; i < pixels; ++i) squares += value_of((image[i] - other[i]) * (image[i] - other[i]));
    if (const double distance = std::sqrt(squares); distance < nearest.distance)
      nearest = {first + n, distance};
  }
}

}  // namespace

std::vector<Neighbour> nearest_images(const Tensor& images, const Dataset& among) {
  if (among.count() < 1) throw std::invalid_argument("nearest_images: the data set is empty");
  const Index count = images.shape.empty() ? 0 : images.extent(0);
  require_shape(images, {count, among.height, among.width, 1}, "nearest_images");
  if (!all_finite(images)) throw std::invalid_argument("nearest_images: a pixel is not finite");
  std::vector<Neighbour> nearest(static_cast<std::size_t>(count),
                                 {0, std::numeric_limits<double>::infinity()});
  const Index pixels = among.height * among.width;
  constexpr Index block = 1000;  // images converted to numbers at a time, to save memory
  Tensor part;
  for (Index first = 0; first < among.count(); first += block) {
    std::vector<Index> positions(static_cast<std::size_t>(std::min(block, among.count() - first)));
    std::iota(positions.begin(), positions.end(), first);
    gather_images(among, positions, Real(1) / 255, 0, part);
    parallel_for(count, [&](Index n) {
      update_nearest(images.data() + n * pixels, part, first, nearest[static_cast<std::size_t>(n)]);
    });
  }
  return nearest;
}

}  // namespace plaingrad
