/// @file
/// Similarity of a restored image to its original (section 8.7): the measures in common use. An image with a
/// NaN gets NaN.
#pragma once

#include <vector>

#include "math/tensor.hpp"

namespace plaingrad {

/// Mean squared error of each image over its pixels.
/// @param images, originals  (count, height, width, channels)
/// @throws std::invalid_argument if the shapes differ or are not those of images
std::vector<double> mean_squared_errors(const Tensor& images, const Tensor& originals);

/// Peak signal-to-noise ratio of each image in decibels, 10 log10(1 / mean squared error): every 10 dB are an
/// error ten times smaller. Infinite for an image that is equal to its original.
/// @param images, originals  (count, height, width, channels), values in [0, 1]
/// @throws std::invalid_argument if the shapes differ or are not those of images
std::vector<double> peak_signal_to_noise(const Tensor& images, const Tensor& originals);

/// Structural similarity of each image (Wang, Bovik, Sheikh, Simoncelli 2004): 1 for equal images, near 0 for
/// images that have nothing in common. Means, variances and covariance are taken in a Gaussian window of 11 x
/// 11 pixels and standard deviation 1.5; the mean is over all windows that lie inside the image.
/// @param images, originals  (count, height, width, 1), values in [0, 1], 11 x 11 or larger
/// @throws std::invalid_argument if the shapes differ or are not those of such images
std::vector<double> structural_similarity(const Tensor& images, const Tensor& originals);

}  // namespace plaingrad
