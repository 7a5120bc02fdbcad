#include "layers/winograd.hpp"

#include <algorithm>
#include <array>

#include "layers/batch_sums.hpp"
#include "layers/winograd_matrices.hpp"
#include "math/parallel.hpp"
#include "math/vector_width.hpp"

namespace plaingrad {
namespace {

constexpr Index channel_strip = 16;  // channels and filters come in multiples of it, whatever the machine
constexpr Index panel_strip = std::min(channel_strip, panel_columns);  // lies in one panel
constexpr Index most_points = 64;
static_assert(channel_strip % panel_strip == 0 && panel_strip % lanes == 0);

//! [transform]
// out = M in, a vector of channels for each element.
template <const auto& M>
void multiply(const Real (&in)[M.columns][lanes], Real (&out)[M.rows][lanes]) {
#pragma GCC unroll 8
  for (Index i = 0; i < M.rows; ++i) {
    Real sum[lanes] = {};
#pragma GCC unroll 8
    for (Index j = 0; j < M.columns; ++j)
      if (M.at[i][j] != 0)
#pragma omp simd
        for (Index c = 0; c < lanes; ++c) sum[c] += M.at[i][j] * in[j][c];
#pragma omp simd
    for (Index c = 0; c < lanes; ++c) out[i][c] = sum[c];
  }
}

// out = M in M^T for each of `count` channels: where in[i * M.columns + j] points, element (i,j) has its
// values of all channels side by side, and `first` of them are passed over.
template <const auto& M>
void transform(const Real* const* in, Real* const* out, Index count, Start start, Index first = 0) {
  Real column[M.columns][lanes], half[M.columns][M.rows][lanes], row[M.columns][lanes], result[M.rows][lanes];
  for (Index c = 0; c < count; c += lanes) {
    for (Index j = 0; j < M.columns; ++j) {
      for (Index i = 0; i < M.columns; ++i)
#pragma omp simd
        for (Index l = 0; l < lanes; ++l) column[i][l] = in[i * M.columns + j][first + c + l];
      multiply<M>(column, half[j]);
    }
    for (Index i = 0; i < M.rows; ++i) {
      for (Index j = 0; j < M.columns; ++j)
#pragma omp simd
        for (Index l = 0; l < lanes; ++l) row[j][l] = half[j][i][l];
      multiply<M>(row, result);
      for (Index j = 0; j < M.rows; ++j) {
        Real* values = out[i * M.rows + j] + c;
        if (start == Start::previous)
#pragma omp simd
          for (Index l = 0; l < lanes; ++l) values[l] += result[j][l];
        else
#pragma omp simd
          for (Index l = 0; l < lanes; ++l) values[l] = result[j][l];
      }
    }
  }
}
//! [transform]

// Does the work with the matrices for these sizes.
template <class Work>
void with_matrices(Index m, Index r, const Work& work) {
  if (r == 5) return work(WinogradMatrices<4, 5>());
  if (m == 3) return work(WinogradMatrices<3, 3>());
  work(WinogradMatrices<4, 3>());
}

// From one point's matrix to the next: a little more than it holds, since places that lie a power of two
// apart would drive one another out of the cache.
Index step_over(Index values) {
  return values + 16;
}

// Where a transformed tile has its points: `step` values from one to the next.
template <class Number>
std::array<Number*, most_points> points_from(Number* first, Index step, Index count) {
  std::array<Number*, most_points> places{};
  for (Index p = 0; p < count; ++p) places[static_cast<std::size_t>(p)] = first + p * step;
  return places;
}

// Where count x count values of an image lie: the first at (y, x), the next `step` further on. What is
// outside of the image lies at `outside`.
template <class Number>
void square_of(Number* image, Index height, Index width, Index channels, Index y, Index x, Index step,
               Index count, Number* outside, Number** places) {
  for (Index i = 0; i < count; ++i)
    for (Index j = 0; j < count; ++j) {
      const Index row = y + i * step, column = x + j * step;
      const bool inside = row >= 0 && row < height && column >= 0 && column < width;
      places[i * count + j] = inside ? image + (row * width + column) * channels : outside;
    }
}

// The matrices of U are cut into panels of columns, one after the other: where an element lies.
Index place_in_panels(Index row, Index column, Index rows, Index columns) {
  const Index panel = column / panel_columns * panel_columns;
  return panel * rows + row * std::min(panel_columns, columns - panel) + column - panel;
}

// C = A B, with B in panels.
void product_of_panels(const OffsetMatrix& A, const Real* B, Index columns, const OffsetRows& C,
                       const Real* bias = nullptr) {
  for (Index panel = 0; panel < columns; panel += panel_columns) {
    const Index width = std::min(panel_columns, columns - panel);
    matrix_product(A, B + panel * A.columns, width, width, {C.values + panel, C.row}, Start::zero,
                   bias ? bias + panel : nullptr);
  }
}

// Memory for what lies outside of the image: what is written or added up there is never used.
Real* nowhere(Index count) {
  static thread_local std::vector<Real> memory;
  return room(memory, count);
}

// Matrices of all points for some tiles, in this thread's memory: V of the pixels, M of the products.
struct Points {
  Points(Index points, Index tile_count, Index inner, Index filters)
      : tiles(tile_count),
        V_step(step_over(tile_count * inner)),
        M_step(step_over(tile_count * filters)),
        U_step(step_over(inner * filters)) {
    static thread_local std::vector<Real> V_memory, M_memory;
    V = room(V_memory, points * V_step);
    M = room(M_memory, points * M_step);
  }
  Index tiles, V_step, M_step, U_step;
  Real *V, *M;
};

}  // namespace

Winograd::Winograd(Index height, Index width, Index channels, Index filters, Index kernel, Index stride,
                   Padding padding)
    : height_(height),
      width_(width),
      channels_(channels),
      filters_(filters),
      kernel_(kernel),
      stride_(stride) {
  out_height_ = output_extent(height, kernel, stride, padding);
  out_width_ = output_extent(width, kernel, stride, padding);
  before_y_ = padding_before(height, kernel, stride, padding);
  before_x_ = padding_before(width, kernel, stride, padding);
  r_ = (kernel + stride - 1) / stride;
  if ((r_ != 3 && r_ != 5) || channels % channel_strip != 0 || filters % channel_strip != 0) return;
  const auto tiles_of = [&](Index m) { return ((out_height_ + m - 1) / m) * ((out_width_ + m - 1) / m); };
  const auto multiplications = [&](Index m) { return tiles_of(m) * (m + r_ - 1) * (m + r_ - 1) * phases(); };
  m_ = r_ == 3 && multiplications(3) < multiplications(4) ? 3 : 4;
  pays_ = 3 * multiplications(m_) < 2 * out_height_ * out_width_ * kernel * kernel;
  tiles_y_ = (out_height_ + m_ - 1) / m_;
  tiles_x_ = (out_width_ + m_ - 1) / m_;
  // So many tiles that their points take as much memory as U: then neither is fetched much more often.
  const Index enough_tiles = inner() * filters_ / (inner() + filters_);
  group_ = (enough_tiles + tiles(1) - 1) / tiles(1);
  zeros_.assign(static_cast<std::size_t>(std::max(channels, filters)), Real(0));
  inner_row_ = regular_offsets(tiles(group_), inner());
  filter_row_ = regular_offsets(std::max(tiles(group_), inner()), filters_);
  one_ = regular_offsets(std::max({tiles(group_), inner(), filters_}), 1);
}

Index Winograd::transformed_size() const {
  return points() * step_over(inner() * filters_);
}

template <class Number>
void Winograd::pixels_of(Index tile, Index phase, Number* x, Number* outside, Number** places) const {
  const Index image = tile / tiles(1), ty = tile / tiles_x_ % tiles_y_, tx = tile % tiles_x_;
  square_of(x + image * height_ * width_ * channels_, height_, width_, channels_,
            ty * m_ * stride_ + phase / stride_ - before_y_, tx * m_ * stride_ + phase % stride_ - before_x_,
            stride_, m_ + r_ - 1, outside, places);
}

template <class Number>
void Winograd::results_of(Index tile, Number* y, Number* outside, Number** places) const {
  const Index image = tile / tiles(1), ty = tile / tiles_x_ % tiles_y_, tx = tile % tiles_x_;
  square_of(y + image * out_height_ * out_width_ * filters_, out_height_, out_width_, filters_, ty * m_,
            tx * m_, 1, m_, outside, places);
}

template <class Number>
void Winograd::taps_of(Index phase, Number* W, Index tap_size, Number* outside, Number** places) const {
  square_of(W, kernel_, kernel_, tap_size, phase / stride_, phase % stride_, stride_, r_, outside, places);
}

// Every tap of W is a matrix of rows x columns. The matrices of U have them for all phases, one phase after
// the other along the rows or along the columns, and are cut into panels.
void Winograd::transform_taps(const Real* W, Index rows, Index columns, bool phases_in_rows, Real* U) const {
  const Index all_rows = rows * (phases_in_rows ? phases() : 1), all_columns = inner() * filters_ / all_rows;
  parallel_for(phases() * rows, [&](Index i) {
    const Index phase = i / rows, row = phases_in_rows ? i : i % rows;
    const Index first = phases_in_rows ? 0 : phase * columns;
    with_matrices(m_, r_, [&](auto matrices) {
      const Real* taps[most_points];
      taps_of(phase, W + i % rows * columns, rows * columns, zeros_.data(), taps);
      for (Index column = 0; column < columns; column += panel_strip) {
        const auto out = points_from(U + place_in_panels(row, first + column, all_rows, all_columns),
                                     step_over(inner() * filters_), points());
        transform<decltype(matrices)::G>(taps, out.data(), panel_strip, Start::zero, column);
      }
    });
  });
}

void Winograd::transform_kernel(const Real* W, std::vector<Real>& U) const {
  transform_taps(W, channels_, filters_, true, room(U, transformed_size()));
}

void Winograd::transform_kernel_for_spread(const Real* W, std::vector<Real>& U_transposed) const {
  static thread_local std::vector<Real> memory;
  Real* W_transposed = room(memory, kernel_ * kernel_ * channels_ * filters_);
  parallel_for(kernel_ * kernel_, [&](Index tap) {
    const Index at = tap * channels_ * filters_;
    transpose(W + at, channels_, filters_, W_transposed + at);
  });
  transform_taps(W_transposed, filters_, channels_, false, room(U_transposed, transformed_size()));
}

void Winograd::transform_pixels(const Real* x, Index images, Real* V) const {
  with_matrices(m_, r_, [&](auto matrices) {
    for (Index tile = 0; tile < tiles(images); ++tile)
      for (Index phase = 0; phase < phases(); ++phase) {
        const Real* pixels[most_points];
        pixels_of(tile, phase, x, zeros_.data(), pixels);
        const auto out =
            points_from(V + tile * inner() + phase * channels_, step_over(tiles(images) * inner()), points());
        transform<decltype(matrices)::B>(pixels, out.data(), channels_, Start::zero);
      }
  });
}

void Winograd::transform_gradients(const Real* dy, Index images, Real* M) const {
  with_matrices(m_, r_, [&](auto matrices) {
    for (Index tile = 0; tile < tiles(images); ++tile) {
      const Real* results[most_points];
      results_of(tile, dy, zeros_.data(), results);
      const auto out = points_from(M + tile * filters_, step_over(tiles(images) * filters_), points());
      transform<decltype(matrices)::A>(results, out.data(), filters_, Start::zero);
    }
  });
}

//! [correlate]
void Winograd::correlate(const Real* x, Index images, const Real* U, const Real* bias, Real* y) const {
  const Points at(points(), tiles(images), inner(), filters_);
  transform_pixels(x, images, at.V);
  for (Index p = 0; p < points(); ++p) {
    const OffsetMatrix pixels{at.V + p * at.V_step, inner_row_.data(), one_.data(), at.tiles, inner()};
    // At the point (1, 1) all powers are 1: what is added there is in every result.
    const bool all_ones = p == (m_ + r_ - 1) + 1;
    product_of_panels(pixels, U + p * at.U_step, filters_, {at.M + p * at.M_step, filter_row_.data()},
                      all_ones ? bias : nullptr);
  }
  with_matrices(m_, r_, [&](auto matrices) {
    for (Index tile = 0; tile < at.tiles; ++tile) {
      Real* results[most_points];
      results_of(tile, y, nowhere(filters_), results);
      const auto in = points_from<const Real>(at.M + tile * filters_, at.M_step, points());
      transform<decltype(matrices)::A_transposed>(in.data(), results, filters_, Start::zero);
    }
  });
}
//! [correlate]

void Winograd::spread(const Real* dy, Index images, const Real* U_transposed, Real* dx) const {
  const Points at(points(), tiles(images), inner(), filters_);
  transform_gradients(dy, images, at.M);
  for (Index p = 0; p < points(); ++p) {
    const OffsetMatrix products{at.M + p * at.M_step, filter_row_.data(), one_.data(), at.tiles, filters_};
    product_of_panels(products, U_transposed + p * at.U_step, inner(),
                      {at.V + p * at.V_step, inner_row_.data()});
  }
  std::fill_n(dx, images * height_ * width_ * channels_, Real(0));
  with_matrices(m_, r_, [&](auto matrices) {
    for (Index tile = 0; tile < at.tiles; ++tile)
      for (Index phase = 0; phase < phases(); ++phase) {
        Real* pixels[most_points];
        pixels_of(tile, phase, dx, nowhere(channels_), pixels);
        const auto in =
            points_from<const Real>(at.V + tile * inner() + phase * channels_, at.V_step, points());
        transform<decltype(matrices)::B_transposed>(in.data(), pixels, channels_, Start::previous);
      }
  });
}

void Winograd::kernel_gradient(const Real* x, Index images, const Real* dy, Start start, Real* dU) const {
  const Points at(points(), tiles(images), inner(), filters_);
  transform_pixels(x, images, at.V);
  transform_gradients(dy, images, at.M);
  for (Index p = 0; p < points(); ++p) {
    const OffsetMatrix pixels_transposed{at.V + p * at.V_step, one_.data(), inner_row_.data(), inner(),
                                         at.tiles};
    matrix_product(pixels_transposed, at.M + p * at.M_step, filters_, filters_,
                   {dU + p * at.U_step, filter_row_.data()}, start);
  }
}

void Winograd::add_kernel_gradient(const Real* dU, Real* dW) const {
  parallel_for(inner(), [&](Index i) {
    const Index phase = i / channels_, channel = i % channels_;
    Real* taps[most_points];
    taps_of(phase, dW + channel * filters_, channels_ * filters_, nowhere(filters_), taps);
    const auto in = points_from<const Real>(dU + i * filters_, step_over(inner() * filters_), points());
    with_matrices(m_, r_, [&](auto matrices) {
      transform<decltype(matrices)::G_transposed>(in.data(), taps, filters_, Start::previous);
    });
  });
}

}  // namespace plaingrad
