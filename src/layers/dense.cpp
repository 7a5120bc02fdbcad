#include "layers/dense.hpp"

#include <stdexcept>

#include "layers/batch_sums.hpp"
#include "layers/initializer.hpp"
#include "math/matrix_product.hpp"
#include "math/parallel.hpp"

namespace plaingrad {

Dense::Dense(Index units, Activation activation, bool use_bias)
    : units_(units), f_(activation), use_bias_(use_bias) {
  if (units < 1) throw std::invalid_argument("Dense: units must be 1 or more, got " + std::to_string(units));
}

Shape Dense::build(const Shape& input, Random& random) {
  if (input.size() != 1)
    throw std::invalid_argument("Dense: expected samples of one axis (add a Flatten before it), got " +
                                to_string(input));
  inputs_ = input[0];
  W_.value = W_.gradient = Tensor({inputs_, units_});
  glorot_uniform(W_.value, inputs_, units_, random);
  if (use_bias_) b_.value = b_.gradient = Tensor({units_});
  W_row_ = regular_offsets(inputs_, units_);
  one_ = regular_offsets(std::max(inputs_, units_), 1);
  return {units_};
}

std::vector<Parameter*> Dense::parameters() {
  if (use_bias_) return {&W_, &b_};
  return {&W_};
}

//! [forward]
const Tensor& Dense::forward(const Tensor& x, Mode) {
  const Index batch = x.shape.empty() ? 0 : x.extent(0);
  require_shape(x, {batch, inputs_}, "Dense input");
  x_ = &x;
  y_.resize({batch, units_});
  x_row_ = regular_offsets(batch, inputs_);
  const std::vector<Index> y_row = regular_offsets(batch, units_);
  const OffsetMatrix X{x.data(), x_row_.data(), one_.data(), batch, inputs_};
  const Real* bias = use_bias_ ? b_.value.data() : nullptr;
  // Threads share out the units; where these are few, the terms of the sums.
  const Index slices = units_ >= 1024 ? 1 : std::clamp<Index>(inputs_ / 128, 1, 16), size = y_.size();
  if (slices == 1) {
    parallel_matrix_product(X, W_.value.data(), units_, units_, {y_.data(), y_row.data()}, Start::zero, bias);
  } else {
    partial_.resize(static_cast<std::size_t>(slices * size));
    parallel_for(slices, [&](Index s) {
      const Index first = s * inputs_ / slices, last = (s + 1) * inputs_ / slices;
      matrix_product(X.column_block(first, last), W_.value.data() + first * units_, units_, units_,
                     {partial_.data() + s * size, y_row.data()}, Start::zero, s == 0 ? bias : nullptr);
    });
  }
  parallel_blocks(size, 2048, [&](Index first, Index last) {
    if (slices > 1) std::copy_n(partial_.data() + first, last - first, y_.data() + first);
    for (Index s = 1; s < slices; ++s)
#pragma omp simd
      for (Index i = first; i < last; ++i) y_[i] += partial_[static_cast<std::size_t>(s * size + i)];
    apply(f_, y_.data() + first, last - first);  // (7.1), f of it
  });
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Dense::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Dense output gradient");
  const Index batch = dy.extent(0);
  const Real* dz = dy.data();
  if (f_ != Activation::linear) {
    dz_.resize(dy.shape);
    multiply_by_derivative(f_, y_.data(), dy.data(), dz_.data(), dy.size());
    dz = dz_.data();
  }
  if (wanted != Gradients::input) {  // dW += x^T dz, db += the sum of dz over the batch
    const OffsetMatrix X_transposed{x_->data(), one_.data(), x_row_.data(), inputs_, batch};
    parallel_matrix_product(X_transposed, dz, units_, units_, {W_.gradient.data(), W_row_.data()},
                            Start::previous);
    if (use_bias_) column_sums(dz, batch, units_, Start::previous, b_.gradient.data());
  }
  if (wanted != Gradients::parameters) {  // dx = dz W^T: its transpose W dz^T, block by block
    dx_.resize(x_->shape);
    dz_transposed_.resize(dy.values.size());
    transpose(dz, batch, units_, dz_transposed_.data());
    const OffsetMatrix W{W_.value.data(), W_row_.data(), one_.data(), inputs_, units_};
    parallel_blocks(inputs_, 64, [&](Index first, Index last) {
      static thread_local std::vector<Real> block;
      block.resize(static_cast<std::size_t>((last - first) * batch));
      const std::vector<Index> block_row = regular_offsets(last - first, batch);
      matrix_product(W.row_block(first, last), dz_transposed_.data(), batch, batch,
                     {block.data(), block_row.data()});
      for (Index n = 0; n < batch; ++n)
        for (Index i = first; i < last; ++i)
          dx_[n * inputs_ + i] = block[static_cast<std::size_t>((i - first) * batch + n)];
    });
  }
  return dx_;
}
//! [backward]

}  // namespace plaingrad
