#include "math/matrix_product.hpp"

#include <algorithm>

#include "math/parallel.hpp"
#include "math/vector_width.hpp"

namespace plaingrad {
namespace {

// A tile of C is held in registers while the sum over k runs: two registers wide, and as high as leaves
// registers for a row of B and an element of A.
constexpr Index tile_columns = panel_columns;
constexpr Index tile_rows = registers == 32 ? 8 : 6;

// The sum over k is cut into pieces so that a panel of B (k_block rows, tile_columns wide) stays in the first
// cache.
constexpr Index k_block = 384;

constexpr Real zeros[tile_columns] = {};

// One tile: C(i,j) = start(i,j) + sum_k A(i,k) B(k,j), for `width` columns and as many rows as A has, `height`
// at most. The bounds of the loops over i and j are constants, so the compiler keeps `sum` in registers and
// computes a row of it with a vector or two (the pragma says that it shall take the vectors along j, for the
// narrow tiles too).
//! [tile]
template <Index height, Index width>
void tile(const OffsetMatrix& A, const Real* B, Index b_step, const OffsetRows& C, Start start,
          const Real* bias) {
  if constexpr (height > 1)
    if (A.rows < height) return tile<height - 1, width>(A, B, b_step, C, start, bias);
  Real sum[height][width];
  for (Index i = 0; i < height; ++i)
#pragma omp simd
    for (Index j = 0; j < width; ++j) sum[i][j] = 0;
  for (Index k = 0; k < A.columns; ++k) {
    const Real* a = A.values + A.column[k];
    const Real* b = B + k * b_step;
    for (Index i = 0; i < height; ++i) {
      const Real a_ik = a[A.row[i]];
#pragma omp simd
      for (Index j = 0; j < width; ++j) sum[i][j] += a_ik * b[j];
    }
  }
  for (Index i = 0; i < height; ++i) {
    Real* c = C.values + C.row[i];
    const Real* first = start == Start::previous ? c : bias;
#pragma omp simd
    for (Index j = 0; j < width; ++j) c[j] = first[j] + sum[i][j];
  }
}
//! [tile]

// A panel of B that meets so many rows of A is first copied to where its rows stand close together: rows that
// lie a power of two apart would drive one another out of the first cache.
constexpr Index many_rows = 200;

// A column of tiles, as equal in height as can be: all rows of A against `width` columns of B.
template <Index width>
void panel(const OffsetMatrix& A, const Real* B, Index b_step, const OffsetRows& C, Start start,
           const Real* bias) {
  alignas(register_bytes) Real packed[k_block * width];
  if (A.rows >= many_rows && b_step != width) {
    for (Index k = 0; k < A.columns; ++k) std::copy_n(B + k * b_step, width, packed + k * width);
    return panel<width>(A, packed, width, C, start, bias);
  }
  const Index tiles = (A.rows + tile_rows - 1) / tile_rows;
  for (Index t = 0; t < tiles; ++t) {
    const Index first = t * A.rows / tiles, last = (t + 1) * A.rows / tiles;
    tile<tile_rows, width>(A.row_block(first, last), B, b_step, {C.values, C.row + first}, start, bias);
  }
}

// The last few columns, fewer than the narrowest tile: B, bias and the tiles of C are copied to where there
// is room for a whole one.
void narrow_panel(const OffsetMatrix& A, const Real* B, Index b_step, Index columns, const OffsetRows& C,
                  Start start, const Real* bias) {
  constexpr Index width = lanes / 2;
  alignas(register_bytes) Real wide_B[k_block * width] = {}, wide_bias[width] = {}, wide_C[tile_rows * width] = {};
  Index wide_row[tile_rows];
  for (Index i = 0; i < tile_rows; ++i) wide_row[i] = i * width;
  for (Index k = 0; k < A.columns; ++k) std::copy_n(B + k * b_step, columns, wide_B + k * width);
  std::copy_n(bias, columns, wide_bias);
  for (Index first = 0; first < A.rows; first += tile_rows) {
    const OffsetMatrix rows = A.row_block(first, std::min(A.rows, first + tile_rows));
    if (start == Start::previous)
      for (Index i = 0; i < rows.rows; ++i)
        std::copy_n(C.values + C.row[first + i], columns, wide_C + wide_row[i]);
    tile<tile_rows, width>(rows, wide_B, width, {wide_C, wide_row}, start, wide_bias);
    for (Index i = 0; i < rows.rows; ++i)
      std::copy_n(wide_C + wide_row[i], columns, C.values + C.row[first + i]);
  }
}

}  // namespace

std::vector<Index> regular_offsets(Index count, Index step) {
  std::vector<Index> offsets(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) offsets[static_cast<std::size_t>(i)] = i * step;
  return offsets;
}

void matrix_product(const OffsetMatrix& A, const Real* B, Index b_step, Index columns, const OffsetRows& C,
                    Start start, const Real* bias) {
  const Index pieces = std::max<Index>(1, (A.columns + k_block - 1) / k_block);  // as equal as can be
  for (Index piece = 0; piece < pieces; ++piece) {
    const Index k = piece * A.columns / pieces;
    const OffsetMatrix a = A.column_block(k, (piece + 1) * A.columns / pieces);
    const Real* b = B + k * b_step;
    const auto with_panel = [&](auto panel_of_width, Index j) {
      panel_of_width(a, b + j, b_step, {C.values + j, C.row}, start, bias ? bias + j : zeros);
    };
    Index j = 0;
    for (; columns - j >= tile_columns; j += tile_columns) with_panel(panel<tile_columns>, j);
    for (; columns - j >= lanes; j += lanes) with_panel(panel<lanes>, j);
    for (; columns - j >= lanes / 2; j += lanes / 2) with_panel(panel<lanes / 2>, j);
    if (j < columns)
      narrow_panel(a, b + j, b_step, columns - j, {C.values + j, C.row}, start, bias ? bias + j : zeros);
    start = Start::previous;
  }
}

void parallel_matrix_product(const OffsetMatrix& A, const Real* B, Index b_step, Index columns,
                             const OffsetRows& C, Start start, const Real* bias) {
  constexpr Index column_block = 2 * tile_columns;
  const Index column_blocks = (columns + column_block - 1) / column_block;
  // A wide B is read once: there are columns enough for all threads.
  const Index row_block = column_blocks >= 32 ? std::max<Index>(1, A.rows) : 8 * tile_rows;
  const Index row_blocks = (A.rows + row_block - 1) / row_block;
  parallel_for(row_blocks * column_blocks, [&](Index block) {
    const Index i = block / column_blocks * row_block, j = block % column_blocks * column_block;
    matrix_product(A.row_block(i, std::min(A.rows, i + row_block)), B + j, b_step,
                   std::min(columns - j, column_block), {C.values + j, C.row + i}, start,
                   bias ? bias + j : nullptr);
  });
}

void transpose(const Real* M, Index rows, Index columns, Real* T) {
  constexpr Index few_rows = 64, few_columns = 16;  // so many that what is read stays in the first cache
  for (Index j = 0; j < columns; j += few_columns)
    for (Index i = 0; i < rows; i += few_rows)
      for (Index c = j; c < std::min(columns, j + few_columns); ++c)
        for (Index r = i; r < std::min(rows, i + few_rows); ++r) T[c * rows + r] = M[r * columns + c];
}

}  // namespace plaingrad
