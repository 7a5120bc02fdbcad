#include "optimizers/parameter_sizes.hpp"

#include <stdexcept>

namespace plaingrad {

void require_same_parameters(const std::vector<Parameter*>& parameters, std::vector<Index>& sizes) {
  for (const Parameter* p : parameters) {
    if (p->trainable) require_shape(p->gradient, p->value.shape, "gradient of " + p->name);
  }
  if (sizes.empty()) {
    for (const Parameter* p : parameters) sizes.push_back(p->value.size());
    return;
  }
  if (parameters.size() != sizes.size()) {
    throw std::invalid_argument("optimizer: " + std::to_string(parameters.size()) + " parameters, but " +
                                std::to_string(sizes.size()) + " at its first step");
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (parameters[i]->value.size() != sizes[i]) {
      throw std::invalid_argument("optimizer: parameter " + std::to_string(i) + " (" + parameters[i]->name +
                                  ") has " + std::to_string(parameters[i]->value.size()) +
                                  " values, but had " + std::to_string(sizes[i]) + " at its first step");
    }
  }
}

}  // namespace plaingrad
