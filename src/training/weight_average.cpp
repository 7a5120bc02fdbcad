#include "training/weight_average.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace plaingrad {

double average_share(double decay, Index t) {
  if (!(decay >= 0 && decay < 1) || t < 1)
    throw std::invalid_argument(
        "average_share: expected a decay of 0 to 1, 1 excluded, and a step from 1, got " +
        std::to_string(decay) + " and " + std::to_string(t));
  return std::max(1 - decay, 1 / static_cast<double>(t));
}

//! [average_weights]
void average_weights(Sequential& average, const Sequential& model, double share) {
  const std::vector<Parameter*>&averages = average.parameters(), &weights = model.parameters();
  const auto same_shape = [](const Parameter* a, const Parameter* w) {
    return a->value.shape == w->value.shape;
  };
  if (!std::equal(averages.begin(), averages.end(), weights.begin(), weights.end(), same_shape))
    throw std::invalid_argument("average_weights: " + average.name() + " and " + model.name() +
                                " do not have the same parameters");
  if (!(share >= 0 && share <= 1))
    throw std::invalid_argument("average_weights: the share must be 0 to 1, got " + std::to_string(share));
  for (std::size_t p = 0; p < averages.size(); ++p) {
    std::vector<Real>& a = averages[p]->value.values;
    const std::vector<Real>& w = weights[p]->value.values;
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = Real(1 - share) * a[i] + Real(share) * w[i];
  }
}
//! [average_weights]

}  // namespace plaingrad
