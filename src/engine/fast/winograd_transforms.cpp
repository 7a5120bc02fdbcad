#include "engine/fast/winograd_transforms.hpp"

#include <algorithm>
#include <array>

#include "engine/fast/winograd_tile.hpp"
#include "math/parallel.hpp"

namespace plaingrad::fast {
namespace {

constexpr Index max_points = 64;
constexpr Index panel_block = std::min(winograd_channel_block, panel_columns);  // lies in one panel
static_assert(winograd_channel_block % panel_block == 0 && panel_block % lanes == 0);

// From a matrix, or a row, to the next: where that is a multiple of 512 bytes (of 1024, if numbers are
// double) a little more than it holds, since the first cache has few places for what lies so far apart.
Index padded_stride(Index values) {
  return values % 128 == 0 ? values + 16 : values;
}

// Where a transformed tile of height x width points has them: `step` values from one to the next of n x n. If
// a tile has one less, it is the second to last that is missing.
template <class Number>
std::array<Number*, max_points> point_places(Number* first, Index step, Index n, Index height, Index width) {
  std::array<Number*, max_points> places{};
  for (Index i = 0; i < height; ++i)
    for (Index j = 0; j < width; ++j) {
      const Index row = i == height - 1 ? n - 1 : i, column = j == width - 1 ? n - 1 : j;
      places[static_cast<std::size_t>(i * width + j)] = first + (row * n + column) * step;
    }
  return places;
}

// A rectangle of an image: the first value at (y, x), the next `step` further on.
struct Rectangle {
  Index y, x, step, rows, columns;
};

// Where the values of the rectangle lie; those outside of the image lie at `outside`.
template <class Number>
void rectangle_places(Number* image, Index height, Index width, Index channels, const Rectangle& r,
                      Number* outside, Number** places) {
  for (Index i = 0; i < r.rows; ++i)
    for (Index j = 0; j < r.columns; ++j) {
      const Index row = r.y + i * r.step, column = r.x + j * r.step;
      const bool inside = row >= 0 && row < height && column >= 0 && column < width;
      places[i * r.columns + j] = inside ? image + (row * width + column) * channels : outside;
    }
}

// Where an element lies in a matrix that is cut into panels of columns, one after the other.
Index place_in_panels(Index row, Index column, Index rows, Index columns) {
  const Index panel = column / panel_columns * panel_columns;
  return panel * rows + row * std::min(panel_columns, columns - panel) + column - panel;
}

// Memory for what lies outside of the image: what is written there is never read.
Real* discard_buffer(Index count) {
  static thread_local Scratch memory;
  return scratch_at_least(memory, count);
}

}  // namespace

WinogradTransforms::WinogradTransforms(const ConvolutionGeometry& geometry, const WinogradTiling& tiling)
    : g_(geometry),
      top_(g_.top()),
      left_(g_.left()),
      out_height_(g_.out_height()),
      out_width_(g_.out_width()),
      tiling_(tiling),
      zeros_(static_cast<std::size_t>(std::max(g_.channels, g_.filters))) {}

Index WinogradTransforms::V_row() const {
  return padded_stride(phase_channels());
}

Index WinogradTransforms::M_row() const {
  return padded_stride(g_.filters);
}

Index WinogradTransforms::U_stride() const {
  return padded_stride(phase_channels() * g_.filters);
}

PointMatrices WinogradTransforms::point_matrices(Index images) const {
  static thread_local Scratch V_memory, M_memory;
  PointMatrices at;
  at.images = images;
  at.V_stride = padded_stride(images * tiling_.tiles() * V_row());
  at.M_stride = padded_stride(images * tiling_.tiles() * M_row());
  at.V = scratch_at_least(V_memory, tiling_.points() * at.V_stride);
  at.M = scratch_at_least(M_memory, tiling_.points() * at.M_stride);
  return at;
}

// ---- images ----------------------------------------------------------------------------------------------

// Calls work(tile, matrices for its columns, matrices for its rows) for all tiles of an image.
template <class Work>
void WinogradTransforms::for_each_tile(Index image, Index images, const Work& work) const {
  for (Index t = 0; t < tiling_.tiles(); ++t) {
    const WinogradTile tile = tiling_.tile(t, image, images);
    with_matrices(tiling_.m(), tiling_.r(), tile.height, tile.width,
                  [&](auto along_y, auto along_x) { work(tile, along_y, along_x); });
  }
}

template <class Number>
void WinogradTransforms::tile_pixels(const WinogradTile& tile, Index phase, Number* x, Number* outside,
                                     Number** places) const {
  const Rectangle pixels{tile.y * g_.stride + phase / g_.stride - top_,
                         tile.x * g_.stride + phase % g_.stride - left_, g_.stride,
                         tile.height + tiling_.r() - 1, tile.width + tiling_.r() - 1};
  rectangle_places(x, g_.height, g_.width, g_.channels, pixels, outside, places);
}

template <class Number>
void WinogradTransforms::tile_outputs(const WinogradTile& tile, Number* y, Number* outside,
                                      Number** places) const {
  rectangle_places(y, out_height_, out_width_, g_.filters, {tile.y, tile.x, 1, tile.height, tile.width},
                   outside, places);
}

// Each of the four transforms finds, for a tile, where its pixels or outputs lie and where its points lie.
void WinogradTransforms::transform_input(const Real* x, Index image, const PointMatrices& at) const {
  for_each_tile(image, at.images, [&](const WinogradTile& tile, auto along_y, auto along_x) {
    for (Index phase = 0; phase < tiling_.phases(); ++phase) {
      const Real* pixels[max_points];
      tile_pixels(tile, phase, x, zeros_.data(), pixels);
      const auto points =
          point_places(at.V + tile.row * V_row() + phase * g_.channels, at.V_stride, tiling_.n(),
                       tile.height + tiling_.r() - 1, tile.width + tiling_.r() - 1);
      transform_tile<decltype(along_y)::B, decltype(along_x)::B>(pixels, points.data(), g_.channels,
                                                                 Accumulate::no);
    }
  });
}

void WinogradTransforms::transform_input_adjoint(const PointMatrices& at, Index image, Real* x) const {
  std::fill_n(x, g_.image_size(), Real(0));
  for_each_tile(image, at.images, [&](const WinogradTile& tile, auto along_y, auto along_x) {
    for (Index phase = 0; phase < tiling_.phases(); ++phase) {
      Real* pixels[max_points];
      tile_pixels(tile, phase, x, discard_buffer(g_.channels), pixels);
      const auto points =
          point_places<const Real>(at.V + tile.row * V_row() + phase * g_.channels, at.V_stride, tiling_.n(),
                                   tile.height + tiling_.r() - 1, tile.width + tiling_.r() - 1);
      transform_tile<decltype(along_y)::B_transposed, decltype(along_x)::B_transposed>(
          points.data(), pixels, g_.channels, Accumulate::yes);
    }
  });
}

void WinogradTransforms::inverse_transform(const PointMatrices& at, Index image, Real* y) const {
  for_each_tile(image, at.images, [&](const WinogradTile& tile, auto along_y, auto along_x) {
    Real* output_tile[max_points];
    tile_outputs(tile, y, discard_buffer(g_.filters), output_tile);
    const auto points = point_places<const Real>(at.M + tile.row * M_row(), at.M_stride, tiling_.n(),
                                                 tile.height + tiling_.r() - 1, tile.width + tiling_.r() - 1);
    transform_tile<decltype(along_y)::A_transposed, decltype(along_x)::A_transposed>(
        points.data(), output_tile, g_.filters, Accumulate::no);
  });
}

void WinogradTransforms::inverse_transform_adjoint(const Real* y, Index image,
                                                   const PointMatrices& at) const {
  for_each_tile(image, at.images, [&](const WinogradTile& tile, auto along_y, auto along_x) {
    const Real* output_tile[max_points];
    tile_outputs(tile, y, zeros_.data(), output_tile);
    const auto points = point_places(at.M + tile.row * M_row(), at.M_stride, tiling_.n(),
                                     tile.height + tiling_.r() - 1, tile.width + tiling_.r() - 1);
    transform_tile<decltype(along_y)::A, decltype(along_x)::A>(output_tile, points.data(), g_.filters,
                                                               Accumulate::no);
  });
}

// ---- kernels ---------------------------------------------------------------------------------------------

// Where the kernel elements of a phase lie, each of which is a matrix of `step` values.
template <class Number>
void WinogradTransforms::kernel_elements(Index phase, Number* W, Index step, Number* outside,
                                         Number** places) const {
  const Rectangle elements{phase / g_.stride, phase % g_.stride, g_.stride, tiling_.r(), tiling_.r()};
  rectangle_places(W, g_.kernel, g_.kernel, step, elements, outside, places);
}

// Every kernel element is a matrix of rows x columns. The matrices of U have them for all phases, one phase
// after the other along the rows or along the columns, and are cut into panels.
void WinogradTransforms::transform_elements(const Real* W, Index rows, Index columns, bool phases_in_rows,
                                            Real* U) const {
  const Index n = tiling_.n(), m = tiling_.m(), r = tiling_.r(), phases = tiling_.phases();
  const Index all_rows = rows * (phases_in_rows ? phases : 1),
              all_columns = phase_channels() * g_.filters / all_rows;
  parallel_for(phases * rows, [&](Index i) {
    const Index phase = i / rows, row = phases_in_rows ? i : i % rows;
    const Index first = phases_in_rows ? 0 : phase * columns;
    with_matrices(m, r, m, m, [&](auto matrices, auto) {
      const Real* elements[max_points];
      kernel_elements(phase, W + i % rows * columns, rows * columns, zeros_.data(), elements);
      for (Index column = 0; column < columns; column += panel_block) {
        const auto points = point_places(U + place_in_panels(row, first + column, all_rows, all_columns),
                                         U_stride(), n, n, n);
        transform_tile<decltype(matrices)::G, decltype(matrices)::G>(elements, points.data(), panel_block,
                                                                     Accumulate::no, column);
      }
    });
  });
}

const Real* WinogradTransforms::transform_kernel(const Real* W) const {
  static thread_local Scratch memory;
  Real* U = scratch_at_least(memory, tiling_.points() * U_stride());
  transform_elements(W, g_.channels, g_.filters, true, U);
  return U;
}

const Real* WinogradTransforms::transform_kernel_transposed(const Real* W) const {
  static thread_local Scratch W_memory, memory;
  const Index elements = g_.kernel * g_.kernel, size = g_.channels * g_.filters;
  Real* W_transposed = scratch_at_least(W_memory, elements * size);
  parallel_for(elements, [&](Index element) {
    transpose(W + element * size, g_.channels, g_.filters, W_transposed + element * size);
  });
  Real* U = scratch_at_least(memory, tiling_.points() * U_stride());
  transform_elements(W_transposed, g_.filters, g_.channels, false, U);
  return U;
}

void WinogradTransforms::transform_kernel_adjoint(const Real* dU, Real* dW) const {
  const Index n = tiling_.n(), m = tiling_.m();
  parallel_for(phase_channels(), [&](Index i) {
    const Index phase = i / g_.channels, channel = i % g_.channels;
    Real* elements[max_points];
    kernel_elements(phase, dW + channel * g_.filters, g_.channels * g_.filters, discard_buffer(g_.filters),
                    elements);
    const auto points = point_places<const Real>(dU + i * g_.filters, U_stride(), n, n, n);
    with_matrices(m, tiling_.r(), m, m, [&](auto matrices, auto) {
      transform_tile<decltype(matrices)::G_transposed, decltype(matrices)::G_transposed>(
          points.data(), elements, g_.filters, Accumulate::yes);
    });
  });
}

}  // namespace plaingrad::fast
