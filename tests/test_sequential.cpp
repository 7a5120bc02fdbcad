/// @file
/// Sequential: adding collects, build() draws; what a network that is not built answers; temporaries that do
/// not compile.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "layers/activation_layer.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/max_pooling2d.hpp"
#include "layers/reshape.hpp"
#include "layers/sequential.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

namespace {

template <class Network>
concept takes_a_temporary = requires(Network& network) {
  network.forward(Tensor(), Mode::training);
};
template <class Network>
concept takes_a_variable = requires(Network& network, const Tensor& x) {
  network.forward(x, Mode::training);
};

// A layer reads its input again in backward: one that is gone by then must not compile.
static_assert(takes_a_variable<Sequential> && !takes_a_temporary<Sequential>);
static_assert(takes_a_variable<Layer> && !takes_a_temporary<Layer>);
// An override hides the deleted overload unless the layer says `using Layer::forward;`.
static_assert(!takes_a_temporary<ActivationLayer> && !takes_a_temporary<LeakyReLU>);
static_assert(!takes_a_temporary<BatchNormalization> && !takes_a_temporary<Dropout>);
static_assert(!takes_a_temporary<Conv2D> && !takes_a_temporary<Conv2DTranspose>);
static_assert(!takes_a_temporary<Dense> && !takes_a_temporary<MaxPooling2D>);
static_assert(!takes_a_temporary<Reshape> && !takes_a_temporary<Flatten>);

void add_layers(Sequential& model) {
  model.add<Dense>(3, Activation::tanh);
  model.add<Dropout>(0.5);
  model.add<Dense>(2);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sequential)

// Weights and the seeds of dropout are drawn layer by layer.
BOOST_AUTO_TEST_CASE(build_draws_layer_by_layer_in_order) {
  Random random(5), again(5);
  Sequential model("m", {4});
  add_layers(model);
  BOOST_TEST(random.state() == again.state());  // adding draws nothing
  model.build(random);

  Dense first(3, Activation::tanh), last(2);
  Dropout dropout(0.5);
  const Shape hidden = dropout.build(first.build({4}, again), again);
  last.build(hidden, again);
  BOOST_TEST(random.state() == again.state());
  BOOST_TEST(model.parameters()[0]->value.values == first.parameters()[0]->value.values, tt::per_element());
  BOOST_TEST(model.parameters()[2]->value.values == last.parameters()[0]->value.values, tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_built_network_needs_its_random_generator_no_more) {
  Sequential model("m", {4});
  add_layers(model);
  {
    Random random(6);
    model.build(random);
  }
  const Tensor x({2, 4});
  BOOST_TEST(model.forward(x, Mode::training).shape == (Shape{2, 2}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_network_that_is_not_built_says_so) {
  Sequential model("m", {4});
  add_layers(model);
  const auto says_so = [](const std::logic_error& error) {
    return std::string(error.what()) == "the network m is not built: call build(random) first";
  };
  const Tensor x({2, 4}), dy({2, 2});
  BOOST_CHECK_EXCEPTION(model.forward(x, Mode::training), std::logic_error, says_so);
  BOOST_CHECK_EXCEPTION(model.forward_to(x, 1), std::logic_error, says_so);
  BOOST_CHECK_EXCEPTION(model.backward(dy), std::logic_error, says_so);
  BOOST_CHECK_EXCEPTION(model.zero_gradients(), std::logic_error, says_so);
  BOOST_CHECK_EXCEPTION(model.parameters(), std::logic_error, says_so);
  BOOST_CHECK_EXCEPTION(model.shape_after(0), std::logic_error, says_so);
  BOOST_CHECK_EXCEPTION(model.parameter_count(), std::logic_error, says_so);
  BOOST_CHECK_EXCEPTION(model.trainable_parameter_count(), std::logic_error, says_so);
  BOOST_CHECK_EXCEPTION(model.summary(), std::logic_error, says_so);
  BOOST_TEST(model.layer_names() == (std::vector<std::string>{"dense", "dropout", "dense_1"}),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_network_is_built_once_and_then_complete) {
  Random random(7);
  Sequential model("m", {4}), empty("empty", {4});
  BOOST_CHECK_THROW(empty.build(random), std::logic_error);
  add_layers(model);
  model.build(random);
  BOOST_CHECK_THROW(model.build(random), std::logic_error);
  BOOST_CHECK_THROW(model.add<Dense>(1), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_failed_build_leaves_the_network_unbuilt) {
  Random random(8);
  Sequential model("m", {4, 4});  // not what a dense layer takes
  add_layers(model);
  for (int attempt = 0; attempt < 2; ++attempt) BOOST_CHECK_THROW(model.build(random), std::invalid_argument);
  BOOST_CHECK_THROW(model.parameters(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_summary_has_a_line_for_each_layer) {
  Random random(1);
  Sequential model("small", {20, 20, 1});
  model.add<Conv2D>(3, 2);
  model.add<BatchNormalization>();
  model.add<Flatten>();
  model.add<Dense>(10);
  model.build(random);
  BOOST_TEST(model.summary() == R"(Model: small
________________________________________________________________________
Layer (type)                                Output shape      Parameters
========================================================================
input                                       (20, 20, 1)                 
conv2d (Conv2D)                             (19, 19, 3)               15
batch_normalization (BatchNormalization)    (19, 19, 3)               12
flatten (Flatten)                           (1083)                     0
dense (Dense)                               (10)                  10,840
========================================================================
Total parameters: 10,867
Trainable: 10,861, not trainable: 6
________________________________________________________________________
)");
}

BOOST_AUTO_TEST_SUITE_END()
