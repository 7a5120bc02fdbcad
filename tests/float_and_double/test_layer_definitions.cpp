/// @file
/// The layers against the definitions of convolution/, in float and in double, for batches of every size that
/// an engine treats differently: one image, groups of images, slices of several groups.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "compare.hpp"
#include "convolution/convolution.hpp"
#include "convolution/pooling.hpp"
#include "geometries.hpp"
#include "layer_sums.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/max_pooling2d.hpp"

using namespace plaingrad;

namespace {

// In float the definitions themselves are sums of up to 50,000 roundings; what a fault would do is larger.
constexpr double tolerance = sizeof(Real) == sizeof(double) ? 1e-11 : 2e-4;

// The greatest difference, as a part of the root mean square of what is expected (or of 1, if that is more).
void require_equal(const Tensor& found, const Tensor& expected, const std::string& what) {
  double squares = 0;
  for (const Real value : expected.values) squares += double(value) * double(value);
  const double scale = std::max(1.0, std::sqrt(squares / std::max(1.0, double(expected.size()))));
  const double error = greatest_difference(found, expected) / scale;
  BOOST_TEST(error < tolerance, what << ": " << error);
}

void require_conv2d(const ConvolutionGeometry& g, Index batch, Activation f) {
  Random random(1);
  Conv2D layer(g.filters, g.kernel, {.stride = g.stride, .padding = g.padding, .activation = f});
  layer.build({g.height, g.width, g.channels}, random);
  const std::vector<Parameter*> parameters = layer.parameters();
  const Tensor& W = parameters[0]->value;
  random.fill_normal(parameters[1]->value);
  const Tensor x = random_tensor({batch, g.height, g.width, g.channels}, random);
  const std::string where = "Conv2D " + to_string(g) + ", batch " + std::to_string(batch) + ", ";
  const Tensor& y = layer.forward(x, Mode::training);
  Tensor expected = conv2d_definition(x, W, parameters[1]->value, g.stride, g.padding);
  apply(f, expected.data(), expected.size());
  require_equal(y, expected, where + "y");
  const Tensor dy = random_tensor(y.shape, random), dz = times_derivative(f, y, dy);
  const Tensor& dx = layer.backward(dy);
  require_equal(dx, conv2d_input_gradient_definition(dz, W, x.shape, g.stride, g.padding), where + "dx");
  require_equal(parameters[0]->gradient,
                conv2d_kernel_gradient_definition(x, dz, W.shape, g.stride, g.padding), where + "dW");
  require_equal(parameters[1]->gradient, sums_by_channel(dz), where + "db");
}

// The Conv2DTranspose that is the adjoint of the geometry: it makes images of maps.
void require_conv2d_transpose(const ConvolutionGeometry& g, Index batch, Activation f) {
  Random random(2);
  Conv2DTranspose layer(g.channels, g.kernel,
                        {.stride = g.stride, .padding = Padding::same, .activation = f});
  layer.build({g.height / g.stride, g.width / g.stride, g.filters}, random);
  const std::vector<Parameter*> parameters = layer.parameters();
  const Tensor& W = parameters[0]->value;
  random.fill_normal(parameters[1]->value);
  const Tensor x = random_tensor({batch, g.height / g.stride, g.width / g.stride, g.filters}, random);
  const std::string where = "Conv2DTranspose " + to_string(g) + ", batch " + std::to_string(batch) + ", ";
  const Tensor& y = layer.forward(x, Mode::training);
  Tensor expected = conv2d_input_gradient_definition(x, W, y.shape, g.stride, Padding::same);
  add_to_every_channel(parameters[1]->value, expected);
  apply(f, expected.data(), expected.size());
  require_equal(y, expected, where + "y");
  const Tensor dy = random_tensor(y.shape, random), dz = times_derivative(f, y, dy);
  const Tensor& dx = layer.backward(dy);
  require_equal(dx, conv2d_definition(dz, W, Tensor({g.filters}), g.stride, Padding::same), where + "dx");
  require_equal(parameters[0]->gradient,
                conv2d_kernel_gradient_definition(dz, x, W.shape, g.stride, Padding::same), where + "dW");
  require_equal(parameters[1]->gradient, sums_by_channel(dz), where + "db");
}

// Both layers, if there is a Conv2DTranspose of the geometry.
void require_both(const ConvolutionGeometry& g, Index batch, Activation f) {
  require_conv2d(g, batch, f);
  if (g.padding == Padding::same && g.height % g.stride == 0 && g.width % g.stride == 0)
    require_conv2d_transpose(g, batch, f);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layer_definitions)

BOOST_AUTO_TEST_CASE(convolutions_of_every_small_geometry) {
  for (const ConvolutionGeometry& g : small_geometries()) require_both(g, 3, Activation::linear);
}

BOOST_AUTO_TEST_CASE(convolutions_of_odd_geometries) {
  for (const ConvolutionGeometry& g : odd_geometries)
    for (Index batch : {1, 5, 33, 70}) require_both(g, batch, Activation::tanh);
}

BOOST_AUTO_TEST_CASE(convolutions_of_the_networks) {
  for (const ConvolutionGeometry& g : network_geometries)
    for (Index batch : {1, 5, 33, 70}) require_both(g, batch, Activation::leaky_relu);
}

BOOST_AUTO_TEST_CASE(convolutions_with_many_channels) {
  for (const ConvolutionGeometry& g : many_channels_geometries)
    for (Index batch : {1, 5, 33, 70}) require_both(g, batch, Activation::sigmoid);
}

BOOST_AUTO_TEST_CASE(empty_batches) {
  for (const auto& geometries : {odd_geometries, many_channels_geometries})
    for (const ConvolutionGeometry& g : geometries) require_both(g, 0, Activation::relu);
}

// After a larger batch its memory is still there: nothing of it may show.
BOOST_AUTO_TEST_CASE(a_smaller_batch_after_a_larger_one) {
  for (const auto& geometries : {network_geometries, many_channels_geometries})
    for (const ConvolutionGeometry& g : geometries) {
      Random random(3);
      Conv2D layer(g.filters, g.kernel, {.stride = g.stride, .padding = g.padding});
      Conv2D fresh(g.filters, g.kernel, {.stride = g.stride, .padding = g.padding});
      for (Conv2D* l : {&layer, &fresh}) {
        Random weights(4);
        l->build({g.height, g.width, g.channels}, weights);
      }
      const Tensor large = random_tensor({40, g.height, g.width, g.channels}, random);
      const Tensor small = random_tensor({3, g.height, g.width, g.channels}, random);
      layer.backward(random_tensor(layer.forward(large, Mode::training).shape, random));
      for (Parameter* p : layer.parameters()) p->gradient.fill(0);
      const Tensor dy = random_tensor(fresh.forward(small, Mode::training).shape, random);
      BOOST_TEST(
          (layer.forward(small, Mode::training).values == fresh.forward(small, Mode::training).values));
      BOOST_TEST((layer.backward(dy).values == fresh.backward(dy).values));
      for (std::size_t i = 0; i < 2; ++i)
        BOOST_TEST((layer.parameters()[i]->gradient.values == fresh.parameters()[i]->gradient.values));
    }
}

BOOST_AUTO_TEST_CASE(dense_by_three_loops) {
  Random random(5);
  for (auto [inputs, units] :
       {std::pair<Index, Index>{1, 1}, {3, 10}, {100, 1200}, {130, 7}, {1152, 128}, {6272, 1}})
    for (Index batch : {0, 1, 5, 33, 70}) {
      const Activation f = Activation::tanh;
      Dense layer(units, f);
      layer.build({inputs}, random);
      const Tensor &W = layer.parameters()[0]->value, &b = layer.parameters()[1]->value;
      random.fill_normal(layer.parameters()[1]->value);
      const Tensor x = random_tensor({batch, inputs}, random);
      const std::string where = "Dense " + to_string(W.shape) + ", batch " + std::to_string(batch) + ", ";
      const Tensor& y = layer.forward(x, Mode::training);
      Tensor expected({batch, units});
      for (Index n = 0; n < batch; ++n)
        for (Index i = 0; i < inputs; ++i)
          for (Index u = 0; u < units; ++u) expected[n * units + u] += x[n * inputs + i] * W[i * units + u];
      add_to_every_channel(b, expected);
      apply(f, expected.data(), expected.size());
      require_equal(y, expected, where + "y");
      const Tensor dy = random_tensor(y.shape, random), dz = times_derivative(f, y, dy);
      const Tensor& dx = layer.backward(dy);
      Tensor dW(W.shape), expected_dx(x.shape);
      for (Index n = 0; n < batch; ++n)
        for (Index i = 0; i < inputs; ++i)
          for (Index u = 0; u < units; ++u) {
            dW[i * units + u] += x[n * inputs + i] * dz[n * units + u];
            expected_dx[n * inputs + i] += dz[n * units + u] * W[i * units + u];
          }
      require_equal(dx, expected_dx, where + "dx");
      require_equal(layer.parameters()[0]->gradient, dW, where + "dW");
      require_equal(layer.parameters()[1]->gradient, sums_by_channel(dz), where + "db");
    }
}

BOOST_AUTO_TEST_CASE(max_pooling_of_every_small_geometry) {
  Random random(6);
  for (Index size : {1, 2, 3})
    for (Index height : {3, 4, 5, 7})
      for (Index width : {3, 5, 6})
        for (Index channels : {1, 2, 19}) {
          MaxPooling2D layer(size);
          layer.build({height, width, channels}, random);
          for (Index batch : {2, 5, 0, 1}) {
            Tensor x({batch, height, width, channels});
            for (Real& v : x.values) v = static_cast<Real>(random.index(4));  // few values: many ties
            const Tensor& y = layer.forward(x, Mode::training);
            BOOST_TEST((y.values == max_pool_definition(x, size).values));
            const Tensor dy = random_tensor(y.shape, random);
            const Tensor dx =
                max_pool_gradient_definition(max_pool_argmax_definition(x, size), dy, x.shape, size);
            BOOST_TEST((layer.backward(dy).values == dx.values));
          }
        }
}

BOOST_AUTO_TEST_SUITE_END()
