#include "layers/activation_layer.hpp"

#include <algorithm>

#include "layers/shape_checks.hpp"
#include "math/parallel.hpp"

namespace plaingrad {

Shape ActivationLayer::build(const Shape& input, Random&) {
  return input_ = input;
}

const Tensor& ActivationLayer::forward(const Tensor& x, Mode) {
  y_.resize(require_batch_of(input_, x, type()));
  parallel_blocks(x.size(), [&](Index first, Index last) {
    std::copy_n(x.data() + first, last - first, y_.data() + first);
    apply(f_, y_.data() + first, last - first);
  });
  return y_;
}

const Tensor& ActivationLayer::backward(const Tensor& dy, Gradients) {
  require_shape(dy, y_.shape, type() + " output gradient");
  dx_.resize(dy.shape);
  parallel_blocks(dy.size(), [&](Index first, Index last) {
    multiply_by_derivative(f_, y_.data() + first, dy.data() + first, dx_.data() + first, last - first);
  });
  return dx_;
}

}  // namespace plaingrad
