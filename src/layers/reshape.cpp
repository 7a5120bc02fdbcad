#include "layers/reshape.hpp"

#include <algorithm>
#include <stdexcept>

#include "layers/shape_checks.hpp"
#include "math/parallel.hpp"

namespace plaingrad {

namespace {

// The same values in samples of another shape.
void copy(const Tensor& from, Shape sample, Tensor& to) {
  sample.insert(sample.begin(), from.extent(0));
  to.resize(sample);
  parallel_blocks(from.size(), [&](Index first, Index last) {
    std::copy(from.data() + first, from.data() + last, to.data() + first);
  });
}

}  // namespace

Shape Reshape::build(const Shape& input, Random&) {
  if (element_count(input) != element_count(sample_))
    throw std::invalid_argument(type() + ": cannot give " + to_string(input) + " the shape " +
                                to_string(sample_));
  input_ = input;
  return sample_;
}

const Tensor& Reshape::forward(const Tensor& x, Mode) {
  require_batch_of(input_, x, type());
  copy(x, sample_, y_);
  return y_;
}

const Tensor& Reshape::backward(const Tensor& dy, Gradients) {
  require_shape(dy, y_.shape, type() + " output gradient");
  copy(dy, input_, dx_);
  return dx_;
}

}  // namespace plaingrad
