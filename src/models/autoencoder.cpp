#include "models/autoencoder.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "math/floating_point.hpp"
#include "math/parallel.hpp"

namespace plaingrad {

Sequential make_autoencoder(Random& random) {
  //! [autoencoder]
  const ConvolutionOptions half_or_double{
      .stride = 2, .padding = Padding::same, .activation = Activation::relu};
  const ConvolutionOptions same{.padding = Padding::same, .activation = Activation::relu};
  Sequential model("autoencoder", {28, 28, 1});
  model.add<Conv2D>(16, 3, half_or_double);
  model.add<Conv2D>(8, 3, half_or_double);  // the code h: 7 x 7 x 8
  model.add<Conv2DTranspose>(8, 3, half_or_double);
  model.add<Conv2DTranspose>(16, 3, half_or_double);
  model.add<Conv2D>(1, 3, same);
  model.build(random);
  //! [autoencoder]
  return model;
}

//! [corrupt]
Tensor corrupt(const Tensor& x, double noise, Random& random) {
  if (!std::isfinite(noise) || noise < 0)
    throw std::invalid_argument("the noise must be a finite number, 0 or more, got " + std::to_string(noise));
  const auto wrong =
      std::find_if(x.values.begin(), x.values.end(), [](Real v) { return !(v >= 0 && v <= 1); });
  if (wrong != x.values.end())
    throw std::invalid_argument("corrupt: expected values in 0 ... 1, got " +
                                std::to_string(value_of(*wrong)));
  const FloatingPointSettings standard;
  Tensor noisy(x.shape);
  const Index count = x.shape.empty() ? 0 : x.extent(0), size = count ? x.size() / count : 0;
  const std::uint64_t seed = random.bits();
  parallel_for(count, [&](Index n) {
    Random sample(seed + static_cast<std::uint64_t>(n));
    for (Index i = n * size; i < (n + 1) * size; ++i)
      noisy[i] = std::clamp(x[i] + static_cast<Real>(noise * sample.normal()), Real(0), Real(1));
  });
  return noisy;
}
//! [corrupt]

}  // namespace plaingrad
