/// @file
/// What Winograd's transforms cost in float: digits. Against sums in double.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/fast/winograd.hpp"
#include "layers/conv2d.hpp"

using namespace plaingrad;

namespace {

// The greatest difference, as a part of the standard deviation.
double greatest_error(const Tensor& ours, const std::vector<double>& sums) {
  double worst = 0, squares = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    worst = std::max(worst, std::abs(sums[i] - double(ours.values[i])));
    squares += sums[i] * sums[i];
  }
  return worst / std::sqrt(squares / static_cast<double>(sums.size()));
}

// Of a layer's outputs and gradients, the worst.
double greatest_error(Index size, Index channels, Index kernel, Padding padding, Index stride) {
  Random random(1);
  const Index filters = 32, images = 4;
  const ConvolutionGeometry geometry{size, size, channels, filters, kernel, stride, padding};
  BOOST_TEST(fast::WinogradTiling(geometry).worthwhile() == (channels % 16 == 0));
  Conv2D layer(filters, kernel, {.stride = stride, .padding = padding});
  layer.build({size, size, channels}, random);
  const Tensor& W = layer.parameters()[0]->value;
  Tensor x({images, size, size, channels});
  random.fill_normal(x);
  const Tensor& y = layer.forward(x, Mode::training);
  Tensor dy(y.shape);
  random.fill_normal(dy);
  const Tensor& dx = layer.backward(dy);
  const Index before = padding_before(size, kernel, stride, padding), out = y.extent(1);
  std::vector<double> y_sums(y.values.size()), dx_sums(x.values.size()), dW_sums(W.values.size());
  for (Index n = 0; n < images; ++n)
    for (Index i = 0; i < out; ++i)
      for (Index j = 0; j < out; ++j)
        for (Index ky = 0; ky < kernel; ++ky)
          for (Index kx = 0; kx < kernel; ++kx) {
            const Index row = i * stride + ky - before, column = j * stride + kx - before;
            if (row < 0 || row >= size || column < 0 || column >= size) continue;
            for (Index c = 0; c < channels; ++c)
              for (Index f = 0; f < filters; ++f) {
                const Index at_x = ((n * size + row) * size + column) * channels + c;
                const Index at_W = ((ky * kernel + kx) * channels + c) * filters + f;
                const Index at_y = ((n * out + i) * out + j) * filters + f;
                y_sums[static_cast<std::size_t>(at_y)] += double(x[at_x]) * double(W[at_W]);
                dx_sums[static_cast<std::size_t>(at_x)] += double(dy[at_y]) * double(W[at_W]);
                dW_sums[static_cast<std::size_t>(at_W)] += double(dy[at_y]) * double(x[at_x]);
              }
          }
  return std::max({greatest_error(y, y_sums), greatest_error(dx, dx_sums),
                   greatest_error(layer.parameters()[0]->gradient, dW_sums)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(winograd_precision)

// The windows that the networks have, with 32 filters, and one for tiles of 4; 32 channels against 40, which
// are no multiple of 16 and so summed directly.
BOOST_AUTO_TEST_CASE(floats_keep_four_digits) {
  const double direct = greatest_error(13, 40, 3, Padding::valid, 1);
  const double tiles_of_6 = greatest_error(13, 32, 3, Padding::valid, 1);
  const double tiles_of_4 = greatest_error(10, 32, 3, Padding::valid, 1);
  const double tiles_of_3 = greatest_error(5, 64, 3, Padding::valid, 1);
  const double five = greatest_error(7, 128, 5, Padding::same, 1);
  const double phases = greatest_error(14, 64, 5, Padding::same, 2);
  BOOST_TEST_MESSAGE("direct " << direct << ", 3 x 3 in tiles of 6 x 6 " << tiles_of_6 << ", of 4 x 4 "
                               << tiles_of_4 << ", of 3 x 3 " << tiles_of_3 << ", 5 x 5 " << five
                               << ", by phases " << phases);
  BOOST_TEST(direct < 1e-5);
  for (const double error : {tiles_of_6, tiles_of_4, tiles_of_3, five, phases}) BOOST_TEST(error < 5e-5);
}

// The bound that winograd.hpp states: what one pixel leaves in outputs that do not see it.
BOOST_AUTO_TEST_CASE(a_pixel_leaves_less_than_its_bound_where_it_is_not_seen) {
  struct Case {
    Index size, channels, kernel, stride;
    Padding padding;
  };
  for (const Case& c : {Case{13, 32, 3, 1, Padding::valid}, Case{10, 32, 3, 1, Padding::valid},
                        Case{5, 64, 3, 1, Padding::valid}, Case{7, 128, 5, 1, Padding::same},
                        Case{14, 64, 5, 2, Padding::same}}) {
    Random random(1);
    const Index filters = 32;
    Conv2D layer(filters, c.kernel, {.stride = c.stride, .padding = c.padding});
    layer.build({c.size, c.size, c.channels}, random);
    std::vector<double> sums(filters);  // of |W|
    const Tensor& W = layer.parameters()[0]->value;
    for (Index i = 0; i < W.size(); ++i)
      sums[static_cast<std::size_t>(i % filters)] += std::abs(double(W[i]));
    const Index before = padding_before(c.size, c.kernel, c.stride, c.padding);
    for (int trial = 0; trial < 30; ++trial) {
      Tensor x({1, c.size, c.size, c.channels});
      const Index at = random.index(x.size()), row = at / c.channels / c.size,
                  column = at / c.channels % c.size;
      x[at] = fast::winograd_bound;
      const Tensor& y = layer.forward(x, Mode::inference);
      const auto covers = [&](Index i, Index pixel) {
        return pixel >= i * c.stride - before && pixel < i * c.stride - before + c.kernel;
      };
      for (Index i = 0; i < y.extent(1); ++i)
        for (Index j = 0; j < y.extent(2); ++j)
          for (Index f = 0; f < filters && !(covers(i, row) && covers(j, column)); ++f)
            BOOST_REQUIRE(std::abs(double(y[(i * y.extent(2) + j) * filters + f])) <=
                          std::ldexp(double(fast::winograd_bound), -20) * sums[static_cast<std::size_t>(f)]);
    }
  }
}

// Beyond the bound: the direct sum, which leaves exactly nothing.
BOOST_AUTO_TEST_CASE(a_pixel_beyond_the_bound_leaves_nothing_where_it_is_not_seen) {
  Random random(1);
  Conv2D layer(32, 3);
  layer.build({13, 13, 32}, random);
  Tensor x({1, 13, 13, 32});
  x[0] = std::nextafter(fast::winograd_bound, Real(1e30));
  const Tensor& y = layer.forward(x, Mode::inference);
  for (Index i = 32; i < y.size(); ++i) BOOST_REQUIRE(y[i] == 0);
}

BOOST_AUTO_TEST_SUITE_END()
