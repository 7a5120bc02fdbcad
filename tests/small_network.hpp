/// @file
/// Images of noise, and the smallest network that has everything a trainer can get wrong.
#pragma once

#include "data/dataset.hpp"
#include "layers/activation_layer.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/reshape.hpp"
#include "layers/sequential.hpp"

namespace plaingrad {

/// Pixels and labels of a Random(1).
inline Dataset random_images(Index count, Index height, Index width) {
  Dataset data;
  data.height = height;
  data.width = width;
  Random random(1);
  for (Index i = 0; i < count * height * width; ++i)
    data.pixels.push_back(static_cast<std::uint8_t>(random.index(256)));
  for (Index i = 0; i < count; ++i) data.labels.push_back(static_cast<std::uint8_t>(random.index(10)));
  return data;
}

/// For images {3, 2, 1}: moving statistics, and masks drawn at random. It ends in ten logits, or in an image
/// again.
inline Sequential make_small_network(bool image_again, Random& random) {
  Sequential model("network", {3, 2, 1});
  model.add<Flatten>();
  model.add<Dense>(8);
  model.add<BatchNormalization>();
  model.add<ActivationLayer>(Activation::tanh);
  model.add<Dropout>(0.3);
  model.add<Dense>(image_again ? 6 : 10);
  if (image_again) model.add<Reshape>(Shape{3, 2, 1});
  model.build(random);
  return model;
}

}  // namespace plaingrad
