#include "math/tensor.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "math/parallel.hpp"

namespace plaingrad {

Index element_count(const Shape& shape) {
  Index count = 1;
  for (Index extent : shape) {
    if (extent < 0) throw std::invalid_argument("a shape has a negative extent: " + to_string(shape));
    if (extent == 0) count = 0;  // however large the others are
  }
  for (Index extent : shape) {
    if (count > 0 && extent > std::numeric_limits<Index>::max() / count)
      throw std::invalid_argument("a shape has too many values: " + to_string(shape));
    count *= extent;
  }
  return count;
}

Index stride_along(const Shape& shape, std::size_t axis) {
  if (axis >= shape.size())
    throw std::invalid_argument("axis " + std::to_string(axis) + " of a shape " + to_string(shape));
  return element_count(Shape(shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, shape.end()));
}

Index index_along(const Shape& shape, std::size_t axis, Index position) {
  const Index stride = stride_along(shape, axis);  // first: it refuses an axis that is not there
  return position / stride % shape[axis];
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
  if (shape == new_shape && size() == element_count(shape)) return;
  values.resize(static_cast<std::size_t>(element_count(new_shape)));
  shape = new_shape;
}

void Tensor::fill(Real value) {
  std::fill(values.begin(), values.end(), value);
}

void slice(const Tensor& batch, Index first, Index count, Tensor& part) {
  const Index samples = batch.shape.empty() ? 0 : batch.extent(0);
  if (first < 0 || count < 0 || count > samples - first)
    throw std::invalid_argument("slice: " + std::to_string(count) + " samples from number " +
                                std::to_string(first) + " on, of a batch of shape " + to_string(batch.shape));
  Shape shape = batch.shape;
  shape[0] = count;
  part.resize(shape);
  const Index size = samples ? batch.size() / samples : 0;
  std::copy_n(batch.data() + first * size, count * size, part.data());
}

Tensor slice(const Tensor& batch, Index first, Index count) {
  Tensor part;
  slice(batch, first, count, part);
  return part;
}

std::vector<Index> argmax(const Tensor& matrix) {
  if (matrix.shape.size() != 2 || matrix.extent(1) < 1)
    throw std::invalid_argument("argmax: expected (rows, columns), got " + to_string(matrix.shape));
  const Index columns = matrix.extent(1);
  std::vector<Index> positions;
  for (Index row = 0; row < matrix.extent(0); ++row) {
    const Real* values = matrix.data() + row * columns;
    for (Index column = 0; column < columns; ++column)
      if (isnan(values[column]))
        throw std::invalid_argument("argmax: NaN in row " + std::to_string(row) + ", column " +
                                    std::to_string(column));
    positions.push_back(std::max_element(values, values + columns) - values);
  }
  return positions;
}

// A function of its own, whose loop the compiler turns into vector code.
bool all_within(const Real* values, Index n, Real bound) {
  int outside = 0;
#pragma omp simd reduction(| : outside)
  for (Index i = 0; i < n; ++i) outside |= !(abs(values[i]) <= bound);  // true of a NaN
  return outside == 0;
}

bool all_within(const Tensor& tensor, Real bound) {
  std::atomic<bool> within = true;
  parallel_blocks(tensor.size(), 16384, [&](Index first, Index last) {
    if (!all_within(tensor.data() + first, last - first, bound)) within = false;
  });
  return within;
}

bool all_finite(const Tensor& tensor) {
  return all_within(tensor, std::numeric_limits<Real>::max());
}

void require_shape(const Tensor& tensor, const Shape& expected, const std::string& what) {
  if (tensor.shape == expected && tensor.size() != element_count(expected))
    throw std::invalid_argument(what + ": shape " + to_string(expected) + " needs " +
                                std::to_string(element_count(expected)) + " values, got " +
                                std::to_string(tensor.size()));
  if (tensor.shape != expected)
    throw std::invalid_argument(what + ": expected shape " + to_string(expected) + ", got " +
                                to_string(tensor.shape));
}

}  // namespace plaingrad
