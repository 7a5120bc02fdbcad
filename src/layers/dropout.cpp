#include "layers/dropout.hpp"

#include <algorithm>
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
  const auto dropped = static_cast<std::uint64_t>(std::lround(rate_ * 65536));
  // Every sample draws from a generator of its own, so that threads can draw at once.
  const std::uint64_t seed = random_.bits();
  const Index size = element_count(input_);
  parallel_for(shape[0], [&](Index n) {
    Real *mask = mask_.data() + n * size, *y = y_.data() + n * size;
    if (mode == Mode::training) {
      Random sample(seed + static_cast<std::uint64_t>(n));
      for (Index i = 0; i < size; i += 4) {  // 64 random bits decide four values, to 1 / 65536
        std::uint64_t bits = sample.bits();
        for (Index j = i; j < std::min(size, i + 4); ++j, bits >>= 16)
          mask[j] = (bits & 0xffff) < dropped ? 0 : kept;
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
