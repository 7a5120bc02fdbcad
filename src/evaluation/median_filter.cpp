#include "evaluation/median_filter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "math/parallel.hpp"

namespace plaingrad {

Tensor median_filter(const Tensor& images) {
  if (images.shape.size() != 4 || images.extent(3) != 1)
    throw std::invalid_argument("median_filter: expected (count, height, width, 1), got " +
                                to_string(images.shape));
  require_shape(images, images.shape, "median_filter");
  const Index height = images.extent(1), width = images.extent(2);
  Tensor result(images.shape);
  parallel_for(images.extent(0), [&](Index n) {
    const Real* image = images.data() + n * height * width;
    Real* filtered = result.data() + n * height * width;
    //! [median]
    for (Index i = 0; i < height; ++i)
      for (Index j = 0; j < width; ++j) {
        std::array<Real, 9> around;
        for (Index k = 0; k < 9; ++k) {
          const Index row = std::clamp<Index>(i + k / 3 - 1, 0, height - 1);
          const Index column = std::clamp<Index>(j + k % 3 - 1, 0, width - 1);
          around[static_cast<std::size_t>(k)] = image[row * width + column];
        }
        // A NaN has no place in an order.
        const auto nan = std::find_if(around.begin(), around.end(), [](Real v) { return isnan(v); });
        if (nan == around.end()) std::nth_element(around.begin(), around.begin() + 4, around.end());
        filtered[i * width + j] = nan == around.end() ? around[4] : *nan;
      }
    //! [median]
  });
  return result;
}

}  // namespace plaingrad
