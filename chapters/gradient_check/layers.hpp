/// @file
/// The layers that the program can check, made as its command line asks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "convolution/padding.hpp"
#include "layers/layer.hpp"
#include "neuron/activation.hpp"

namespace plaingrad::gradient_check {

/// A layer, its options and the batch it is checked on.
struct Request {
  std::string layer = "conv2d";
  Shape size = {5, 7, 3};  ///< of one sample
  Index filters = 4;       ///< of a convolution; of a dense layer, its units
  Index kernel = 3;        ///< of a convolution; of max pooling, its window
  Index stride = 1;
  Padding padding = Padding::same;
  Activation activation = Activation::tanh;
  Index batch = 5;
  std::uint64_t seed = 1;
};

/// "conv2d", "dense" and so on.
const std::vector<std::string>& layer_names();

/// The layer that was asked for, built. @throws std::invalid_argument if its options do not go together
std::unique_ptr<Layer> make_layer(const Request& request);

/// A layer with its batch x, in training: each forward pass draws the same dropout mask.
class LayerAtWork {
 public:
  /// x is zero. @throws std::invalid_argument as make_layer()
  explicit LayerAtWork(const Request& request);

  /// What the layer's output depends on: x and the trainable parameters.
  std::vector<Tensor*> arguments();
  /// y = f(x), owned by the layer.
  const Tensor& forward();

  const std::unique_ptr<Layer> layer;
  Tensor x;

 private:
  Random mask_;  // of a dropout layer
};

/// Whether the layer has an activation function at all.
bool has_activation(const Request& request);

/// What --all checks: every layer, with several shapes and every activation function.
std::vector<Request> all_requests(std::uint64_t seed);

/// "conv2d 5x7x3, 4 filters 3x3, stride 2, same, tanh, batch 5".
std::string describe(const Request& request);

}  // namespace plaingrad::gradient_check
