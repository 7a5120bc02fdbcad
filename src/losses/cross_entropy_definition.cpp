#include "losses/cross_entropy_definition.hpp"

#include <stdexcept>
#include <string>

namespace plaingrad {

namespace {

void require_probabilities(std::span<const Real> values, const std::string& name) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(values[i] >= 0 && values[i] <= 1))  // refuses NaN too
      throw std::invalid_argument("cross-entropy: " + name + " probability of class " + std::to_string(i) +
                                  " must be in 0 ... 1, got " + std::to_string(value_of(values[i])));
}

}  // namespace

Real cross_entropy_definition(std::span<const Real> actual, std::span<const Real> predicted) {
  if (actual.size() != predicted.size())
    throw std::invalid_argument("cross-entropy: " + std::to_string(actual.size()) +
                                " actual probabilities and " + std::to_string(predicted.size()) +
                                " predicted ones");
  require_probabilities(actual, "actual");
  require_probabilities(predicted, "predicted");
  //! [eq_3_7]
  Real CE = 0;
  for (std::size_t i = 0; i < actual.size(); ++i)
    if (actual[i] > 0) CE -= actual[i] * log(predicted[i]);  // (3.7), with 0 log 0 = 0
  //! [eq_3_7]
  return CE;
}

}  // namespace plaingrad
