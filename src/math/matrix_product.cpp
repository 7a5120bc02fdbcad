#include "math/matrix_product.hpp"

#include <algorithm>

#include "math/parallel.hpp"

namespace plaingrad {
namespace {

// How many numbers one vector register holds, and how many registers there are: known when compiling.
#if defined(__AVX512F__)
constexpr Index register_bytes = 64, registers = 32;
#elif defined(__AVX__)
constexpr Index register_bytes = 32, registers = 16;
#else
constexpr Index register_bytes = 16, registers = 16;
#endif
constexpr Index lanes = register_bytes / static_cast<Index>(sizeof(Real));

// A tile of C is held in registers while the sum over k runs: two registers wide, and as high as leaves
// registers for a row of B and an element of A.
constexpr Index tile_columns = 2 * lanes;
constexpr Index tile_rows = registers == 32 ? 8 : 6;

// The sum over k is cut into pieces so that a panel of B (k_block rows, tile_columns wide) stays in the first
// cache.
constexpr Index k_block = 256;

// One tile: C(i,j) = start(i,j) + sum_k A(i,k) B(k,j), for tile_rows rows and `width` columns. The bounds of
// the two inner loops are constants, so the compiler keeps `sum` in registers and computes a row of it with a
// vector or two (the pragma says that it shall take the vectors along j, for the narrow tiles too).
//! [tile]
template <Index width>
void tile(const OffsetMatrix& A, const Real* B, Index b_step, Real (&sum)[tile_rows][width]) {
  Index row[tile_rows];  // beyond the last row of A: that row again (its result is not stored)
  for (Index i = 0; i < tile_rows; ++i) row[i] = A.row[std::min(i, A.rows - 1)];
  for (Index k = 0; k < A.columns; ++k) {
    const Real* a = A.values + A.column[k];
    const Real* b = B + k * b_step;
    for (Index i = 0; i < tile_rows; ++i) {
      const Real a_ik = a[row[i]];
#pragma omp simd
      for (Index j = 0; j < width; ++j) sum[i][j] += a_ik * b[j];
    }
  }
}
//! [tile]

constexpr Real zeros[tile_columns] = {};

// A column of tiles: all rows of A against `width` columns of B.
template <Index width>
void panel(const OffsetMatrix& A, const Real* B, Index b_step, Real* C, Index c_step, Start start,
           const Real* bias) {
  const Real* first_row = bias ? bias : zeros;
  for (Index first = 0; first < A.rows; first += tile_rows) {
    const OffsetMatrix rows = A.row_block(first, std::min(A.rows, first + tile_rows));
    Real* c = C + first * c_step;
    Real sum[tile_rows][width];
    for (Index i = 0; i < tile_rows; ++i) std::copy_n(first_row, width, sum[i]);
    if (start == Start::previous)
      for (Index i = 0; i < rows.rows; ++i) std::copy_n(c + i * c_step, width, sum[i]);
    tile<width>(rows, B, b_step, sum);
    for (Index i = 0; i < rows.rows; ++i) std::copy_n(sum[i], width, c + i * c_step);
  }
}

// The last few columns, fewer than the narrowest tile: B, bias and the tiles of C are copied to where there
// is room for a whole one.
void narrow_panel(const OffsetMatrix& A, const Real* B, Index b_step, Index columns, Real* C, Index c_step,
                  Start start, const Real* bias) {
  constexpr Index width = lanes / 2;
  Real wide_B[k_block * width] = {}, wide_bias[width] = {}, wide_C[tile_rows * width] = {};
  for (Index k = 0; k < A.columns; ++k) std::copy_n(B + k * b_step, columns, wide_B + k * width);
  if (bias) std::copy_n(bias, columns, wide_bias);
  for (Index first = 0; first < A.rows; first += tile_rows) {
    const OffsetMatrix rows = A.row_block(first, std::min(A.rows, first + tile_rows));
    Real* c = C + first * c_step;
    if (start == Start::previous)
      for (Index i = 0; i < rows.rows; ++i) std::copy_n(c + i * c_step, columns, wide_C + i * width);
    panel<width>(rows, wide_B, width, wide_C, width, start, wide_bias);
    for (Index i = 0; i < rows.rows; ++i) std::copy_n(wide_C + i * width, columns, c + i * c_step);
  }
}

}  // namespace

std::vector<Index> regular_offsets(Index count, Index step) {
  std::vector<Index> offsets(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) offsets[static_cast<std::size_t>(i)] = i * step;
  return offsets;
}

void matrix_product(const OffsetMatrix& A, const Real* B, Index b_step, Index columns, Real* C, Index c_step,
                    Start start, const Real* bias) {
  Index k = 0;
  do {  // at least once, so that an empty sum is still stored
    const OffsetMatrix a = A.column_block(k, std::min(A.columns, k + k_block));
    const Real* b = B + k * b_step;
    Index j = 0;
    for (; columns - j >= 2 * lanes; j += 2 * lanes)
      panel<2 * lanes>(a, b + j, b_step, C + j, c_step, start, bias ? bias + j : nullptr);
    for (; columns - j >= lanes; j += lanes)
      panel<lanes>(a, b + j, b_step, C + j, c_step, start, bias ? bias + j : nullptr);
    for (; columns - j >= lanes / 2; j += lanes / 2)
      panel<lanes / 2>(a, b + j, b_step, C + j, c_step, start, bias ? bias + j : nullptr);
    if (j < columns)
      narrow_panel(a, b + j, b_step, columns - j, C + j, c_step, start, bias ? bias + j : nullptr);
    start = Start::previous;
    k += k_block;
  } while (k < A.columns);
}

void parallel_matrix_product(const OffsetMatrix& A, const Real* B, Index b_step, Index columns, Real* C,
                             Index c_step, Start start, const Real* bias) {
  constexpr Index row_block = 8 * tile_rows, column_block = 2 * tile_columns;
  const Index row_blocks = (A.rows + row_block - 1) / row_block;
  const Index column_blocks = (columns + column_block - 1) / column_block;
  parallel_for(row_blocks * column_blocks, [&](Index block) {
    const Index i = block % row_blocks * row_block, j = block / row_blocks * column_block;
    matrix_product(A.row_block(i, std::min(A.rows, i + row_block)), B + j, b_step,
                   std::min(columns - j, column_block), C + i * c_step + j, c_step, start,
                   bias ? bias + j : nullptr);
  });
}

void transpose(const Real* M, Index rows, Index columns, Real* T) {
  constexpr Index block = 16;
  parallel_blocks(columns, block, [&](Index first, Index last) {
    for (Index i = 0; i < rows; i += block)
      for (Index j = first; j < last; ++j)
        for (Index r = i; r < std::min(rows, i + block); ++r) T[j * rows + r] = M[r * columns + j];
  });
}

}  // namespace plaingrad
