/// @file
/// What holds for every convolution, dense layer and pooling, whatever its sizes: RapidCheck draws the sizes
/// and, where something does not hold, prints the smallest case that it finds. `make test` draws a few
/// hundred cases of each property, the same ones every time; `make properties` a million others.
#define BOOST_TEST_DYN_LINK
#include <rapidcheck/boost_test.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>

#include "convolution/convolution.hpp"
#include "convolution/pooling.hpp"
#include "geometries.hpp"
#include "layer_sums.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/max_pooling2d.hpp"
#include "math/threads.hpp"
#include "training/checkpoint.hpp"

using namespace plaingrad;

namespace {

/// RapidCheck reads its settings once, at the first property.
[[maybe_unused]] const int few_cases = setenv("RC_PARAMS", "max_success=300 seed=1", 0);

/// A layer and what it is tried on.
struct Case {
  ConvolutionGeometry g;
  Index batch = 1;
  Activation f = Activation::linear;
  std::uint64_t seed = 1;
};

// RapidCheck's hook, found by its name.
[[maybe_unused]] void showValue(const Case& c, std::ostream& out) {
  out << to_string(c.g) << ", batch " << c.batch << ", " << to_string(c.f) << ", seed " << c.seed;
}

Index drawn(Index low, Index high) {
  return *rc::gen::inRange<Index>(low, high + 1);
}

// Small numbers of channels, and those for which the fast engine takes another algorithm or a rest of a
// block.
Index drawn_channels() {
  return *rc::gen::oneOf(rc::gen::inRange<Index>(1, 6),
                         rc::gen::element<Index>(8, 15, 16, 17, 31, 32, 33, 48));
}

// At most this many products, so that no case takes long.
constexpr Index most_products = 400'000;

/// A case that the layers accept; with `divides`, one of which there is a transposed convolution, too.
Case drawn_case(bool divides = false) {
  Case c;
  ConvolutionGeometry& g = c.g;
  g.stride = drawn(1, 4);
  g.padding = divides || *rc::gen::arbitrary<bool>() ? Padding::same : Padding::valid;
  g.height = divides ? g.stride * drawn(1, 5) : drawn(1, 17);
  g.width = divides ? g.stride * drawn(1, 5) : drawn(1, 17);
  g.kernel = drawn(1, g.padding == Padding::same ? 6 : std::min<Index>({6, g.height, g.width}));
  g.channels = drawn_channels();
  g.filters = drawn_channels();
  const Index products = g.map_size() * g.window_size();
  c.batch = drawn(1, std::clamp<Index>(most_products / products, 1, 70));
  c.f = *rc::gen::element(Activation::linear, Activation::sigmoid, Activation::tanh, Activation::leaky_relu);
  c.seed = *rc::gen::inRange<std::uint64_t>(1, 1000);
  return c;
}

/// Whether they agree to 1e-11 of the root mean square of what is expected (or of 1, if that is more).
bool close(const Tensor& found, const Tensor& expected) {
  if (found.shape != expected.shape) return false;
  double squares = 0, greatest = 0;
  for (Index i = 0; i < expected.size(); ++i) {
    squares += expected[i] * expected[i];
    greatest = std::max(greatest, std::abs(found[i] - expected[i]));
  }
  return greatest <= 1e-11 * std::max(1.0, std::sqrt(squares / std::max(1.0, double(expected.size()))));
}

/// A layer of the case with random weights, what it makes of random images, and the gradients of a random dy.
template <class Kind>
struct Built {
  Kind layer;
  Random random;
  Tensor x, y, dy, dx;

  template <class... Arguments>
  Built(const Shape& input, const Case& c, Arguments&&... arguments)
      : layer(std::forward<Arguments>(arguments)...), random(c.seed) {
    const Shape output = layer.build(input, random);
    for (Parameter* p : layer.parameters()) random.fill_normal(p->value);
    x = random_tensor(batch_of(c.batch, input), random);
    dy = random_tensor(batch_of(c.batch, output), random);
    run();
  }

  static Shape batch_of(Index batch, Shape sample) {
    sample.insert(sample.begin(), batch);
    return sample;
  }

  void run() {
    y = layer.forward(x, Mode::training);
    for (Parameter* p : layer.parameters())
      std::fill(p->gradient.values.begin(), p->gradient.values.end(), 0);
    dx = layer.backward(dy);
  }

