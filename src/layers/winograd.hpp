/// @file
/// Convolution with fewer multiplications: Winograd's minimal filtering (winograd_matrices.hpp says why it is
/// right). The sums are those of SlidingWindow, for windows with many channels and filters.
#pragma once

#include <vector>

#include "convolution/padding.hpp"
#include "math/matrix_product.hpp"

namespace plaingrad {

/// A window that slides over images, computed tile by tile. A tile is m x m positions of the window; they see
/// n x n pixels, n = m + r - 1, where r is the window's height and width. Pixels and kernel are transformed,
/// each into n x n points; at each point the convolution is a product of two matrices, and one transform
/// leads back. A window that moves by `stride` sees stride x stride images, each made of every stride-th
/// pixel, and moves over each of them by one: these `phases` count as channels.
///
/// Shapes are those of SlidingWindow: images x (images, height, width, channels), kernel W (kernel, kernel,
/// channels, filters), maps y (images, out_height, out_width, filters). A transformed kernel U has a matrix
/// (phases channels, filters) for each point, cut into panels as the products read them; its gradient dU has
/// the same matrices in plain rows. Both hold transformed_size() values.
class Winograd {
 public:
  Winograd() = default;
  /// @throws std::invalid_argument if an extent is below 1 or the window does not fit
  Winograd(Index height, Index width, Index channels, Index filters, Index kernel, Index stride,
           Padding padding);

  /// Whether channels and filters come in multiples of 16, the window of a phase is 3 or 5 wide, and at least
  /// a third of the multiplications is saved. If not, nothing else here may be called.
  bool pays() const { return pays_; }

  /// Images to take at a time: so many that what is fetched of U is used often.
  Index group() const { return group_; }
  /// Values of U, and of dU.
  Index transformed_size() const;

  /// U = G W G^T, by all threads.
  void transform_kernel(const Real* W, std::vector<Real>& U) const;
  /// The same as spread() reads it: a matrix (filters, phases channels) for each point.
  void transform_kernel_for_spread(const Real* W, std::vector<Real>& U_transposed) const;

  /// y = the window over x, + bias. @param images  group() at most, as below @param bias  or nullptr
  void correlate(const Real* x, Index images, const Real* U, const Real* bias, Real* y) const;
  /// dx = the adjoint of correlate: what dy sends back to the pixels.
  void spread(const Real* dy, Index images, const Real* U_transposed, Real* dx) const;
  /// dU = start + the gradient of U.
  void kernel_gradient(const Real* x, Index images, const Real* dy, Start start, Real* dU) const;
  /// dW += G^T dU G, by all threads.
  void add_kernel_gradient(const Real* dU, Real* dW) const;

 private:
  Index points() const { return (m_ + r_ - 1) * (m_ + r_ - 1); }
  Index phases() const { return stride_ * stride_; }
  Index inner() const { return phases() * channels_; }
  Index tiles(Index images) const { return images * tiles_y_ * tiles_x_; }
  template <class Number>
  void pixels_of(Index tile, Index phase, Number* x, Number* outside, Number** places) const;
  template <class Number>
  void results_of(Index tile, Number* y, Number* outside, Number** places) const;
  template <class Number>
  void taps_of(Index phase, Number* W, Index tap_size, Number* outside, Number** places) const;
  void transform_taps(const Real* W, Index rows, Index columns, bool phases_in_rows, Real* U) const;
  void transform_pixels(const Real* x, Index images, Real* V) const;
  void transform_gradients(const Real* dy, Index images, Real* M) const;

  Index height_ = 0, width_ = 0, channels_ = 0, filters_ = 0, kernel_ = 0, stride_ = 0;
  Index out_height_ = 0, out_width_ = 0, before_y_ = 0, before_x_ = 0;
  Index m_ = 0, r_ = 0, tiles_y_ = 0, tiles_x_ = 0, group_ = 0;
  bool pays_ = false;
  std::vector<Real> zeros_;                          // pixels outside of the image
  std::vector<Index> inner_row_, filter_row_, one_;  // offsets of the rows of V and M; 0, 1, 2 ...
};

}  // namespace plaingrad
