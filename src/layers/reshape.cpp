#include "layers/reshape.hpp"

#include <stdexcept>

#include "layers/conv2d.hpp"

namespace plaingrad {

Shape Reshape::build(const Shape& input, Random&) {
  if (element_count(input) != element_count(sample_))
    throw std::invalid_argument(type() + ": cannot give " + to_string(input) + " the shape " +
                                to_string(sample_));
  input_ = input;
  return sample_;
}

const Tensor& Reshape::forward(const Tensor& x, Mode) {
  require_batch_of(input_, x, type());
  y_ = x;
  y_.shape = sample_;
  y_.shape.insert(y_.shape.begin(), x.shape[0]);
  return y_;
}

const Tensor& Reshape::backward(const Tensor& dy, Gradients) {
  require_shape(dy, y_.shape, type() + " output gradient");
  dx_ = dy;
  dx_.shape = input_;
  dx_.shape.insert(dx_.shape.begin(), dy.shape[0]);
  return dx_;
}

}  // namespace plaingrad
