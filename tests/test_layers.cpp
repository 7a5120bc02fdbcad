/// @file
/// Gradients of every layer against numerical differences, in double precision.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <memory>

#include "check_gradients.hpp"
#include "geometries.hpp"
#include "layers/activation_layer.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/max_pooling2d.hpp"
#include "layers/reshape.hpp"
#include "layers/sequential.hpp"
#include "neuron/network.hpp"

using namespace plaingrad;

namespace {

Shape with_batch(Index batch, const Shape& sample) {
  Shape shape = sample;
  shape.insert(shape.begin(), batch);
  return shape;
}

// Makes the layer with `make(f)`, builds it for `sample` shapes and checks it with activation f.
template <class Make>
void check_with_activation(const Make& make, Activation f, const Shape& sample, Index batch) {
  Random random(1);
  Tensor x(with_batch(batch, sample));
  random.fill_normal(x);
  auto layer = make(f);
  layer->build(sample, random);
  for (Parameter* p : layer->parameters()) random.fill_normal(p->value, 0.1, 0.5);  // biases too
  const GradientReport report = check_gradients(*layer, x, Mode::training);
  BOOST_TEST(report.passed(), layer->type() << " " << to_string(f) << " on " << to_string(x.shape) << ":\n"
                                            << report);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(dense_gradients_all_activations) {
  for (Activation f : all_activations)
    check_with_activation([](Activation g) { return std::make_unique<Dense>(5, g); }, f, {7}, 3);
  check_with_activation([](Activation g) { return std::make_unique<Dense>(35, g, false); }, Activation::tanh,
                        {1}, 9);
}

BOOST_AUTO_TEST_CASE(conv2d_gradients_all_activations) {
  for (Activation f : all_activations)
    check_with_activation(
        [](Activation g) { return std::make_unique<Conv2D>(3, 3, ConvolutionOptions{.activation = g}); }, f,
        {5, 6, 2}, 2);
}

BOOST_AUTO_TEST_CASE(conv2d_gradients_odd_geometries) {
  for (const ConvolutionGeometry& g : odd_geometries)
    check_with_activation(
        [&](Activation f) {
          return std::make_unique<Conv2D>(
              g.filters, g.kernel,
              ConvolutionOptions{.stride = g.stride, .padding = g.padding, .activation = f});
        },
        Activation::tanh, {g.height, g.width, g.channels}, 2);
}

BOOST_AUTO_TEST_CASE(convolution_gradients_with_many_channels) {
  for (const ConvolutionGeometry& g : many_channels_geometries) {
    Random random(3);
    const ConvolutionOptions options{
        .stride = g.stride, .padding = g.padding, .activation = Activation::tanh};
    Conv2D down(g.filters, g.kernel, options);
    down.build({g.height, g.width, g.channels}, random);
    Tensor x({2, g.height, g.width, g.channels});
    random.fill_normal(x);
    const GradientReport report = check_gradients(
        down, x, Mode::training, [] {}, 60);
    BOOST_TEST(report.passed(), to_string(g) << ":\n" << report);
    if (g.padding == Padding::valid) continue;
    Conv2DTranspose up(g.channels, g.kernel, options);
    up.build({g.height / g.stride, g.width / g.stride, g.filters}, random);
    Tensor y({2, g.height / g.stride, g.width / g.stride, g.filters});
    random.fill_normal(y);
    const GradientReport transposed = check_gradients(
        up, y, Mode::training, [] {}, 60);
    BOOST_TEST(transposed.passed(), to_string(g) << ", transposed:\n" << transposed);
  }
}

BOOST_AUTO_TEST_CASE(images_without_channels_are_refused) {
  Random random(1);
  Conv2D down(16, 3);
  BOOST_CHECK_THROW(down.build({13, 13, 0}, random), std::invalid_argument);
  Conv2DTranspose up(16, 3, {.padding = Padding::same});
  BOOST_CHECK_THROW(up.build({13, 13, 0}, random), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(conv2d_transpose_gradients) {
  for (Activation f : all_activations)
    for (Index stride : {1, 2, 3})
      check_with_activation(
          [&](Activation g) {
            return std::make_unique<Conv2DTranspose>(
                3, 3, ConvolutionOptions{.stride = stride, .padding = Padding::same, .activation = g});
          },
          f, {3, 4, 2}, 2);
  for (Index kernel : {1, 2, 5})
    check_with_activation(
        [&](Activation g) {
          return std::make_unique<Conv2DTranspose>(
              2, kernel,
              ConvolutionOptions{.stride = 2, .padding = Padding::same, .activation = g, .use_bias = false});
        },
        Activation::linear, {7, 7, 3}, 2);
}

BOOST_AUTO_TEST_CASE(max_pooling_gradients_without_ties) {
  Random random(3);
  for (Index size : {1, 2, 3})
    for (const Shape& sample : {Shape{4, 4, 2}, Shape{5, 7, 3}, Shape{6, 3, 1}}) {
      MaxPooling2D layer(size);
      layer.build(sample, random);
      Tensor x(with_batch(2, sample));
      random.fill_normal(x);
      const GradientReport report = check_gradients(layer, x, Mode::training);
      BOOST_TEST(report.passed(), report);
    }
}

BOOST_AUTO_TEST_CASE(max_pooling_tie_goes_to_the_first) {
  Random random(1);
  MaxPooling2D layer(2);
  layer.build({2, 2, 1}, random);
  const Tensor x({1, 2, 2, 1}, {1, 5, 5, 5});
  layer.forward(x, Mode::training);
  const Tensor& dx = layer.backward(Tensor({1, 1, 1, 1}, {3}));
  BOOST_TEST(dx.values == (std::vector<Real>{0, 3, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(max_pooling_leftovers_get_no_gradient) {
  Random random(1);
  MaxPooling2D layer(2);
  layer.build({3, 3, 1}, random);
  for (int twice = 0; twice < 2; ++twice) {
    const Tensor x({1, 3, 3, 1}, {1, 2, 9, 3, 4, 9, 9, 9, 9});
    layer.forward(x, Mode::training);
    const Tensor& dx = layer.backward(Tensor({1, 1, 1, 1}, {7}));
    BOOST_TEST(dx.values == (std::vector<Real>{0, 0, 0, 0, 7, 0, 0, 0, 0}), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(batch_normalization_gradients) {
  Random random(5);
  for (const Shape& sample : {Shape{5}, Shape{3, 2, 4}, Shape{1, 1, 1}})
    for (Mode mode : {Mode::training, Mode::inference}) {
      BatchNormalization layer;
      layer.build(sample, random);
      for (Parameter* p : layer.parameters()) random.fill_uniform(p->value, 0.5, 2);
      Tensor x(with_batch(6, sample));
      random.fill_normal(x, 1, 2);
      // In training mode a forward moves the averages, but does not use them.
      const GradientReport report = check_gradients(layer, x, mode);
      BOOST_TEST(report.passed(), report);
    }
}

BOOST_AUTO_TEST_CASE(batch_normalization_normalises_and_remembers) {
  Random random(6);
  BatchNormalization layer(0.9, 1e-3);
  layer.build({2}, random);
  const Tensor x({4, 2}, {1, 10, 3, 10, 5, 10, 7, 10});  // mean 4 and 10, variance 5 and 0
  const Tensor& y = layer.forward(x, Mode::training);
  const double deviation = std::sqrt(5 + 1e-3);
  for (Index n = 0; n < 4; ++n) {
    BOOST_TEST(y[2 * n] == (x[2 * n] - 4) / deviation, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(y[2 * n + 1] == 0);
  }
  const auto parameters = layer.parameters();
  BOOST_TEST(parameters[2]->value[0] == 0.1 * 4, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(parameters[3]->value[0] == 0.9 * 1 + 0.1 * 5, boost::test_tools::tolerance(1e-12));
  const Tensor& inference = layer.forward(x, Mode::inference);
  BOOST_TEST(inference[0] == (1 - 0.4) / std::sqrt(1.4 + 1e-3), boost::test_tools::tolerance(1e-12));
}

// The deviations are squared, not the values: a mean far from zero costs no more digits than rounding it does.
BOOST_AUTO_TEST_CASE(batch_normalization_of_values_far_from_zero) {
  Random random(6);
  BatchNormalization layer(0.9, 1e-3);
  layer.build({1}, random);
  const Tensor x({4, 1}, {1e8 + 0.1, 1e8 + 0.7, 1e8 - 0.3, 1e8 + 0.9});
  const Tensor& y = layer.forward(x, Mode::training);
  double mean = 0, variance = 0;  // of the distances from 1e8, which are exact
  for (const Real v : x.values) mean += (v - 1e8) / 4;
  for (const Real v : x.values) variance += (v - 1e8 - mean) * (v - 1e8 - mean) / 4;
  for (Index n = 0; n < 4; ++n)
    BOOST_TEST(y[n] == (x[n] - 1e8 - mean) / std::sqrt(variance + 1e-3), boost::test_tools::tolerance(1e-6));
}

// An upstream gradient of ones gives zero through the batch's mean: a test with it could not see a mistake
// there.
BOOST_AUTO_TEST_CASE(batch_normalization_upstream_ones_give_zero) {
  Random random(6);
  BatchNormalization layer;
  layer.build({3}, random);
  Tensor x({5, 3}), ones({5, 3});
  random.fill_normal(x);
  ones.fill(1);
  layer.forward(x, Mode::training);
  for (Real dx : layer.backward(ones).values) BOOST_TEST(std::abs(dx) < 1e-12);
}

BOOST_AUTO_TEST_CASE(activation_layer_gradients) {
  Random random(7);
  for (Activation f : all_activations) {
    ActivationLayer layer(f);
    layer.build({3, 5}, random);
    Tensor values({2, 3, 5});
    random.fill_normal(values);
    const GradientReport report = check_gradients(layer, values, Mode::training);
    BOOST_TEST(report.passed(), to_string(f) << ": " << report);
  }
  LeakyReLU leaky;
  leaky.build({2}, random);
  const Tensor x({1, 2}, {-2, 2});
  BOOST_TEST(leaky.forward(x, Mode::inference).values == (std::vector<Real>{-2 * 0.3, 2}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(dropout_gradients_with_the_mask_held) {
  Random random(8);
  Dropout layer(0.4);
  layer.build({3, 7}, random);
  const Random kept = layer.random();
  Tensor x({5, 3, 7});
  random.fill_normal(x);
  const GradientReport report = check_gradients(layer, x, Mode::training, [&] { layer.random() = kept; });
  BOOST_TEST(report.passed(), report);
}

// Two layers of the same random state: inference between two forward passes of the one draws nothing.
BOOST_AUTO_TEST_CASE(dropout_draws_a_new_mask_each_time_in_training_alone) {
  Random random(9), same(9);
  Dropout layer(0.5), other(0.5);
  layer.build({1000}, random);
  other.build({1000}, same);
  Tensor ones({1, 1000});
  ones.fill(1);
  const std::vector<Real> first = layer.forward(ones, Mode::training).values;
  layer.forward(ones, Mode::inference);
  const std::vector<Real> second = layer.forward(ones, Mode::training).values;
  BOOST_TEST((first != second));
  BOOST_TEST((other.forward(ones, Mode::training).values == first));
  BOOST_TEST((other.forward(ones, Mode::training).values == second));
}

BOOST_AUTO_TEST_CASE(dropout_keeps_the_mean_and_does_nothing_at_inference) {
  Random random(9);
  Dropout layer(0.3);
  layer.build({1000}, random);
  Tensor ones({100, 1000});
  ones.fill(1);
  double sum = 0, zeros = 0;
  for (Real v : layer.forward(ones, Mode::training).values) {
    sum += v;
    zeros += v == 0;
    BOOST_TEST((v == 0 || std::abs(v - 1 / 0.7) < 1e-12));
  }
  BOOST_TEST(std::abs(sum / 1e5 - 1) < 0.01);
  BOOST_TEST(std::abs(zeros / 1e5 - 0.3) < 0.01);
  BOOST_TEST(layer.forward(ones, Mode::inference).values == ones.values);
  BOOST_TEST(layer.backward(ones).values == ones.values);
}

BOOST_AUTO_TEST_CASE(reshape_and_flatten_gradients) {
  Random random(10);
  Reshape reshape({2, 3, 2});
  reshape.build({12}, random);
  Tensor x({2, 12});
  random.fill_normal(x);
  BOOST_TEST(check_gradients(reshape, x, Mode::training).passed());
  Flatten flatten;
  BOOST_TEST((flatten.build({2, 3, 2}, random) == Shape{12}));
  x.shape = {2, 2, 3, 2};
  BOOST_TEST(check_gradients(flatten, x, Mode::training).passed());
}

BOOST_AUTO_TEST_CASE(whole_small_cnn_gradients) {
  Random random(1);
  Sequential model("small", {9, 8, 1});
  model.add<Conv2D>(3, 3, ConvolutionOptions{.activation = Activation::relu});
  model.add<MaxPooling2D>(2);
  model.add<Conv2D>(4, 2, ConvolutionOptions{.padding = Padding::same, .activation = Activation::tanh});
  model.add<Flatten>();
  model.add<Dense>(3);
  model.build(random);
  Tensor x({2, 9, 8, 1});
  random.fill_normal(x);
  const GradientReport report = check_gradients(model, x, Mode::training);
  BOOST_TEST(report.passed(), report);
}

// Gradients that are not wanted are not computed. With few channels, and with so many that Winograd takes
// over.
BOOST_AUTO_TEST_CASE(only_the_gradients_wanted) {
  for (Index channels : {2, 16}) {
    Random random(11);
    Sequential model("m", {6, 6, channels});
    model.add<Conv2D>(channels, 3, ConvolutionOptions{.activation = Activation::tanh});
    model.add<BatchNormalization>();
    model.add<Conv2DTranspose>(channels, 5, ConvolutionOptions{.stride = 2, .padding = Padding::same});
    model.add<Flatten>();
    model.add<Dense>(2);
    model.build(random);
    Tensor x({2, 6, 6, channels}), U({2, 2});
    random.fill_normal(x);
    random.fill_normal(U);
    model.zero_gradients();
    model.forward(x, Mode::training);
    const Tensor dx = model.backward(U, Gradients::all);
    std::vector<std::vector<Real>> all;
    for (Parameter* p : model.parameters()) all.push_back(p->gradient.values);
    model.zero_gradients();
    model.forward(x, Mode::training);
    BOOST_TEST(model.backward(U, Gradients::input).values == dx.values);
    for (Parameter* p : model.parameters())
      for (Real g : p->gradient.values) BOOST_TEST(g == 0);
    model.forward(x, Mode::training);
    model.backward(U, Gradients::parameters);
    for (std::size_t i = 0; i < all.size(); ++i) BOOST_TEST(model.parameters()[i]->gradient.values == all[i]);
  }
}

// output = f(input * kernel + bias), by hand.
BOOST_AUTO_TEST_CASE(eq_7_1_dense) {
  Random random(12);
  Dense layer(2, Activation::relu);
  layer.build({3}, random);
  layer.parameters()[0]->value.values = {1, -2, 3, -4, 5, -6};  // (inputs, units)
  layer.parameters()[1]->value.values = {0.5, 1};
  const Tensor x({1, 3}, {1, 2, 3});
  BOOST_TEST(layer.forward(x, Mode::inference).values == (std::vector<Real>{1 + 6 + 15 + 0.5, 0}),
             boost::test_tools::per_element());
}

// Three Dense layers without bias are the six-neuron network: same outputs, and (2.12)-(2.25), corrected, are
// minus the learning rate times what Dense::backward gives for L = (z - y)^2 / 2.
BOOST_AUTO_TEST_CASE(eq_2_12_to_2_25_are_dense_backward) {
  using namespace six_neurons;
  Random random(13);
  const Activation hidden = Activation::tanh, second = Activation::sigmoid, output = Activation::sigmoid;
  const Network network{random_weights(random), {hidden, hidden, hidden, second, second, output}};
  const Weights& w = network.weights;
  Sequential model("3-2-1", {2});
  model.add<Dense>(3, hidden, false);
  model.add<Dense>(2, second, false);
  model.add<Dense>(1, output, false);
  model.build(random);
  const auto& p = model.parameters();
  p[0]->value.values = {w.w11, w.w12, w.w13, w.w21, w.w22, w.w23};
  p[1]->value.values = {w.w14, w.w15, w.w24, w.w25, w.w34, w.w35};
  p[2]->value.values = {w.w46, w.w56};

  const Real x1 = 0.3, x2 = -0.8, z = 0.9, n = 0.7;
  const Signals signals = propagate(network, x1, x2);
  const Tensor x({1, 2}, {x1, x2});
  const Real y = model.forward(x, Mode::training)[0];
  BOOST_TEST(y == signals.y6, boost::test_tools::tolerance(1e-14));

  const Weights updated = updated_weights(network, signals, backpropagate(network, signals, z), n);
  model.zero_gradients();
  model.backward(Tensor({1, 1}, {y - z}));
  const std::vector<std::vector<Real>> expected = {
      {updated.w11, updated.w12, updated.w13, updated.w21, updated.w22, updated.w23},
      {updated.w14, updated.w15, updated.w24, updated.w25, updated.w34, updated.w35},
      {updated.w46, updated.w56}};
  for (std::size_t l = 0; l < 3; ++l)
    for (std::size_t i = 0; i < expected[l].size(); ++i)
      BOOST_TEST(p[l]->value.values[i] - n * p[l]->gradient.values[i] == expected[l][i],
                 boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_are_refused) {
  Random random(14);
  Dense dense(2);
  BOOST_CHECK_THROW(dense.build({2, 2}, random), std::invalid_argument);
  dense.build({3}, random);
  const Tensor too_long({1, 4}), no_batch({3});
  BOOST_CHECK_THROW(dense.forward(too_long, Mode::training), std::invalid_argument);
  BOOST_CHECK_THROW(dense.forward(no_batch, Mode::training), std::invalid_argument);
  BOOST_CHECK_THROW(Dense(0), std::invalid_argument);
  Conv2D conv(2, 5);
  BOOST_CHECK_THROW(conv.build({4, 4, 1}, random), std::invalid_argument);
  BOOST_CHECK_THROW(conv.build({4, 4}, random), std::invalid_argument);
  BOOST_CHECK_THROW(Conv2D(2, 3, ConvolutionOptions{.stride = 0}), std::invalid_argument);
  BOOST_CHECK_THROW(Conv2DTranspose(2, 3, ConvolutionOptions{}), std::invalid_argument);
  MaxPooling2D pool(3);
  BOOST_CHECK_THROW(pool.build({2, 5, 1}, random), std::invalid_argument);
  BOOST_CHECK_THROW(Dropout(1.0), std::invalid_argument);
  BOOST_CHECK_THROW(Dropout(-0.1), std::invalid_argument);
  Reshape reshape({5});
  BOOST_CHECK_THROW(reshape.build({6}, random), std::invalid_argument);
  BOOST_CHECK_THROW(BatchNormalization(2.0), std::invalid_argument);
}

// Glorot's limit is sqrt(6 / (fan_in + fan_out)); of hundreds of weights, some come near it.
BOOST_AUTO_TEST_CASE(first_weights_fill_glorots_range) {
  const auto require_within = [](const Tensor& weights, double fan_in, double fan_out) {
    const double limit = std::sqrt(6 / (fan_in + fan_out));
    const auto [least, greatest] = std::minmax_element(weights.values.begin(), weights.values.end());
    BOOST_TEST(*greatest < limit);
    BOOST_TEST(*least >= -limit);
    BOOST_TEST(*greatest > 0.95 * limit);
    BOOST_TEST(*least < -0.95 * limit);
  };
  Random random(1);
  Dense dense(50);
  dense.build({30}, random);
  require_within(dense.parameters()[0]->value, 30, 50);
  Conv2D convolution(8, 5);
  convolution.build({6, 6, 4}, random);
  require_within(convolution.parameters()[0]->value, 25 * 4, 25 * 8);
  Conv2DTranspose transposed(8, 5, {.padding = Padding::same});
  transposed.build({6, 6, 4}, random);
  require_within(transposed.parameters()[0]->value, 25 * 4, 25 * 8);
}

BOOST_AUTO_TEST_SUITE_END()
