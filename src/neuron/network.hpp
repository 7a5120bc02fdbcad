/// @file
/// The network of Fig. 2.3 (sections 2.4 to 2.6): two inputs, neurons 1, 2, 3, then 4, 5, then 6, every
/// weight under the name that the report gives it and every equation on a line of its own. No loops, no
/// matrices, no bias: this is the network to read. The layers that do the same for any size are in
/// layers/dense.hpp.
#pragma once

#include <array>
#include <string_view>

#include "math/random.hpp"
#include "math/real.hpp"
#include "neuron/activation.hpp"

namespace plaingrad::six_neurons {

/// The fourteen weights. The first digit says where a connection comes from, the second the neuron it leads
/// to; in the first row of the six it comes from input x1, in the second from x2, in all others from the
/// neuron of that number.
//! [weights]
struct Weights {
  Real w11, w12, w13;  ///< from x1 to neurons 1, 2, 3
  Real w21, w22, w23;  ///< from x2 to neurons 1, 2, 3
  Real w14, w15;       ///< from neuron 1 to neurons 4, 5
  Real w24, w25;       ///< from neuron 2
  Real w34, w35;       ///< from neuron 3
  Real w46, w56;       ///< from neurons 4, 5 to neuron 6
};
//! [weights]

/// A weight's name and where it is kept.
struct NamedWeight {
  std::string_view name;
  Real Weights::*weight;
};

/// All fourteen in the order of their updates, (2.12) to (2.25).
inline constexpr std::array<NamedWeight, 14> all_weights = {{{"w11", &Weights::w11},
                                                             {"w12", &Weights::w12},
                                                             {"w13", &Weights::w13},
                                                             {"w21", &Weights::w21},
                                                             {"w22", &Weights::w22},
                                                             {"w23", &Weights::w23},
                                                             {"w14", &Weights::w14},
                                                             {"w15", &Weights::w15},
                                                             {"w24", &Weights::w24},
                                                             {"w25", &Weights::w25},
                                                             {"w34", &Weights::w34},
                                                             {"w35", &Weights::w35},
                                                             {"w46", &Weights::w46},
                                                             {"w56", &Weights::w56}}};

/// The activation function of each neuron.
struct Activations {
  Activation f1, f2, f3, f4, f5, f6;
};

/// The network: its weights and the activation functions of its neurons.
struct Network {
  Weights weights;
  Activations activations;
};

/// Every weight drawn uniformly from -1 ... 1.
Weights random_weights(Random& random);

/// A training sample: inputs x1, x2 and target z.
struct Sample {
  Real x1, x2, z;
};

/// All values of a forward pass (Fig. 2.4).
struct Signals {
  Real x1, x2;                  ///< inputs
  Real e1, e2, e3, e4, e5, e6;  ///< weighted sums
  Real y1, y2, y3, y4, y5, y6;  ///< outputs of the neurons; y6 is the network's output y
};

/// The forward pass (section 2.5).
/// @eqimpl{2,1} @eqimpl{2,2} @eqimpl{2,3} @eqimpl{2,4} @eqimpl{2,5} @eqimpl{2,6}
Signals propagate(const Network& network, Real x1, Real x2);

/// L = 1/2 (z - y)^2, the loss.
Real squared_error(Real z, Real y);

/// The error signals (Fig. 2.5). Positive: the output should be greater.
struct Errors {
  Real delta1, delta2, delta3, delta4, delta5;
  Real delta;  ///< z - y, at the output
};

/// The rule as the report prints it, or as the chain rule has it.
enum class Rule { as_printed, corrected };

/// The backward pass (section 2.6), letter by letter as (2.7) to (2.11) are printed. The derivative of the
/// neuron that the error passes through is missing, so it is right only if neurons 4, 5 and 6 are linear.
/// @eqimpl{2,7} @eqimpl{2,8} @eqimpl{2,9} @eqimpl{2,10} @eqimpl{2,11}
Errors backpropagate_as_printed(const Network& network, const Signals& signals, Real z);

/// The same with that derivative: delta_i = -dL/dy_i for every neuron i, whatever the activation functions
/// are.
/// @eqimpl{2,7} @eqimpl{2,8} @eqimpl{2,9} @eqimpl{2,10} @eqimpl{2,11}
Errors backpropagate(const Network& network, const Signals& signals, Real z);

/// Section 2.6: the weights after one step of learning rate n. The two rules differ in (2.24) and (2.25)
/// alone.
/// @eqimpl{2,12} @eqimpl{2,13} @eqimpl{2,14} @eqimpl{2,15} @eqimpl{2,16} @eqimpl{2,17} @eqimpl{2,18}
/// @eqimpl{2,19} @eqimpl{2,20} @eqimpl{2,21} @eqimpl{2,22} @eqimpl{2,23} @eqimpl{2,24} @eqimpl{2,25}
Weights updated_weights(const Network& network, const Signals& signals, const Errors& errors, Real n,
                        Rule rule = Rule::corrected);

/// One step on one sample: forward, back and update.
/// @param back    the rule for (2.7) to (2.11)
/// @param update  the rule for (2.24) and (2.25)
/// @return the error L before the step
Real learn(Network& network, const Sample& sample, Real n, Rule back = Rule::corrected,
           Rule update = Rule::corrected);

}  // namespace plaingrad::six_neurons
