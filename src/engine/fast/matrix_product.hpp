/// @file
/// The matrix product that dense layers, direct convolutions and Winograd's points are made of: C(i,j) =
/// sum_k A(i,k) B(k,j).
#pragma once

#include <vector>

#include "math/real.hpp"

namespace plaingrad::fast {

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

/// 0, stride, 2 stride ... : the offsets of a plain matrix.
std::vector<Index> regular_offsets(Index count, Index stride);

/// Whether sums are added to what the result already holds, or overwrite it.
enum class Accumulate { no, yes };

/// C(i,j) = sum_k A(i,k) B(k,j), by one thread, the sum in the order of k.
/// @param A  (rows, K)
/// @param B  (K, columns), `B_stride` values from row to row
/// @param C  (rows, columns); no two rows may overlap
/// @param accumulate  yes: C += A B
/// @param bias   nullptr, or `columns` values to add to each row; not together with Accumulate::yes
void matrix_product(const OffsetMatrix& A, const Real* B, Index B_stride, Index columns, const OffsetRows& C,
                    Accumulate accumulate = Accumulate::no, const Real* bias = nullptr);

/// The same by all threads, which share out blocks of C.
void parallel_matrix_product(const OffsetMatrix& A, const Real* B, Index B_stride, Index columns,
                             const OffsetRows& C, Accumulate accumulate = Accumulate::no,
                             const Real* bias = nullptr);

/// T(j,i) = M(i,j), by one thread. M (rows, columns) and T (columns, rows), both contiguous.
void transpose(const Real* M, Index rows, Index columns, Real* T);

}  // namespace plaingrad::fast
