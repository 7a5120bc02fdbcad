#include "layers/dense.hpp"

#include <stdexcept>

#include "layers/initializer.hpp"
#include "layers/sliding_window.hpp"
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
  ones_ = regular_offsets(std::max(inputs_, units_), 1);
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
  rows_in_ = regular_offsets(batch, inputs_);
  const OffsetMatrix X{x.data(), rows_in_.data(), ones_.data(), batch, inputs_};
  parallel_matrix_product(X, W_.value.data(), units_, units_, y_.data(), units_, Start::zero,
                          use_bias_ ? b_.value.data() : nullptr);  // x W + b, the argument of (7.1)
  parallel_blocks(y_.size(), 8192, [&](Index first, Index last) {
    apply(f_, y_.data() + first, last - first);  // (7.1), f of it
  });
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Dense::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Dense output gradient");
  const Index batch = dy.extent(0);
  const bool parameters = wanted != Gradients::input;
  const Tensor& dz =
      activation_backward(f_, y_, dy, use_bias_ && parameters ? b_.gradient.data() : nullptr, dz_);
  if (parameters) {  // dW += x^T dz
    const OffsetMatrix X_transposed{x_->data(), ones_.data(), rows_in_.data(), inputs_, batch};
    parallel_matrix_product(X_transposed, dz.data(), units_, units_, W_.gradient.data(), units_,
                            Start::previous);
  }
  if (wanted != Gradients::parameters) {  // dx = dz W^T
    dx_.resize({batch, inputs_});
    W_transposed_.resize(W_.value.values.size());
    transpose(W_.value.data(), inputs_, units_, W_transposed_.data());
    rows_out_ = regular_offsets(batch, units_);
    const OffsetMatrix dZ{dz.data(), rows_out_.data(), ones_.data(), batch, units_};
    parallel_matrix_product(dZ, W_transposed_.data(), inputs_, inputs_, dx_.data(), inputs_);
  }
  return dx_;
}
//! [backward]

}  // namespace plaingrad
