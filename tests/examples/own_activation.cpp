/// @file
/// An activation function of one's own: swish. Quoted by docs/change_something.md.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

#include "check_gradients.hpp"
#include "layers/dense.hpp"
#include "layers/sequential.hpp"
#include "layers/shape_checks.hpp"

using namespace plaingrad;

namespace {

//! [functions]
/// f(x) = x sigmoid(x)
Real swish(Real x) {
  return x * sigmoid(x);
}

/// f'(x) = s + x s (1 - s), where s = sigmoid(x): the product rule
Real swish_derivative(Real x) {
  const Real s = sigmoid(x);
  return s + x * s * (1 - s);
}
//! [functions]

//! [layer]
/// y = swish(x), value by value.
class Swish : public Layer {
 public:
  std::string type() const override { return "Swish"; }
  Shape build(const Shape& input, Random&) override { return input_ = input; }
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode) override {
    x_ = &x;
    y_.resize(require_batch_of(input_, x, type()));
    for (Index i = 0; i < x.size(); ++i) y_[i] = swish(x[i]);
    return y_;
  }
  const Tensor& backward(const Tensor& dy, Gradients) override {
    dx_.resize(dy.shape);
    for (Index i = 0; i < dy.size(); ++i) dx_[i] = dy[i] * swish_derivative((*x_)[i]);
    return dx_;
  }

 private:
  Shape input_;
  const Tensor* x_ = nullptr;
  Tensor y_, dx_;
};
//! [layer]

/// The mistake that one would make: the product rule's first term alone.
Real half_a_derivative(Real x) {
  return sigmoid(x);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(change_something)

//! [check_function]
BOOST_AUTO_TEST_CASE(own_activation_derivative) {
  for (Real x : {-20., -3., -1.2784645, -0.1, 0., 0.1, 2., 20.}) {
    const Real slope = swish_derivative(x);
    const GradientReport report = check_gradient(
        {&x, 1}, {&slope, 1}, [&] { return swish(x); }, "swish");
    BOOST_TEST(report.passed(), "at " << x << ": " << report);
  }
}
//! [check_function]

//! [check_layer]
BOOST_AUTO_TEST_CASE(own_activation_in_a_network) {
  Random random(1);
  Sequential network("network", {4});
  network.add<Dense>(6);
  network.add<Swish>();
  network.add<Dense>(3);
  network.build(random);
  Tensor x({5, 4});
  random.fill_normal(x);
  const GradientReport report = check_gradients(network, x, Mode::training);
  BOOST_TEST(report.passed(), report);
}
//! [check_layer]

BOOST_AUTO_TEST_CASE(own_activation_with_half_a_product_rule_is_caught) {
  Real x = 2;
  const Real slope = half_a_derivative(x);
  const GradientReport report = check_gradient(
      {&x, 1}, {&slope, 1}, [&] { return swish(x); }, "swish");
  BOOST_TEST(!report.passed(), report);
}

// It falls, then rises: below zero two x have the same y, so the derivative cannot come from y.
BOOST_AUTO_TEST_CASE(own_activation_has_a_valley) {
  BOOST_TEST(swish_derivative(Real(-1.5)) < 0);
  BOOST_TEST(swish_derivative(Real(-1)) > 0);
}

BOOST_AUTO_TEST_SUITE_END()
