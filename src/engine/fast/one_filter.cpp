#include "engine/fast/one_filter.hpp"

#include <algorithm>

#include "math/multiply_add.hpp"

namespace plaingrad::fast {
namespace {

// Values of the window that are multiplied and summed side by side.
constexpr Index simd_block = 16;

// Positions taken at a time, so that what their windows see stays in the first cache from block to block.
constexpr Index cached_positions = 32;

}  // namespace

OneFilter::OneFilter(const std::vector<Index>& element, Index segment)
    : window_(static_cast<Index>(element.size())) {
  for (Index k = 0; k < window_;) {
    const bool whole = segment - k % segment >= simd_block;
    (whole ? simd_blocks_ : single_values_).push_back({k, element[static_cast<std::size_t>(k)]});
    k += whole ? simd_block : 1;
  }
}

// y at `count` neighbouring positions, whose sums share what is loaded of W.
template <Index count>
void OneFilter::correlate_positions(const Real* padded, const Index* position, const Real* W, Real bias,
                                    Real* y) const {
  Real sum[count][simd_block] = {};
  for (const Block& block : simd_blocks_)
    for (Index i = 0; i < count; ++i)
#pragma omp simd
      for (Index j = 0; j < simd_block; ++j)
        sum[i][j] = multiply_add(padded[position[i] + block.offset + j], W[block.k + j], sum[i][j]);
  for (Index i = 0; i < count; ++i) {
    // Eight sums, then one: the same order whatever the width of the vectors.
    for (Index j = 0; j < simd_block / 2; ++j) sum[i][j] += sum[i][j + simd_block / 2];
    Real total = bias;
    for (Index j = 0; j < simd_block / 2; ++j) total += sum[i][j];
    for (const Block& value : single_values_)
      total = multiply_add(padded[position[i] + value.offset], W[value.k], total);
    y[i] = total;
  }
}

void OneFilter::correlate(const Real* padded, const Index* position, Index positions, const Real* W,
                          Real bias, Real* y) const {
  constexpr Index at_a_time = 4;
  Index p = 0;
  for (; p + at_a_time <= positions; p += at_a_time)
    correlate_positions<at_a_time>(padded, position + p, W, bias, y + p);
  for (; p < positions; ++p) correlate_positions<1>(padded, position + p, W, bias, y + p);
}

namespace {

// dW[j] += sum_p dy[p] x[position[p] + j], for `width` values of the window.
template <Index width>
void add_kernel_gradient(const Real* x, const Index* position, Index positions, const Real* dy, Real* dW) {
  constexpr Index chains = 4;  // sums that do not wait for one another
  Real sum[chains][width] = {};
  Index p = 0;
  for (; p + chains <= positions; p += chains)
    for (Index i = 0; i < chains; ++i)
#pragma omp simd
      for (Index j = 0; j < width; ++j)
        sum[i][j] = multiply_add(dy[p + i], x[position[p + i] + j], sum[i][j]);
  for (; p < positions; ++p)
#pragma omp simd
    for (Index j = 0; j < width; ++j) sum[0][j] = multiply_add(dy[p], x[position[p] + j], sum[0][j]);
#pragma omp simd
  for (Index j = 0; j < width; ++j) dW[j] += (sum[0][j] + sum[1][j]) + (sum[2][j] + sum[3][j]);
}

// dx[position[p] + j] += dy[p] W[j], for `width` values of the window.
template <Index width>
void add_adjoint(const Real* dy, const Index* position, Index positions, const Real* W, Real* dx) {
  Real w[width];
  std::copy_n(W, width, w);
  for (Index p = 0; p < positions; ++p) {
    const Real factor = dy[p];
    Real* values = dx + position[p];
#pragma omp simd
    for (Index j = 0; j < width; ++j) values[j] = multiply_add(factor, w[j], values[j]);
  }
}

}  // namespace

void OneFilter::kernel_gradient(const Real* padded, const Index* position, Index positions, const Real* dy,
                                Accumulate accumulate, Real* dW) const {
  if (accumulate == Accumulate::no) std::fill_n(dW, window_, Real(0));
  for (Index p = 0; p < positions; p += cached_positions) {
    const Index n = std::min(cached_positions, positions - p);
    for (const Block& block : simd_blocks_)
      add_kernel_gradient<simd_block>(padded + block.offset, position + p, n, dy + p, dW + block.k);
    for (const Block& value : single_values_)
      add_kernel_gradient<1>(padded + value.offset, position + p, n, dy + p, dW + value.k);
  }
}

void OneFilter::adjoint(const Real* dy, const Index* position, Index positions, const Real* W,
                        Real* padded_dx) const {
  for (Index p = 0; p < positions; p += cached_positions) {
    const Index n = std::min(cached_positions, positions - p);
    for (const Block& block : simd_blocks_)
      add_adjoint<simd_block>(dy + p, position + p, n, W + block.k, padded_dx + block.offset);
    for (const Block& value : single_values_)
      add_adjoint<1>(dy + p, position + p, n, W + value.k, padded_dx + value.offset);
  }
}

}  // namespace plaingrad::fast
