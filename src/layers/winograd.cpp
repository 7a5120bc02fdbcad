#include "layers/winograd.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "layers/batch_sums.hpp"
#include "layers/winograd_transform.hpp"
#include "math/parallel.hpp"
#include "math/vector_width.hpp"

namespace plaingrad {
namespace {

constexpr Index channel_strip = 16;  // channels and filters come in multiples of it, whatever the machine
constexpr Index panel_strip = std::min(channel_strip, panel_columns);  // lies in one panel
constexpr Index most_points = 64;
constexpr Index least_in_group = Index(1) << 18;  // values of V and M of a group of images
static_assert(channel_strip % panel_strip == 0 && panel_strip % lanes == 0);

// From a matrix, or a row, to the next: where that is a multiple of 512 bytes (of 1024, if numbers are
// double) a little more than it holds, since the first cache has few places for what lies so far apart.
Index step_over(Index values) {
  return values % 128 == 0 ? values + 16 : values;
}

// Where a transformed tile of height x width points has them: `step` values from one to the next of n x n. If
// a tile has one less, it is the last but one that is missing.
template <class Number>
std::array<Number*, most_points> points_from(Number* first, Index step, Index n, Index height, Index width) {
  std::array<Number*, most_points> places{};
  for (Index i = 0; i < height; ++i)
    for (Index j = 0; j < width; ++j) {
      const Index row = i == height - 1 ? n - 1 : i, column = j == width - 1 ? n - 1 : j;
      places[static_cast<std::size_t>(i * width + j)] = first + (row * n + column) * step;
    }
  return places;
}

// Where rows x columns values of an image lie: the first at (y, x), the next `step` further on. What is
// outside of the image lies at `outside`.
template <class Number>
void rectangle_of(Number* image, Index height, Index width, Index channels, Index y, Index x, Index step,
                  Index rows, Index columns, Number* outside, Number** places) {
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) {
      const Index row = y + i * step, column = x + j * step;
      const bool inside = row >= 0 && row < height && column >= 0 && column < width;
      places[i * columns + j] = inside ? image + (row * width + column) * channels : outside;
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

// The matrices of all points for some images: V of the pixels (images tiles, phases channels), M of the
// results (images tiles, filters), their rows V_row() and M_row() apart. In the memory of the thread that
// calls; they take the place of the last call's.
struct Winograd::Points {
  Points(const Winograd& window, Index image_count)
      : images(image_count),
        V_step(step_over(images * window.tiles() * window.V_row())),
        M_step(step_over(images * window.tiles() * window.M_row())) {
    static thread_local std::vector<Real> V_memory, M_memory;
    V = room(V_memory, window.points() * V_step);
    M = room(M_memory, window.points() * M_step);
  }
  Index images, V_step, M_step;
  Real *V, *M;
};

// A tile: where its results begin, how many rows and columns of them it has, and which row of V and M it is.
struct Winograd::Tile {
  Index y, x, height, width, row;
};

// Sums over a batch: the kernel's gradient at the points, and the bias's of each image. In the memory of the
// thread that calls.
struct Winograd::Sums {
  std::vector<Real> memory;
  Real* dU = nullptr;
  SliceSums bias;

  static Sums& of(const Winograd& window, Index images, Index bias_values) {
    static thread_local Sums sums;
    sums.dU = room(sums.memory, window.points() * window.U_step());
    sums.bias.resize(images, bias_values);
    return sums;
  }
};

// So many groups, and a power of two, so that threads get equal shares; each holds an image at least.
Index Winograd::groups(Index images, Index at_least) const {
  const Index count = std::max(at_least, (images + group_ - 1) / group_);
  return std::min(images, static_cast<Index>(std::bit_ceil(static_cast<std::size_t>(count))));
}

// Calls body(first, number of images) for groups of images, shared out over the threads: four groups or more,
// if there are so many images.
template <class Body>
void Winograd::for_each_group_in_parallel(Index images, const Body& body) const {
  const Index count = groups(images, 4);
  parallel_for(count, [&](Index g) {
    const Index first = g * images / count;
    body(first, (g + 1) * images / count - first);
  });
}

// The same one group after the other, as few as will do.
template <class Body>
void Winograd::for_each_group(Index images, const Body& body) const {
  const Index count = groups(images, 1);
  for (Index g = 0; g < count; ++g) {
    const Index first = g * images / count;
    body(first, (g + 1) * images / count - first);
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
  // Tiles of m results; the last may have one less.
  const auto points_along = [&](Index extent, Index m) {
    const Index count = (extent + m - 1) / m;
    return count * (m + r_ - 1) - (extent < count * m ? 1 : 0);
  };
  const auto multiplications = [&](Index m) {
    return points_along(out_height_, m) * points_along(out_width_, m) * phases();
  };
  m_ = r_ == 3 ? 3 : 4;
  if (r_ == 3)
    for (Index m : {4, 6})
      if (multiplications(m) < multiplications(m_)) m_ = m;
  pays_ = 3 * multiplications(m_) < 2 * out_height_ * out_width_ * kernel * kernel;
  if (!pays_) return;
  tiles_y_ = (out_height_ + m_ - 1) / m_;
  tiles_x_ = (out_width_ + m_ - 1) / m_;
  whole_y_ = out_height_ < tiles_y_ * m_ ? tiles_y_ - 1 : tiles_y_;
  whole_x_ = out_width_ < tiles_x_ * m_ ? tiles_x_ - 1 : tiles_x_;
  // So many images in a group that their points take as much memory as U does, or more: then neither is
  // fetched much more often than the other.
  const Index in_U = points() * inner() * filters_, in_image = points() * tiles() * (V_row() + M_row());
  group_ = (std::max(in_U, least_in_group) + in_image - 1) / in_image;
  const Index most_tiles = group_ * tiles();
  zeros_.assign(static_cast<std::size_t>(std::max(channels, filters)), Real(0));
  V_rows_ = regular_offsets(most_tiles, V_row());
  M_rows_ = regular_offsets(most_tiles, M_row());
  U_rows_ = regular_offsets(inner(), filters_);
  one_ = regular_offsets(std::max(inner(), filters_), 1);
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

// The rows of V and M are sorted, so that the tiles which have a point are neighbours: first those that lack
// the last but one column of points, then the whole ones, then those that lack a row, then those that lack
// both.
Winograd::Tile Winograd::tile(Index number, Index image, Index images) const {
  const Index i = number / tiles_x_, j = number % tiles_x_;
  const bool low = i >= whole_y_, narrow = j >= whole_x_;
  const Index narrow_count = whole_y_ * (tiles_x_ - whole_x_), whole_count = whole_y_ * whole_x_;
  Index row = 0;
  if (!low && narrow) row = image * narrow_count + i;
  if (!low && !narrow) row = images * narrow_count + image * whole_count + i * whole_x_ + j;
  if (low && !narrow) row = images * (narrow_count + whole_count) + image * whole_x_ + j;
  if (low && narrow) row = images * (tiles() - 1) + image;
  return {i * m_, j * m_, low ? m_ - 1 : m_, narrow ? m_ - 1 : m_, row};
}

// The rows of V and M that have point p: the first, and their number.
std::pair<Index, Index> Winograd::rows_of(Index p, Index images) const {
  const bool lacks_column = p % n() == n() - 2, lacks_row = p / n() == n() - 2;
  const Index begin = lacks_column ? whole_y_ * (tiles_x_ - whole_x_) : 0;
  Index end = tiles();
  if (lacks_column && whole_y_ < tiles_y_ && whole_x_ < tiles_x_) end = tiles() - 1;
  if (lacks_row) end = whole_y_ * tiles_x_;
  return {images * begin, images * (end - begin)};
}

template <class Number>
void Winograd::pixels_of(const Tile& tile, Index phase, Number* x, Number* outside, Number** places) const {
  rectangle_of(x, height_, width_, channels_, tile.y * stride_ + phase / stride_ - before_y_,
               tile.x * stride_ + phase % stride_ - before_x_, stride_, tile.height + r_ - 1,
               tile.width + r_ - 1, outside, places);
}

template <class Number>
void Winograd::results_of(const Tile& tile, Number* y, Number* outside, Number** places) const {
  rectangle_of(y, out_height_, out_width_, filters_, tile.y, tile.x, 1, tile.height, tile.width, outside,
               places);
}

// Calls work(tile, matrices for its columns, matrices for its rows) for all tiles of an image.
template <class Work>
void Winograd::for_each_tile(Index image, Index images, const Work& work) const {
  for (Index t = 0; t < tiles(); ++t) {
    const Tile tile = this->tile(t, image, images);
    with_matrices(m_, r_, tile.height, tile.width,
                  [&](auto along_y, auto along_x) { work(tile, along_y, along_x); });
  }
}

template <class Number>
void Winograd::taps_of(Index phase, Number* W, Index tap_size, Number* outside, Number** places) const {
  rectangle_of(W, kernel_, kernel_, tap_size, phase / stride_, phase % stride_, stride_, r_, r_, outside,
               places);
}

// Every tap of W is a matrix of rows x columns. The matrices of U have them for all phases, one phase after
// the other along the rows or along the columns, and are cut into panels.
void Winograd::transform_taps(const Real* W, Index rows, Index columns, bool phases_in_rows, Real* U) const {
  const Index all_rows = rows * (phases_in_rows ? phases() : 1), all_columns = inner() * filters_ / all_rows;
  parallel_for(phases() * rows, [&](Index i) {
    const Index phase = i / rows, row = phases_in_rows ? i : i % rows;
    const Index first = phases_in_rows ? 0 : phase * columns;
    with_matrices(m_, r_, m_, m_, [&](auto matrices, auto) {
      const Real* taps[most_points];
      taps_of(phase, W + i % rows * columns, rows * columns, zeros_.data(), taps);
      for (Index column = 0; column < columns; column += panel_strip) {
        const auto out = points_from(U + place_in_panels(row, first + column, all_rows, all_columns),
                                     U_step(), n(), n(), n());
        transform_tile<decltype(matrices)::G, decltype(matrices)::G>(taps, out.data(), panel_strip,
                                                                     Start::zero, column);
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
    const auto in = points_from<const Real>(dU + i * filters_, U_step(), n(), n(), n());
    with_matrices(m_, r_, m_, m_, [&](auto matrices, auto) {
      transform_tile<decltype(matrices)::G_transposed, decltype(matrices)::G_transposed>(
          in.data(), taps, filters_, Start::previous);
    });
  });
}

void Winograd::pixels_to_points(const Real* x, Index image, const Points& at) const {
  for_each_tile(image, at.images, [&](const Tile& tile, auto along_y, auto along_x) {
    for (Index phase = 0; phase < phases(); ++phase) {
      const Real* pixels[most_points];
      pixels_of(tile, phase, x, zeros_.data(), pixels);
      const auto out = points_from(at.V + tile.row * V_row() + phase * channels_, at.V_step, n(),
                                   tile.height + r_ - 1, tile.width + r_ - 1);
      transform_tile<decltype(along_y)::B, decltype(along_x)::B>(pixels, out.data(), channels_, Start::zero);
    }
  });
}

void Winograd::points_to_pixels(const Points& at, Index image, Real* x) const {
  std::fill_n(x, image_size(), Real(0));
  for_each_tile(image, at.images, [&](const Tile& tile, auto along_y, auto along_x) {
    for (Index phase = 0; phase < phases(); ++phase) {
      Real* pixels[most_points];
      pixels_of(tile, phase, x, nowhere(channels_), pixels);
      const auto in = points_from<const Real>(at.V + tile.row * V_row() + phase * channels_, at.V_step, n(),
                                              tile.height + r_ - 1, tile.width + r_ - 1);
      transform_tile<decltype(along_y)::B_transposed, decltype(along_x)::B_transposed>(
          in.data(), pixels, channels_, Start::previous);
    }
  });
}

void Winograd::results_to_points(const Real* y, Index image, const Points& at) const {
  for_each_tile(image, at.images, [&](const Tile& tile, auto along_y, auto along_x) {
    const Real* results[most_points];
    results_of(tile, y, zeros_.data(), results);
    const auto out =
        points_from(at.M + tile.row * M_row(), at.M_step, n(), tile.height + r_ - 1, tile.width + r_ - 1);
    transform_tile<decltype(along_y)::A, decltype(along_x)::A>(results, out.data(), filters_, Start::zero);
  });
}

void Winograd::points_to_results(const Points& at, Index image, Real* y) const {
  for_each_tile(image, at.images, [&](const Tile& tile, auto along_y, auto along_x) {
    Real* results[most_points];
    results_of(tile, y, nowhere(filters_), results);
    const auto in = points_from<const Real>(at.M + tile.row * M_row(), at.M_step, n(), tile.height + r_ - 1,
                                            tile.width + r_ - 1);
    transform_tile<decltype(along_y)::A_transposed, decltype(along_x)::A_transposed>(in.data(), results,
                                                                                     filters_, Start::zero);
  });
}

// M = V U at the point p. At the point (1, 1) all powers are 1: what is added there is in every result.
void Winograd::multiply_by_kernel(Index p, const Real* U, const Real* bias, const Points& at) const {
  const auto [first, count] = rows_of(p, at.images);
  const bool all_ones = p == n() + 1;
  const OffsetMatrix V{at.V + p * at.V_step, V_rows_.data() + first, one_.data(), count, inner()};
  product_of_panels(V, U + p * U_step(), filters_, {at.M + p * at.M_step, M_rows_.data() + first},
                    all_ones ? bias : nullptr);
}

// V = M U^T, with U transposed already.
void Winograd::multiply_by_kernel_transposed(Index p, const Real* U, const Points& at) const {
  const auto [first, count] = rows_of(p, at.images);
  const OffsetMatrix M{at.M + p * at.M_step, M_rows_.data() + first, one_.data(), count, filters_};
  product_of_panels(M, U + p * U_step(), inner(), {at.V + p * at.V_step, V_rows_.data() + first});
}

// dU = start + V^T M.
void Winograd::kernel_gradient(Index p, const Points& at, Start start, Real* dU) const {
  const auto [first, count] = rows_of(p, at.images);
  const OffsetMatrix V_transposed{at.V + p * at.V_step, one_.data(), V_rows_.data() + first, inner(), count};
  matrix_product(V_transposed, at.M + p * at.M_step + first * M_row(), M_row(), filters_,
                 {dU + p * U_step(), U_rows_.data()}, start);
}

//! [correlate]
void Winograd::correlate(const Real* x, Index images, const Real* W, const Real* bias, Activation f,
                         Real* y) const {
  const Real* U = transform_kernel(W);
  for_each_group_in_parallel(images, [&](Index first, Index count) {
    const Points at(*this, count);
    Real* y_block = y + first * map_size();
    for (Index image = 0; image < count; ++image)
      pixels_to_points(x + (first + image) * image_size(), image, at);
    for (Index p = 0; p < points(); ++p) multiply_by_kernel(p, U, bias, at);
    for (Index image = 0; image < count; ++image) points_to_results(at, image, y_block + image * map_size());
    apply(f, y_block, count * map_size());
  });
}
//! [correlate]

//! [correlate_gradients]
void Winograd::correlate_gradients(const Real* x, const Real* y, const Real* dy, Index images, const Real* W,
                                   Activation f, Real* dW, Real* db, Real* dx) const {
  Sums& sums = Sums::of(*this, images, filters_);
  const Real* U = dx ? transform_kernel_transposed(W) : nullptr;
  for_each_group(images, [&](Index first, Index count) {
    const Points at(*this, count);
    parallel_for(count, [&](Index image) {
      const Index from = (first + image) * map_size();
      const Real* dz = activation_backward(f, y + from, dy + from, map_size());
      results_to_points(dz, image, at);
      if (dW) pixels_to_points(x + (first + image) * image_size(), image, at);
      if (db) column_sums(dz, out_height_ * out_width_, filters_, Start::zero, sums.bias.of(first + image));
    });
    parallel_for(points(), [&](Index p) {
      if (dW) kernel_gradient(p, at, first > 0 ? Start::previous : Start::zero, sums.dU);
      if (dx) multiply_by_kernel_transposed(p, U, at);
    });
    if (dx)
      parallel_for(count,
                   [&](Index image) { points_to_pixels(at, image, dx + (first + image) * image_size()); });
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
    for (Index image = 0; image < count; ++image)
      results_to_points(y + (first + image) * map_size(), image, at);
    for (Index p = 0; p < points(); ++p) multiply_by_kernel_transposed(p, U, at);
    for (Index image = 0; image < count; ++image) points_to_pixels(at, image, x_block + image * image_size());
    if (bias) add_to_rows(bias, count * height_ * width_, channels_, x_block);
    apply(f, x_block, count * image_size());
  });
}

void Winograd::spread_gradients(const Real* y, const Real* x, const Real* dx, Index images, const Real* W,
                                Activation f, Real* dW, Real* db, Real* dy) const {
  Sums& sums = Sums::of(*this, images, channels_);
  const Real* U = dy ? transform_kernel(W) : nullptr;
  for_each_group(images, [&](Index first, Index count) {
    const Points at(*this, count);
    parallel_for(count, [&](Index image) {
      const Index from = (first + image) * image_size();
      const Real* dz = activation_backward(f, x + from, dx + from, image_size());
      pixels_to_points(dz, image, at);
      if (dW) results_to_points(y + (first + image) * map_size(), image, at);
      if (db) column_sums(dz, height_ * width_, channels_, Start::zero, sums.bias.of(first + image));
    });
    parallel_for(points(), [&](Index p) {
      if (dW) kernel_gradient(p, at, first > 0 ? Start::previous : Start::zero, sums.dU);
      if (dy) multiply_by_kernel(p, U, nullptr, at);
    });
    if (dy)
      parallel_for(count,
                   [&](Index image) { points_to_results(at, image, dy + (first + image) * map_size()); });
  });
  if (dW && images > 0) add_kernel_gradient(sums.dU, dW);
  if (db) sums.bias.add_to(db, 0, channels_);
}

}  // namespace plaingrad
