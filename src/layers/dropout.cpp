#include "layers/dropout.hpp"

#include <algorithm>
#include <stdexcept>

#include "layers/shape_checks.hpp"
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

namespace {

// Mixes the bits of a number: the last step of MurmurHash3 (Appleby).
std::uint32_t mix_bits(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6b;
  x = (x ^ (x >> 13)) * 0xc2b2ae35;
  return x ^ (x >> 16);
}

// Values first ... last - 1 of a mask. A value's bits depend on the draw and on its place alone: threads need
// no generators of their own.
void fill_mask(std::uint64_t draw, std::uint32_t drop_threshold, Real scale, Index first, Index last,
               Real* mask) {
  const auto draw_1 = static_cast<std::uint32_t>(draw), draw_2 = static_cast<std::uint32_t>(draw >> 32);
#pragma omp simd
  for (Index i = first; i < last; ++i) {
    const std::uint32_t bits = mix_bits(mix_bits(static_cast<std::uint32_t>(i) ^ draw_1) ^ draw_2);
    mask[i] = bits < drop_threshold ? Real(0) : scale;
  }
}

}  // namespace

//! [forward]
const Tensor& Dropout::forward(const Tensor& x, Mode mode) {
  const Shape shape = require_batch_of(input_, x, "Dropout");
  y_.resize(shape);
  mask_.resize(shape);
  const Real scale = static_cast<Real>(1 / (1 - rate_));
  const auto drop_threshold = static_cast<std::uint32_t>(rate_ * 4294967296.0);  // of 2^32 numbers
  const std::uint64_t draw = mode == Mode::training ? random_.bits() : 0;
  parallel_blocks(x.size(), [&](Index first, Index last) {
    if (mode == Mode::training)
      fill_mask(draw, drop_threshold, scale, first, last, mask_.data());
    else
      std::fill(mask_.data() + first, mask_.data() + last, Real(1));
    for (Index i = first; i < last; ++i) y_[i] = mask_[i] * x[i];
  });
  return y_;
}
//! [forward]

const Tensor& Dropout::backward(const Tensor& dy, Gradients) {
  require_shape(dy, y_.shape, "Dropout output gradient");
  dx_.resize(dy.shape);
  parallel_blocks(dy.size(), [&](Index first, Index last) {
    for (Index i = first; i < last; ++i) dx_[i] = mask_[i] * dy[i];
  });
  return dx_;
}

}  // namespace plaingrad
