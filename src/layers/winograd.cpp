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
constexpr Index least_in_group = Index(1) << 18;  // values of V and M of a group of images
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
  if (m == 6) return work(WinogradMatrices<6, 3>());
  work(WinogradMatrices<4, 3>());
}

// From a matrix, or a row, to the next: where that is a multiple of 512 bytes a little more than it holds,
// since the first cache has few places for what lies so far apart.
Index step_over(Index values) {
  return values % 128 == 0 ? values + 16 : values;
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

}  // namespace

// The matrices of all points: V of the pixels, M of the results, for some images. In the memory of the thread
// that calls; they take the place of the last call's.
struct Winograd::Points {
  Points(const Winograd& window, Index images)
      : V_step(step_over(images * window.tiles() * window.V_row())),
        M_step(step_over(images * window.tiles() * window.M_row())) {
    static thread_local std::vector<Real> V_memory, M_memory;
    V = room(V_memory, window.points() * V_step);
    M = room(M_memory, window.points() * M_step);
  }
  Index V_step, M_step;
  Real *V, *M;
};

// Sums over a batch.
struct Winograd::Sums {
  void begin(const Winograd& window, Index images, Index bias_values) {
    dU = room(memory, window.points() * window.U_step());
    bias.resize(images, bias_values);
  }
  std::vector<Real> memory;
  Real* dU = nullptr;
  SliceSums bias;
};

// Calls body(first, number of images) for groups of images, shared out over the threads: four groups or more,
// if there are so many images.
template <class Body>
void Winograd::for_each_group_in_parallel(Index images, const Body& body) const {
  const Index groups = std::min(images, std::max<Index>(4, (images + group_ - 1) / group_));
  parallel_for(groups, [&](Index g) {
    const Index first = g * images / groups;
    body(first, (g + 1) * images / groups - first);
  });
}

// The same, one group after the other.
template <class Body>
void Winograd::for_each_group(Index images, const Body& body) const {
  const Index groups = (images + group_ - 1) / group_;
  for (Index g = 0; g < groups; ++g) {
    const Index first = g * images / groups;
    body(first, (g + 1) * images / groups - first);
  }
}

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
  m_ = 4;
  if (r_ == 3)
    for (Index m : {3, 6})
      if (multiplications(m) < multiplications(m_)) m_ = m;
  pays_ = 3 * multiplications(m_) < 2 * out_height_ * out_width_ * kernel * kernel;
  tiles_y_ = (out_height_ + m_ - 1) / m_;
  tiles_x_ = (out_width_ + m_ - 1) / m_;
  // So many images in a group that their points take as much memory as U does, or more: then neither is
  // fetched much more often than the other.
  const Index in_U = points() * inner() * filters_, in_image = points() * tiles() * (V_row() + M_row());
  group_ = (std::max(in_U, least_in_group) + in_image - 1) / in_image;
  const Index most_tiles = group_ * tiles();
  zeros_.assign(static_cast<std::size_t>(std::max(channels, filters)), Real(0));
  V_rows_ = regular_offsets(most_tiles, V_row());
  M_rows_ = regular_offsets(most_tiles, M_row());
  U_rows_ = regular_offsets(inner(), filters_);
  one_ = regular_offsets(std::max({most_tiles, inner(), filters_}), 1);
}

Index Winograd::V_row() const {
  return step_over(inner());
}

Index Winograd::M_row() const {
  return step_over(filters_);
}

Index Winograd::U_step() const {
  return step_over(inner() * filters_);
}

template <class Number>
void Winograd::pixels_of(Index tile, Index phase, Number* x, Number* outside, Number** places) const {
  const Index ty = tile / tiles_x_, tx = tile % tiles_x_;
  square_of(x, height_, width_, channels_, ty * m_ * stride_ + phase / stride_ - before_y_,
            tx * m_ * stride_ + phase % stride_ - before_x_, stride_, m_ + r_ - 1, outside, places);
}

template <class Number>
void Winograd::results_of(Index tile, Number* y, Number* outside, Number** places) const {
  const Index ty = tile / tiles_x_, tx = tile % tiles_x_;
  square_of(y, out_height_, out_width_, filters_, ty * m_, tx * m_, 1, m_, outside, places);
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
        const auto out =
            points_from(U + place_in_panels(row, first + column, all_rows, all_columns), U_step(), points());
        transform<decltype(matrices)::G>(taps, out.data(), panel_strip, Start::zero, column);
      }
    });
  });
}

const Real* Winograd::transform_kernel(const Real* W) const {
  static thread_local std::vector<Real> memory;
  Real* U = room(memory, points() * U_step());
  transform_taps(W, channels_, filters_, true, U);
  return U;
}

