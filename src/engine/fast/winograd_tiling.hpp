/// @file
/// How Winograd's minimal filtering cuts a convolution into tiles (winograd_matrices.hpp says why it is
/// right).
#pragma once

#include <utility>

#include "engine/convolution_geometry.hpp"

namespace plaingrad::fast {

/// Channels and filters come in multiples of this, whatever the machine.
inline constexpr Index winograd_channel_block = 16;

/// A tile: where its outputs begin, how many rows and columns of them it has, and its row in the matrices of
/// all points.
struct WinogradTile {
  Index y, x, height, width, row;
};

/// A tile is m x m outputs, or m - 1 along a side where the last tile needs no more. It sees n x n pixels, n
/// = m + r - 1, where r is the window's height and width. Pixels and kernel are transformed, each into n x n
/// points; at each point the convolution is a product of two matrices, and one transform leads back.
///
/// A window that moves by `stride` sees stride x stride images, each made of every stride-th pixel, and moves
/// over each of them by one: these phases count as channels.
class WinogradTiling {
 public:
  /// @throws std::invalid_argument if an extent is below 1 or the window does not fit
  explicit WinogradTiling(const ConvolutionGeometry& geometry);

  /// Whether channels and filters come in multiples of 16, the window of a phase is 3 or 5 wide, and more
  /// than a third of the multiplications is saved. If not, nothing else here may be called.
  bool worthwhile() const { return worthwhile_; }

  /// Outputs of a whole tile along a side.
  Index m() const { return m_; }
  /// Kernel elements of a phase along a side.
  Index r() const { return r_; }
  /// Pixels of a whole tile along a side.
  Index n() const { return m_ + r_ - 1; }
  /// Points of a whole tile.
  Index points() const { return n() * n(); }
  /// Images of every stride-th pixel.
  Index phases() const { return phases_; }
  /// Tiles of an image.
  Index tiles() const { return rows_ * columns_; }

  /// Tile `number` of image `image` of a group of `images`.
  WinogradTile tile(Index number, Index image, Index images) const;
  /// The rows of the matrices that have point p, for a group of `images`: the first, and their number.
  std::pair<Index, Index> rows_with_point(Index p, Index images) const;

 private:
  Index phases_, r_, m_ = 0;
  Index rows_ = 0, columns_ = 0;              // of tiles
  Index whole_rows_ = 0, whole_columns_ = 0;  // of tiles with m outputs along that side
  bool worthwhile_ = false;
};

}  // namespace plaingrad::fast
