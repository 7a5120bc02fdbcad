/// @file
/// At a kink there is no derivative, but one from each side. What backward gives there must lie between them,
/// tested at the kink itself.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "dual/adjoint_test.hpp"
#include "layers/activation_layer.hpp"
#include "layers/conv2d.hpp"
#include "layers/dense.hpp"
#include "layers/max_pooling2d.hpp"

using namespace plaingrad;

namespace {

// All that the output depends on, in one list: x and the parameters.
std::vector<Tensor*> arguments(Layer& layer, Tensor& x) {
  std::vector<Tensor*> all = {&x};
  for (Parameter* p : layer.parameters()) all.push_back(&p->value);
  return all;
}

// The derivative of <U, y> along the direction v, from the side that v points to. Between a kink and the next
// a step of 1e-9 meets nothing new, and a dual number there has the derivative of that piece.
double derivative_towards(Layer& layer, Tensor& x, const Tensor& U, const std::vector<Tensor>& v,
                          double sign) {
  const std::vector<Tensor*> values = arguments(layer, x);
  std::vector<Tensor> kept;
  for (std::size_t k = 0; k < values.size(); ++k) {
    kept.push_back(*values[k]);
    for (Index i = 0; i < v[k].size(); ++i) {
      const double rate = sign * value_of(v[k][i]);
      (*values[k])[i] = Real(value_of(kept[k][i]) + 1e-9 * rate, rate);
    }
  }
  const Tensor& y = layer.forward(x, Mode::training);
  double derivative = 0;
  for (Index i = 0; i < y.size(); ++i) derivative += value_of(U[i]) * y[i].derivative;
  for (std::size_t k = 0; k < values.size(); ++k) *values[k] = kept[k];
  return derivative;
}

// Along a hundred random directions, and along each value alone. U is positive: then <U, y> is convex in the
// weighted sums, as ReLU and the maximum are, and its one-sided derivatives enclose that of every right
// choice.
void check_at_kink(Layer& layer, Tensor x) {
  Random random(11);
  Tensor U = layer.forward(x, Mode::training);
  random.fill_uniform(U, 0.5, 1.5);
  for (Parameter* p : layer.parameters()) p->gradient.fill(0);
  layer.forward(x, Mode::training);
  std::vector<Tensor> gradients = {layer.backward(U)};
  for (Parameter* p : layer.parameters()) gradients.push_back(p->gradient);

  const auto check_along = [&](const std::vector<Tensor>& v, const std::string& which) {
    double along = 0;
    for (std::size_t k = 0; k < v.size(); ++k)
      for (Index i = 0; i < v[k].size(); ++i) along += value_of(gradients[k][i] * v[k][i]);
    const double right = derivative_towards(layer, x, U, v, 1);
    const double left = -derivative_towards(layer, x, U, v, -1);
    const double room = 1e-6 * (1 + std::abs(left) + std::abs(right));  // the step of 1e-9 bends products
    BOOST_TEST((along >= std::min(left, right) - room && along <= std::max(left, right) + room),
               layer.type() << " along " << which << ": " << along << ", from the left " << left
                            << ", from the right " << right);
    return right - left;
  };
  double widest = 0;
  std::vector<Tensor> v = gradients;
  for (int draw = 0; draw < 100; ++draw) {
    for (Tensor& part : v) random.fill_normal(part);
    widest = std::max(widest, check_along(v, "a random direction"));
  }
  for (Tensor& part : v) part.fill(1);
  check_along(v, "all values");
  for (Tensor& part : v) part.fill(0);
  for (std::size_t k = 0; k < v.size(); ++k)
    for (Index i = 0; i < v[k].size(); ++i) {
      v[k][i] = 1;
      check_along(v, "value " + std::to_string(i) + " of argument " + std::to_string(k));
      v[k][i] = 0;
    }
  BOOST_TEST(widest > 0.1, layer.type() << ": there is no kink here");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kinks)

BOOST_AUTO_TEST_CASE(relu_at_zero) {
  Random random(1);
  for (const Activation f : {Activation::relu, Activation::leaky_relu}) {
    ActivationLayer layer(f);
    layer.build({5}, random);
    check_at_kink(layer, Tensor({2, 5}, {0, 1, 0, -1, 0, -2, 0, 0, 3, 0}));
  }
}

BOOST_AUTO_TEST_CASE(relu_neurons_whose_sum_is_zero) {
  Random random(2);
  Dense dense(4, Activation::relu);
  dense.build({3}, random);
  check_at_kink(dense, Tensor({2, 3}, {0, 0, 0, 1, -2, 0.5}));  // b = 0: a dark image
  Conv2D convolution(2, 3, {.stride = 2, .padding = Padding::same, .activation = Activation::relu});
  convolution.build({5, 4, 1}, random);
  Tensor image({2, 5, 4, 1});  // the first dark but for a corner, the second dark
  image[0] = 1;
  check_at_kink(convolution, image);
}

BOOST_AUTO_TEST_CASE(max_pooling_ties) {
  Random random(3);
  MaxPooling2D layer(2);
  layer.build({4, 4, 1}, random);
  check_at_kink(layer, Tensor({1, 4, 4, 1}, {1, 1, 0, 2,   //
                                             1, 1, 2, 0,   //
                                             -1, 3, 5, 6,  //
                                             -1, 3, 7, 7}));
}

BOOST_AUTO_TEST_SUITE_END()
