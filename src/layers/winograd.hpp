/// @file
/// Convolution with fewer multiplications: Winograd's minimal filtering (winograd_matrices.hpp says why it is
/// right). The sums are those of SlidingWindow, for windows with many channels and filters.
#pragma once

#include <utility>
#include <vector>

#include "convolution/padding.hpp"
#include "math/matrix_product.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// A window that slides over images, computed tile by tile. A tile is m x m positions of the window, or m - 1
/// along a side where the last tile needs no more; it sees n x n pixels, n = m + r - 1, where r is the
/// window's height and width. Pixels and kernel are transformed, each into n x n points; at each point the
/// convolution is a product of two matrices, and one transform leads back. A window that moves by `stride`
/// sees stride x stride images, each made of every stride-th pixel, and moves over each of them by one: these
/// `phases` count as channels.
///
/// Shapes are those of SlidingWindow: images x (images, height, width, channels), kernel W (kernel, kernel,
/// channels, filters), maps y (images, out_height, out_width, filters). Each of the four sums is for a whole
/// batch, by all threads. Forward these share out groups of images. Backward they share out the images while
/// these are transformed, but the points for the products, so that the kernel's gradient is one sum.
class Winograd {
 public:
  Winograd() = default;
  /// @throws std::invalid_argument if height, width, kernel or stride is below 1 or the window does not fit;
  /// channels and filters are at least 1
  Winograd(Index height, Index width, Index channels, Index filters, Index kernel, Index stride,
           Padding padding);

  /// Whether channels and filters come in multiples of 16, the window of a phase is 3 or 5 wide, and more
  /// than a third of the multiplications is saved. If not, nothing else here may be called.
  bool pays() const { return pays_; }

  /// y = f(the window over x, + bias): a convolution. @param bias  (filters), or nullptr
  void correlate(const Real* x, Index images, const Real* W, const Real* bias, Activation f, Real* y) const;
  /// Its gradients, with dz = dy f'(z): adds to dW (kernel, kernel, channels, filters) and db (filters),
  /// overwrites dx (images, height, width, channels). Each may be nullptr, and is not computed then.
  void correlate_gradients(const Real* x, const Real* y, const Real* dy, Index images, const Real* W,
                           Activation f, Real* dW, Real* db, Real* dx) const;

  /// x = f(what y sends back to the pixels, + bias): the adjoint, hence a transposed convolution.
  /// @param bias  (channels), or nullptr
  void spread(const Real* y, Index images, const Real* W, const Real* bias, Activation f, Real* x) const;
  /// Its gradients, with dz = dx f'(z): adds to dW (kernel, kernel, channels, filters) and db (channels),
  /// overwrites dy (images, out_height, out_width, filters). Each may be nullptr, and is not computed then.
  void spread_gradients(const Real* y, const Real* x, const Real* dx, Index images, const Real* W,
                        Activation f, Real* dW, Real* db, Real* dy) const;

 private:
  struct Points;
  struct Tile;
  struct Sums;
  Index n() const { return m_ + r_ - 1; }
  Index points() const { return n() * n(); }
  Index phases() const { return stride_ * stride_; }
  Index inner() const { return phases() * channels_; }
  Index tiles() const { return tiles_y_ * tiles_x_; }
  Index image_size() const { return height_ * width_ * channels_; }
  Index map_size() const { return out_height_ * out_width_ * filters_; }
  Index V_row() const;
  Index M_row() const;
  Index U_step() const;
  Index groups(Index images, Index at_least) const;
  template <class Body>
  void for_each_group_in_parallel(Index images, const Body& body) const;
  template <class Body>
  void for_each_group(Index images, const Body& body) const;

  Tile tile(Index number, Index image, Index images) const;
  std::pair<Index, Index> rows_of(Index p, Index images) const;
  template <class Work>
  void for_each_tile(Index image, Index images, const Work& work) const;
  template <class Number>
  void pixels_of(const Tile& tile, Index phase, Number* x, Number* outside, Number** places) const;
  template <class Number>
  void results_of(const Tile& tile, Number* y, Number* outside, Number** places) const;
  template <class Number>
  void taps_of(Index phase, Number* W, Index tap_size, Number* outside, Number** places) const;

  void transform_taps(const Real* W, Index rows, Index columns, bool phases_in_rows, Real* U) const;
  const Real* transform_kernel(const Real* W) const;
  const Real* transform_kernel_transposed(const Real* W) const;
  void add_kernel_gradient(const Real* dU, Real* dW) const;
  void pixels_to_points(const Real* x, Index image, const Points& at) const;
  void results_to_points(const Real* y, Index image, const Points& at) const;
  void points_to_pixels(const Points& at, Index image, Real* x) const;
  void points_to_results(const Points& at, Index image, Real* y) const;
  void multiply_by_kernel(Index p, const Real* U, const Real* bias, const Points& at) const;
  void multiply_by_kernel_transposed(Index p, const Real* U, const Points& at) const;
  void kernel_gradient(Index p, const Points& at, Start start, Real* dU) const;

  Index height_ = 0, width_ = 0, channels_ = 0, filters_ = 0, kernel_ = 0, stride_ = 0;
  Index out_height_ = 0, out_width_ = 0, before_y_ = 0, before_x_ = 0;
  Index m_ = 0, r_ = 0, tiles_y_ = 0, tiles_x_ = 0, whole_y_ = 0, whole_x_ = 0;
  Index group_ = 0;  // images that are taken at a time
  bool pays_ = false;
  std::vector<Real> zeros_;                            // pixels outside of the image
  std::vector<Index> V_rows_, M_rows_, U_rows_, one_;  // offsets of the rows; 0, 1, 2 ...
};

}  // namespace plaingrad
