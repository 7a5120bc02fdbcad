/// @file
/// The one fast loop of the project. Dense layers, convolutions, transposed convolutions and all their
/// gradients are sums C(i,j) = sum_k A(i,k) B(k,j), and all of them are computed here.
#pragma once

#include <vector>

#include "math/real.hpp"

namespace plaingrad {

/// A matrix seen through two lists of offsets: A(i,k) = values[row[i] + column[k]].
/// A plain matrix of leading dimension d has row[i] = i d, column[k] = k; its transpose has the two lists
/// exchanged. The patches that a convolution's window sees are such a matrix too: row[i] is where the window
/// stands, column[k] where the k-th kernel element lies in it. So a convolution is a matrix product, and no
/// patch is ever copied.
struct OffsetMatrix {
  const Real* values;
  const Index* row;     ///< `rows` offsets
  const Index* column;  ///< `columns` offsets
  Index rows, columns;

  /// Rows first ... last - 1 of the same matrix.
  OffsetMatrix row_block(Index first, Index last) const {
    return {values, row + first, column, last - first, columns};
  }
  /// Columns first ... last - 1 of the same matrix.
  OffsetMatrix column_block(Index first, Index last) const {
    return {values, row, column + first, rows, last - first};
  }
};

/// Rows of numbers, each of which may lie anywhere: row i begins at values + row[i].
struct OffsetRows {
  Real* values;
  const Index* row;
};

/// 0, step, 2 step ... : the offsets of a plain matrix.
std::vector<Index> regular_offsets(Index count, Index step);

/// What the sums start from.
enum class Start { zero, previous };

/// C(i,j) = start + sum_k A(i,k) B(k,j), by one thread, the sum in the order of k.
/// @param A  (rows, K)
/// @param B  (K, columns), `b_step` values from row to row
/// @param C  (rows, columns); no two rows may overlap
/// @param start  zero, or what C holds: C += A B
/// @param bias   nullptr, or `columns` values that each row's sums start from (instead of zero)
void matrix_product(const OffsetMatrix& A, const Real* B, Index b_step, Index columns, const OffsetRows& C,
                    Start start = Start::zero, const Real* bias = nullptr);

/// The same by all threads, which share out blocks of C.
void parallel_matrix_product(const OffsetMatrix& A, const Real* B, Index b_step, Index columns,
                             const OffsetRows& C, Start start = Start::zero, const Real* bias = nullptr);

/// T(j,i) = M(i,j), by one thread. M (rows, columns) and T (columns, rows), both contiguous.
void transpose(const Real* M, Index rows, Index columns, Real* T);

}  // namespace plaingrad
