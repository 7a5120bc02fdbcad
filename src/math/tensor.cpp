#include "math/tensor.hpp"

#include <algorithm>
#include <stdexcept>

namespace plaingrad {

Index element_count(const Shape& shape) {
  Index count = 1;
  for (Index extent : shape) {
    if (extent < 0) throw std::invalid_argument("a shape has a negative extent: " + to_string(shape));
    count *= extent;
  }
  return count;
}

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    text += (axis ? ", " : "") + std::to_string(shape[axis]);
  return text + ")";
}

Tensor::Tensor(Shape new_shape) : shape(std::move(new_shape)) {
  values.assign(static_cast<std::size_t>(element_count(shape)), Real(0));
}

Tensor::Tensor(Shape new_shape, std::vector<Real> new_values)
    : shape(std::move(new_shape)), values(std::move(new_values)) {
  if (size() != element_count(shape))
    throw std::invalid_argument("shape " + to_string(shape) + " needs " +
                                std::to_string(element_count(shape)) + " values, got " +
                                std::to_string(size()));
}

void Tensor::resize(const Shape& new_shape) {
  if (shape == new_shape) return;
  values.resize(static_cast<std::size_t>(element_count(new_shape)));
  shape = new_shape;
}

void Tensor::fill(Real value) {
  std::fill(values.begin(), values.end(), value);
}

void require_shape(const Tensor& tensor, const Shape& expected, const std::string& what) {
  if (tensor.shape != expected)
    throw std::invalid_argument(what + ": expected shape " + to_string(expected) + ", got " +
                                to_string(tensor.shape));
}

}  // namespace plaingrad
