/// @file
/// Scores of generated images (report, section 8.8). A single one has no reference to be compared with, so
/// each score is that of a set: by the predictions of a classifier, or by distances from real images.
#pragma once

#include <vector>

#include "data/dataset.hpp"
#include "math/symmetric_eigen.hpp"
#include "math/tensor.hpp"

namespace plaingrad {

/// p(y): the mean of the rows p(y|x). @param probabilities (images, classes)
/// @throws std::invalid_argument if that is not the shape, there is no image, or a value is not in 0 ... 1
std::vector<double> mean_probabilities(const Tensor& probabilities);

/// Share of the images whose most probable class it is, for each class. @throws as mean_probabilities()
std::vector<double> class_shares(const Tensor& probabilities);

/// The greatest probability of each image.
/// @throws as mean_probabilities()
std::vector<double> confidences(const Tensor& probabilities);

/// -sum p log p in nats: 0 if one class has it all, log(classes) if all have the same.
/// @throws std::invalid_argument if a share is NaN or negative
double entropy(const std::vector<double>& shares);

/// exp(E_x KL(p(y|x) || p(y))): 1 if the prediction is the same for every image, the number of classes if
/// each is certain and the classes come equally often. (Known as inception score, where the classifier is
/// Inception.)
/// @throws as mean_probabilities()
double classifier_score(const Tensor& probabilities);

/// Mean and covariance of features, in double.
struct FeatureStatistics {
  std::vector<double> mean;
  SquareMatrix covariance{0};  ///< divided by the number of images less one
};
/// Mean and covariance over the images.
/// @param features (images, features)
/// @throws std::invalid_argument if there are fewer than two images or a feature is not finite
FeatureStatistics feature_statistics(const Tensor& features);

/// |m1 - m2|^2 + trace(S1 + S2 - 2 (S1^(1/2) S2 S1^(1/2))^(1/2)): the squared Fréchet distance of two
/// Gaussians with these means and covariances. It is 0 if they are the same, but for rounding, which never
/// leaves it negative.
/// @throws std::invalid_argument if the numbers of features differ
double frechet_distance(const FeatureStatistics& a, const FeatureStatistics& b);

/// The image of a data set that is nearest to a given one.
struct Neighbour {
  Index position = 0;
  double distance = 0;  ///< root of the sum of squared differences, pixels in [0, 1]
};
/// For each image the nearest one of the data set, the first of equally near ones.
/// @param images  (count, height, width, 1), in [0, 1]
/// @throws std::invalid_argument if the data set is empty or its images are of another size, or a pixel is
/// not finite
std::vector<Neighbour> nearest_images(const Tensor& images, const Dataset& among);

}  // namespace plaingrad
