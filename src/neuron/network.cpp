#include "neuron/network.hpp"

namespace plaingrad::six_neurons {

Weights random_weights(Random& random) {
  Weights weights{};
  for (const NamedWeight& w : all_weights) weights.*w.weight = static_cast<Real>(random.uniform(-1, 1));
  return weights;
}

Signals propagate(const Network& network, Real x1, Real x2) {
  const auto& [w11, w12, w13, w21, w22, w23, w14, w15, w24, w25, w34, w35, w46, w56] = network.weights;
  const auto& [f1, f2, f3, f4, f5, f6] = network.activations;
  //! [eq_2_1_to_2_6]
  const Real e1 = w11 * x1 + w21 * x2, y1 = value(f1, e1);             // (2.1)
  const Real e2 = w12 * x1 + w22 * x2, y2 = value(f2, e2);             // (2.2)
  const Real e3 = w13 * x1 + w23 * x2, y3 = value(f3, e3);             // (2.3)
  const Real e4 = w14 * y1 + w24 * y2 + w34 * y3, y4 = value(f4, e4);  // (2.4)
  const Real e5 = w15 * y1 + w25 * y2 + w35 * y3, y5 = value(f5, e5);  // (2.5)
  const Real e6 = w46 * y4 + w56 * y5, y6 = value(f6, e6);             // (2.6)
  //! [eq_2_1_to_2_6]
  return {x1, x2, e1, e2, e3, e4, e5, e6, y1, y2, y3, y4, y5, y6};
}

Real squared_error(Real z, Real y) {
  return (z - y) * (z - y) / 2;
}

Errors backpropagate_as_printed(const Network& network, const Signals& signals, Real z) {
  const auto& [w11, w12, w13, w21, w22, w23, w14, w15, w24, w25, w34, w35, w46, w56] = network.weights;
  //! [eq_2_7_to_2_11_as_printed]
  const Real delta = z - signals.y6;
  const Real delta5 = w56 * delta;                  // (2.11) as printed
  const Real delta4 = w46 * delta;                  // (2.10) as printed
  const Real delta3 = w34 * delta4 + w35 * delta5;  // (2.9) as printed
  const Real delta2 = w24 * delta4 + w25 * delta5;  // (2.8) as printed
  const Real delta1 = w14 * delta4 + w15 * delta5;  // (2.7) as printed
  //! [eq_2_7_to_2_11_as_printed]
  return {delta1, delta2, delta3, delta4, delta5, delta};
}

Errors backpropagate(const Network& network, const Signals& signals, Real z) {
  const auto& [w11, w12, w13, w21, w22, w23, w14, w15, w24, w25, w34, w35, w46, w56] = network.weights;
  const auto& [f1, f2, f3, f4, f5, f6] = network.activations;
  //! [eq_2_7_to_2_11]
  const Real df4 = derivative(f4, signals.e4), df5 = derivative(f5, signals.e5),
             df6 = derivative(f6, signals.e6);
  const Real delta = z - signals.y6;
  const Real delta5 = w56 * df6 * delta;                        // (2.11), with f6'(e6)
  const Real delta4 = w46 * df6 * delta;                        // (2.10), with f6'(e6)
  const Real delta3 = w34 * df4 * delta4 + w35 * df5 * delta5;  // (2.9), with f4', f5'
  const Real delta2 = w24 * df4 * delta4 + w25 * df5 * delta5;  // (2.8)
  const Real delta1 = w14 * df4 * delta4 + w15 * df5 * delta5;  // (2.7)
  //! [eq_2_7_to_2_11]
  return {delta1, delta2, delta3, delta4, delta5, delta};
}

Weights updated_weights(const Network& network, const Signals& signals, const Errors& errors, Real n,
                        Rule rule) {
  const auto& [w11, w12, w13, w21, w22, w23, w14, w15, w24, w25, w34, w35, w46, w56] = network.weights;
  const auto& [f1, f2, f3, f4, f5, f6] = network.activations;
  const auto& [x1, x2, e1, e2, e3, e4, e5, e6, y1, y2, y3, y4, y5, y6] = signals;
  const auto& [delta1, delta2, delta3, delta4, delta5, delta] = errors;
  Weights updated{};
  //! [eq_2_12_to_2_25]
  const Real df1 = derivative(f1, e1), df2 = derivative(f2, e2), df3 = derivative(f3, e3);
  const Real df4 = derivative(f4, e4), df5 = derivative(f5, e5), df6 = derivative(f6, e6);
  updated.w11 = w11 + n * delta1 * df1 * x1;  // (2.12)
  updated.w12 = w12 + n * delta2 * df2 * x1;  // (2.13)
  updated.w13 = w13 + n * delta3 * df3 * x1;  // (2.14)
  updated.w21 = w21 + n * delta1 * df1 * x2;  // (2.15)
  updated.w22 = w22 + n * delta2 * df2 * x2;  // (2.16)
  updated.w23 = w23 + n * delta3 * df3 * x2;  // (2.17)
  updated.w14 = w14 + n * delta4 * df4 * y1;  // (2.18)
  updated.w15 = w15 + n * delta5 * df5 * y1;  // (2.19)
  updated.w24 = w24 + n * delta4 * df4 * y2;  // (2.20)
  updated.w25 = w25 + n * delta5 * df5 * y2;  // (2.21)
  updated.w34 = w34 + n * delta4 * df4 * y3;  // (2.22)
  updated.w35 = w35 + n * delta5 * df5 * y3;  // (2.23)
  if (rule == Rule::as_printed) {
    updated.w46 = w46 + n * delta1 * df1 * y4;  // (2.24) as printed: neuron 1's
    updated.w56 = w56 + n * delta1 * df1 * y5;  // (2.25) as printed
  } else {
    updated.w46 = w46 + n * delta * df6 * y4;  // (2.24), neuron 6's
    updated.w56 = w56 + n * delta * df6 * y5;  // (2.25)
  }
  //! [eq_2_12_to_2_25]
  return updated;
}

//! [learn]
Real learn(Network& network, const Sample& sample, Real n, Rule back, Rule update) {
  const Signals signals = propagate(network, sample.x1, sample.x2);
  const Errors errors = back == Rule::as_printed ? backpropagate_as_printed(network, signals, sample.z)
                                                 : backpropagate(network, signals, sample.z);
  network.weights = updated_weights(network, signals, errors, n, update);
  return squared_error(sample.z, signals.y6);
}
//! [learn]

}  // namespace plaingrad::six_neurons
