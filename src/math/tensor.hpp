/// @file
/// A tensor is a shape and a `std::vector<Real>` in row-major order (the last index runs fastest). Nothing
/// else.
#pragma once

#include <string>
#include <vector>

#include "math/real.hpp"

namespace plaingrad {

/// Extents, slowest first. Batches of images are (count, height, width, channels): NHWC, Keras's order.
using Shape = std::vector<Index>;

/// Product of the extents. The empty shape has one element.
/// @throws std::invalid_argument if an extent is negative or the product does not fit an Index
Index element_count(const Shape& shape);

/// How far apart in the flat order neighbours along an axis lie: the product of the extents after it. Of
/// (2, 3, 4) that is 12, 4 and 1.
/// @param axis  0 is the slowest
/// @throws std::invalid_argument if the shape has no such axis, or as element_count() of the extents after it
Index stride_along(const Shape& shape, std::size_t axis);
/// The index along `axis` of the value at `position` in the flat order: of (2, 3, 4), position 17 is (1, 1,
/// 1).
/// @param position  0 ... element_count(shape) - 1; not checked
/// @throws std::invalid_argument if the shape has no such axis
Index index_along(const Shape& shape, std::size_t axis, Index position);

/// "(32, 28, 28, 1)".
std::string to_string(const Shape& shape);

/// A shape and its values. One that nothing was given to has no values, and says so: its shape is (0).
struct Tensor {
  Shape shape = {0};
  std::vector<Real> values;

  Tensor() = default;
  /// Zeros of the given shape.
  explicit Tensor(Shape shape);
  /// @throws std::invalid_argument if the number of values is not the product of the extents
  Tensor(Shape shape, std::vector<Real> values);

  /// Number of values.
  Index size() const { return static_cast<Index>(values.size()); }
  /// Extent of one axis. @throws std::out_of_range
  Index extent(Index axis) const { return shape.at(static_cast<std::size_t>(axis)); }
  /// The first value.
  Real* data() { return values.data(); }
  /// The first value.
  const Real* data() const { return values.data(); }
  /// Value i of the flat order; not checked.
  Real& operator[](Index i) { return values[static_cast<std::size_t>(i)]; }
  /// Value i of the flat order; not checked.
  Real operator[](Index i) const { return values[static_cast<std::size_t>(i)]; }

  /// Takes the new shape; values are kept only as far as the flat order keeps them. Memory once taken is
  /// kept, so a layer that resizes its output to the same batch at every step allocates once.
  void resize(const Shape& new_shape);
  /// Sets every value.
  void fill(Real value);
};

/// Samples `first` ... `first` + `count` - 1 of a batch, along its first axis.
/// @param part  resized
/// @throws std::invalid_argument if the batch has no such samples
void slice(const Tensor& batch, Index first, Index count, Tensor& part);
/// The same as a tensor of its own.
Tensor slice(const Tensor& batch, Index first, Index count);

/// For each row of a matrix, the position of its greatest value, the first of equal ones.
/// @param matrix  (rows, columns), at least one column
/// @throws std::invalid_argument if it has another shape or a NaN, which has no place in an order
std::vector<Index> argmax(const Tensor& matrix);

/// Whether every value is of magnitude `bound` or less; a NaN is not.
bool all_within(const Tensor& tensor, Real bound);
/// The same of n values that stand one after the other.
bool all_within(const Real* values, Index n, Real bound);

/// Whether no value is infinite or NaN.
bool all_finite(const Tensor& tensor);

/// @throws std::invalid_argument naming `what`, the shape expected and the shape found, if they differ, or if
/// the tensor does not hold as many values as its shape says
void require_shape(const Tensor& tensor, const Shape& expected, const std::string& what);

}  // namespace plaingrad
