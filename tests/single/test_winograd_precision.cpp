/// @file
/// What Winograd's transforms cost in float: digits. Against sums in double.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "layers/conv2d.hpp"

using namespace plaingrad;

namespace {

// The greatest error of a layer's outputs, as a part of their standard deviation.
double greatest_error(Index size, Index channels, Index kernel, Padding padding, Index stride) {
  Random random(1);
  const Index filters = 32;
  Conv2D layer(filters, kernel, {.stride = stride, .padding = padding});
  layer.build({size, size, channels}, random);
  const Tensor& W = layer.parameters()[0]->value;
  Tensor x({4, size, size, channels});
  random.fill_normal(x);
  const Tensor& y = layer.forward(x, Mode::training);
  const Index before = padding_before(size, kernel, stride, padding), out = y.extent(1);
  double worst = 0, squares = 0;
  for (Index n = 0; n < 4; ++n)
    for (Index i = 0; i < out; ++i)
      for (Index j = 0; j < out; ++j)
        for (Index f = 0; f < filters; ++f) {
          double sum = 0;
          for (Index ky = 0; ky < kernel; ++ky)
            for (Index kx = 0; kx < kernel; ++kx) {
              const Index row = i * stride + ky - before, column = j * stride + kx - before;
              if (row < 0 || row >= size || column < 0 || column >= size) continue;
              for (Index c = 0; c < channels; ++c)
                sum += double(x[((n * size + row) * size + column) * channels + c]) *
                       double(W[((ky * kernel + kx) * channels + c) * filters + f]);
            }
          worst = std::max(worst, std::abs(sum - double(y[((n * out + i) * out + j) * filters + f])));
          squares += sum * sum;
        }
  return worst / std::sqrt(squares / static_cast<double>(y.size()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(winograd_precision)

// Every shape that the networks have; 32 channels against 40, which are no multiple of 16 and so summed directly.
BOOST_AUTO_TEST_CASE(floats_keep_four_digits) {
  const double direct = greatest_error(13, 40, 3, Padding::valid, 1);
  const double tiles_of_4 = greatest_error(13, 32, 3, Padding::valid, 1);
  const double tiles_of_3 = greatest_error(5, 64, 3, Padding::valid, 1);
  const double five = greatest_error(7, 128, 5, Padding::same, 1);
  const double phases = greatest_error(14, 64, 5, Padding::same, 2);
  BOOST_TEST_MESSAGE("direct " << direct << ", 4 x 4 tiles of 3 x 3 " << tiles_of_4 << ", 3 x 3 tiles of 3 x 3 "
                               << tiles_of_3 << ", of 5 x 5 " << five << ", by phases " << phases);
  BOOST_TEST(direct < 1e-5);
  for (const double error : {tiles_of_4, tiles_of_3, five, phases}) BOOST_TEST(error < 5e-5);
}

BOOST_AUTO_TEST_SUITE_END()
