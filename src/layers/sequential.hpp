/// @file
/// Layers one after another (Keras's Sequential).
#pragma once

#include <memory>
#include <utility>

#include "layers/layer.hpp"

namespace plaingrad {

/// A network whose layers each take the output of the one before. First the layers are added, then build()
/// makes their parameters. What is marked "once built" throws std::logic_error before that.
class Sequential {
 public:
  /// @param name  printed above the summary
  /// @param input_shape  of one input sample
  Sequential(std::string name, Shape input_shape);

  /// Appends a layer, made of the arguments. @throws std::logic_error if the network is built already
  template <class Kind, class... Arguments>
  void add(Arguments&&... arguments) {
    add_layer(std::make_unique<Kind>(std::forward<Arguments>(arguments)...));
  }
  /// Builds the layers in order, each for the shape that the one before gives; their initial weights are
  /// drawn from `random`.
  /// @throws std::invalid_argument if a layer cannot take the shape that arrives there
  /// @throws std::logic_error if the network is built already or has no layers
  void build(Random& random);

  /// Through all layers, once built. The result is owned by the last layer; x must stay unchanged until
  /// backward.
  const Tensor& forward(const Tensor& x, Mode mode);
  /// A temporary would be gone before backward reads it.
  const Tensor& forward(const Tensor&& x, Mode mode) = delete;
  /// Once built: forward in inference mode through layers `first` ... `layers` - 1 only: what the network
  /// sees inside, or an encoder and a decoder one by one.
  /// @throws std::invalid_argument if there are fewer layers
  const Tensor& forward_to(const Tensor& x, Index layers, Index first = 0);
  /// The first layer keeps a reference to x, which a temporary would not outlive.
  const Tensor& forward_to(const Tensor&& x, Index layers, Index first = 0) = delete;
  /// Once built: from dLoss/d(output) back to the first layer. @return dLoss/dx, unless `wanted` is
  /// Gradients::parameters
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::parameters);
  /// Sets all gradients to 0, once built: backward adds.
  void zero_gradients();

  /// All parameters, once built, named "<layer>/<parameter>" as in Keras: "conv2d_1/kernel".
  const std::vector<Parameter*>& parameters() const;
  /// The layers' names in order: "conv2d", "max_pooling2d" ...
  const std::vector<std::string>& layer_names() const { return names_; }
  /// Layer i, from 0. @throws std::out_of_range
  Layer& layer(Index i) { return *layers_.at(static_cast<std::size_t>(i)); }
  /// Number of layers.
  Index layer_count() const { return static_cast<Index>(layers_.size()); }
  /// Shape of one sample as it leaves layer i, once built; i = -1: the input. @throws std::out_of_range
  const Shape& shape_after(Index i) const;
  /// Number of values that all parameters hold, once built.
  Index parameter_count() const;
  /// The same without moving statistics.
  Index trainable_parameter_count() const;
  /// The model's name.
  const std::string& name() const { return name_; }

  /// The table of layers, output shapes and parameters that Keras prints, once built.
  std::string summary() const;

 private:
  void add_layer(std::unique_ptr<Layer> layer);
  void require_built() const;

  std::string name_;
  bool built_ = false;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<std::string> names_;
  std::vector<Shape> shapes_;  // of the input, and once built of each layer's output
  std::vector<Index> counts_;  // parameters of each layer
  std::vector<Parameter*> parameters_;
};

}  // namespace plaingrad