  Tensor& W() { return layer.parameters()[0]->value; }
  Tensor& b() { return layer.parameters()[1]->value; }
  Tensor& dW() { return layer.parameters()[0]->gradient; }
  Tensor& db() { return layer.parameters()[1]->gradient; }
};

Built<Conv2D> conv2d(const Case& c) {
  return {{c.g.height, c.g.width, c.g.channels},
          c,
          c.g.filters,
          c.g.kernel,
          ConvolutionOptions{.stride = c.g.stride, .padding = c.g.padding, .activation = c.f}};
}

/// From maps to images: its input has the geometry's filters, its output the channels.
Built<Conv2DTranspose> conv2d_transpose(const Case& c) {
  return {{c.g.out_height(), c.g.out_width(), c.g.filters},
          c,
          c.g.channels,
          c.g.kernel,
          ConvolutionOptions{.stride = c.g.stride, .padding = Padding::same, .activation = c.f}};
}

double dot(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// The images (or whatever the first index counts) in another order.
Tensor in_order(const Tensor& tensor, const std::vector<Index>& order) {
  Tensor result(tensor.shape);
  const Index size = tensor.size() / std::max<Index>(1, tensor.shape[0]);
  for (Index n = 0; n < tensor.shape[0]; ++n)
    std::copy_n(tensor.data() + order[static_cast<std::size_t>(n)] * size, size, result.data() + n * size);
  return result;
}

/// The last index in another order.
Tensor last_in_order(const Tensor& tensor, const std::vector<Index>& order) {
  Tensor result(tensor.shape);
  const Index size = tensor.shape.back();
  for (Index i = 0; i < tensor.size(); ++i)
    result[i] = tensor[i / size * size + order[static_cast<std::size_t>(i % size)]];
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(properties)

RC_BOOST_PROP(a_convolution_is_its_definition, ()) {
  const Case c = drawn_case();
  RC_LOG() << rc::toString(c);
  auto built = conv2d(c);
  Tensor expected = conv2d_definition(built.x, built.W(), built.b(), c.g.stride, c.g.padding);
  apply(c.f, expected.data(), expected.size());
  RC_ASSERT(close(built.y, expected));
  const Tensor dz = times_derivative(c.f, built.y, built.dy);
  RC_ASSERT(close(built.dx,
                  conv2d_input_gradient_definition(dz, built.W(), built.x.shape, c.g.stride, c.g.padding)));
  RC_ASSERT(close(built.dW(),
                  conv2d_kernel_gradient_definition(built.x, dz, built.W().shape, c.g.stride, c.g.padding)));
  RC_ASSERT(close(built.db(), sums_by_channel(dz)));
}

RC_BOOST_PROP(a_transposed_convolution_is_its_definition, ()) {
  const Case c = drawn_case(true);
  RC_LOG() << rc::toString(c);
  auto built = conv2d_transpose(c);
  Tensor expected =
      conv2d_input_gradient_definition(built.x, built.W(), built.y.shape, c.g.stride, Padding::same);
  add_to_every_channel(built.b(), expected);
  apply(c.f, expected.data(), expected.size());
  RC_ASSERT(close(built.y, expected));
  const Tensor dz = times_derivative(c.f, built.y, built.dy);
  RC_ASSERT(
      close(built.dx, conv2d_definition(dz, built.W(), Tensor({c.g.filters}), c.g.stride, Padding::same)));
  RC_ASSERT(close(built.dW(), conv2d_kernel_gradient_definition(dz, built.x, built.W().shape, c.g.stride,
                                                                Padding::same)));
  RC_ASSERT(close(built.db(), sums_by_channel(dz)));
}

// <conv(x), y> = <x, conv'(y)> with the same kernel.
RC_BOOST_PROP(the_transposed_convolution_is_the_adjoint, ()) {
  Case c = drawn_case(true);
  c.f = Activation::linear;
  RC_LOG() << rc::toString(c);
  auto there = conv2d(c);
  auto back = conv2d_transpose(c);
  back.W() = there.W();
  for (Tensor* bias : {&there.b(), &back.b()}) std::fill(bias->values.begin(), bias->values.end(), 0);
  there.run(), back.run();
  const double left = dot(there.y, back.x), right = dot(there.x, back.y);
  RC_ASSERT(std::abs(left - right) <=
            1e-10 * std::max(1.0, std::sqrt(dot(there.y, there.y) * dot(back.x, back.x))));
}

RC_BOOST_PROP(a_convolution_is_linear_in_its_input_and_in_its_kernel, ()) {
  Case c = drawn_case();
  c.f = Activation::linear;
  RC_LOG() << rc::toString(c);
  auto built = conv2d(c);
  std::fill(built.b().values.begin(), built.b().values.end(), 0);
  for (Tensor* changed : {&built.x, &built.W()}) {
    const Tensor first = *changed, second = random_tensor(first.shape, built.random);
    built.run();
    const Tensor y_of_first = built.y;
    *changed = second;
    built.run();
    Tensor expected = y_of_first;
    for (Index i = 0; i < expected.size(); ++i) expected[i] = 2 * expected[i] - 3 * built.y[i];
    for (Index i = 0; i < first.size(); ++i) (*changed)[i] = 2 * first[i] - 3 * second[i];
    built.run();
    RC_ASSERT(close(built.y, expected));
    *changed = first;
  }
}

// Moved by as much as the window moves, the image gives the same map, moved by one.
RC_BOOST_PROP(a_shifted_image_gives_a_shifted_map, ()) {
  Case c = drawn_case();
  c.g.padding = Padding::valid;
  c.g.kernel = std::min<Index>({c.g.kernel, c.g.height, c.g.width});
  RC_PRE(c.g.out_height() > 1 && c.g.out_width() > 1);
  RC_LOG() << rc::toString(c);
  auto built = conv2d(c);
  const Tensor x = built.x, y = built.y;
  const ConvolutionGeometry& g = c.g;
  for (Index n = 0; n < c.batch; ++n)
    for (Index i = 0; i + g.stride < g.height; ++i)
      for (Index j = 0; j + g.stride < g.width; ++j)
        for (Index k = 0; k < g.channels; ++k)
          built.x[((n * g.height + i) * g.width + j) * g.channels + k] =
              x[((n * g.height + i + g.stride) * g.width + j + g.stride) * g.channels + k];
  built.run();
  const Index rows = g.out_height(), columns = g.out_width();
  double greatest = 0;
  for (Index n = 0; n < c.batch; ++n)
    for (Index i = 0; i + 1 < rows; ++i)
      for (Index j = 0; j + 1 < columns; ++j)
        for (Index k = 0; k < g.filters; ++k)
          greatest = std::max(greatest, std::abs(built.y[((n * rows + i) * columns + j) * g.filters + k] -
                                                 y[((n * rows + i + 1) * columns + j + 1) * g.filters + k]));
  RC_ASSERT(greatest < 1e-9);
}

RC_BOOST_PROP(the_images_of_a_batch_do_not_know_of_each_other, ()) {
  const Case c = drawn_case();
  RC_LOG() << rc::toString(c);
  auto built = conv2d(c);
  const Tensor y = built.y, dx = built.dx, dW = built.dW();
  const std::vector<Index> order = built.random.permutation(c.batch);
  built.x = in_order(built.x, order);
  built.dy = in_order(built.dy, order);
  built.run();
  RC_ASSERT(close(built.y, in_order(y, order)));
  RC_ASSERT(close(built.dx, in_order(dx, order)));
  RC_ASSERT(close(built.dW(), dW));  // a sum over the batch
}

RC_BOOST_PROP(filters_may_stand_in_any_order, ()) {
  const Case c = drawn_case();
  RC_LOG() << rc::toString(c);
  auto built = conv2d(c);
  const Tensor y = built.y, dx = built.dx, dW = built.dW(), db = built.db();
  const std::vector<Index> order = built.random.permutation(c.g.filters);
  built.W() = last_in_order(built.W(), order);
  built.b() = last_in_order(built.b(), order);
  built.dy = last_in_order(built.dy, order);
  built.run();
  RC_ASSERT(close(built.y, last_in_order(y, order)));
  RC_ASSERT(close(built.dW(), last_in_order(dW, order)));
  RC_ASSERT(close(built.db(), last_in_order(db, order)));
  RC_ASSERT(close(built.dx, dx));  // a sum over the filters
}

RC_BOOST_PROP(gradients_add_up, ()) {
  const Case c = drawn_case();
  RC_LOG() << rc::toString(c);
  auto built = conv2d(c);
  Tensor twice_dW = built.dW(), twice_db = built.db();
  for (Tensor* sum : {&twice_dW, &twice_db})
    for (Real& value : sum->values) value *= 2;
  built.layer.forward(built.x, Mode::training);
  built.layer.backward(built.dy);
  RC_ASSERT(close(built.dW(), twice_dW));
  RC_ASSERT(close(built.db(), twice_db));
}

RC_BOOST_PROP(threads_do_not_change_a_bit, ()) {
  const Case c = drawn_case();
  const int threads = static_cast<int>(drawn(2, 5)), before = thread_count();
  RC_LOG() << rc::toString(c) << ", " << threads << " threads";
  set_thread_count(1);
  auto built = conv2d(c);
  const Tensor y = built.y, dx = built.dx, dW = built.dW(), db = built.db();
  set_thread_count(threads);
  built.run();
  set_thread_count(before);
  RC_ASSERT((built.y.values == y.values && built.dx.values == dx.values));
  RC_ASSERT((built.dW().values == dW.values && built.db().values == db.values));
}

RC_BOOST_PROP(weights_saved_and_loaded_give_the_same_bits, ()) {
  const Case c = drawn_case();
  RC_LOG() << rc::toString(c);
  Random random(c.seed);
  Sequential saved("network", {c.g.height, c.g.width, c.g.channels}),
      loaded("network", {c.g.height, c.g.width, c.g.channels});
  for (Sequential* model : {&saved, &loaded}) {
    model->add<Conv2D>(c.g.filters, c.g.kernel,
                       ConvolutionOptions{.stride = c.g.stride, .padding = c.g.padding, .activation = c.f});
    model->build(random);
  }
  Checkpoint checkpoint;
  checkpoint.add("network/", saved);
  checkpoint.restore("network/", loaded);
  const Tensor x = random_tensor({c.batch, c.g.height, c.g.width, c.g.channels}, random);
  const Tensor y = saved.forward(x, Mode::inference);
  RC_ASSERT((loaded.forward(x, Mode::inference).values == y.values));
}

RC_BOOST_PROP(a_dense_layer_is_its_sum, ()) {
  Case c;
  const Index inputs = drawn(1, 80);
  c.g.filters = drawn(1, 80);
  c.batch = drawn(1, 70);
  c.f = *rc::gen::element(Activation::linear, Activation::sigmoid, Activation::tanh, Activation::leaky_relu);
  RC_LOG() << inputs << " inputs, " << c.g.filters << " units, batch " << c.batch << ", " << to_string(c.f);
  Built<Dense> built({inputs}, c, c.g.filters, c.f);
  const Index units = c.g.filters;
  Tensor y({c.batch, units}), dx({c.batch, inputs}), dW({inputs, units});
  const Tensor dz = times_derivative(c.f, built.y, built.dy);
  for (Index n = 0; n < c.batch; ++n)
    for (Index u = 0; u < units; ++u) {
      Real e = built.b()[u];
      for (Index i = 0; i < inputs; ++i) {
        e += built.x[n * inputs + i] * built.W()[i * units + u];
        dx[n * inputs + i] += dz[n * units + u] * built.W()[i * units + u];
        dW[i * units + u] += built.x[n * inputs + i] * dz[n * units + u];
      }
      y[n * units + u] = value(c.f, e);
    }
  RC_ASSERT(close(built.y, y));
  RC_ASSERT(close(built.dx, dx));
  RC_ASSERT(close(built.dW(), dW));
  RC_ASSERT(close(built.db(), sums_by_channel(dz)));
}

// With ties: values are whole numbers from -2 to 2.
RC_BOOST_PROP(max_pooling_is_its_definition, ()) {
  const Index height = drawn(1, 17), width = drawn(1, 17), channels = drawn_channels(), batch = drawn(1, 9);
  const Index size = drawn(1, std::min<Index>({5, height, width}));
  RC_LOG() << batch << " x " << height << " x " << width << " x " << channels << ", window " << size;
  Random random(1);
  Tensor x({batch, height, width, channels});
  for (Real& value : x.values) value = static_cast<Real>(random.index(5)) - 2;
  MaxPooling2D layer(size);
  layer.build({height, width, channels}, random);
  const Tensor y = layer.forward(x, Mode::training), dy = random_tensor(y.shape, random);
  RC_ASSERT((y.values == max_pool_definition(x, size).values));
  const Tensor dx = max_pool_gradient_definition(max_pool_argmax_definition(x, size), dy, x.shape, size);
  RC_ASSERT((layer.backward(dy).values == dx.values));
}

BOOST_AUTO_TEST_SUITE_END()
