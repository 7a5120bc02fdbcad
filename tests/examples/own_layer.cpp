/// @file
/// A layer of one's own: a shortcut around another layer. Quoted by docs/change_something.md.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <memory>
#include <stdexcept>
#include <utility>

#include "check_gradients.hpp"
#include "layers/conv2d.hpp"

using namespace plaingrad;

namespace {

//! [layer]
/// y = x + f(x), where f is a layer whose output has the shape of its input.
class Shortcut : public Layer {
 public:
  explicit Shortcut(std::unique_ptr<Layer> f) : f_(std::move(f)) {}

  std::string type() const override { return "Shortcut"; }
  Shape build(const Shape& input, Random& random) override {
    if (f_->build(input, random) != input) throw std::invalid_argument("Shortcut: f changes the shape");
    return input;
  }
  using Layer::forward;
  const Tensor& forward(const Tensor& x, Mode mode) override {
    y_ = f_->forward(x, mode);
    for (Index i = 0; i < x.size(); ++i) y_[i] += x[i];
    return y_;
  }
  const Tensor& backward(const Tensor& dy, Gradients) override {
    dx_ = f_->backward(dy, Gradients::all);
    for (Index i = 0; i < dy.size(); ++i) dx_[i] += dy[i];  // the shortcut's own share
    return dx_;
  }
  std::vector<Parameter*> parameters() override { return f_->parameters(); }

 private:
  std::unique_ptr<Layer> f_;
  Tensor y_, dx_;
};
//! [layer]

/// The mistake that one would make: backward without the second path.
class ForgetfulShortcut : public Shortcut {
 public:
  using Shortcut::Shortcut;
  const Tensor& backward(const Tensor& dy, Gradients wanted) override {
    dx_ = Shortcut::backward(dy, wanted);
    for (Index i = 0; i < dy.size(); ++i) dx_[i] -= dy[i];
    return dx_;
  }

 private:
  Tensor dx_;
};

/// A convolution that keeps height and width, and has as many filters as its input has channels.
std::unique_ptr<Layer> same_shape_convolution() {
  return std::make_unique<Conv2D>(
      3, 3, ConvolutionOptions{.padding = Padding::same, .activation = Activation::tanh});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(change_something)

//! [check]
BOOST_AUTO_TEST_CASE(own_layer_gradients) {
  Random random(1);
  Shortcut layer(same_shape_convolution());
  layer.build({5, 5, 3}, random);
  Tensor x({2, 5, 5, 3});
  random.fill_normal(x);
  const GradientReport report = check_gradients(layer, x, Mode::training);
  BOOST_TEST(report.passed(), report);
}
//! [check]

BOOST_AUTO_TEST_CASE(own_layer_without_its_second_path_is_caught) {
  Random random(1);
  ForgetfulShortcut layer(same_shape_convolution());
  layer.build({5, 5, 3}, random);
  Tensor x({2, 5, 5, 3});
  random.fill_normal(x);
  const GradientReport report = check_gradients(layer, x, Mode::training);
  BOOST_TEST(report.arguments[0].wrong() > 0, report);  // x, and nothing else
  for (std::size_t i = 1; i < report.arguments.size(); ++i) BOOST_TEST(report.arguments[i].wrong() == 0);
}

BOOST_AUTO_TEST_CASE(own_layer_adds_what_came_in) {
  Random random(1);
  auto convolution = same_shape_convolution();
  Layer& inside = *convolution;
  Shortcut layer(std::move(convolution));
  layer.build({5, 5, 3}, random);
  Tensor x({2, 5, 5, 3});
  random.fill_normal(x);
  const Tensor& y = layer.forward(x, Mode::training);
  const Tensor& f = inside.forward(x, Mode::training);
  for (Index i = 0; i < x.size(); ++i) BOOST_TEST(y[i] == f[i] + x[i]);
}

BOOST_AUTO_TEST_CASE(own_layer_refuses_another_shape) {
  Random random(1);
  Shortcut layer(std::make_unique<Conv2D>(3, 3));
  BOOST_CHECK_THROW(layer.build({5, 5, 3}, random), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
