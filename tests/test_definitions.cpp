/// @file
/// The transposed convolution is the adjoint of the convolution: <conv(x), y> = <x, convT(y)>.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

#include "compare.hpp"
#include "convolution/convolution.hpp"
#include "layers/conv2d_transpose.hpp"

using namespace plaingrad;

namespace {

double inner_product(const Tensor& a, const Tensor& b) {
  BOOST_REQUIRE(a.shape == b.shape);
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(definitions)

BOOST_AUTO_TEST_CASE(a_geometry_has_one_of_everything_unless_it_is_said) {
  const ConvolutionGeometry least;
  BOOST_TEST(least.image_size() == 1);
  BOOST_TEST(least.map_size() == 1);
  BOOST_TEST(least.window_size() == 1);
  BOOST_TEST(least.stride == 1);
  BOOST_TEST((least.padding == Padding::valid));
}

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
            const Tensor down = conv2d_definition(x, W, Tensor({channels}), stride, Padding::same);
            BOOST_TEST(std::abs(inner_product(down, y) - inner_product(x, up)) < 1e-10);
          }
}

BOOST_AUTO_TEST_SUITE_END()
