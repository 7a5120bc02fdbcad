/// @file
/// What every layer does: forward, backward, parameters.
#pragma once

#include <string>
#include <vector>

#include "math/random.hpp"
#include "math/tensor.hpp"

namespace plaingrad {

/// Training draws dropout masks and uses batch statistics; inference does neither.
enum class Mode { training, inference };

/// Which gradients a backward pass computes. The first layer of a network needs no input gradient; a frozen
/// network needs no parameter gradients.
enum class Gradients { all, parameters, input };

/// Values that a layer learns (or, not trainable, keeps: the moving statistics of batch normalisation).
struct Parameter {
  std::string name;  ///< Keras's: "kernel", "bias", "gamma" ...
  Tensor value;
  Tensor gradient;  ///< dLoss/dvalue, same shape; backward adds into it
  bool trainable = true;
};

/// A function of a whole batch with a derivative. Shapes have the batch as their first extent; those of
/// build() are of one sample, without it.
class Layer {
 public:
  Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  virtual ~Layer() = default;

  /// Keras's name of the kind of layer: "Conv2D".
  virtual std::string type() const = 0;
  /// Takes the shape of one input sample, makes the parameters, draws their initial values from `random`.
  /// @return shape of one output sample @throws std::invalid_argument if the layer cannot take that shape
  virtual Shape build(const Shape& input, Random& random) = 0;
  /// y = f(x). The layer owns y and keeps a reference to x, which must stay unchanged until backward.
  /// @throws std::invalid_argument if x is not (batch, ...) of the shape it was built for
  virtual const Tensor& forward(const Tensor& x, Mode mode) = 0;
  /// A temporary would be gone before backward reads it. A layer that overrides forward() says
  /// `using Layer::forward;`, else it would hide this.
  const Tensor& forward(const Tensor&& x, Mode mode) = delete;
  /// From dy = dLoss/dy of the last forward: adds into the parameters' gradients and returns dx = dLoss/dx,
  /// owned by the layer (unspecified for Gradients::parameters).
  virtual const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::all) = 0;
  /// In Keras's order; empty for layers that learn nothing.
  virtual std::vector<Parameter*> parameters() { return {}; }
};

}  // namespace plaingrad