// The same with channels and filters exchanged: a matrix (filters, phases channels) for each point.
const Real* Winograd::transform_kernel_transposed(const Real* W) const {
  static thread_local std::vector<Real> W_memory, memory;
  Real* W_transposed = room(W_memory, kernel_ * kernel_ * channels_ * filters_);
  parallel_for(kernel_ * kernel_, [&](Index tap) {
    const Index first = tap * channels_ * filters_;
    transpose(W + first, channels_, filters_, W_transposed + first);
  });
  Real* U = room(memory, points() * U_step());
  transform_taps(W_transposed, filters_, channels_, false, U);
  return U;
}

// dW += G^T dU G.
void Winograd::add_kernel_gradient(const Real* dU, Real* dW) const {
  parallel_for(inner(), [&](Index i) {
    const Index phase = i / channels_, channel = i % channels_;
    Real* taps[most_points];
    taps_of(phase, dW + channel * filters_, channels_ * filters_, nowhere(filters_), taps);
    const auto in = points_from<const Real>(dU + i * filters_, U_step(), points());
    with_matrices(m_, r_, [&](auto matrices) {
      transform<decltype(matrices)::G_transposed>(in.data(), taps, filters_, Start::previous);
    });
  });
}

void Winograd::pixels_to_points(const Real* x, Index image, const Points& at) const {
  with_matrices(m_, r_, [&](auto matrices) {
    for (Index tile = 0; tile < tiles(); ++tile)
      for (Index phase = 0; phase < phases(); ++phase) {
        const Real* pixels[most_points];
        pixels_of(tile, phase, x, zeros_.data(), pixels);
        const Index first = (image * tiles() + tile) * V_row() + phase * channels_;
        const auto out = points_from(at.V + first, at.V_step, points());
        transform<decltype(matrices)::B>(pixels, out.data(), channels_, Start::zero);
      }
  });
}

void Winograd::points_to_pixels(const Points& at, Index image, Real* x) const {
  std::fill_n(x, image_size(), Real(0));
  with_matrices(m_, r_, [&](auto matrices) {
    for (Index tile = 0; tile < tiles(); ++tile)
      for (Index phase = 0; phase < phases(); ++phase) {
        Real* pixels[most_points];
        pixels_of(tile, phase, x, nowhere(channels_), pixels);
        const Index first = (image * tiles() + tile) * V_row() + phase * channels_;
        const auto in = points_from<const Real>(at.V + first, at.V_step, points());
        transform<decltype(matrices)::B_transposed>(in.data(), pixels, channels_, Start::previous);
      }
  });
}

void Winograd::results_to_points(const Real* y, Index image, const Points& at) const {
  with_matrices(m_, r_, [&](auto matrices) {
    for (Index tile = 0; tile < tiles(); ++tile) {
      const Real* results[most_points];
      results_of(tile, y, zeros_.data(), results);
      const auto out = points_from(at.M + (image * tiles() + tile) * M_row(), at.M_step, points());
      transform<decltype(matrices)::A>(results, out.data(), filters_, Start::zero);
    }
  });
}

void Winograd::points_to_results(const Points& at, Index image, Real* y) const {
  with_matrices(m_, r_, [&](auto matrices) {
    for (Index tile = 0; tile < tiles(); ++tile) {
      Real* results[most_points];
      results_of(tile, y, nowhere(filters_), results);
      const auto in = points_from<const Real>(at.M + (image * tiles() + tile) * M_row(), at.M_step, points());
      transform<decltype(matrices)::A_transposed>(in.data(), results, filters_, Start::zero);
    }
  });
}

// M = V U at the point p. At the point (1, 1) all powers are 1: what is added there is in every result.
void Winograd::multiply_by_kernel(Index p, Index images, const Real* U, const Real* bias,
                                  const Points& at) const {
  const bool all_ones = p == (m_ + r_ - 1) + 1;
  const OffsetMatrix V{at.V + p * at.V_step, V_rows_.data(), one_.data(), images * tiles(), inner()};
  product_of_panels(V, U + p * U_step(), filters_, {at.M + p * at.M_step, M_rows_.data()},
                    all_ones ? bias : nullptr);
}

// V = M U^T, with U transposed already.
void Winograd::multiply_by_kernel_transposed(Index p, Index images, const Real* U, const Points& at) const {
  const OffsetMatrix M{at.M + p * at.M_step, M_rows_.data(), one_.data(), images * tiles(), filters_};
  product_of_panels(M, U + p * U_step(), inner(), {at.V + p * at.V_step, V_rows_.data()});
}

