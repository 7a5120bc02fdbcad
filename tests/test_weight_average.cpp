/// @file
/// Averaged weights: their shares, and that all parameters take part.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <stdexcept>

#include "errors.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/dense.hpp"
#include "training/weight_average.hpp"

using namespace plaingrad;
namespace tt = boost::test_tools;

namespace {

Sequential two_layers(std::uint64_t seed, Index units = 2) {
  Random random(seed);
  Sequential model("two_layers", {3});
  model.add<Dense>(units);
  model.add<BatchNormalization>();
  model.build(random);
  double value = static_cast<double>(seed);
  for (Parameter* parameter : model.parameters())
    for (Real& v : parameter->value.values) v = value++;
  return model;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(weight_average)

BOOST_AUTO_TEST_CASE(shares_are_those_of_a_mean_and_then_stay) {
  BOOST_TEST(average_share(0.9, 1) == 1);
  BOOST_TEST(average_share(0.9, 4) == 0.25);
  BOOST_TEST(average_share(0.9, 11) == 0.1, tt::tolerance(1e-12));
  BOOST_TEST(average_share(0.9, 1000) == 0.1, tt::tolerance(1e-12));
  BOOST_TEST(average_share(0, 1000) == 1);
}

BOOST_AUTO_TEST_CASE(shares_out_of_range_are_refused) {
  const double nan = std::nan("");
  for (const double decay : {-0.1, 1.0, nan})
    BOOST_CHECK_THROW(average_share(decay, 1), std::invalid_argument);
  for (const Index t : {Index(0), Index(-1)}) BOOST_CHECK_THROW(average_share(0.9, t), std::invalid_argument);
  Sequential average = two_layers(1);
  const Sequential model = two_layers(5);
  for (const double share : {-0.1, 1.1, nan})
    BOOST_CHECK_THROW(average_weights(average, model, share), std::invalid_argument);
  BOOST_TEST(average.parameters()[0]->value[0] == 1);
  average_weights(average, model, 0);
  BOOST_TEST(average.parameters()[0]->value[0] == 1);
}

// Weights, biases, gamma, beta and moving statistics: those of seed 5 are by 4 greater than those of seed 1.
BOOST_AUTO_TEST_CASE(every_parameter_moves_by_its_share) {
  Sequential average = two_layers(1);
  const Sequential model = two_layers(5);
  average_weights(average, model, 0.25);
  double expected = 2;
  for (const Parameter* parameter : average.parameters())
    for (const Real v : parameter->value.values) BOOST_TEST(v == expected++, parameter->name);
  BOOST_TEST(expected == 18);  // 6 weights, 2 biases, 4 times 2 of batch normalisation
  average_weights(average, model, 1);
  for (std::size_t p = 0; p < model.parameters().size(); ++p)
    BOOST_TEST((average.parameters()[p]->value.values == model.parameters()[p]->value.values));
}

BOOST_AUTO_TEST_CASE(another_model_is_refused_and_nothing_changes) {
  Sequential average = two_layers(1);
  const Sequential model = two_layers(5, 4);
  const std::string message =
      message_of<std::invalid_argument>([&] { average_weights(average, model, 0.5); });
  BOOST_TEST(contains(message, "two_layers"), message);
  BOOST_TEST(average.parameters()[0]->value[0] == 1);
}

BOOST_AUTO_TEST_SUITE_END()
