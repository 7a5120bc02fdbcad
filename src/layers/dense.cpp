#include "layers/dense.hpp"

#include <stdexcept>

#include "engine/dense.hpp"
#include "layers/shape_checks.hpp"

namespace plaingrad {

Dense::Dense(Index units, Activation activation, bool use_bias)
    : units_(units), f_(activation), weights_{use_bias} {
  if (units < 1) throw std::invalid_argument("Dense: units must be 1 or more, got " + std::to_string(units));
}

Shape Dense::build(const Shape& input, Random& random) {
  if (input.size() != 1)
    throw std::invalid_argument("Dense: expected samples of one axis (add a Flatten before it), got " +
                                to_string(input));
  weights_.build({input[0], units_}, units_, input[0], units_, random);
  input_ = input;
  return {units_};
}

//! [forward]
const Tensor& Dense::forward(const Tensor& x, Mode) {
  const Index batch = require_batch_of(input_, x, "Dense")[0];
  x_ = &x;
  y_.resize({batch, units_});
  // y(n,u) = f(z(n,u)), z(n,u) = sum_i x(n,i) W(i,u) + b(u)                                 (7.1)
  dense_forward(x, weights_.W.value, weights_.bias(), f_, y_);
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Dense::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Dense output gradient");
  if (wanted != Gradients::parameters) dx_.resize(x_->shape);
  // With dz(n,u) = dy(n,u) f'(z(n,u)):
  // dW(i,u) += sum_n x(n,i) dz(n,u)
  // db(u)   += sum_n dz(n,u)
  // dx(n,i)  = sum_u dz(n,u) W(i,u)
  dense_backward(*x_, y_, dy, weights_.W.value, f_, weights_.targets(wanted, dx_));
  return dx_;
}
//! [backward]

}  // namespace plaingrad
