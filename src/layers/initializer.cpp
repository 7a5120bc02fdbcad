#include "layers/initializer.hpp"

#include <cmath>

namespace plaingrad {

void glorot_uniform(Tensor& kernel, Index fan_in, Index fan_out, Random& random) {
  const double limit = std::sqrt(6.0 / static_cast<double>(fan_in + fan_out));
  random.fill_uniform(kernel, -limit, limit);
}

}  // namespace plaingrad
