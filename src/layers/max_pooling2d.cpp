#include "layers/max_pooling2d.hpp"

#include <stdexcept>

#include "engine/pooling.hpp"
#include "layers/shape_checks.hpp"

namespace plaingrad {

MaxPooling2D::MaxPooling2D(Index size) : size_(size) {
  if (size < 1)
    throw std::invalid_argument("MaxPooling2D: size must be 1 or more, got " + std::to_string(size));
}

Shape MaxPooling2D::build(const Shape& input, Random&) {
  require_image("MaxPooling2D", input);
  if (input[0] < size_ || input[1] < size_)
    throw std::invalid_argument("MaxPooling2D: a window of " + std::to_string(size_) + " x " +
                                std::to_string(size_) + " does not fit into " + to_string(input));
  input_ = input;
  return {input[0] / size_, input[1] / size_, input[2]};
}

//! [forward]
const Tensor& MaxPooling2D::forward(const Tensor& x, Mode) {
  const Shape shape = require_batch_of(input_, x, "MaxPooling2D");
  y_.resize({shape[0], shape[1] / size_, shape[2] / size_, shape[3]});
  argmax_.resize(y_.values.size());
  // y(b,i,j,c) = max over m, n < size of x(b, size i + m, size j + n, c);  argmax = size m + n of it
  max_pooling_forward(x, size_, y_, argmax_);
  return y_;
}
//! [forward]

//! [backward]
const Tensor& MaxPooling2D::backward(const Tensor& dy, Gradients) {
  require_shape(dy, y_.shape, "MaxPooling2D output gradient");
  const Shape shape{dy.extent(0), input_[0], input_[1], input_[2]};
  if (dx_.shape != shape) dx_ = Tensor(shape);  // zeros, which stay where no whole window fits
  // dx(b, size i + m, size j + n, c) = dy(b,i,j,c) where size m + n is the window's argmax, 0 elsewhere
  max_pooling_backward(dy, argmax_, size_, dx_);
  return dx_;
}
//! [backward]

}  // namespace plaingrad
