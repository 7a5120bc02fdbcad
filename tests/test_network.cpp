/// @file
/// Sections 2.4 to 2.6: the six-neuron network, one test for each of (2.1) to (2.25), and the gradient check
/// of the rule as printed and of the corrected one.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "neuron/network.hpp"

using namespace plaingrad;
using namespace plaingrad::six_neurons;

namespace {

using A = Activation;

constexpr double rounding = 1e-14;

// Every weight and every input another number, and neighbouring neurons of different kinds: a letter mistaken
// for another cannot go unnoticed.
const Weights w = {.w11 = 0.31,
                   .w12 = -0.42,
                   .w13 = 0.53,
                   .w21 = 0.64,
                   .w22 = 0.75,
                   .w23 = 0.86,
                   .w14 = 0.97,
                   .w15 = -0.18,
                   .w24 = 0.29,
                   .w25 = 1.31,
                   .w34 = -0.62,
                   .w35 = 0.73,
                   .w46 = 0.34,
                   .w56 = -0.95};
const Network mixed = {w, {A::sigmoid, A::tanh, A::leaky_relu, A::tanh, A::sigmoid, A::leaky_relu}};
constexpr Real x1 = 0.6, x2 = -1.4, z = 0.8, n = 0.37;

// The same weights, other neurons.
Network with(A f1, A f2, A f3, A f4, A f5, A f6) {
  return {w, {f1, f2, f3, f4, f5, f6}};
}

double sigmoid_by_hand(double e) {
  return 1 / (1 + std::exp(-e));
}

const Signals s = propagate(mixed, x1, x2);

// Derivatives of the six neurons of `mixed`, from their outputs, without the code under test.
const double df1 = s.y1 * (1 - s.y1), df2 = 1 - s.y2 * s.y2, df3 = 0.3;
const double df4 = 1 - s.y4 * s.y4, df5 = s.y5 * (1 - s.y5), df6 = 0.3;

// Errors of no particular meaning, for the updates: each its own number.
const Errors some = {
    .delta1 = 0.11, .delta2 = -0.23, .delta3 = 0.37, .delta4 = -0.53, .delta5 = 0.71, .delta = 0.89};
const Weights updated = updated_weights(mixed, s, some, n);

Real loss(const Network& network, Real input1, Real input2, Real target) {
  return squared_error(target, propagate(network, input1, input2).y6);
}

Weights numerical_gradient(Network network, Real input1, Real input2, Real target) {
  const Real h = 1e-5;
  Weights gradient{};
  for (const auto& [name, weight] : all_weights) {
    const Real kept = network.weights.*weight;
    network.weights.*weight = kept + h;
    const Real above = loss(network, input1, input2, target);
    network.weights.*weight = kept - h;
    const Real below = loss(network, input1, input2, target);
    network.weights.*weight = kept;
    gradient.*weight = (above - below) / (2 * h);
  }
  return gradient;
}

// -dL/dw according to the rule: what it adds to each weight at learning rate 1.
Weights change(const Network& network, Real input1, Real input2, Real target, Rule rule) {
  Network learned = network;
  learn(learned, {input1, input2, target}, 1, rule, rule);
  Weights difference{};
  for (const auto& [name, weight] : all_weights)
    difference.*weight = learned.weights.*weight - network.weights.*weight;
  return difference;
}

double relative_error(double a, double b) {
  return std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1.0});
}

// Names of the weights whose change is not the negative numerical gradient.
std::vector<std::string> wrong_weights(const Network& network, Rule rule, double tolerance = 1e-7) {
  const Weights numerical = numerical_gradient(network, x1, x2, z);
  const Weights ours = change(network, x1, x2, z, rule);
  std::vector<std::string> wrong;
  for (const auto& [name, weight] : all_weights)
    if (!(relative_error(ours.*weight, -(numerical.*weight)) < tolerance)) wrong.emplace_back(name);
  return wrong;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + " ";
  return text;
}

const Network all_sigmoid = with(A::sigmoid, A::sigmoid, A::sigmoid, A::sigmoid, A::sigmoid, A::sigmoid);
const Network later_linear = with(A::sigmoid, A::tanh, A::sigmoid, A::linear, A::linear, A::linear);

}  // namespace

BOOST_AUTO_TEST_SUITE(network)

