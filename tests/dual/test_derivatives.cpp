/// @file
/// Every backward pass against the exact derivative of its forward pass, by dual numbers.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>

#include "dual/adjoint_test.hpp"
#include "geometries.hpp"
#include "layers/activation_layer.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/max_pooling2d.hpp"
#include "layers/reshape.hpp"
#include "losses/adversarial.hpp"
#include "losses/gaussian_likelihood.hpp"
#include "losses/loss.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"
#include "neuron/network.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/sgd.hpp"

using namespace plaingrad;

namespace {

Shape with_batch(Index batch, Shape sample) {
  sample.insert(sample.begin(), batch);
  return sample;
}

// Builds the layer, draws all of its weights, biases too, and asks for the same number in both ways.
void check(Layer& layer, const Shape& sample, Index batch, Mode mode = Mode::training) {
  Random random(7);
  layer.build(sample, random);
  for (Parameter* p : layer.parameters()) random.fill_uniform(p->value, 0.1, 0.9);
  const AdjointTest test =
      adjoint_test(layer, moving_normal(with_batch(batch, sample), random), mode, random);
  BOOST_TEST(test.agree(), layer.type() << " on " << to_string(with_batch(batch, sample)) << ": " << test);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exact_derivatives)

BOOST_AUTO_TEST_CASE(dense_layers) {
  for (const Activation f : all_activations)
    for (const bool use_bias : {true, false}) {
      Dense layer(5, f, use_bias);
      check(layer, {7}, 3);
    }
}

BOOST_AUTO_TEST_CASE(convolutions) {
  for (const Activation f : all_activations)
    for (const ConvolutionGeometry& g : odd_geometries) {
      Conv2D layer(g.filters, g.kernel, {.stride = g.stride, .padding = g.padding, .activation = f});
      check(layer, {g.height, g.width, g.channels}, 2);
    }
}

BOOST_AUTO_TEST_CASE(transposed_convolutions) {
  for (const Activation f : all_activations)
    for (const Index stride : {1, 2, 3})
      for (const Index kernel : {1, 2, 3, 5}) {
        Conv2DTranspose layer(3, kernel, {.stride = stride, .padding = Padding::same, .activation = f});
        check(layer, {3, 4, 2}, 2);
      }
}

BOOST_AUTO_TEST_CASE(max_pooling) {
  for (const Index size : {1, 2, 3})
    for (const Shape& sample : {Shape{4, 4, 2}, Shape{5, 7, 3}, Shape{6, 3, 1}}) {
      MaxPooling2D layer(size);
      check(layer, sample, 3);
    }
}

BOOST_AUTO_TEST_CASE(batch_normalisation_in_training_and_in_inference) {
  for (const Mode mode : {Mode::training, Mode::inference})
    for (const Shape& sample : {Shape{6}, Shape{3, 4, 5}}) {
      BatchNormalization layer;
      check(layer, sample, 4, mode);
    }
}

BOOST_AUTO_TEST_CASE(layers_that_learn_nothing) {
  for (const Mode mode : {Mode::training, Mode::inference}) {
    for (const Activation f : all_activations) {
      ActivationLayer layer(f);
      check(layer, {3, 5}, 4, mode);
    }
    Dropout dropout(0.4);
    check(dropout, {50}, 3, mode);
    Flatten flatten;
    check(flatten, {3, 4, 2}, 3, mode);
    Reshape reshape({6, 4});
    check(reshape, {3, 4, 2}, 3, mode);
  }
}

// ---- losses ---------------------------------------------------------------------------------------------------

namespace {

void check_loss(const std::string& name, const Tensor& x, Sum loss, const Tensor& gradient) {
  AdjointTest test;
  test.add_forward(loss.derivative);
  test.add_backward(gradient, x);
  BOOST_TEST(test.agree(), name << ": " << test);
}

}  // namespace

BOOST_AUTO_TEST_CASE(losses) {
  Random random(3);
  Tensor x = moving_normal({4, 5}, random), gradient;
  const std::vector<std::uint8_t> labels = {4, 0, 2, 2};
  const auto softmax_loss = softmax_cross_entropy(x, labels, gradient);
  check_loss("softmax cross-entropy", x, softmax_loss, gradient);
  const auto smoothed = smoothed_cross_entropy(x, labels, 0.3, gradient);
  check_loss("smoothed cross-entropy", x, smoothed, gradient);

  Tensor target({4, 5});
  random.fill_normal(target);
  const auto squared = mean_squared_error(x, target, gradient);
  check_loss("mean squared error", x, squared, gradient);
  const auto likelihood = gaussian_negative_log_likelihood(x, target, 0.3, gradient);
  check_loss("Gaussian likelihood", x, likelihood, gradient);
}

BOOST_AUTO_TEST_CASE(losses_from_logits_near_and_far) {
  Random random(4);
  Tensor logits({8, 1}, {-800, -40, -2, -1e-9, 0, 0.3, 40, 800}), gradient;
  draw_direction(logits, random);
  for (const double target : {0.0, 0.3, 1.0}) {
    const auto loss = binary_cross_entropy(logits, target, gradient);
    check_loss("binary cross-entropy", logits, loss, gradient);
  }
  for (const GeneratorLoss kind : {GeneratorLoss::saturating, GeneratorLoss::non_saturating}) {
    const auto loss = generator_loss(kind, logits, gradient);
    check_loss("the generator's loss", logits, loss, gradient);
  }
}

// ---- networks -------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(six_neurons_and_which_rule_is_right) {
  using namespace six_neurons;
  Random random(5);
  const Sample sample = {1, -0.5, 1};
  for (const Activation f : all_activations) {
    Network network{random_weights(random), {f, f, f, f, f, f}};
    for (const auto& [name, weight] : all_weights) {
      Network moving = network, learned = network, as_printed = network;
      (moving.weights.*weight).derivative = 1;
      const Real L = squared_error(sample.z, propagate(moving, sample.x1, sample.x2).y6);
      learn(learned, sample, 1);
      learn(as_printed, sample, 1, Rule::as_printed, Rule::as_printed);
      const double w = value_of(network.weights.*weight);
      BOOST_TEST(std::abs(value_of(learned.weights.*weight) - w + L.derivative) < 1e-15, to_string(f)
                                                                                             << ": " << name);
      if (f == Activation::sigmoid)
        BOOST_TEST(std::abs(value_of(as_printed.weights.*weight) - w + L.derivative) > 1e-4, name);
    }
  }
}

