/// @file
/// The transforms of Winograd's minimal filtering for whole images and kernels, and their adjoints.
#pragma once

#include "engine/convolution_geometry.hpp"
#include "engine/fast/scratch.hpp"
#include "engine/fast/winograd_tiling.hpp"

namespace plaingrad::fast {

/// The matrices of all points for a group of images: V of the pixels (images tiles, phases channels), M of
/// the outputs (images tiles, filters). In scratch memory of the calling thread, which its next call takes.
struct PointMatrices {
  Index images;
  Index V_stride, M_stride;  ///< from the matrix of a point to the next
  Real *V, *M;
};

/// Each transform is a matrix from the left and one from the right of every tile. Capital letters are the
/// tile's values, for each channel or filter: pixels X, kernel W, outputs Y.
class WinogradTransforms {
 public:
  /// @param tiling  of the same geometry, and worthwhile
  WinogradTransforms(const ConvolutionGeometry& geometry, const WinogradTiling& tiling);

  /// Memory for a group of images.
  PointMatrices point_matrices(Index images) const;
  /// phases x channels: columns of V and rows of U.
  Index phase_channels() const { return tiling_.phases() * g_.channels; }
  /// From a row of V to the next.
  Index V_row() const;
  /// From a row of M to the next.
  Index M_row() const;
  /// From the matrix U of a point to the next.
  Index U_stride() const;

  /// V = B X B^T, the tiles of one image.
  void transform_input(const Real* x, Index image, const PointMatrices& at) const;
  /// Its adjoint: X = B^T V B, tiles that share pixels added up.
  void transform_input_adjoint(const PointMatrices& at, Index image, Real* x) const;
  /// Y = A^T M A, the tiles of one image.
  void inverse_transform(const PointMatrices& at, Index image, Real* y) const;
  /// Its adjoint: M = A Y A^T.
  void inverse_transform_adjoint(const Real* y, Index image, const PointMatrices& at) const;

  /// U = G W G^T, a matrix (phases channels, filters) for each point, in panels of columns one after the
  /// other; by all threads. In scratch memory of the calling thread.
  const Real* transform_kernel(const Real* W) const;
  /// The same with every matrix transposed: (filters, phases channels).
  const Real* transform_kernel_transposed(const Real* W) const;
  /// The adjoint: dW += G^T dU G. @param dU  a matrix (phases channels, filters) for each point, row by row
  void transform_kernel_adjoint(const Real* dU, Real* dW) const;

 private:
  template <class Work>
  void for_each_tile(Index image, Index images, const Work& work) const;
  template <class Number>
  void tile_pixels(const WinogradTile& tile, Index phase, Number* x, Number* outside, Number** places) const;
  template <class Number>
  void tile_outputs(const WinogradTile& tile, Number* y, Number* outside, Number** places) const;
  template <class Number>
  void kernel_elements(Index phase, Number* W, Index step, Number* outside, Number** places) const;
  void transform_elements(const Real* W, Index rows, Index columns, bool phases_in_rows, Real* U) const;

  ConvolutionGeometry g_;
  Index top_, left_, out_height_, out_width_;  // of the geometry, computed once
  WinogradTiling tiling_;
  Scratch zeros_;  // pixels outside of the image
};

}  // namespace plaingrad::fast
