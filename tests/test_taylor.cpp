/// @file
/// Whole networks, losses included, against Taylor's theorem: of a right gradient g the remainder
/// |L(w + h v) - L(w) - h <g, v>| falls with the square of h, of a wrong one with h itself.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>

#include "layers/sequential.hpp"
#include "losses/adversarial.hpp"
#include "losses/loss.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"

using namespace plaingrad;

namespace {

// A random direction v of all that moves: the same one each time.
class Direction {
 public:
  explicit Direction(double h) : h_(h) {}

  void move(Tensor& values) {
    for (Real& value : values.values) {
      v_.push_back(random_.normal());
      value += h_ * v_.back();
    }
  }
  // Initial biases are zero, where a ReLU neuron that sees nothing stands on its kink: they are drawn first.
  void move(Sequential& network) {
    for (Parameter* p : network.parameters()) {
      if (p->name.ends_with("bias") || p->name.ends_with("beta")) random_.fill_uniform(p->value, 0, 0.1);
      if (p->trainable) move(p->value);
    }
  }
  // <g, v>, part by part in the order in which they were moved.
  void add_slope(const Tensor& gradient) {
    for (const Real g : gradient.values) slope_ += g * v_[next_++];
  }
  void add_slope(const Sequential& network) {
    for (const Parameter* p : network.parameters())
      if (p->trainable) add_slope(p->gradient);
  }
  double slope() const { return slope_; }

 private:
  double h_, slope_ = 0;
  Random random_{77};
  std::vector<double> v_;
  std::size_t next_ = 0;
};

// The loss at w + h v, and <g, v> there.
struct Point {
  double loss, slope;
};

// A network that is made anew, and so draws the same dropout masks, each time.
using Along = std::function<Point(double h)>;

//! [taylor]
/// The exponent p of the remainder |L(w + h v) - L(w) - h <g, v>| = c h^p: fitted to steps each half of the
/// one before.
double remainder_slope(const Along& along, double largest_step, double factor = 1) {
  const Point here = along(0);
  double x_sum = 0, y_sum = 0, xx_sum = 0, xy_sum = 0;
  const int steps = 4;
  for (int k = 0; k < steps; ++k) {
    const double h = std::ldexp(largest_step, -k);
    const double remainder = std::abs(along(h).loss - here.loss - h * factor * here.slope);
    const double x = std::log(h), y = std::log(remainder);
    x_sum += x, y_sum += y, xx_sum += x * x, xy_sum += x * y;
  }
  return (steps * xy_sum - x_sum * y_sum) / (steps * xx_sum - x_sum * x_sum);
}
//! [taylor]

Point classifier(double h, int convolutions) {
  Random random(1);
  Sequential cnn = make_cnn(random, convolutions);
  Tensor x({1, 28, 28, 1}), gradient;
  random.fill_normal(x);
  const std::vector<std::uint8_t> labels = {3};
  Direction v(h);
  v.move(x);
  v.move(cnn);
  cnn.zero_gradients();
  const double loss = softmax_cross_entropy(cnn.forward(x, Mode::training), labels, gradient);
  v.add_slope(cnn.backward(gradient, Gradients::all));
  v.add_slope(cnn);
  return {loss, v.slope()};
}

Point autoencoder(double h) {
  Random random(2);
  Sequential network = make_autoencoder(random);
  Tensor clean({1, 28, 28, 1}), gradient;
  random.fill_uniform(clean, 0, 1);
  Tensor x = corrupt(clean, 0.3, random);
  Direction v(h);
  v.move(x);
  v.move(network);
  network.zero_gradients();
  const double loss = mean_squared_error(network.forward(x, Mode::training), clean, gradient);
  v.add_slope(network.backward(gradient, Gradients::all));
  v.add_slope(network);
  return {loss, v.slope()};
}

// Noise through the generator and the discriminator: batch normalisation and dropout as in training.
Point generator(double h) {
  Random random(3);
  Sequential G = make_generator(random), D = make_discriminator(random);
  Tensor z({2, gan_noise_size}), gradient;
  random.fill_normal(z);
  Direction v(h);
  v.move(z);
  v.move(G);
  v.move(D);
  G.zero_gradients();
  D.zero_gradients();
  const Tensor& logits = D.forward(G.forward(z, Mode::training), Mode::training);
  const double loss = generator_loss(GeneratorLoss::non_saturating, logits, gradient);
  v.add_slope(G.backward(D.backward(gradient, Gradients::all), Gradients::all));
  v.add_slope(G);
  v.add_slope(D);
  return {loss, v.slope()};
}

Point discriminator(double h) {
  Random random(4);
  Sequential D = make_discriminator(random);
  Tensor x({1, 28, 28, 1}), gradient;
  random.fill_uniform(x, -1, 1);
  Direction v(h);
  v.move(x);
  v.move(D);
  D.zero_gradients();
  const double loss = binary_cross_entropy(D.forward(x, Mode::training), 0.9, gradient);
  v.add_slope(D.backward(gradient, Gradients::all));
  v.add_slope(D);
  return {loss, v.slope()};
}

// From where on the steps are shorter than the way to the next kink of a ReLU, and far from rounding: there
// the loss is smooth. A step that crosses kinks has a remainder of another piece.
struct Network {
  const char* name;
  Along along;
  int halvings;  // of 1
};

const std::vector<Network> networks = {{"two convolutions", [](double h) { return classifier(h, 2); }, 20},
                                       {"three convolutions", [](double h) { return classifier(h, 3); }, 23},
                                       {"the autoencoder", autoencoder, 19},
                                       {"generator and discriminator", generator, 23},
                                       {"the discriminator", discriminator, 20}};

}  // namespace

BOOST_AUTO_TEST_SUITE(taylor_remainders)

BOOST_AUTO_TEST_CASE(of_a_right_gradient_fall_with_slope_2) {
  for (const Network& n : networks) {
    const double slope = remainder_slope(n.along, std::ldexp(1, -n.halvings));
    BOOST_TEST(std::abs(slope - 2) < 0.1, n.name << ": slope " << slope);
  }
}

BOOST_AUTO_TEST_CASE(of_a_gradient_that_is_a_thousandth_off_fall_with_slope_1) {
  for (const Network& n : networks) {
    const double slope = remainder_slope(n.along, std::ldexp(1, -n.halvings), 1.001);
    BOOST_TEST(std::abs(slope - 1) < 0.1, n.name << ": slope " << slope);
  }
}

BOOST_AUTO_TEST_SUITE_END()
