#include "engine/fast/winograd_tiling.hpp"

namespace plaingrad::fast {
namespace {

// Points along a side with tiles of m outputs, the last of which may have one less.
Index points_along(Index outputs, Index m, Index r) {
  const Index tiles = (outputs + m - 1) / m;
  return tiles * (m + r - 1) - (outputs < tiles * m ? 1 : 0);
}

}  // namespace

WinogradTiling::WinogradTiling(const ConvolutionGeometry& g)
    : phases_(g.stride * g.stride), r_((g.kernel + g.stride - 1) / g.stride) {
  if ((r_ != 3 && r_ != 5) || g.channels % winograd_channel_block != 0 ||
      g.filters % winograd_channel_block != 0)
    return;
  // Of tiles of 3, 4 and 6 those that need the fewest multiplications; windows of 5 x 5 have tiles of 4.
  const Index height = g.out_height(), width = g.out_width();
  const auto multiplications = [&](Index m) {
    return points_along(height, m, r_) * points_along(width, m, r_) * phases_;
  };
  m_ = r_ == 3 ? 3 : 4;
  if (r_ == 3)
    for (Index m : {4, 6})
      if (multiplications(m) < multiplications(m_)) m_ = m;
  // Transforms cost time too: a third of the multiplications must be saved.
  worthwhile_ = 3 * multiplications(m_) < 2 * height * width * g.kernel * g.kernel;
  rows_ = (height + m_ - 1) / m_;
  columns_ = (width + m_ - 1) / m_;
  whole_rows_ = height < rows_ * m_ ? rows_ - 1 : rows_;
  whole_columns_ = width < columns_ * m_ ? columns_ - 1 : columns_;
}

// The rows of the matrices are sorted, so that the tiles which have a point are neighbours: first those that
// lack the second to last column of points, then the whole ones, then those that lack a row, then those that
// lack both.
WinogradTile WinogradTiling::tile(Index number, Index image, Index images) const {
  const Index i = number / columns_, j = number % columns_;
  const bool low = i >= whole_rows_, narrow = j >= whole_columns_;
  const Index narrow_tiles = whole_rows_ * (columns_ - whole_columns_);
  const Index whole_tiles = whole_rows_ * whole_columns_;
  Index row = 0;
  if (!low && narrow) row = image * narrow_tiles + i;
  if (!low && !narrow) row = images * narrow_tiles + image * whole_tiles + i * whole_columns_ + j;
  if (low && !narrow) row = images * (narrow_tiles + whole_tiles) + image * whole_columns_ + j;
  if (low && narrow) row = images * (tiles() - 1) + image;
  return {i * m_, j * m_, low ? m_ - 1 : m_, narrow ? m_ - 1 : m_, row};
}

// Neighbours, by the order of tile(): from the first tile that has the point to the last.
std::pair<Index, Index> WinogradTiling::rows_with_point(Index p, Index images) const {
  const bool lacks_column = p % n() == n() - 2, lacks_row = p / n() == n() - 2;
  const Index begin = lacks_column ? whole_rows_ * (columns_ - whole_columns_) : 0;
  Index end = tiles();
  if (lacks_column && whole_rows_ < rows_ && whole_columns_ < columns_) end = tiles() - 1;
  if (lacks_row) end = whole_rows_ * columns_;
  return {images * begin, images * (end - begin)};
}

}  // namespace plaingrad::fast
