#include "engine/fast/one_channel.hpp"

#include "engine/fast/vector_width.hpp"
#include "math/multiply_add.hpp"

namespace plaingrad::fast {
namespace {

// Neighbouring positions that share what is loaded of W; their sums stay in registers.
constexpr Index shared = 6;

//! [positions]
// For `count` positions of the window and as many filters as a register holds.
template <Index kernel, Index count>
void sum_positions(const ConvolutionGeometry& g, const Real* x, Index x_row, const Real* W, const Real* bias,
                   Real* y) {
  Real sum[count][lanes] = {};
  for (Index m = 0; m < kernel; ++m)
    for (Index n = 0; n < kernel; ++n)
      for (Index p = 0; p < count; ++p) {
        const Real value = x[m * x_row + p * g.stride + n];
        const Real* w = W + (m * kernel + n) * g.filters;
#pragma omp simd
        for (Index f = 0; f < lanes; ++f) sum[p][f] = multiply_add(value, w[f], sum[p][f]);
      }
  for (Index p = 0; p < count; ++p)
#pragma omp simd
    for (Index f = 0; f < lanes; ++f) y[p * g.filters + f] = bias[f] + sum[p][f];
}
//! [positions]

// All rows of an image: six positions at a time, then the rest of the row one by one.
template <Index kernel>
void correlate_image(const ConvolutionGeometry& g, const Real* x, Index x_row, const Real* W,
                     const Real* bias, Real* y) {
  constexpr Real zeros[lanes] = {};
  const Index height = g.out_height(), width = g.out_width();
  for (Index i = 0; i < height; ++i, x += g.stride * x_row, y += width * g.filters)
    for (Index f = 0; f < g.filters; f += lanes) {
      const Real* b = bias ? bias + f : zeros;
      Index j = 0;
      for (; j + shared <= width; j += shared)
        sum_positions<kernel, shared>(g, x + j * g.stride, x_row, W + f, b, y + j * g.filters + f);
      for (; j < width; ++j)
        sum_positions<kernel, 1>(g, x + j * g.stride, x_row, W + f, b, y + j * g.filters + f);
    }
}

}  // namespace

bool takes_one_channel(const ConvolutionGeometry& g) {
  return g.channels == 1 && (g.kernel == 3 || g.kernel == 5) && g.filters % lanes == 0;
}

void correlate_one_channel(const ConvolutionGeometry& g, const Real* padded, Index padded_width,
                           const Real* W, const Real* bias, Real* y) {
  const auto correlate = g.kernel == 3 ? correlate_image<3> : correlate_image<5>;
  correlate(g, padded, padded_width, W, bias, y);
}

}  // namespace plaingrad::fast
