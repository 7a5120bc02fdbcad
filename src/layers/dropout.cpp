#include "layers/dropout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "layers/conv2d.hpp"
#include "math/parallel.hpp"

namespace plaingrad {

Dropout::Dropout(double rate) : rate_(rate) {
  if (!(rate >= 0 && rate < 1))
    throw std::invalid_argument("Dropout: rate must lie in [0, 1), got " + std::to_string(rate));
}

Shape Dropout::build(const Shape& input, Random& random) {
  random_ = random.split();
  return input_ = input;
}

//! [forward]
const Tensor& Dropout::forward(const Tensor& x, Mode mode) {
  const Shape shape = require_batch_of(input_, x, "Dropout");
  y_.resize(shape);
  mask_.resize(shape);
  if (mode == Mode::inference) mask_.fill(1);
  const Real kept = static_cast<Real>(1 / (1 - rate_));
  const auto dropped = static_cast<std::uint32_t>(std::lround(rate_ * 65536));
  // Every sample draws from a generator of its own, so that threads can draw at once.
  const std::uint64_t seed = random_.bits();
  const Index size = element_count(input_);
  parallel_for(shape[0], [&](Index n) {
    Real *mask = mask_.data() + n * size, *y = y_.data() + n * size;
    if (mode == Mode::training) {
      Random sample(seed + static_cast<std::uint64_t>(n));
      constexpr Index few = 64;
      std::array<std::uint16_t, few> drawn;
      for (Index i = 0; i < size; i += few) {
        for (std::size_t j = 0; j < few; j += 4) {  // 64 random bits decide four values, to 1 / 65536
          const std::uint64_t bits = sample.bits();
          for (std::size_t k = 0; k < 4; ++k) drawn[j + k] = static_cast<std::uint16_t>(bits >> (16 * k));
        }
        const Index end = std::min(few, size - i);
        for (Index j = 0; j < end; ++j)
          mask[i + j] = drawn[static_cast<std::size_t>(j)] < dropped ? Real(0) : kept;
      }
    }
    for (Index i = 0; i < size; ++i) y[i] = mask[i] * x[n * size + i];
  });
  return y_;
}
//! [forward]

const Tensor& Dropout::backward(const Tensor& dy, Gradients) {
  require_shape(dy, y_.shape, "Dropout output gradient");
  dx_.resize(dy.shape);
  parallel_blocks(dy.size(), 8192, [&](Index first, Index last) {
    for (Index i = first; i < last; ++i) dx_[i] = mask_[i] * dy[i];
  });
  return dx_;
}

}  // namespace plaingrad
