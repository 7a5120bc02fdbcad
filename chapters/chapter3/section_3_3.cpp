/// @file
/// Section 3.3: forward propagation of a convolutional layer, Fig. 3.2, and feature maps of a real digit.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter3/sections.hpp"
#include "convolution/convolution.hpp"
#include "data/dataset.hpp"
#include "math/statistics.hpp"
#include "neuron/activation.hpp"

namespace plaingrad::chapter3 {

namespace {

/// One output with all its products written out.
void print_sum(const Matrix& X, const Matrix& F, Index i, Index j) {
  std::printf("Y(%td,%td) =", i, j);
  for (Index m = 0; m < F.rows(); ++m)
    for (Index n = 0; n < F.columns(); ++n)
      std::printf("%s %.0f(%.0f)", m + n == 0 ? "" : " +", double(X(i + m, j + n)), double(F(m, n)));
  std::printf(" = %.0f\n\n", double(cross_correlate(X, F)(i, j)));
}

void figure_3_2(const Options& options) {
  const Matrix X{{0, 1, 2, 1, 0}, {1, 3, 5, 2, 0}, {0, 2, 6, 3, 1}, {0, 1, 5, 4, 1}, {1, 2, 7, 3, 0}};
  const Matrix F{{1, 0, -1}, {2, 0, -2}, {1, 0, -1}};
  const Matrix Y = cross_correlate(X, F);
  print_matrices({{"image X", X}, {"filter F", F}, {"feature map Y", Y}});
  print_sum(X, F, 1, 0);

  Matrix window(5, 5), filter(3, 3), result(3, 3);
  for (Index m = 0; m < 3; ++m)
    for (Index n = 0; n < 3; ++n) {
      window(1 + m, n) = 1;
      filter(m, n) = 2;
    }
  result(1, 0) = 3;
  plotting::draw_number_grids(
      options.figure("figure_3_2_convolution.png"),
      {grid_of("image X", X, window), grid_of("filter F", F, filter), grid_of("feature map Y", Y, result)},
      {"*", "="});
}

/// The filters that are applied to the digit.
std::vector<NamedMatrix> filters() {
  const Real a = Real(1) / 9;
  return {{"identity", {{0, 0, 0}, {0, 1, 0}, {0, 0, 0}}},
          {"blur", {{a, a, a}, {a, a, a}, {a, a, a}}},
          {"sharpen", {{0, -1, 0}, {-1, 5, -1}, {0, -1, 0}}},
          {"left edges", {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}}},
          {"upper edges", {{-1, -2, -1}, {0, 0, 0}, {1, 2, 1}}},
          {"outline", {{-1, -1, -1}, {-1, 8, -1}, {-1, -1, -1}}}};
}

/// The image scaled so that 0 is middle grey and the value farthest from it black or white.
Matrix around_grey(const Matrix& M) {
  Real greatest = 0;
  for (Real value : M.values()) greatest = std::max(greatest, std::abs(value));
  Matrix scaled(M.rows(), M.columns());
  for (Index i = 0; i < M.rows(); ++i)
    for (Index j = 0; j < M.columns(); ++j)
      scaled(i, j) = Real(0.5) + (greatest > 0 ? M(i, j) / (2 * greatest) : 0);
  return scaled;
}

/// Larger by repeating each element.
Matrix enlarged(const Matrix& M, Index rows, Index columns) {
  Matrix large(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) large(i, j) = M(i * M.rows() / rows, j * M.columns() / columns);
  return large;
}

Matrix after_relu(const Matrix& Y) {
  Matrix positive(Y.rows(), Y.columns());
  for (Index i = 0; i < Y.rows(); ++i)
    for (Index j = 0; j < Y.columns(); ++j) positive(i, j) = relu(Y(i, j));
  return positive;
}

void figure_3_2_feature_maps(const Options& options, const Matrix& digit) {
  std::vector<Matrix> pictures[3];  // filters, feature maps, feature maps after ReLU
  std::vector<std::string> captions;
  std::printf("The first digit of MNIST under six filters, its pixels from 0 to 1:\n\n");
  std::printf("  %-12s %9s %9s %18s\n", "filter", "least", "greatest", "mean after ReLU");
  for (const auto& [name, F] : filters()) {
    const Matrix Y = cross_correlate(digit, F), positive = after_relu(Y);
    const auto [least, greatest] = std::minmax_element(Y.values().begin(), Y.values().end());
    std::printf("  %-12s %9.3f %9.3f %18.3f\n", name.c_str(), double(*least) + 0.0, double(*greatest),
                mean(positive.values()));
    captions.push_back(name);
    pictures[0].push_back(around_grey(enlarged(F, Y.rows(), Y.columns())));
    pictures[1].push_back(around_grey(Y));
    pictures[2].push_back(around_grey(positive));
  }
  std::printf("\n");

  const Index count = static_cast<Index>(captions.size()), side = pictures[0][0].rows();
  Tensor images({3 * count, side, side, 1});
  Index next = 0;
  for (const auto& row : pictures)
    for (const Matrix& picture : row)
      for (Real value : picture.values()) images[next++] = value;
  for (const char* what : {"feature map", "after ReLU"})
    captions.insert(captions.end(), static_cast<std::size_t>(count), what);
  plotting::draw_images(options.figure("figure_3_2_feature_maps.png"), images, captions,
                        static_cast<int>(count), "Filters on a real digit (0 is middle grey)");
}

}  // namespace

Matrix first_digit(const Options& options) {
  const Tensor image =
      all_images(first_images(load_dataset(DatasetName::mnist, options.data, options.sample).train, 1));
  Matrix digit(image.extent(1), image.extent(2));
  for (Index i = 0; i < digit.rows(); ++i)
    for (Index j = 0; j < digit.columns(); ++j) digit(i, j) = image[i * digit.columns() + j];
  return digit;
}

void section_3_3(const Options& options, const Matrix& digit) {
  std::printf("3.3 Convolutional Layers and forward propagation (Fig. 3.2)\n\n");
  figure_3_2(options);
  figure_3_2_feature_maps(options, digit);
}

}  // namespace plaingrad::chapter3
