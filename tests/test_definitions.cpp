/// @file
/// Two readings of one operation: the definitions of convolution/ against the layers, on every small
/// geometry.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

#include "compare.hpp"
#include "convolution/convolution.hpp"
#include "convolution/pooling.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/max_pooling2d.hpp"
#include "math/matrix_product.hpp"

using namespace plaingrad;

namespace {

double inner_product(const Tensor& a, const Tensor& b) {
  BOOST_REQUIRE(a.shape == b.shape);
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

struct Geometry {
  Index height, width, channels, filters, kernel, stride;
  Padding padding;
};

// Every combination of small sizes that the padding allows.
std::vector<Geometry> small_geometries() {
  std::vector<Geometry> all;
  for (Index height : {1, 2, 3, 5, 6})
    for (Index width : {1, 3, 4, 7})
      for (Index kernel : {1, 2, 3, 5})
        for (Index stride : {1, 2, 3})
          for (Padding padding : {Padding::valid, Padding::same})
            if (padding == Padding::same || (kernel <= height && kernel <= width))
              for (auto [channels, filters] : {std::pair<Index, Index>{1, 1}, {2, 3}, {3, 18}})
                all.push_back({height, width, channels, filters, kernel, stride, padding});
  all.push_back({28, 28, 1, 16, 3, 2, Padding::same});
  all.push_back({14, 14, 16, 8, 3, 2, Padding::same});
  all.push_back({28, 28, 1, 64, 5, 2, Padding::same});
  return all;
}

constexpr double tolerance = 1e-11;

}  // namespace

BOOST_AUTO_TEST_SUITE(definitions)

BOOST_AUTO_TEST_CASE(conv2d_is_its_definition_on_every_small_geometry) {
  Random random(1);
  for (const Geometry& g : small_geometries()) {
    BOOST_TEST_CONTEXT(g.height << "x" << g.width << "x" << g.channels << " filters " << g.filters
                                << " kernel " << g.kernel << " stride " << g.stride << " same "
                                << (g.padding == Padding::same)) {
      Conv2D layer(g.filters, g.kernel, {.stride = g.stride, .padding = g.padding});
      layer.build({g.height, g.width, g.channels}, random);
      const Tensor& F = layer.parameters()[0]->value;
      Tensor& bias = layer.parameters()[1]->value;
      random.fill_normal(bias);
      Tensor x({3, g.height, g.width, g.channels});
      random.fill_normal(x);
      const Tensor& y = layer.forward(x, Mode::training);
      BOOST_TEST(greatest_difference(y, conv2d_definition(x, F, bias, g.stride, g.padding)) < tolerance);
      Tensor dy(y.shape);
      random.fill_normal(dy);
      const Tensor& dx = layer.backward(dy);
      BOOST_TEST(greatest_difference(
                     dx, conv2d_input_gradient_definition(dy, F, x.shape, g.stride, g.padding)) < tolerance);
      BOOST_TEST(greatest_difference(layer.parameters()[0]->gradient,
                                     conv2d_kernel_gradient_definition(x, dy, F.shape, g.stride, g.padding)) <
                 tolerance);
    }
  }
}

// The transposed convolution is the definition's input gradient, and <conv(x), y> = <x, convT(y)>.
BOOST_AUTO_TEST_CASE(conv2d_transpose_is_the_adjoint_on_every_small_geometry) {
  Random random(2);
  for (Index small_height : {1, 2, 3, 7, 14})
    for (Index small_width : {1, 4, 7})
      for (Index kernel : {1, 2, 3, 5})
        for (Index stride : {1, 2})
          for (auto [channels, filters] : {std::pair<Index, Index>{1, 1}, {3, 2}, {2, 17}}) {
            const Index height = small_height * stride, width = small_width * stride;
            Conv2DTranspose layer(filters, kernel,
                                  {.stride = stride, .padding = Padding::same, .use_bias = false});
            layer.build({small_height, small_width, channels}, random);
            const Tensor& W = layer.parameters()[0]->value;
            Tensor y({2, small_height, small_width, channels}), x({2, height, width, filters});
            random.fill_normal(y);
            random.fill_normal(x);
            const Tensor& up = layer.forward(y, Mode::training);
            BOOST_TEST(greatest_difference(up, conv2d_input_gradient_definition(y, W, x.shape, stride,
                                                                                Padding::same)) < tolerance);
            const Tensor down = conv2d_definition(x, W, Tensor({channels}), stride, Padding::same);
            BOOST_TEST(std::abs(inner_product(down, y) - inner_product(x, up)) < 1e-10);
          }
}

BOOST_AUTO_TEST_CASE(max_pooling_is_its_definition_on_every_small_geometry) {
  Random random(3);
  for (Index size : {1, 2, 3})
    for (Index height : {3, 4, 5, 7})
      for (Index width : {3, 5, 6})
        for (Index channels : {1, 2, 19}) {
          MaxPooling2D layer(size);
          layer.build({height, width, channels}, random);
          Tensor x({2, height, width, channels});
          for (Real& v : x.values) v = static_cast<Real>(random.index(4));  // few values: many ties
          const Tensor& y = layer.forward(x, Mode::training);
          BOOST_TEST(greatest_difference(y, max_pool_definition(x, size)) == 0);
          Tensor dy(y.shape);
          random.fill_normal(dy);
          BOOST_TEST(greatest_difference(layer.backward(dy), max_pool_gradient_definition(x, dy, size)) == 0);
        }
}

// C = A B by three plain loops, on sizes around those of the tiles, with and without bias and sum.
BOOST_AUTO_TEST_CASE(matrix_product_is_three_loops) {
  Random random(4);
  for (Index rows : {1, 2, 7, 9, 70, 130, 300})
    for (Index inner : {0, 1, 3, 383, 385, 769})
      for (Index columns : {0, 1, 3, 4, 9, 16, 33, 71}) {
        Tensor A({rows, inner}), B({inner, columns}), bias({columns}), C({rows, columns});
        for (Tensor* t : {&A, &B, &bias, &C}) random.fill_normal(*t);
        const std::vector<Index> row = regular_offsets(rows, inner), column = regular_offsets(inner, 1);
        const std::vector<Index> C_row = regular_offsets(rows, columns);
        const OffsetMatrix view{A.data(), row.data(), column.data(), rows, inner};
        Tensor zero = C, added = C, with_bias = C, parallel = C;
        matrix_product(view, B.data(), columns, columns, {zero.data(), C_row.data()});
        matrix_product(view, B.data(), columns, columns, {added.data(), C_row.data()}, Start::previous);
        matrix_product(view, B.data(), columns, columns, {with_bias.data(), C_row.data()}, Start::zero,
                       bias.data());
        parallel_matrix_product(view, B.data(), columns, columns, {parallel.data(), C_row.data()},
                                Start::zero, bias.data());
        // Not the same bits: in a tile of one row the compiler may round a product before it is added.
        BOOST_TEST(greatest_difference(parallel, with_bias) < 1e-11);
        double worst = 0;
        for (Index i = 0; i < rows; ++i)
          for (Index j = 0; j < columns; ++j) {
            double sum = 0;
            for (Index k = 0; k < inner; ++k) sum += A[i * inner + k] * B[k * columns + j];
            const Index at = i * columns + j;
            worst = std::max({worst, std::abs(zero[at] - sum), std::abs(added[at] - C[at] - sum),
                              std::abs(with_bias[at] - bias[j] - sum)});
          }
        BOOST_TEST(worst < 1e-11, rows << " x " << inner << " x " << columns << ": " << worst);
      }
}

BOOST_AUTO_TEST_CASE(transpose_exchanges_rows_and_columns) {
  Random random(5);
  for (Index rows : {1, 5, 16, 33})
    for (Index columns : {1, 7, 16, 40}) {
      Tensor M({rows, columns}), T({columns, rows});
      random.fill_normal(M);
      transpose(M.data(), rows, columns, T.data());
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < columns; ++j) BOOST_TEST(T[j * rows + i] == M[i * columns + j]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
