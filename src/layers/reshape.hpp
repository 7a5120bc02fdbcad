/// @file
/// The same values in another shape.
#pragma once

#include "layers/layer.hpp"

namespace plaingrad {

/// Gives every sample another shape; the values stay in their order.
class Reshape : public Layer {
 public:
  /// @param sample  shape of one sample as it leaves
  explicit Reshape(Shape sample) : sample_(std::move(sample)) {}

  std::string type() const override { return "Reshape"; }
  /// @throws std::invalid_argument if the input has another number of values
  Shape build(const Shape& input, Random& random) override;
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode mode) override;
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::all) override;

 protected:
  Shape sample_;

 private:
  Shape input_;
  Tensor y_, dx_;
};

/// Every sample as one row (report, section 7.3.1), in the order channel, column, row from fastest to
/// slowest.
class Flatten : public Reshape {
 public:
  Flatten() : Reshape({}) {}
  std::string type() const override { return "Flatten"; }
  Shape build(const Shape& input, Random& random) override {
    sample_ = {element_count(input)};
    return Reshape::build(input, random);
  }
};

}  // namespace plaingrad
