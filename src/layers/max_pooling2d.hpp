/// @file
/// The max pooling layer and its mask (report, sections 3.5 and 3.6).
#pragma once

#include <cstdint>

#include "layers/layer.hpp"

namespace plaingrad {

/// The maximum of each size x size window of each channel: x (batch, height, width, channels), y (batch,
/// height / size, width / size, channels). Rows and columns left over at the far edge are dropped. Of equal
/// values the first (row by row) counts as the maximum. A NaN counts as greater than any number.
class MaxPooling2D : public Layer {
 public:
  /// @throws std::invalid_argument if size is below 1
  explicit MaxPooling2D(Index size = 2);

  std::string type() const override { return "MaxPooling2D"; }
  Shape build(const Shape& input, Random& random) override;
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode mode) override;
  const Tensor& backward(const Tensor& dy, Gradients wanted = Gradients::all) override;

 private:
  Index size_;
  Shape input_;
  std::vector<std::int32_t> argmax_;  // the mask: for each output which element of its window, row by row
  Tensor y_, dx_;
};

}  // namespace plaingrad