// dU = start + V^T M.
void Winograd::kernel_gradient(Index p, Index images, const Points& at, Start start, Real* dU) const {
  const OffsetMatrix V_transposed{at.V + p * at.V_step, one_.data(), V_rows_.data(), inner(),
                                  images * tiles()};
  matrix_product(V_transposed, at.M + p * at.M_step, M_row(), filters_, {dU + p * U_step(), U_rows_.data()},
                 start);
}

//! [correlate]
void Winograd::correlate(const Real* x, Index images, const Real* W, const Real* bias, Activation f,
                         Real* y) const {
  const Real* U = transform_kernel(W);
  for_each_group_in_parallel(images, [&](Index first, Index count) {
    const Points at(*this, count);
    Real* y_block = y + first * map_size();
    for (Index n = 0; n < count; ++n) pixels_to_points(x + (first + n) * image_size(), n, at);
    for (Index p = 0; p < points(); ++p) multiply_by_kernel(p, count, U, bias, at);
    for (Index n = 0; n < count; ++n) points_to_results(at, n, y_block + n * map_size());
    apply(f, y_block, count * map_size());
  });
}
//! [correlate]

//! [correlate_gradients]
void Winograd::correlate_gradients(const Real* x, const Real* y, const Real* dy, Index images, const Real* W,
                                   Activation f, Real* dW, Real* db, Real* dx) const {
  static thread_local Sums memory;
  Sums& sums = memory;
  sums.begin(*this, images, filters_);
  const Real* U = dx ? transform_kernel_transposed(W) : nullptr;
  for_each_group(images, [&](Index group, Index group_size) {
    const Points at(*this, group_size);
    parallel_for(group_size, [&](Index n) {
      const Index from = (group + n) * map_size();
      const Real* dz = activation_backward(f, y + from, dy + from, map_size());
      results_to_points(dz, n, at);
      if (dW) pixels_to_points(x + (group + n) * image_size(), n, at);
      if (db) column_sums(dz, out_height_ * out_width_, filters_, Start::zero, sums.bias.of(group + n));
    });
    parallel_for(points(), [&](Index p) {
      if (dW) kernel_gradient(p, group_size, at, group > 0 ? Start::previous : Start::zero, sums.dU);
      if (dx) multiply_by_kernel_transposed(p, group_size, U, at);
    });
    if (dx)
      parallel_for(group_size, [&](Index n) { points_to_pixels(at, n, dx + (group + n) * image_size()); });
  });
  if (dW && images > 0) add_kernel_gradient(sums.dU, dW);
  if (db) sums.bias.add_to(db, 0, filters_);
}
//! [correlate_gradients]

void Winograd::spread(const Real* y, Index images, const Real* W, const Real* bias, Activation f,
                      Real* x) const {
  const Real* U = transform_kernel_transposed(W);
  for_each_group_in_parallel(images, [&](Index first, Index count) {
    const Points at(*this, count);
    Real* x_block = x + first * image_size();
    for (Index n = 0; n < count; ++n) results_to_points(y + (first + n) * map_size(), n, at);
    for (Index p = 0; p < points(); ++p) multiply_by_kernel_transposed(p, count, U, at);
    for (Index n = 0; n < count; ++n) points_to_pixels(at, n, x_block + n * image_size());
    if (bias) add_to_rows(bias, count * height_ * width_, channels_, x_block);
    apply(f, x_block, count * image_size());
  });
}

void Winograd::spread_gradients(const Real* y, const Real* x, const Real* dx, Index images, const Real* W,
                                Activation f, Real* dW, Real* db, Real* dy) const {
  static thread_local Sums memory;
  Sums& sums = memory;
  sums.begin(*this, images, channels_);
  const Real* U = dy ? transform_kernel(W) : nullptr;
  for_each_group(images, [&](Index group, Index group_size) {
    const Points at(*this, group_size);
    parallel_for(group_size, [&](Index n) {
      const Index from = (group + n) * image_size();
      const Real* dz = activation_backward(f, x + from, dx + from, image_size());
      pixels_to_points(dz, n, at);
      if (dW) results_to_points(y + (group + n) * map_size(), n, at);
      if (db) column_sums(dz, height_ * width_, channels_, Start::zero, sums.bias.of(group + n));
    });
    parallel_for(points(), [&](Index p) {
      if (dW) kernel_gradient(p, group_size, at, group > 0 ? Start::previous : Start::zero, sums.dU);
      if (dy) multiply_by_kernel(p, group_size, U, nullptr, at);
    });
    if (dy)
      parallel_for(group_size, [&](Index n) { points_to_results(at, n, dy + (group + n) * map_size()); });
  });
  if (dW && images > 0) add_kernel_gradient(sums.dU, dW);
  if (db) sums.bias.add_to(db, 0, channels_);
}

}  // namespace plaingrad
