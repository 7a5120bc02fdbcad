/// @file
/// A number that is not finite is noticed where it arises and named, or never arises: in float and in double,
/// on both engines.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "convolution/pooling.hpp"
#include "errors.hpp"
#include "evaluation/generative_scores.hpp"
#include "evaluation/image_quality.hpp"
#include "evaluation/median_filter.hpp"
#include "evaluation/metrics.hpp"
#include "geometries.hpp"
#include "layer_sums.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/max_pooling2d.hpp"
#include "losses/adversarial.hpp"
#include "losses/gaussian_likelihood.hpp"
#include "losses/loss.hpp"
#include "models/autoencoder.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/gradient_descent.hpp"
#include "optimizers/sgd.hpp"

using namespace plaingrad;

namespace {

constexpr Real not_a_number = std::numeric_limits<Real>::quiet_NaN();
constexpr Real infinity = std::numeric_limits<Real>::infinity();
constexpr Real largest = std::numeric_limits<Real>::max();

Parameter parameter(const std::string& name, std::vector<Real> values, std::vector<Real> gradient) {
  const Shape shape{static_cast<Index>(values.size())};
  return {name, Tensor(shape, std::move(values)), Tensor(shape, std::move(gradient))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(not_finite)

// ---- max pooling -----------------------------------------------------------------------------------------

// At every place of windows of every size, for channels that the fast engine takes in blocks and singly.
BOOST_AUTO_TEST_CASE(max_pooling_keeps_a_nan) {
  Random random(1);
  for (const Index size : {2, 3})
    for (Index place = 0; place < size * size; ++place) {
      const Index channels = 19, extent = 2 * size;
      Tensor x = random_tensor({1, extent, extent, channels}, random);
      for (Index c = 0; c < channels; ++c)
        x[(place / size * extent + place % size) * channels + c] = not_a_number;
      MaxPooling2D layer(size);
      layer.build({extent, extent, channels}, random);
      const Tensor y = layer.forward(x, Mode::training);
      const Tensor dx = layer.backward(random_tensor(y.shape, random));
      for (Index i = 0; i < y.size(); ++i) BOOST_TEST(std::isnan(y[i]) == (i < channels), "value " << i);
      for (Index c = 0; c < channels; ++c)
        BOOST_TEST(dx[(place / size * extent + place % size) * channels + c] != 0);
    }
}

BOOST_AUTO_TEST_CASE(max_pooling_marks_the_first_nan) {
  BOOST_TEST((max_pool_mask({{1, not_a_number}, {not_a_number, 2}}, 2) == Matrix{{0, 1}, {0, 0}}));
  BOOST_TEST((max_pool_mask({{not_a_number, infinity}, {3, not_a_number}}, 2) == Matrix{{1, 0}, {0, 0}}));
  BOOST_TEST(max_pool({{1, infinity}, {-infinity, 2}}, 2)(0, 0) == infinity);
}

// ---- convolutions: a bad pixel -----------------------------------------------------------------------------

namespace {

// Largest |a - b| where `same` says that they must agree, as a part of the largest |b|.
double difference_where(const Tensor& a, const Tensor& b, const std::function<bool(Index)>& same) {
  BOOST_REQUIRE(a.shape == b.shape);
  double scale = 1, worst = 0;
  for (Index i = 0; i < a.size(); ++i) {
    scale = std::max(scale, std::abs(double(b[i])));
    if (!same(i)) continue;
    const double difference = std::abs(double(a[i]) - double(b[i]));
    if (!(difference <= worst)) worst = difference;  // a NaN too
  }
  return worst / scale;
}

constexpr double tolerance = sizeof(Real) == sizeof(double) ? 1e-12 : 2e-5;

struct Pass {
  Tensor y, dx, dW;
};

Pass run(Layer& layer, const Tensor& x, const Tensor& dy) {
  Pass pass;
  layer.parameters()[0]->gradient.fill(0);
  pass.y = layer.forward(x, Mode::training);
  pass.dx = layer.backward(dy);
  pass.dW = layer.parameters()[0]->gradient;
  return pass;
}

// Whether window (i, j) of the geometry covers pixel (r, t).
bool covers(const ConvolutionGeometry& g, Index i, Index j, Index r, Index t) {
  const Index m = r - (i * g.stride - g.top()), n = t - (j * g.stride - g.left());
  return m >= 0 && m < g.kernel && n >= 0 && n < g.kernel;
}

struct Place {
  Index image, row, column, channel;
};

Place place_of(Index i, const Shape& shape) {
  return {i / shape[3] / shape[2] / shape[1], i / shape[3] / shape[2] % shape[1], i / shape[3] % shape[2],
          i % shape[3]};
}

// A layer of the geometry (or its adjoint) with one bad value in its images (or maps), at a random place.
// `images` and `maps` name what the geometry calls x and y.
void require_bad_value_stays_local(Layer& layer, const ConvolutionGeometry& g, bool adjoint, Real bad,
                                   Random& random) {
  const Shape images{2, g.height, g.width, g.channels};
  const Shape maps{2, g.out_height(), g.out_width(), g.filters};
  const Tensor x = random_tensor(adjoint ? maps : images, random);
  const Tensor dy = random_tensor(adjoint ? images : maps, random);
  const Pass expected = run(layer, x, dy);
  const std::string where = to_string(g) + (adjoint ? ", adjoint, " : ", ") + std::to_string(bad);
  // Whether element a of one kind of tensor meets element b of the other.
  const auto meets = [&](Index image, Index map) {
    const Place p = place_of(image, images), q = place_of(map, maps);
    return p.image == q.image && covers(g, q.row, q.column, p.row, p.column);
  };

  Tensor bad_x = x;
  const Index at = random.index(x.size());
  bad_x[at] = bad;
  const Pass with_x = run(layer, bad_x, dy);
  BOOST_TEST(difference_where(with_x.y, expected.y,
                              [&](Index i) { return adjoint ? !meets(i, at) : !meets(at, i); }) < tolerance,
             where << ": y");
  BOOST_TEST(difference_where(with_x.dx, expected.dx, [](Index) { return true; }) < tolerance,
             where << ": dx");
  // dW(m,n,c,f) multiplies channel c of images by filter f of maps.
  const Index bad_channel = place_of(at, x.shape).channel;
  BOOST_TEST(difference_where(with_x.dW, expected.dW,
                              [&](Index i) {
                                return (adjoint ? i % g.filters : i / g.filters % g.channels) != bad_channel;
                              }) < tolerance,
             where << ": dW");

  Tensor bad_dy = dy;
  const Index d = random.index(dy.size());
  bad_dy[d] = bad;
  const Pass with_dy = run(layer, x, bad_dy);
  BOOST_TEST(difference_where(with_dy.dx, expected.dx,
                              [&](Index i) { return adjoint ? !meets(d, i) : !meets(i, d); }) < tolerance,
             where << ": dx of a bad dy");
  const Index bad_filter = place_of(d, dy.shape).channel;
  BOOST_TEST(difference_where(with_dy.dW, expected.dW,
                              [&](Index i) {
                                return (adjoint ? i / g.filters % g.channels : i % g.filters) != bad_filter;
                              }) < tolerance,
             where << ": dW of a bad dy");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_bad_pixel_spoils_only_the_outputs_that_see_it) {
  Random random(2);
  for (const ConvolutionGeometry& g : many_channels_geometries) {
    if (g.channels * g.filters > 1024) continue;
    for (const Real bad : {infinity, -infinity, not_a_number, largest, Real(1e30), Real(1e10)}) {
      Conv2D layer(g.filters, g.kernel, {.stride = g.stride, .padding = g.padding});
      layer.build({g.height, g.width, g.channels}, random);
      require_bad_value_stays_local(layer, g, false, bad, random);
      if (g.padding != Padding::same || g.height % g.stride || g.width % g.stride) continue;
      Conv2DTranspose transposed(g.channels, g.kernel, {.stride = g.stride, .padding = g.padding});
      transposed.build({g.out_height(), g.out_width(), g.filters}, random);
      require_bad_value_stays_local(transposed, g, true, bad, random);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bad_weight_spoils_only_its_filter) {
  Random random(3);
  for (const Real bad : {infinity, not_a_number, Real(1e30)}) {
    Conv2D layer(32, 3);
    layer.build({13, 13, 16}, random);
    const Tensor x = random_tensor({1, 13, 13, 16}, random);
    const Tensor expected = layer.forward(x, Mode::inference);
    layer.parameters()[0]->value[32 * 5 + 7] = bad;
    BOOST_TEST(difference_where(layer.forward(x, Mode::inference), expected,
                                [](Index i) { return i % 32 != 7; }) < tolerance);
  }
}

// Under padding `same` the fast engine multiplies by the zeros of the border, where the definition leaves the
// term out: so a bad weight or dy may spoil more there, of its own filter. It never spoils less.
BOOST_AUTO_TEST_CASE(a_bad_weight_or_gradient_spoils_at_least_what_the_definition_says_and_only_its_filter) {
  Random random(4);
  for (const ConvolutionGeometry& g : odd_geometries) {
    Conv2D layer(g.filters, g.kernel, {.stride = g.stride, .padding = g.padding});
    layer.build({g.height, g.width, g.channels}, random);
    Tensor& W = layer.parameters()[0]->value;
    const Tensor x = random_tensor({1, g.height, g.width, g.channels}, random);
    const Tensor dy = random_tensor({1, g.out_height(), g.out_width(), g.filters}, random);
    const Pass expected = run(layer, x, dy);
    // Whether place (m, n) of the window of output i lies in the image.
    const auto inside = [&](Index i, Index m, Index n) {
      const Place p = place_of(i, dy.shape);
      const Index row = p.row * g.stride - g.top() + m, column = p.column * g.stride - g.left() + n;
      return row >= 0 && row < g.height && column >= 0 && column < g.width;
    };
    for (const Real bad : {infinity, not_a_number}) {
      const Index w = random.index(W.size()), d = random.index(dy.size());
      const Place at = place_of(w, W.shape);  // (m, n, c, f): image m, row n, column c
      const Real good = std::exchange(W[w], bad);
      const Tensor y = layer.forward(x, Mode::training);
      W[w] = good;
      for (Index i = 0; i < y.size(); ++i)
        if (i % g.filters == at.channel && inside(i, at.image, at.row))
          BOOST_TEST(!std::isfinite(y[i]), to_string(g) << ": y " << i);
      BOOST_TEST(
          difference_where(y, expected.y, [&](Index i) { return i % g.filters != at.channel; }) < tolerance,
          to_string(g) << ": y");

      Tensor bad_dy = dy;
      bad_dy[d] = bad;
      const Pass with_dy = run(layer, x, bad_dy);
      for (Index i = 0; i < W.size(); ++i) {
        const Place p = place_of(i, W.shape);
        if (p.channel == d % g.filters && inside(d, p.image, p.row))
          BOOST_TEST(!std::isfinite(with_dy.dW[i]), to_string(g) << ": dW " << i);
      }
      BOOST_TEST(difference_where(with_dy.dW, expected.dW,
                                  [&](Index i) { return i % g.filters != d % g.filters; }) < tolerance,
                 to_string(g) << ": dW");
    }
  }
}

// ---- losses ------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(an_empty_batch_has_no_loss) {
  Tensor gradient;
  const Tensor none({0, 10}), no_logits({0, 1}), valueless;
  BOOST_CHECK_THROW(softmax_cross_entropy(none, {}, gradient), std::invalid_argument);
  BOOST_CHECK_THROW(mean_squared_error(none, none, gradient), std::invalid_argument);
  BOOST_CHECK_THROW(mean_squared_error(valueless, valueless, gradient), std::invalid_argument);
  BOOST_CHECK_THROW(mean_squared_error(Tensor(Shape{}), valueless, gradient), std::invalid_argument);
  BOOST_CHECK_THROW(binary_cross_entropy(no_logits, 1, gradient), std::invalid_argument);
  for (const GeneratorLoss kind : {GeneratorLoss::saturating, GeneratorLoss::non_saturating})
    BOOST_CHECK_THROW(generator_loss(kind, no_logits, gradient), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_loss_of_bad_numbers_is_not_finite) {
  Tensor gradient;
  const std::vector<std::uint8_t> label{1};
  for (const Real bad : {not_a_number, infinity}) {
    BOOST_TEST(!std::isfinite(softmax_cross_entropy(Tensor({1, 2}, {bad, 0}), label, gradient)));
    BOOST_TEST(!std::isfinite(softmax_cross_entropy(Tensor({1, 2}, {0, bad}), label, gradient)));
    BOOST_TEST(!std::isfinite(mean_squared_error(Tensor({1}, {bad}), Tensor({1}), gradient)));
    for (const double target : {0.0, 1.0})
      BOOST_TEST(!std::isfinite(binary_cross_entropy(Tensor({1, 1}, {bad}), target, gradient)));
  }
  BOOST_TEST(!std::isfinite(softmax_cross_entropy(Tensor({1, 2}, {0, -infinity}), label, gradient)));
  BOOST_CHECK_THROW(binary_cross_entropy(Tensor({1, 1}), not_a_number, gradient), std::invalid_argument);
  BOOST_CHECK_THROW(binary_cross_entropy(Tensor({1, 1}), 1.5, gradient), std::invalid_argument);
  BOOST_CHECK_THROW(gaussian_negative_log_likelihood(Tensor({1}), Tensor({1}), 1e-200, gradient),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(softmax_of_a_row_with_a_bad_number_is_nan_throughout) {
  Tensor p;
  softmax(Tensor({4, 2}, {not_a_number, 0, 0, infinity, -infinity, -infinity, 0, -infinity}), p);
  for (Index i = 0; i < 6; ++i) BOOST_TEST(std::isnan(p[i]));
  BOOST_TEST(p[6] == 1);
  BOOST_TEST(p[7] == 0);
  BOOST_CHECK_THROW(softmax(Tensor({2, 0}), p), std::invalid_argument);
}

// ---- batch normalisation -----------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(batch_normalization_keeps_its_averages_from_bad_batches) {
  Random random(4);
  const Index channels = 3;
  for (const Shape& sample : {Shape{channels}, Shape{2, 2, channels}}) {
    BatchNormalization layer;
    layer.build(sample, random);
    const auto batch = [&](Index images) {
      Shape shape = sample;
      shape.insert(shape.begin(), images);
      return random_tensor(shape, random);
    };
    const Tensor good = batch(4), empty = batch(0);
    layer.forward(good, Mode::training);
    const Tensor mean = layer.parameters()[2]->value, variance = layer.parameters()[3]->value;
    BOOST_CHECK_THROW(layer.forward(empty, Mode::training), std::invalid_argument);
    BOOST_CHECK_NO_THROW(layer.forward(empty, Mode::inference));
    // The last is finite itself, but the square of its deviation is not.
    for (const Real bad : {not_a_number, infinity, Real(std::sqrt(largest) * 4)}) {
      Tensor x = batch(4);
      x[4] = bad;
      BOOST_TEST(
          contains(message_of<std::runtime_error>([&] { layer.forward(x, Mode::training); }), "channel 1"));
    }
    BOOST_TEST((layer.parameters()[2]->value.values == mean.values));
    BOOST_TEST((layer.parameters()[3]->value.values == variance.values));
  }
  BatchNormalization layer;
  BOOST_CHECK_THROW(layer.build({2, 0}, random), std::invalid_argument);
  BOOST_CHECK_THROW(BatchNormalization(0.9, 0), std::invalid_argument);
  BOOST_CHECK_THROW(BatchNormalization(0.9, HUGE_VAL), std::invalid_argument);
}

// As in Keras: variance 0, so y is beta, and no gradient goes back.
BOOST_AUTO_TEST_CASE(batch_normalization_of_one_row_gives_beta) {
  Random random(5);
  BatchNormalization layer;
  layer.build({3}, random);
  random.fill_normal(layer.parameters()[1]->value);
  const Tensor x = random_tensor({1, 3}, random);
  BOOST_TEST((layer.forward(x, Mode::training).values == layer.parameters()[1]->value.values));
  for (const Real dx : layer.backward(random_tensor({1, 3}, random)).values) BOOST_TEST(dx == 0);
  for (const Real variance : layer.parameters()[3]->value.values)
    BOOST_CHECK_CLOSE(double(variance), 0.99, 1e-4);
}

// ---- optimizers --------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(adam_names_a_gradient_whose_square_overflows_and_changes_nothing) {
  Parameter first = parameter("dense/kernel", {1, 2}, {1, 1}), second = parameter("dense/bias", {3}, {1});
  Adam adam;
  adam.step({&first, &second});
  const std::vector<Real> before = first.value.values;
  const std::vector<Real> moments = adam.moments()[0].v.values;
  for (const Real bad : {not_a_number, infinity, -infinity, largest, Real(1.1) * Adam::gradient_bound()}) {
    second.gradient[0] = bad;
    BOOST_TEST(contains(message_of<std::runtime_error>([&] { adam.step({&first, &second}); }), "dense/bias"));
  }
  BOOST_TEST((first.value.values == before));
  BOOST_TEST((adam.moments()[0].v.values == moments));
  BOOST_TEST(adam.t() == 1);
}

BOOST_AUTO_TEST_CASE(adam_takes_the_largest_gradient_that_it_promises_to) {
  for (const AdamSettings& settings : {AdamSettings{}, AdamSettings{.beta1 = 0, .beta2 = 0}}) {
    BOOST_TEST(Adam::gradient_bound() == std::sqrt(largest) / 2);
    Parameter p = parameter("p", {1}, {Adam::gradient_bound()});
    Adam adam(settings);
    for (int step = 0; step < 5000; ++step) adam.step({&p});
    BOOST_TEST(std::isfinite(adam.moments()[0].v[0]));
    BOOST_CHECK_CLOSE(double(p.value[0]), 1 - 5000 * 0.001, 0.1);  // each step as long as the learning rate
  }
}

// Gradients that are zero at last, that are small enough for v alone to be subnormal, that are subnormal.
BOOST_AUTO_TEST_CASE(adam_has_no_subnormal_moments) {
  const auto subnormal = [](const Tensor& moment) {
    return std::any_of(moment.values.begin(), moment.values.end(),
                       [](Real m) { return std::fpclassify(m) == FP_SUBNORMAL; });
  };
  const auto smallest = static_cast<double>(std::numeric_limits<Real>::min());
  Parameter p = parameter("p", {1, 1, 1, 1}, {1, Real(std::sqrt(smallest) * 3), Real(smallest) / 2, -1});
  Adam adam({.beta2 = 0.9});
  adam.step({&p});
  p.gradient[0] = p.gradient[3] = 0;
  for (int step = 0; step < 10000; ++step) {
    adam.step({&p});
    BOOST_REQUIRE(!subnormal(adam.moments()[0].s));
    BOOST_REQUIRE(!subnormal(adam.moments()[0].v));
  }
  BOOST_TEST(adam.moments()[0].s[0] == 0);
  BOOST_TEST(adam.moments()[0].v[0] == 0);
}

BOOST_AUTO_TEST_CASE(adam_keeps_the_smallest_normal_moment) {
  const Real smallest = std::numeric_limits<Real>::min();
  Parameter p = parameter("p", {1, 1}, {smallest, -smallest});
  Adam adam({.beta1 = 0});
  adam.step({&p});
  BOOST_TEST(adam.moments()[0].s[0] == smallest);
  BOOST_TEST(adam.moments()[0].s[1] == -smallest);
}

BOOST_AUTO_TEST_CASE(adam_goes_on_from_good_moments_only) {
  for (const Real bad : {not_a_number, infinity, Real(-1)}) {
    Adam adam;
    BOOST_CHECK_THROW(adam.restore(1, {{.s = Tensor({1}), .v = Tensor({1}, {bad})}}), std::invalid_argument);
    if (bad != -1)
      BOOST_CHECK_THROW(adam.restore(1, {{.s = Tensor({1}, {bad}), .v = Tensor({1})}}),
                        std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(settings_that_are_zero_or_infinite_as_reals_are_refused) {
  const double tiny = static_cast<double>(std::numeric_limits<Real>::denorm_min()) / 4;
  for (const double bad : {tiny, 0.0, -1.0, double(not_a_number), HUGE_VAL}) {
    BOOST_CHECK_THROW(Adam({.learning_rate = bad}), std::invalid_argument);
    BOOST_CHECK_THROW(Adam({.lambda = bad}), std::invalid_argument);
    BOOST_CHECK_THROW(SGD({.initial = bad}), std::invalid_argument);
  }
  const double almost_one = 1 - static_cast<double>(std::numeric_limits<Real>::epsilon()) / 8;
  BOOST_CHECK_THROW(Adam({.beta1 = almost_one}), std::invalid_argument);
  BOOST_CHECK_THROW(Adam({.beta2 = almost_one}), std::invalid_argument);
  for (const double bad : {-1.0, double(not_a_number), HUGE_VAL})
    BOOST_CHECK_THROW(SGD({.initial = 0.1, .decay = bad}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(sgd_names_a_parameter_that_would_overflow_and_changes_nothing) {
  for (const Real bad : {not_a_number, infinity, largest}) {
    Parameter first = parameter("dense/kernel", {1, 2}, {1, 1}), second = parameter("dense/bias", {3}, {bad});
    SGD sgd({.initial = 10});
    BOOST_TEST(contains(message_of<std::runtime_error>([&] { sgd.step({&first, &second}); }), "dense/bias"));
    BOOST_TEST(first.value[0] == 1);
    BOOST_TEST(sgd.k() == 1);
  }
}

BOOST_AUTO_TEST_CASE(sgd_tells_when_decay_has_brought_its_rate_to_zero) {
  Parameter p = parameter("p", {1}, {1});
  SGD sgd({.initial = static_cast<double>(std::numeric_limits<Real>::denorm_min()), .decay = 9});
  sgd.step({&p});
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { sgd.step({&p}); }), "step 2"));
}

BOOST_AUTO_TEST_CASE(stochastic_gradient_descent_that_diverges_does_not_converge) {
  const MeanLoss loss{.examples = 2,
                      .loss = [](const Tensor& theta, Index) { return double(theta[0]) * double(theta[0]); },
                      .gradient = [](const Tensor& theta, Index) { return Tensor({1}, {2 * theta[0]}); }};
  Random random(6);
  const auto descend = [&](Real start, double rate, Index m, Index passes) {
    return [&, start, rate, m, passes] {
      stochastic_gradient_descent(loss, Tensor({1}, {start}), {.initial = rate}, m, StoppingRule(1e-6, 3),
                                  passes, random);
    };
  };
  BOOST_TEST(contains(message_of<std::runtime_error>(descend(1, 1e30, 1, 50)), "loss"));
  BOOST_TEST(contains(message_of<std::runtime_error>(descend(not_a_number, 0.1, 1, 50)), "step 1"));
  BOOST_CHECK_THROW(descend(1, double(not_a_number), 1, 50)(), std::invalid_argument);
  BOOST_CHECK_THROW(descend(1, -1, 1, 50)(), std::invalid_argument);
  BOOST_CHECK_THROW(descend(1, 0.1, 0, 50)(), std::invalid_argument);
  BOOST_CHECK_THROW(descend(1, 0.1, 3, 50)(), std::invalid_argument);
  BOOST_CHECK_THROW(descend(1, 0.1, 1, -1)(), std::invalid_argument);
  BOOST_CHECK_THROW(MeanLoss().mean(Tensor({1})), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(gradient_descent_tells_of_the_step_that_overflows) {
  const auto too_long = [](double x) { return gradient_step(parabola_derivative, x, 1e200); };
  BOOST_TEST(contains(message_of<std::runtime_error>([&] { descend(too_long, 0, 10); }), "step 2"));
  BOOST_CHECK_THROW(descend([](double) { return double(not_a_number); }, 0, 10), std::runtime_error);
  BOOST_TEST(std::isnan(sign(double(not_a_number))));
  BOOST_CHECK_THROW(argmin([](double x) { return std::sqrt(x); }, {-1, 4, 1}), std::invalid_argument);
}

// ---- what becomes of data and results ----------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(argmax_refuses_nan) {
  for (Index place = 0; place < 3; ++place) {
    Tensor logits({2, 3}, {1, 2, 3, 4, 5, 6});
    logits[3 + place] = not_a_number;
    BOOST_TEST(contains(message_of<std::invalid_argument>([&] { argmax(logits); }),
                        "row 1, column " + std::to_string(place)));
  }
  BOOST_TEST(argmax(Tensor({2, 2}, {1, infinity, -infinity, 0})) == (std::vector<Index>{1, 1}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(median_around_a_nan_is_nan) {
  Random random(7);
  Tensor image = random_tensor({1, 5, 6, 1}, random);
  image[2 * 6 + 3] = not_a_number;
  image[4 * 6 + 0] = infinity;
  const Tensor filtered = median_filter(image);
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 6; ++j) {
      const bool sees = std::abs(i - 2) <= 1 && std::abs(j - 3) <= 1;
      BOOST_TEST(std::isnan(filtered[i * 6 + j]) == sees);
      BOOST_TEST((sees || std::isfinite(filtered[i * 6 + j]) || (i == 4 && j == 0)));
    }
}

BOOST_AUTO_TEST_CASE(corruption_refuses_pixels_outside_of_0_to_1) {
  Random random(8);
  for (const Real bad : {not_a_number, infinity, Real(-0.1), Real(1.1)}) {
    Tensor x({2, 2, 2, 1});
    x[5] = bad;
    BOOST_CHECK_THROW(corrupt(x, 0.1, random), std::invalid_argument);
  }
  for (const Real value : corrupt(Tensor({1, 9, 9, 1}), 1e300, random).values)
    BOOST_TEST((value == 0 || value == 1));
}

BOOST_AUTO_TEST_CASE(scores_refuse_nan) {
  const Tensor bad({2, 2}, {Real(0.5), Real(0.5), not_a_number, Real(0.5)}), too_much({1, 2}, {Real(1.5), 0});
  for (const Tensor& p : {bad, too_much}) {
    BOOST_CHECK_THROW(classifier_score(p), std::invalid_argument);
    BOOST_CHECK_THROW(class_shares(p), std::invalid_argument);
    BOOST_CHECK_THROW(confidences(p), std::invalid_argument);
    BOOST_CHECK_THROW(mean_probabilities(p), std::invalid_argument);
  }
  BOOST_CHECK_THROW(entropy({0.5, double(not_a_number)}), std::invalid_argument);
  BOOST_CHECK_THROW(feature_statistics(bad), std::invalid_argument);
  const Dataset one{1, 1, {7}, {0}};
  BOOST_CHECK_THROW(nearest_images(Tensor({1, 1, 1, 1}, {not_a_number}), one), std::invalid_argument);
  const std::vector<double> scores{0.5, double(not_a_number)}, thresholds{0.1};
  BOOST_CHECK_THROW(sweep_thresholds(scores, {true, false}, thresholds), std::invalid_argument);
  BOOST_CHECK_THROW(sweep_thresholds(thresholds, {true}, scores), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(image_quality_keeps_nan_and_refuses_images_without_pixels) {
  Random random(9);
  Tensor images({2, 12, 12, 1}), originals({2, 12, 12, 1});
  random.fill_uniform(originals, 0, 1);
  images.values = originals.values;
  images[3] = not_a_number;
  const std::vector<double> psnr = peak_signal_to_noise(images, originals);
  const std::vector<double> ssim = structural_similarity(images, originals);
  BOOST_TEST(std::isnan(psnr[0]));
  BOOST_TEST(std::isnan(ssim[0]));
  BOOST_TEST(psnr[1] == HUGE_VAL);
  BOOST_TEST(ssim[1] == 1);
  BOOST_CHECK_THROW(peak_signal_to_noise(Tensor({1, 0, 3, 1}), Tensor({1, 0, 3, 1})), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