// ---- section 2.5: propagation ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(eq_2_1_y1) {
  BOOST_CHECK_SMALL(s.e1 - (w.w11 * x1 + w.w21 * x2), rounding);
  BOOST_CHECK_SMALL(s.y1 - sigmoid_by_hand(w.w11 * x1 + w.w21 * x2), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_2_y2) {
  BOOST_CHECK_SMALL(s.e2 - (w.w12 * x1 + w.w22 * x2), rounding);
  BOOST_CHECK_SMALL(s.y2 - std::tanh(w.w12 * x1 + w.w22 * x2), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_3_y3) {
  BOOST_CHECK_SMALL(s.e3 - (w.w13 * x1 + w.w23 * x2), rounding);
  BOOST_CHECK_SMALL(s.y3 - 0.3 * (w.w13 * x1 + w.w23 * x2), rounding);  // leaky: the sum is below zero
}
BOOST_AUTO_TEST_CASE(eq_2_4_y4) {
  BOOST_CHECK_SMALL(s.e4 - (w.w14 * s.y1 + w.w24 * s.y2 + w.w34 * s.y3), rounding);
  BOOST_CHECK_SMALL(s.y4 - std::tanh(w.w14 * s.y1 + w.w24 * s.y2 + w.w34 * s.y3), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_5_y5) {
  BOOST_CHECK_SMALL(s.e5 - (w.w15 * s.y1 + w.w25 * s.y2 + w.w35 * s.y3), rounding);
  BOOST_CHECK_SMALL(s.y5 - sigmoid_by_hand(w.w15 * s.y1 + w.w25 * s.y2 + w.w35 * s.y3), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_6_y6) {
  BOOST_CHECK_SMALL(s.e6 - (w.w46 * s.y4 + w.w56 * s.y5), rounding);
  BOOST_CHECK_SMALL(s.y6 - 0.3 * (w.w46 * s.y4 + w.w56 * s.y5), rounding);  // leaky, below zero
}
// No neuron may borrow another's activation function.
BOOST_AUTO_TEST_CASE(every_neuron_uses_its_own_activation) {
  const std::array<A, 3> kinds = {A::linear, A::sigmoid, A::tanh};
  for (std::size_t neuron = 0; neuron < 6; ++neuron)
    for (const A kind : kinds) {
      std::array<A, 6> f = {A::relu, A::relu, A::relu, A::relu, A::relu, A::relu};
      f[neuron] = kind;
      const Signals t = propagate(with(f[0], f[1], f[2], f[3], f[4], f[5]), x1, x2);
      const std::array<Real, 6> e = {t.e1, t.e2, t.e3, t.e4, t.e5, t.e6},
                                y = {t.y1, t.y2, t.y3, t.y4, t.y5, t.y6};
      for (std::size_t i = 0; i < 6; ++i) BOOST_TEST(y[i] == value(f[i], e[i]), "neuron " << i + 1);
    }
}

BOOST_AUTO_TEST_CASE(propagation_keeps_its_inputs) {
  BOOST_TEST(s.x1 == x1);
  BOOST_TEST(s.x2 == x2);
}

// ---- section 2.6: the error goes back, as printed and corrected ------------------------------------------

BOOST_AUTO_TEST_CASE(eq_2_7_delta1) {
  const Errors printed = backpropagate_as_printed(mixed, s, z), ours = backpropagate(mixed, s, z);
  BOOST_CHECK_SMALL(printed.delta1 - (w.w14 * printed.delta4 + w.w15 * printed.delta5), rounding);
  BOOST_CHECK_SMALL(ours.delta1 - (w.w14 * df4 * ours.delta4 + w.w15 * df5 * ours.delta5), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_8_delta2) {
  const Errors printed = backpropagate_as_printed(mixed, s, z), ours = backpropagate(mixed, s, z);
  BOOST_CHECK_SMALL(printed.delta2 - (w.w24 * printed.delta4 + w.w25 * printed.delta5), rounding);
  BOOST_CHECK_SMALL(ours.delta2 - (w.w24 * df4 * ours.delta4 + w.w25 * df5 * ours.delta5), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_9_delta3) {
  const Errors printed = backpropagate_as_printed(mixed, s, z), ours = backpropagate(mixed, s, z);
  BOOST_CHECK_SMALL(printed.delta3 - (w.w34 * printed.delta4 + w.w35 * printed.delta5), rounding);
  BOOST_CHECK_SMALL(ours.delta3 - (w.w34 * df4 * ours.delta4 + w.w35 * df5 * ours.delta5), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_10_delta4) {
  BOOST_CHECK_SMALL(backpropagate_as_printed(mixed, s, z).delta4 - w.w46 * (z - s.y6), rounding);
  BOOST_CHECK_SMALL(backpropagate(mixed, s, z).delta4 - w.w46 * df6 * (z - s.y6), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_11_delta5) {
  BOOST_CHECK_SMALL(backpropagate_as_printed(mixed, s, z).delta5 - w.w56 * (z - s.y6), rounding);
  BOOST_CHECK_SMALL(backpropagate(mixed, s, z).delta5 - w.w56 * df6 * (z - s.y6), rounding);
}
BOOST_AUTO_TEST_CASE(the_error_at_the_output_is_target_minus_answer) {
  BOOST_CHECK_SMALL(backpropagate(mixed, s, z).delta - (z - s.y6), rounding);
  BOOST_CHECK_SMALL(backpropagate_as_printed(mixed, s, z).delta - (z - s.y6), rounding);
}

// ---- section 2.6: the updates ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(eq_2_12_w11) {
  BOOST_CHECK_SMALL(updated.w11 - (w.w11 + n * some.delta1 * df1 * x1), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_13_w12) {
  BOOST_CHECK_SMALL(updated.w12 - (w.w12 + n * some.delta2 * df2 * x1), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_14_w13) {
  BOOST_CHECK_SMALL(updated.w13 - (w.w13 + n * some.delta3 * df3 * x1), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_15_w21) {
  BOOST_CHECK_SMALL(updated.w21 - (w.w21 + n * some.delta1 * df1 * x2), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_16_w22) {
  BOOST_CHECK_SMALL(updated.w22 - (w.w22 + n * some.delta2 * df2 * x2), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_17_w23) {
  BOOST_CHECK_SMALL(updated.w23 - (w.w23 + n * some.delta3 * df3 * x2), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_18_w14) {
  BOOST_CHECK_SMALL(updated.w14 - (w.w14 + n * some.delta4 * df4 * s.y1), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_19_w15) {
  BOOST_CHECK_SMALL(updated.w15 - (w.w15 + n * some.delta5 * df5 * s.y1), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_20_w24) {
  BOOST_CHECK_SMALL(updated.w24 - (w.w24 + n * some.delta4 * df4 * s.y2), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_21_w25) {
  BOOST_CHECK_SMALL(updated.w25 - (w.w25 + n * some.delta5 * df5 * s.y2), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_22_w34) {
  BOOST_CHECK_SMALL(updated.w34 - (w.w34 + n * some.delta4 * df4 * s.y3), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_23_w35) {
  BOOST_CHECK_SMALL(updated.w35 - (w.w35 + n * some.delta5 * df5 * s.y3), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_24_w46) {
  BOOST_CHECK_SMALL(updated.w46 - (w.w46 + n * some.delta * df6 * s.y4), rounding);
  const Weights printed = updated_weights(mixed, s, some, n, Rule::as_printed);
  BOOST_CHECK_SMALL(printed.w46 - (w.w46 + n * some.delta1 * df1 * s.y4), rounding);
}
BOOST_AUTO_TEST_CASE(eq_2_25_w56) {
  BOOST_CHECK_SMALL(updated.w56 - (w.w56 + n * some.delta * df6 * s.y5), rounding);
  const Weights printed = updated_weights(mixed, s, some, n, Rule::as_printed);
  BOOST_CHECK_SMALL(printed.w56 - (w.w56 + n * some.delta1 * df1 * s.y5), rounding);
}
BOOST_AUTO_TEST_CASE(the_two_rules_update_the_other_twelve_weights_alike) {
  const Weights printed = updated_weights(mixed, s, some, n, Rule::as_printed);
  for (std::size_t i = 0; i < 12; ++i)
    BOOST_TEST((printed.*all_weights[i].weight == updated.*all_weights[i].weight), all_weights[i].name);
}

// ---- the gradient check ----------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(corrected_rule_is_the_gradient_for_every_choice_of_smooth_activations) {
  const std::array<A, 3> smooth = {A::linear, A::sigmoid, A::tanh};
  Random random(7);
  for (const A f1 : smooth)
    for (const A f2 : smooth)
      for (const A f3 : smooth)
        for (const A f4 : smooth)
          for (const A f5 : smooth)
            for (const A f6 : smooth) {
              const Network network = {random_weights(random), {f1, f2, f3, f4, f5, f6}};
              BOOST_TEST(joined(wrong_weights(network, Rule::corrected)) == "");
            }
  BOOST_TEST(joined(wrong_weights(mixed, Rule::corrected)) == "");
}

// One input weight turned round, so that some neurons are on and some off, all far from the kink at zero.
BOOST_AUTO_TEST_CASE(corrected_rule_is_the_gradient_for_rectified_activations) {
  for (const A f : {A::relu, A::leaky_relu}) {
    Network network = with(f, f, f, f, f, A::linear);
    network.weights.w21 = -w.w21;
    const Signals signals = propagate(network, x1, x2);
    for (const Real e : {signals.e1, signals.e2, signals.e3, signals.e4, signals.e5})
      BOOST_REQUIRE(std::abs(e) > 1e-3);
    BOOST_TEST(joined(wrong_weights(network, Rule::corrected)) == "");
  }
}

BOOST_AUTO_TEST_CASE(the_gradient_check_notices_a_wrong_gradient) {
  BOOST_TEST(joined(wrong_weights(all_sigmoid, Rule::corrected, 0)) !=
             "");  // no tolerance: rounding is enough
}

// Sigmoid neurons: the derivatives missing from (2.7)-(2.11) as printed spoil every weight before the output
// neuron's, and (2.24), (2.25) the last two.
BOOST_AUTO_TEST_CASE(printed_rule_fails_for_sigmoid_neurons) {
  BOOST_TEST(wrong_weights(all_sigmoid, Rule::as_printed, 1e-3).size() == all_weights.size(),
             joined(wrong_weights(all_sigmoid, Rule::as_printed, 1e-3)));
}

// With f4, f5, f6 linear the missing derivatives are 1: (2.7)-(2.23) hold as printed whatever f1, f2, f3 are.
// (2.24) and (2.25) do not.
BOOST_AUTO_TEST_CASE(printed_rule_holds_up_to_2_23_if_the_later_neurons_are_linear) {
  BOOST_TEST(joined(wrong_weights(later_linear, Rule::as_printed)) == "w46 w56 ");
  BOOST_TEST(joined(wrong_weights(later_linear, Rule::corrected)) == "");
}

// The printed error signals with the corrected (2.24), (2.25): the last two weights come right, the twelve do
// not.
BOOST_AUTO_TEST_CASE(the_two_errata_are_independent) {
  Network half = all_sigmoid;
  learn(half, {x1, x2, z}, 1, Rule::as_printed, Rule::corrected);
  const Weights numerical = numerical_gradient(all_sigmoid, x1, x2, z);
  for (const auto& [name, weight] : all_weights) {
    const bool holds = relative_error(half.weights.*weight - w.*weight, -(numerical.*weight)) < 1e-7;
    BOOST_TEST(holds == (name == "w46" || name == "w56"), name);
  }
}

// ---- learning --------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(squared_error_by_hand) {
  BOOST_CHECK_SMALL(squared_error(3, 1) - 2.0, rounding);
  BOOST_CHECK_SMALL(squared_error(1, 3) - 2.0, rounding);
}

BOOST_AUTO_TEST_CASE(learn_is_forward_back_and_update) {
  for (const Rule back : {Rule::as_printed, Rule::corrected})
    for (const Rule update : {Rule::as_printed, Rule::corrected}) {
      Network network = mixed;
      const Real before = learn(network, {x1, x2, z}, n, back, update);
      BOOST_CHECK_SMALL(before - squared_error(z, s.y6), rounding);
      const Errors errors =
          back == Rule::as_printed ? backpropagate_as_printed(mixed, s, z) : backpropagate(mixed, s, z);
      const Weights expected = updated_weights(mixed, s, errors, n, update);
      for (const auto& [name, weight] : all_weights)
        BOOST_TEST((network.weights.*weight == expected.*weight), name);
    }
}

// Without a bias, neurons that are odd functions make an odd network: y(-x) = -y(x). XOR of two signs is
// even, so tanh and linear neurons alone cannot learn it (report, section 2.5; its dense layer of (7.1) has a
// bias).
BOOST_AUTO_TEST_CASE(odd_neurons_without_bias_make_an_odd_network) {
  const Network odd = with(A::tanh, A::linear, A::tanh, A::tanh, A::tanh, A::linear);
  BOOST_CHECK_SMALL(propagate(odd, x1, x2).y6 + propagate(odd, -x1, -x2).y6, rounding);
  BOOST_TEST(std::abs(propagate(all_sigmoid, x1, x2).y6 + propagate(all_sigmoid, -x1, -x2).y6) > 0.1);
}

BOOST_AUTO_TEST_CASE(a_small_step_makes_the_error_smaller) {
  Network network = mixed;
  const Real before = learn(network, {x1, x2, z}, 1e-3);
  BOOST_TEST(loss(network, x1, x2, z) < before);
}

BOOST_AUTO_TEST_CASE(random_weights_are_within_one_and_repeatable) {
  Random random(3), again(3);
  const Weights drawn = random_weights(random), same = random_weights(again), other = random_weights(again);
  for (const auto& [name, weight] : all_weights) {
    BOOST_TEST(std::abs(drawn.*weight) <= 1);
    BOOST_TEST((drawn.*weight != 0), name);
    BOOST_TEST((drawn.*weight == same.*weight));
    BOOST_TEST((drawn.*weight != other.*weight));
  }
}

BOOST_AUTO_TEST_SUITE_END()
