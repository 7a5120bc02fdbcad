/// @file
/// PSNR, SSIM and the median filter: by hand and by definition.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "evaluation/image_quality.hpp"
#include "evaluation/median_filter.hpp"
#include "math/random.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

namespace {

Tensor random_images(Index count, Index height, Index width, std::uint64_t seed) {
  Tensor images({count, height, width, 1});
  Random random(seed);
  random.fill_uniform(images, 0, 1);
  return images;
}

Tensor constant(Real value) {
  Tensor image({1, 15, 13, 1});
  image.fill(value);
  return image;
}

// SSIM of two images of 11 x 11, that is of one window, straight from the paper's definition: sums of two
// dimensions over centred values.
double one_window(const Tensor& a, const Tensor& b) {
  double weights = 0, mean_a = 0, mean_b = 0, variance_a = 0, variance_b = 0, covariance = 0;
  const auto weight = [](Index i) {
    const double y = static_cast<double>(i / 11 - 5), x = static_cast<double>(i % 11 - 5);
    return std::exp(-(x * x + y * y) / (2 * 1.5 * 1.5));
  };
  for (Index i = 0; i < 121; ++i) {
    weights += weight(i);
    mean_a += weight(i) * a[i];
    mean_b += weight(i) * b[i];
  }
  mean_a /= weights;
  mean_b /= weights;
  for (Index i = 0; i < 121; ++i) {
    variance_a += weight(i) / weights * (a[i] - mean_a) * (a[i] - mean_a);
    variance_b += weight(i) / weights * (b[i] - mean_b) * (b[i] - mean_b);
    covariance += weight(i) / weights * (a[i] - mean_a) * (b[i] - mean_b);
  }
  return (2 * mean_a * mean_b + 0.0001) / (mean_a * mean_a + mean_b * mean_b + 0.0001) *
         (2 * covariance + 0.0009) / (variance_a + variance_b + 0.0009);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(image_quality)

BOOST_AUTO_TEST_CASE(mean_squared_errors_by_hand) {
  const Tensor images({2, 1, 3, 1}, {1, 0, 0.5, 0, 0, 0}), originals({2, 1, 3, 1}, {0, 0, 1, 0, 3, 0});
  const std::vector<double> expected = {1.25 / 3, 3};
  BOOST_TEST(mean_squared_errors(images, originals) == expected, boost::test_tools::per_element());
  BOOST_TEST(mean_squared_errors(Tensor({0, 2, 2, 1}), Tensor({0, 2, 2, 1})).empty());
}

BOOST_AUTO_TEST_CASE(psnr_by_hand) {
  const Tensor originals({3, 1, 2, 1}, {0, 1, 0.5, 0.5, 0, 0}),
      images({3, 1, 2, 1}, {0.1, 0.9, 0.5, 0.6, 1, 1});
  const auto decibels = peak_signal_to_noise(images, originals);
  BOOST_REQUIRE(decibels.size() == 3U);
  BOOST_TEST(decibels[0] == 20.0, tt::tolerance(1e-12));              // error 0.01
  BOOST_TEST(decibels[1] == 23.0102999566398, tt::tolerance(1e-12));  // error 0.005: 20 + 10 log10(2)
  BOOST_TEST(std::abs(decibels[2]) < 1e-12);                          // error 1
}

BOOST_AUTO_TEST_CASE(psnr_of_equal_images_is_infinite) {
  const Tensor images = random_images(2, 5, 4, 1);
  for (double decibels : peak_signal_to_noise(images, images))
    BOOST_TEST(decibels == std::numeric_limits<double>::infinity());
}

// A shift by d is an error of d^2, wherever it starts from, in either direction.
BOOST_AUTO_TEST_CASE(psnr_of_a_shift) {
  const Tensor images = random_images(1, 6, 6, 2);
  for (const double d : {0.3, 0.01, -0.1}) {
    Tensor shifted = images;
    for (Real& value : shifted.values) value += static_cast<Real>(d);
    BOOST_TEST(peak_signal_to_noise(shifted, images)[0] == -20 * std::log10(std::abs(d)),
               tt::tolerance(1e-9));
    BOOST_TEST(peak_signal_to_noise(images, shifted)[0] == -20 * std::log10(std::abs(d)),
               tt::tolerance(1e-9));
  }
}

BOOST_AUTO_TEST_CASE(psnr_of_gaussian_noise) {
  Tensor images({1, 200, 200, 1}), noisy = images;
  Random random(3);
  random.fill_normal(noisy, 0, 0.2);
  BOOST_TEST(std::abs(peak_signal_to_noise(noisy, images)[0] + 20 * std::log10(0.2)) <
             0.15);  // 0.03 dB is one deviation
}

BOOST_AUTO_TEST_CASE(ssim_of_one_window_by_its_definition) {
  const Tensor a = random_images(1, 11, 11, 4), b = random_images(1, 11, 11, 5);
  BOOST_TEST(structural_similarity(a, b)[0] == one_window(a, b), tt::tolerance(1e-12));
  Tensor near = a;
  for (Index i = 0; i < 121; ++i) near[i] += Real(0.1) * b[i];
  BOOST_TEST(structural_similarity(a, near)[0] == one_window(a, near), tt::tolerance(1e-12));
}

// The mean over the windows that lie inside: 3 rows and 2 columns of them.
BOOST_AUTO_TEST_CASE(ssim_is_the_mean_over_windows_inside) {
  const Tensor a = random_images(2, 13, 12, 6), b = random_images(2, 13, 12, 7);
  for (Index n = 0; n < 2; ++n) {
    double sum = 0;
    for (Index row = 0; row < 3; ++row)
      for (Index column = 0; column < 2; ++column) {
        Tensor part_a({1, 11, 11, 1}), part_b({1, 11, 11, 1});
        for (Index i = 0; i < 121; ++i) {
          const Index position = (n * 13 + row + i / 11) * 12 + column + i % 11;
          part_a[i] = a[position];
          part_b[i] = b[position];
        }
        sum += one_window(part_a, part_b);
      }
    BOOST_TEST(structural_similarity(a, b)[static_cast<std::size_t>(n)] == sum / 6, tt::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(ssim_of_equal_images_is_1) {
  const Tensor images = random_images(2, 28, 28, 8);
  for (double similarity : structural_similarity(images, images))
    BOOST_TEST(similarity == 1.0, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(ssim_is_symmetric_and_falls_with_noise) {
  const Tensor images = random_images(1, 28, 28, 9), noise = random_images(1, 28, 28, 10);
  double before = 1;
  for (const Real amount : {Real(0.1), Real(0.3), Real(1)}) {
    Tensor noisy = images;
    for (Index i = 0; i < noisy.size(); ++i) noisy[i] += amount * (noise[i] - Real(0.5));
    const double similarity = structural_similarity(noisy, images)[0];
    BOOST_TEST(similarity == structural_similarity(images, noisy)[0], tt::tolerance(1e-12));
    BOOST_TEST(similarity < before);
    before = similarity;
  }
}

// Without any structure only the means count: (2 a b + C1) / (a^2 + b^2 + C1).
BOOST_AUTO_TEST_CASE(ssim_of_flat_images) {
  BOOST_TEST(structural_similarity(constant(0), constant(0))[0] == 1.0, tt::tolerance(1e-9));
  BOOST_TEST(structural_similarity(constant(0), constant(1))[0] == 0.0001 / 1.0001, tt::tolerance(1e-9));
  BOOST_TEST(structural_similarity(constant(Real(0.25)), constant(Real(0.5)))[0] == 0.2501 / 0.3126,
             tt::tolerance(1e-9));
}

// The negative of an image has the opposite structure.
BOOST_AUTO_TEST_CASE(ssim_of_a_negative_is_below_0) {
  const Tensor images = random_images(1, 28, 28, 11);
  Tensor negative = images;
  for (Real& value : negative.values) value = 1 - value;
  BOOST_TEST(structural_similarity(images, negative)[0] < -0.8);
}

BOOST_AUTO_TEST_CASE(other_shapes_are_refused) {
  const Tensor images({2, 12, 12, 1});
  BOOST_CHECK_THROW(peak_signal_to_noise(images, Tensor({1, 12, 12, 1})), std::invalid_argument);
  BOOST_CHECK_THROW(peak_signal_to_noise(Tensor({4}), Tensor({4})), std::invalid_argument);
  BOOST_CHECK_THROW(mean_squared_errors(images, Tensor({1, 12, 12, 1})), std::invalid_argument);
  BOOST_CHECK_THROW(structural_similarity(images, Tensor({2, 12, 11, 1})), std::invalid_argument);
  BOOST_CHECK_THROW(structural_similarity(Tensor({1, 10, 12, 1}), Tensor({1, 10, 12, 1})),
                    std::invalid_argument);
  BOOST_CHECK_THROW(structural_similarity(Tensor({1, 12, 12, 3}), Tensor({1, 12, 12, 3})),
                    std::invalid_argument);
  BOOST_CHECK_THROW(median_filter(Tensor({1, 12, 12, 3})), std::invalid_argument);
  BOOST_CHECK_THROW(median_filter(Tensor({12, 12})), std::invalid_argument);
  Tensor short_of_values({1, 12, 12, 1});
  short_of_values.values.pop_back();
  BOOST_CHECK_THROW(median_filter(short_of_values), std::invalid_argument);
}

// The corner sees 1 four times, 2 and 4 twice, 5 once; the centre all nine.
BOOST_AUTO_TEST_CASE(median_by_hand) {
  const Tensor image({1, 3, 3, 1}, {1, 2, 9, 4, 5, 6, 7, 8, 3});
  const Tensor expected({1, 3, 3, 1}, {2, 4, 6, 4, 5, 6, 7, 6, 5});
  BOOST_TEST(median_filter(image).values == expected.values, tt::per_element());
}

BOOST_AUTO_TEST_CASE(median_removes_single_pixels_and_keeps_edges) {
  Tensor image({2, 6, 6, 1});
  for (Index i = 0; i < 36; ++i) image[i] = i % 6 < 3 ? 0 : 1;  // an upright edge
  const Tensor edge = image;
  image[8] = 1;        // one bright pixel on the dark side
  image[36 + 21] = 1;  // and one in the second, dark image
  BOOST_TEST(median_filter(image).values == edge.values, tt::per_element());
}

BOOST_AUTO_TEST_CASE(median_of_a_flat_image_is_the_image) {
  const Tensor image = constant(Real(0.3));
  BOOST_TEST(median_filter(image).values == image.values, tt::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
