#include "evaluation/image_quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

#include "math/parallel.hpp"

namespace plaingrad {
namespace {

constexpr Index window = 11;
constexpr double window_deviation = 1.5;
// K1 and K2 of the paper: they keep the quotients steady where an image is black or flat.
constexpr double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

void require_images(const Tensor& images, const Tensor& originals, const std::string& what) {
  if (images.shape.size() != 4)
    throw std::invalid_argument(what + ": expected (count, height, width, channels), got " +
                                to_string(images.shape));
  require_shape(images, originals.shape, what);
  if (images.extent(0) > 0 && images.size() == 0)
    throw std::invalid_argument(what + ": images without pixels, " + to_string(images.shape));
}

/// The window is a product of two of these, so averages can be taken along rows and then along columns.
std::array<double, window> gaussian_weights() {
  std::array<double, window> weights{};
  double sum = 0;
  for (Index i = 0; i < window; ++i) {
    const double distance = static_cast<double>(i - window / 2) / window_deviation;
    sum += weights[static_cast<std::size_t>(i)] = std::exp(-distance * distance / 2);
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// The quantities averaged in every window: a, b, a a, b b, a b.
using Moments = std::array<double, 5>;

/// One image and its original, one pass along each axis.
double similarity(const Real* a, const Real* b, Index height, Index width,
                  const std::array<double, window>& weights) {
  const Index columns = width - window + 1, rows = height - window + 1;
  std::vector<Moments> along_rows(static_cast<std::size_t>(height * columns));
  for (Index i = 0; i < height; ++i)
    for (Index j = 0; j < columns; ++j) {
      Moments& sum = along_rows[static_cast<std::size_t>(i * columns + j)];
      for (Index n = 0; n < window; ++n) {
        const double w = weights[static_cast<std::size_t>(n)];
        const double p = value_of(a[i * width + j + n]), q = value_of(b[i * width + j + n]);
        sum = {sum[0] + w * p, sum[1] + w * q, sum[2] + w * p * p, sum[3] + w * q * q, sum[4] + w * p * q};
      }
    }
  //! [ssim]
  double total = 0;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) {
      Moments mean{};
      for (Index m = 0; m < window; ++m)
        for (std::size_t k = 0; k < mean.size(); ++k)
          mean[k] += weights[static_cast<std::size_t>(m)] *
                     along_rows[static_cast<std::size_t>((i + m) * columns + j)][k];
      const auto [mean_a, mean_b, mean_aa, mean_bb, mean_ab] = mean;
      const double variance_a = mean_aa - mean_a * mean_a, variance_b = mean_bb - mean_b * mean_b;
      const double covariance = mean_ab - mean_a * mean_b;
      total += (2 * mean_a * mean_b + C1) * (2 * covariance + C2) /
               ((mean_a * mean_a + mean_b * mean_b + C1) * (variance_a + variance_b + C2));
    }
  return total / static_cast<double>(rows * columns);
  //! [ssim]
}

}  // namespace

std::vector<double> mean_squared_errors(const Tensor& images, const Tensor& originals) {
  require_images(images, originals, "mean squared error of images");
  const Index count = images.extent(0), size = count ? images.size() / count : 0;
  std::vector<double> errors;
  for (Index n = 0; n < count; ++n) {
    double sum = 0;
    for (Index i = n * size; i < (n + 1) * size; ++i) {
      const double difference = value_of(images[i]) - value_of(originals[i]);
      sum += difference * difference;
    }
    errors.push_back(sum / static_cast<double>(size));
  }
  return errors;
}

std::vector<double> peak_signal_to_noise(const Tensor& images, const Tensor& originals) {
  std::vector<double> decibels = mean_squared_errors(images, originals);
  for (double& value : decibels) value = -10 * std::log10(value);
  return decibels;
}

std::vector<double> structural_similarity(const Tensor& images, const Tensor& originals) {
  require_images(images, originals, "structural_similarity");
  const Index count = images.extent(0), height = images.extent(1), width = images.extent(2);
  if (height < window || width < window || images.extent(3) != 1)
    throw std::invalid_argument("structural_similarity: expected grey images of 11 x 11 or more, got " +
                                to_string(images.shape));
  const auto weights = gaussian_weights();
  std::vector<double> similarities(static_cast<std::size_t>(count));
  parallel_for(count, [&](Index n) {
    const Index first = n * height * width;
    similarities[static_cast<std::size_t>(n)] =
        similarity(images.data() + first, originals.data() + first, height, width, weights);
  });
  return similarities;
}

}  // namespace plaingrad
