#include "neuron/neuron.hpp"

#include <stdexcept>
#include <string>

namespace plaingrad {

//! [artificial_neuron]
NeuronSignals artificial_neuron(Activation f, Real x1, Real x2, Real w1, Real w2) {
  const Real e = w1 * x1 + w2 * x2;
  const Real y = value(f, e);
  return {e, y};
}
//! [artificial_neuron]

NeuronSignals artificial_neuron(Activation f, std::span<const Real> x, std::span<const Real> w) {
  if (x.size() != w.size())
    throw std::invalid_argument("neuron with " + std::to_string(x.size()) + " inputs and " +
                                std::to_string(w.size()) + " weights");
  Real e = 0;
  for (std::size_t i = 0; i < x.size(); ++i) e += w[i] * x[i];
  return {e, value(f, e)};
}

}  // namespace plaingrad
