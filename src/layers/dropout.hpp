/// @file
/// Dropout (report, section 11.1.3).
#pragma once

#include <memory>

#include "layers/layer.hpp"

namespace plaingrad {

/// In training each value is set to zero with probability `rate` and otherwise divided by 1 - rate, so that
/// its expectation stays; in inference nothing is done.
class Dropout : public Layer {
 public:
  /// @throws std::invalid_argument if rate is not in [0, 1)
  explicit Dropout(double rate);

  std::string type() const override { return "Dropout"; }
  Shape build(const Shape& input, Random& random) override;
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode mode) override;
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::all) override;

  /// The layer's own source of masks: its state belongs in a checkpoint.
  Random& random() { return random_; }

 private:
  double rate_;
  Random random_{0};
  Shape input_;
  Tensor mask_, y_, dx_;  // mask: 0 or 1 / (1 - rate)
};

}  // namespace plaingrad
