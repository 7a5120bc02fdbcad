/// @file
/// The transform of one tile in Winograd's minimal filtering: a matrix from the left and one from the right,
/// for many channels at once.
#pragma once

#include "engine/fast/matrix_product.hpp"
#include "engine/fast/vector_width.hpp"
#include "engine/fast/winograd_matrices.hpp"
#include "math/multiply_add.hpp"

namespace plaingrad::fast {

//! [transform]
/// out = M in, a vector of channels for each element. Inlined, so that these vectors stay in registers.
template <const auto& M>
[[gnu::always_inline]] inline void multiply_vectors(const Real (&in)[M.columns][lanes],
                                                    Real (&out)[M.rows][lanes]) {
#pragma GCC unroll 8
  for (Index i = 0; i < M.rows; ++i) {
    Real sum[lanes] = {};
#pragma GCC unroll 8
    for (Index j = 0; j < M.columns; ++j) {
      const Real factor = M.at[i][j];  // known when compiling: most are 0, 1 or -1
      if (factor == 1)
#pragma omp simd
        for (Index c = 0; c < lanes; ++c) sum[c] += in[j][c];
      else if (factor == -1)
#pragma omp simd
        for (Index c = 0; c < lanes; ++c) sum[c] -= in[j][c];
      else if (factor != 0)
#pragma omp simd
        for (Index c = 0; c < lanes; ++c) sum[c] = multiply_add(factor, in[j][c], sum[c]);
    }
#pragma omp simd
    for (Index c = 0; c < lanes; ++c) out[i][c] = sum[c];
  }
}

/// out = L in R^T, or added to out, for each of `count` channels, a multiple of the vector's width: where
/// in[i * R.columns + j] points, element (i,j) has its values of all channels side by side, of which the
/// first `skipped` are passed over; likewise out, from its first.
template <const auto& L, const auto& R>
void transform_tile(const Real* const* in, Real* const* out, Index count, Accumulate accumulate,
                    Index skipped = 0) {
  Real column[L.columns][lanes], half[R.columns][L.rows][lanes], row[R.columns][lanes],
      product[R.rows][lanes];
  for (Index c = 0; c < count; c += lanes) {
    // half = L in, column by column.
    for (Index j = 0; j < R.columns; ++j) {
      for (Index i = 0; i < L.columns; ++i)
#pragma omp simd
        for (Index l = 0; l < lanes; ++l)
          // Only the columns that L has are set and read. NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
          column[i][l] = in[i * R.columns + j][skipped + c + l];
      multiply_vectors<L>(column, half[j]);
    }
    // out = half R^T, row by row.
    for (Index i = 0; i < L.rows; ++i) {
      for (Index j = 0; j < R.columns; ++j)
#pragma omp simd
        for (Index l = 0; l < lanes; ++l) row[j][l] = half[j][i][l];
      multiply_vectors<R>(row, product);
      for (Index j = 0; j < R.rows; ++j) {
        Real* values = out[i * R.rows + j] + c;
        if (accumulate == Accumulate::yes)
#pragma omp simd
          for (Index l = 0; l < lanes; ++l) values[l] += product[j][l];
        else
#pragma omp simd
          for (Index l = 0; l < lanes; ++l) values[l] = product[j][l];
      }
    }
  }
}
//! [transform]

/// Calls work(matrices for the columns, matrices for the rows) of a tile of height x width outputs: m, or one
/// less.
template <Index m, Index r, class Work>
void with_matrices_of(Index height, Index width, const Work& work) {
  using Whole = WinogradMatrices<m, r>;
  using Short = WinogradMatrices<m - 1, r>;
  if (height == m) return width == m ? work(Whole(), Whole()) : work(Whole(), Short());
  return width == m ? work(Short(), Whole()) : work(Short(), Short());
}

/// The same for the m and r that are in use.
template <class Work>
void with_matrices(Index m, Index r, Index height, Index width, const Work& work) {
  if (r == 5) return with_matrices_of<4, 5>(height, width, work);
  if (m == 3) return with_matrices_of<3, 3>(height, width, work);
  if (m == 4) return with_matrices_of<4, 3>(height, width, work);
  return with_matrices_of<6, 3>(height, width, work);
}

}  // namespace plaingrad::fast
