#include "engine/fast/matrix_product.hpp"

#include <algorithm>

#include "engine/fast/vector_width.hpp"
#include "math/multiply_add.hpp"
#include "math/parallel.hpp"

namespace plaingrad::fast {
namespace {

// A tile of C is held in registers while the sum over k runs: two registers wide, and as high as leaves
// registers for a row of B and an element of A.
constexpr Index tile_columns = panel_columns;
constexpr Index tile_rows = registers == 32 ? 8 : 6;

// The sum over k is cut into pieces so that a panel of B (k_block rows, tile_columns wide) stays in the first
// cache.
constexpr Index k_block = 384;

// Rows of A taken at a time, so that they stay in the second cache while they meet all panels of B.
constexpr Index row_block = 32 * tile_rows;

// A panel of B that meets this many rows of A is first copied to where its rows stand close together: rows
// that lie a power of two apart would drive one another out of the first cache.
constexpr Index pack_from_rows = 16 * tile_rows;

constexpr Real zeros[tile_columns] = {};

// One tile: C(i,j) = start(i,j) + sum_k A(i,k) B(k,j), for `width` columns and as many rows as A has,
// `height` at most. The bounds of the loops over i and j are constants, so the compiler keeps `sum` in
// registers and computes a row of it with a vector or two (the pragma says that it shall take the vectors
// along j, for the narrow tiles too).
//! [tile]
template <Index height, Index width>
void tile(const OffsetMatrix& A, const Real* B, Index B_stride, const OffsetRows& C, Accumulate accumulate,
          const Real* bias) {
  if constexpr (height > 1)
    if (A.rows < height) return tile<height - 1, width>(A, B, B_stride, C, accumulate, bias);
  Real sum[height][width];
  for (Index i = 0; i < height; ++i)
#pragma omp simd
    for (Index j = 0; j < width; ++j) sum[i][j] = 0;
  for (Index k = 0; k < A.columns; ++k) {
    const Real* a = A.values + A.column[k];
    const Real* b = B + k * B_stride;
    for (Index i = 0; i < height; ++i) {
      const Real a_ik = a[A.row[i]];
#pragma omp simd
      for (Index j = 0; j < width; ++j) sum[i][j] = multiply_add(a_ik, b[j], sum[i][j]);
    }
  }
  for (Index i = 0; i < height; ++i) {
    Real* c = C.values + C.row[i];
    const Real* start = accumulate == Accumulate::yes ? c : bias;
#pragma omp simd
    for (Index j = 0; j < width; ++j) c[j] = start[j] + sum[i][j];
  }
}
//! [tile]

// A column of tiles, as equal in height as can be: all rows of A against `width` columns of B.
template <Index width>
void panel(const OffsetMatrix& A, const Real* B, Index B_stride, const OffsetRows& C, Accumulate accumulate,
           const Real* bias) {
  alignas(register_bytes) Real packed[k_block * width];
  if (A.rows >= pack_from_rows && B_stride != width) {
    for (Index k = 0; k < A.columns; ++k) std::copy_n(B + k * B_stride, width, packed + k * width);
    return panel<width>(A, packed, width, C, accumulate, bias);
  }
  const Index tiles = (A.rows + tile_rows - 1) / tile_rows;
  for (Index t = 0; t < tiles; ++t) {
    const Index first = t * A.rows / tiles, last = (t + 1) * A.rows / tiles;
    tile<tile_rows, width>(A.row_block(first, last), B, B_stride, {C.values, C.row + first}, accumulate,
                           bias);
  }
}

// The last columns, `width` or fewer. If fewer, they are computed in copies of B, bias and C that are
// `width` wide.
template <Index width>
void last_panel(const OffsetMatrix& A, const Real* B, Index B_stride, Index columns, const OffsetRows& C,
                Accumulate accumulate, const Real* bias) {
  if (columns == width) return panel<width>(A, B, B_stride, C, accumulate, bias);
  alignas(register_bytes) Real wide_B[k_block * width], wide_bias[width] = {}, wide_C[tile_rows * width] = {};
  Index wide_row[tile_rows];
  // Zeros in the columns that are missing.
  for (Index i = 0; i < tile_rows; ++i) wide_row[i] = i * width;
  for (Index k = 0; k < A.columns; ++k)
    for (Index j = 0; j < width; ++j) wide_B[k * width + j] = j < columns ? B[k * B_stride + j] : 0;
  std::copy_n(bias, columns, wide_bias);
  // Tile by tile, each by way of its copy.
  for (Index first = 0; first < A.rows; first += tile_rows) {
    const OffsetMatrix rows = A.row_block(first, std::min(A.rows, first + tile_rows));
    if (accumulate == Accumulate::yes)
      for (Index i = 0; i < rows.rows; ++i)
        std::copy_n(C.values + C.row[first + i], columns, wide_C + wide_row[i]);
    tile<tile_rows, width>(rows, wide_B, width, {wide_C, wide_row}, accumulate, wide_bias);
    for (Index i = 0; i < rows.rows; ++i)
      std::copy_n(wide_C + wide_row[i], columns, C.values + C.row[first + i]);
  }
}

// All columns of B against some rows of A.
void all_panels(const OffsetMatrix& A, const Real* B, Index B_stride, Index columns, const OffsetRows& C,
                Accumulate accumulate, const Real* bias) {
  Index j = 0;
  for (; columns - j >= tile_columns; j += tile_columns)
    panel<tile_columns>(A, B + j, B_stride, {C.values + j, C.row}, accumulate, bias ? bias + j : zeros);
  if (j == columns) return;
  // The rest in the narrowest panel that holds it.
  const auto last = columns - j > lanes       ? last_panel<tile_columns>
                    : columns - j > lanes / 2 ? last_panel<lanes>
                                              : last_panel<lanes / 2>;
  last(A, B + j, B_stride, columns - j, {C.values + j, C.row}, accumulate, bias ? bias + j : zeros);
}

// Height and width of the blocks of C that threads share out. Large, square blocks load least, but there
// must be enough of them for all threads.
struct BlockSize {
  Index rows, columns;
};

BlockSize block_size(Index rows, Index columns) {
  constexpr Index min_blocks = 16, min_rows = 8 * tile_rows, min_columns = 2 * tile_columns;
  BlockSize block{std::max<Index>(1, rows),
                  std::max<Index>(1, (columns + tile_columns - 1) / tile_columns) * tile_columns};
  const auto blocks = [&] {
    return ((rows + block.rows - 1) / block.rows) * ((columns + block.columns - 1) / block.columns);
  };
  // From a single block on, the longer side is halved.
  while (blocks() < min_blocks && (block.rows > min_rows || block.columns > min_columns)) {
    if (block.columns <= min_columns || (block.rows > min_rows && block.rows > block.columns))
      block.rows = (block.rows + 1) / 2;
    else
      block.columns = (block.columns / tile_columns + 1) / 2 * tile_columns;
  }
  return block;
}

}  // namespace

std::vector<Index> regular_offsets(Index count, Index stride) {
  std::vector<Index> offsets(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) offsets[static_cast<std::size_t>(i)] = i * stride;
  return offsets;
}

void matrix_product(const OffsetMatrix& A, const Real* B, Index B_stride, Index columns, const OffsetRows& C,
                    Accumulate accumulate, const Real* bias) {
  const Index pieces = std::max<Index>(1, (A.columns + k_block - 1) / k_block);  // as equal as can be
  for (Index piece = 0; piece < pieces; ++piece) {
    const Index k = piece * A.columns / pieces;
    const OffsetMatrix A_piece = A.column_block(k, (piece + 1) * A.columns / pieces);
    for (Index i = 0; i < A.rows; i += row_block)
      all_panels(A_piece.row_block(i, std::min(A.rows, i + row_block)), B + k * B_stride, B_stride, columns,
                 {C.values, C.row + i}, accumulate, bias);
    accumulate = Accumulate::yes;
  }
}

void parallel_matrix_product(const OffsetMatrix& A, const Real* B, Index B_stride, Index columns,
                             const OffsetRows& C, Accumulate accumulate, const Real* bias) {
  // A small product is done before other threads have begun.
  constexpr Index small = Index(1) << 17;
  if (A.rows * A.columns * columns < small)
    return matrix_product(A, B, B_stride, columns, C, accumulate, bias);
  const BlockSize block = block_size(A.rows, columns);
  const Index down = (A.rows + block.rows - 1) / block.rows;
  const Index across = (columns + block.columns - 1) / block.columns;
  parallel_for(down * across, [&](Index b) {
    const Index i = b / across * block.rows, j = b % across * block.columns;
    matrix_product(A.row_block(i, std::min(A.rows, i + block.rows)), B + j, B_stride,
                   std::min(columns - j, block.columns), {C.values + j, C.row + i}, accumulate,
                   bias ? bias + j : nullptr);
  });
}

void transpose(const Real* M, Index rows, Index columns, Real* T) {
  constexpr Index block_rows = 64, block_columns = 16;  // what is read stays in the first cache
  for (Index j = 0; j < columns; j += block_columns)
    for (Index i = 0; i < rows; i += block_rows)
      for (Index c = j; c < std::min(columns, j + block_columns); ++c)
        for (Index r = i; r < std::min(rows, i + block_rows); ++r) T[c * rows + r] = M[r * columns + c];
}

}  // namespace plaingrad::fast