namespace {

// Initial biases are zero, and a ReLU neuron that sees nothing but zeros then stands on its kink, where a
// dual number takes one side and backward the other (test_kinks.cpp). Here no neuron shall.
void draw_biases(Sequential& network, Random& random) {
  for (Parameter* p : network.parameters())
    if (p->name.ends_with("bias")) random.fill_normal(p->value, 0, 0.1);
}

// A network's loss along a random direction of all of its parameters and of its input.
void check_network(Sequential& network, const Tensor& x,
                   const std::function<Sum(const Tensor& y, Tensor& gradient)>& loss, Random& random) {
  draw_biases(network, random);
  draw_direction(network.parameters(), random);
  network.zero_gradients();
  Tensor gradient;
  AdjointTest test;
  test.add_forward(loss(network.forward(x, Mode::training), gradient).derivative);
  test.add_backward(network.backward(gradient, Gradients::all), x);
  for (const Parameter* p : network.parameters()) test.add_backward(p->gradient, p->value);
  BOOST_TEST(test.agree(), network.name() << ": " << test);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_classifier) {
  for (const int convolutions : {2, 3}) {
    Random random(1);
    Sequential cnn = make_cnn(random, convolutions);
    const std::vector<std::uint8_t> labels = {3, 8};
    check_network(
        cnn, moving_normal({2, 28, 28, 1}, random),
        [&](const Tensor& y, Tensor& gradient) { return softmax_cross_entropy(y, labels, gradient); },
        random);
  }
}

BOOST_AUTO_TEST_CASE(the_autoencoder) {
  Random random(2);
  Sequential autoencoder = make_autoencoder(random);
  Tensor clean({2, 28, 28, 1});
  random.fill_uniform(clean, 0, 1);
  check_network(
      autoencoder, moving_normal(clean.shape, random),
      [&](const Tensor& y, Tensor& gradient) { return mean_squared_error(y, clean, gradient); }, random);
}

// Noise through the generator and the discriminator to the generator's loss: batch normalisation and dropout
// as in training.
BOOST_AUTO_TEST_CASE(the_adversarial_networks) {
  Random random(3);
  Sequential G = make_generator(random), D = make_discriminator(random);
  draw_biases(D, random);
  draw_direction(G.parameters(), random);
  draw_direction(D.parameters(), random);
  G.zero_gradients();
  D.zero_gradients();
  const Tensor z = moving_normal({2, gan_noise_size}, random);
  Tensor gradient;
  AdjointTest test;
  const Tensor& logits = D.forward(G.forward(z, Mode::training), Mode::training);
  test.add_forward(generator_loss(GeneratorLoss::non_saturating, logits, gradient).derivative);
  test.add_backward(G.backward(D.backward(gradient, Gradients::all), Gradients::all), z);
  for (const Sequential* network : {&G, &D})
    for (const Parameter* p : network->parameters())
      if (p->trainable) test.add_backward(p->gradient, p->value);
  BOOST_TEST(test.agree(), test);
}

// ---- optimizers -----------------------------------------------------------------------------------------------

namespace {

// Steps with random gradients, the last of which carries a direction v; `slope` is dtheta/dg in that step,
// value by value, from the gradients of all steps.
template <class Optimizer>
void check_step(Optimizer& optimizer, const std::function<double(const std::vector<double>& g)>& slope) {
  Random random(6);
  Parameter p{"theta", moving_normal({9}, random), Tensor({9})};
  for (Real& theta : p.value.values) theta.derivative = 0;
  std::vector<std::vector<double>> g(9);
  for (int step = 1; step <= 3; ++step) {
    random.fill_normal(p.gradient);
    if (step == 3) draw_direction(p.gradient, random);
    for (std::size_t i = 0; i < g.size(); ++i) g[i].push_back(value_of(p.gradient.values[i]));
    optimizer.step({&p});
  }
  AdjointTest test;
  for (std::size_t i = 0; i < g.size(); ++i) {
    const double U = random.normal();
    test.add_forward(U * p.value.values[i].derivative);
    test.add_backward(U * slope(g[i]) * p.gradient.values[i].derivative);
  }
  BOOST_TEST(test.agree(), test);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_step_of_sgd) {
  const LearningRate rate{.initial = 0.2, .decay = 0.5};
  SGD sgd(rate);
  check_step(sgd, [&](const std::vector<double>&) { return -rate.at(3); });
}

BOOST_AUTO_TEST_CASE(a_step_of_adam) {
  const AdamSettings settings{.learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.99, .lambda = 0.1};
  Adam adam(settings);
  check_step(adam, [&](const std::vector<double>& g) {
    AdamState state;
    for (const double gradient : g) state = adam_step(state, gradient, settings);
    const auto& [epsilon, beta1, beta2, lambda] = settings;
    const double root = std::sqrt(state.v_hat), divisor = root + lambda;
    const double ds_hat = (1 - beta1) / (1 - std::pow(beta1, 3));
    const double dv_hat = (1 - beta2) * 2 * g.back() / (1 - std::pow(beta2, 3));
    return -epsilon * (ds_hat / divisor - state.s_hat / (divisor * divisor) * dv_hat / (2 * root));
  });
}

BOOST_AUTO_TEST_SUITE_END()
