/// @file
/// Layers one after another (Keras's Sequential).
#pragma once

#include <memory>
#include <utility>

#include "layers/layer.hpp"

namespace plaingrad {

/// A network whose layers each take what the one before gives.
class Sequential {
 public:
  /// @param name   printed above the summary
  /// @param input  shape of one input sample
  /// @param random draws the initial weights
  Sequential(std::string name, Shape input, Random& random);

  /// Adds a layer, made of the arguments, and builds it for the shape that arrives there.
  template <class Kind, class... Arguments>
  void add(Arguments&&... arguments) {
    add_layer(std::make_unique<Kind>(std::forward<Arguments>(arguments)...));
  }

  /// Through all layers. The result is owned by the last layer.
  const Tensor& forward(const Tensor& x, Mode mode);
  /// Forward in inference mode through layers `first` ... `layers` - 1 only: what the network sees inside, or
  /// an encoder and a decoder one by one. @throws std::invalid_argument if there are not so many layers
  const Tensor& forward_to(const Tensor& x, Index layers, Index first = 0);
  /// From dLoss/d(output) back to the first layer. @return dLoss/dx if asked for
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::parameters);
  /// Sets all gradients to 0: backward adds.
  void zero_gradients();

  /// All parameters, named "<layer>/<parameter>" as in Keras: "conv2d_1/kernel".
  const std::vector<Parameter*>& parameters() { return parameters_; }
  /// The layers' names in order: "conv2d", "max_pooling2d" ...
  const std::vector<std::string>& layer_names() const { return names_; }
  /// Layer i, from 0. @throws std::out_of_range
  Layer& layer(Index i) { return *layers_.at(static_cast<std::size_t>(i)); }
  /// Number of layers.
  Index layer_count() const { return static_cast<Index>(layers_.size()); }
  /// Shape of one sample as it leaves layer i; i = -1: the input.
  const Shape& shape_after(Index i) const { return shapes_.at(static_cast<std::size_t>(i + 1)); }
  /// Number of values that all parameters hold.
  Index parameter_count() const;
  /// The same without moving statistics.
  Index trainable_parameter_count() const;
  /// The model's name.
  const std::string& name() const { return name_; }

  /// The table of layers, output shapes and parameters that Keras prints.
  std::string summary() const;

 private:
  void add_layer(std::unique_ptr<Layer> layer);

  std::string name_;
  Random& random_;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<std::string> names_;
  std::vector<Shape> shapes_;
  std::vector<Index> counts_;  // parameters of each layer
  std::vector<Parameter*> parameters_;
};

}  // namespace plaingrad
