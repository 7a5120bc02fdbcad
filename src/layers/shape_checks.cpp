#include "layers/shape_checks.hpp"

#include <stdexcept>

namespace plaingrad {

void require_image(const std::string& layer, const Shape& input) {
  if (input.size() != 3)
    throw std::invalid_argument(layer + ": expected samples of shape (height, width, channels), got " +
                                to_string(input));
  if (input[2] < 1) throw std::invalid_argument(layer + ": an image without channels, " + to_string(input));
}

Shape require_batch_of(const Shape& sample, const Tensor& x, const std::string& layer) {
  Shape expected = sample;
  expected.insert(expected.begin(), x.shape.empty() ? 0 : x.shape[0]);
  require_shape(x, expected, layer + " input");
  return expected;
}

}  // namespace plaingrad
