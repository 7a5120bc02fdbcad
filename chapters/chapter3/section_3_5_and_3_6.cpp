/// @file
/// Sections 3.5 and 3.6: max pooling, Fig. 3.3, and its mask, Fig. 3.4, on the same numbers.
#include <cstdio>

#include "chapter3/sections.hpp"
#include "convolution/padding.hpp"
#include "convolution/pooling.hpp"

namespace plaingrad::chapter3 {

namespace {

/// The number of its window, 1 ... 4, on the elements where `where` is 1, nothing on the others.
Matrix window_colours(const Matrix& where, Index size) {
  Matrix colours(where.rows(), where.columns());
  const Index in_a_row = where.columns() / size;
  for (Index i = 0; i < where.rows(); ++i)
    for (Index j = 0; j < where.columns(); ++j)
      colours(i, j) = where(i, j) * static_cast<Real>(i / size * in_a_row + j / size + 1);
  return colours;
}

Matrix ones(Index rows, Index columns) {
  Matrix M(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) M(i, j) = 1;
  return M;
}

/// What pooling saves in the network of section 7.3.1: the first dense layer has a weight for each value that
/// arrives.
void print_parameters_saved() {
  const Index neurons = 128, filters = 128;
  Index pooled = 28, whole = 28;
  for (int convolution = 1; convolution <= 3; ++convolution) {
    pooled = output_extent(pooled, 3, 1, Padding::valid);
    whole = output_extent(whole, 3, 1, Padding::valid);
    if (convolution < 3) pooled = output_extent(pooled, 2, 2, Padding::valid);
  }
  const auto parameters = [&](Index extent) { return (extent * extent * filters + 1) * neurons; };
  std::printf(
      "In the report's network pooling leaves maps of %td x %td, without it they were %td x %td. Parameters "
      "of\n",
      pooled, pooled, whole, whole);
  std::printf("the dense layer that follows: %td and %td.\n\n", parameters(pooled), parameters(whole));
}

}  // namespace

void section_3_5_and_3_6(const Options& options) {
  const Matrix X{{1, 3, 2, 1}, {4, 2, 0, 5}, {6, 1, 7, 7}, {0, 2, 3, 4}};
  const Matrix Y = max_pool(X, 2), mask = max_pool_mask(X, 2);
  const Matrix dY{{-2, 1}, {3, 5}}, dX = max_pool_gradient(mask, dY, 2);

  std::printf("3.5 Pooling Layers (Fig. 3.3)\n\n");
  print_matrices({{"feature map X", X}, {"greatest of each 2 x 2", Y}});
  print_parameters_saved();
  std::printf("3.6 Max Pooling Layer Backpropagation (Fig. 3.4)\n\n");
  print_matrices({{"mask", mask}, {"dL/dY", dY}, {"dL/dX", dX}});
  std::printf("The lower right window holds 7 twice: the mask marks the first.\n");

  const Matrix windows = window_colours(ones(4, 4), 2), results = window_colours(ones(2, 2), 1);
  const Matrix marked = window_colours(mask, 2);
  plotting::draw_number_grids(options.figure("figure_3_3_max_pooling.png"),
                              {grid_of("feature map X", X, windows), grid_of("pooled map Y", Y, results)},
                              {"\u2192"});
  plotting::draw_number_grids(options.figure("figure_3_4_mask.png"),
                              {grid_of("feature map X", X, marked), grid_of("mask", mask, marked),
                               grid_of("dL/dY", dY, results), grid_of("dL/dX", dX, marked)},
                              {"\u2192", "\u00d7", "="});
}

}  // namespace plaingrad::chapter3
