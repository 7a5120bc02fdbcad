/// @file
/// An optimizer of one's own: gradient descent with momentum. Quoted by docs/change_something.md.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <functional>
#include <limits>
#include <vector>

#include "gradient_check/difference.hpp"
#include "layers/dense.hpp"
#include "layers/sequential.hpp"
#include "losses/loss.hpp"
#include "optimizers/optimizer.hpp"
#include "optimizers/sgd.hpp"

using namespace plaingrad;

namespace {

//! [optimizer]
/// v <- momentum v - rate g, theta <- theta + v: a ball that rolls downhill and does not stop at once.
class Momentum : public Optimizer {
 public:
  explicit Momentum(Real rate, Real momentum = Real(0.9)) : rate_(rate), momentum_(momentum) {}

  void step(const std::vector<Parameter*>& parameters) override {
    velocities_.resize(parameters.size());
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      if (!parameters[p]->trainable) continue;
      Tensor &theta = parameters[p]->value, &g = parameters[p]->gradient, &v = velocities_[p];
      v.resize(theta.shape);  // zeros at the first step
      for (Index i = 0; i < theta.size(); ++i) {
        v[i] = momentum_ * v[i] - rate_ * g[i];
        theta[i] += v[i];
      }
    }
  }

 private:
  Real rate_, momentum_;
  std::vector<Tensor> velocities_;  // one for each parameter
};
//! [optimizer]

//! [problem]
/// A small network, and a mini-batch that it is to learn.
struct Problem {
  Random random{1};
  Sequential network{"network", {3}};
  Tensor x{{8, 3}}, target{{8, 2}}, dy;

  Problem() {
    network.add<Dense>(4, Activation::tanh);
    network.add<Dense>(2);
    network.build(random);
    random.fill_normal(x);
    random.fill_normal(target);
  }
  double loss() { return mean_squared_error(network.forward(x, Mode::training), target, dy); }
  /// By backpropagation.
  void gradients() {
    network.zero_gradients();
    loss();
    network.backward(dy);
  }
  /// By central differences, one value after the other.
  void numerical_gradients() {
    for (Parameter* p : network.parameters())
      for (Index i = 0; i < p->value.size(); ++i) {
        const Real kept = p->value[i];
        const auto loss_at = [&](double h) {
          p->value[i] = kept + static_cast<Real>(h);
          return loss();
        };
        constexpr double epsilon = std::numeric_limits<Real>::epsilon();
        p->gradient[i] = static_cast<Real>(
            difference_at_zero(loss_at, {.epsilon = epsilon, .noise = epsilon * loss()}).derivative);
        p->value[i] = kept;
      }
  }
};
//! [problem]

/// The loss after each of that many steps.
std::vector<double> losses(Optimizer& optimizer, int steps) {
  Problem problem;
  std::vector<double> result;
  for (int k = 0; k < steps; ++k) {
    problem.gradients();
    optimizer.step(problem.network.parameters());
    result.push_back(problem.loss());
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(change_something)

//! [check]
BOOST_AUTO_TEST_CASE(own_optimizer_goes_the_same_way_by_numerical_gradients) {
  Problem one, other;
  Momentum first(Real(0.1)), second(Real(0.1));
  for (int k = 0; k < 20; ++k) {
    one.gradients();
    first.step(one.network.parameters());
    other.numerical_gradients();
    second.step(other.network.parameters());
    BOOST_TEST(std::abs(one.loss() - other.loss()) < 1e-8, "step " << k + 1);
  }
}
//! [check]

//! [check_by_hand]
BOOST_AUTO_TEST_CASE(own_optimizer_by_hand) {
  Parameter theta{.name = "theta", .value = Tensor({1}, {1}), .gradient = Tensor({1}, {2})};
  Momentum momentum(Real(0.1), Real(0.5));
  momentum.step({&theta});
  BOOST_TEST(std::abs(theta.value[0] - 0.8) < 1e-12);  // v = -0.1 * 2
  momentum.step({&theta});
  BOOST_TEST(std::abs(theta.value[0] - 0.5) < 1e-12);  // v = 0.5 * -0.2 - 0.1 * 2 = -0.3
}
//! [check_by_hand]

BOOST_AUTO_TEST_CASE(own_optimizer_without_momentum_is_sgd) {
  Momentum none(Real(0.1), 0);
  SGD sgd({.initial = 0.1});
  const std::vector<double> ours = losses(none, 50), theirs = losses(sgd, 50);
  for (std::size_t k = 0; k < ours.size(); ++k) BOOST_TEST(std::abs(ours[k] - theirs[k]) < 1e-12);
}

BOOST_AUTO_TEST_CASE(own_optimizer_is_faster_than_sgd_at_the_same_rate) {
  Momentum momentum(Real(0.02));
  SGD sgd({.initial = 0.02});
  BOOST_TEST(losses(momentum, 100).back() < 0.9 * losses(sgd, 100).back());
}

BOOST_AUTO_TEST_CASE(own_optimizer_leaves_alone_what_is_not_trainable) {
  Parameter mean{
      .name = "moving_mean", .value = Tensor({1}, {1}), .gradient = Tensor({1}, {2}), .trainable = false};
  Momentum momentum(Real(0.1));
  momentum.step({&mean});
  BOOST_TEST(mean.value[0] == 1);
}

BOOST_AUTO_TEST_SUITE_END()
