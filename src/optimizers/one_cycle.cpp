#include "optimizers/one_cycle.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace plaingrad {

double one_cycle(Index k, Index steps, double peak) {
  if (k < 1 || k > steps)
    throw std::invalid_argument("one_cycle: k = " + std::to_string(k) + ", expected 1 to " +
                                std::to_string(steps));
  if (!(peak > 0) || !std::isfinite(peak))
    throw std::invalid_argument("one_cycle: peak = " + std::to_string(peak) + ", expected a positive number");
  //! [one_cycle]
  const auto rising = std::max<Index>(1, static_cast<Index>(one_cycle_rise * static_cast<double>(steps)));
  const double share = k <= rising
                           ? static_cast<double>(k) / static_cast<double>(rising)
                           : static_cast<double>(steps + 1 - k) / static_cast<double>(steps + 1 - rising);
  return peak * share;
  //! [one_cycle]
}

}  // namespace plaingrad
