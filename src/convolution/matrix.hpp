/// @file
/// A matrix of numbers, for the definitions of chapter 3, which are written for one channel.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "math/real.hpp"

namespace plaingrad {

/// A row-major matrix: M(i, j) is row i, column j, both from 0.
class Matrix {
 public:
  Matrix() = default;
  /// Zeros. @throws std::invalid_argument if an extent is negative
  Matrix(Index rows, Index columns)
      : rows_(rows), columns_(columns), values_(count(rows, columns), Real(0)) {}
  /// Row by row, as one writes it down. @throws std::invalid_argument if the rows differ in length
  Matrix(std::initializer_list<std::initializer_list<Real>> rows) : rows_(static_cast<Index>(rows.size())) {
    if (rows.size() > 0) columns_ = static_cast<Index>(rows.begin()->size());
    for (const auto& row : rows) {
      if (static_cast<Index>(row.size()) != columns_)
        throw std::invalid_argument("rows of a matrix have " + std::to_string(columns_) + " and " +
                                    std::to_string(row.size()) + " values");
      values_.insert(values_.end(), row);
    }
  }

  /// Number of rows.
  Index rows() const { return rows_; }
  /// Number of columns.
  Index columns() const { return columns_; }
  /// Whether there is no element.
  bool empty() const { return values_.empty(); }
  /// The element of row i and column j; not checked.
  Real& operator()(Index i, Index j) { return values_[static_cast<std::size_t>(i * columns_ + j)]; }
  /// The element of row i and column j; not checked.
  Real operator()(Index i, Index j) const { return values_[static_cast<std::size_t>(i * columns_ + j)]; }
  /// All elements, row by row.
  const std::vector<Real>& values() const& { return values_; }
  /// Of a matrix about to vanish: handed over, so that a loop over `f(x).values()` is safe.
  std::vector<Real> values() && { return std::move(values_); }

  /// Same extents and same elements.
  bool operator==(const Matrix&) const = default;

 private:
  static std::size_t count(Index rows, Index columns) {
    if (rows < 0 || columns < 0)
      throw std::invalid_argument("a matrix cannot have " + std::to_string(rows) + " rows and " +
                                  std::to_string(columns) + " columns");
    return static_cast<std::size_t>(rows * columns);
  }

  Index rows_ = 0, columns_ = 0;
  std::vector<Real> values_;
};

}  // namespace plaingrad
