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

// So many rows of A at a time that a block of A stays in the second cache while it meets all panels of B.
constexpr Index row_block = 32 * tile_rows;

constexpr Real zeros[tile_columns] = {};

// One tile: C(i,j) = start(i,j) + sum_k A(i,k) B(k,j), for `width` columns and as many rows as A has,
// `height` at most. The bounds of the loops over i and j are constants, so the compiler keeps `sum` in
// registers and computes a row of it with a vector or two (the pragma says that it shall take the vectors
// along j, for the narrow tiles too).
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
constexpr Index many_rows = 16 * tile_rows;

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

// The last columns, `width` or fewer: if fewer, B, bias and the tiles of C are copied to where there is room
// for a whole panel.
template <Index width>
void last_panel(const OffsetMatrix& A, const Real* B, Index b_step, Index columns, const OffsetRows& C,
                Start start, const Real* bias) {
  if (columns == width) return panel<width>(A, B, b_step, C, start, bias);
  alignas(register_bytes) Real wide_B[k_block * width], wide_bias[width] = {}, wide_C[tile_rows * width] = {};
  Index wide_row[tile_rows];
  for (Index i = 0; i < tile_rows; ++i) wide_row[i] = i * width;
  for (Index k = 0; k < A.columns; ++k)
    for (Index j = 0; j < width; ++j) wide_B[k * width + j] = j < columns ? B[k * b_step + j] : 0;
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

// All columns of B against some rows of A.
void all_panels(const OffsetMatrix& A, const Real* B, Index b_step, Index columns, const OffsetRows& C,
                Start start, const Real* bias) {
  Index j = 0;
  for (; columns - j >= tile_columns; j += tile_columns)
    panel<tile_columns>(A, B + j, b_step, {C.values + j, C.row}, start, bias ? bias + j : zeros);
  if (j == columns) return;
  const auto last = columns - j > lanes       ? last_panel<tile_columns>
                    : columns - j > lanes / 2 ? last_panel<lanes>
                                              : last_panel<lanes / 2>;
  last(A, B + j, b_step, columns - j, {C.values + j, C.row}, start, bias ? bias + j : zeros);
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
    const OffsetMatrix some_columns = A.column_block(k, (piece + 1) * A.columns / pieces);
    for (Index i = 0; i < A.rows; i += row_block)
      all_panels(some_columns.row_block(i, std::min(A.rows, i + row_block)), B + k * b_step, b_step, columns,
                 {C.values, C.row + i}, start, bias);
    start = Start::previous;
  }
}

void parallel_matrix_product(const OffsetMatrix& A, const Real* B, Index b_step, Index columns,
                             const OffsetRows& C, Start start, const Real* bias) {
  // Large, square blocks fetch least; but there must be enough of them for all threads. A small product is
  // done before other threads have begun.
  constexpr Index small = Index(1) << 17;
  if (A.rows * A.columns * columns < small) return matrix_product(A, B, b_step, columns, C, start, bias);
  constexpr Index enough = 16, high_enough = 8 * tile_rows, wide_enough = 2 * tile_columns;
  Index high = std::max<Index>(1, A.rows),
        wide = std::max<Index>(1, (columns + tile_columns - 1) / tile_columns) * tile_columns;
  const auto blocks = [&] { return ((A.rows + high - 1) / high) * ((columns + wide - 1) / wide); };
  while (blocks() < enough && (high > high_enough || wide > wide_enough)) {
    if (wide <= wide_enough || (high > high_enough && high > wide))
      high = (high + 1) / 2;
    else
      wide = (wide / tile_columns + 1) / 2 * tile_columns;
  }
  const Index in_a_row = (columns + wide - 1) / wide;
  parallel_for(blocks(), [&](Index block) {
    const Index i = block / in_a_row * high, j = block % in_a_row * wide;
    matrix_product(A.row_block(i, std::min(A.rows, i + high)), B + j, b_step, std::min(columns - j, wide),
                   {C.values + j, C.row + i}, start, bias ? bias + j : nullptr);
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
