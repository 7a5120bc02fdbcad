#include "layers/max_pooling2d.hpp"

#include <algorithm>
#include <stdexcept>

#include "layers/conv2d.hpp"
#include "math/parallel.hpp"

namespace plaingrad {

MaxPooling2D::MaxPooling2D(Index size) : size_(size) {
  if (size < 1)
    throw std::invalid_argument("MaxPooling2D: size must be 1 or more, got " + std::to_string(size));
}

Shape MaxPooling2D::build(const Shape& input, Random&) {
  require_image("MaxPooling2D", input);
  if (input[0] < size_ || input[1] < size_)
    throw std::invalid_argument("MaxPooling2D: a block of " + std::to_string(size_) + " x " +
                                std::to_string(size_) + " does not fit into " + to_string(input));
  input_ = input;
  element_.clear();
  for (Index i = 0; i < size_; ++i)
    for (Index j = 0; j < size_; ++j) element_.push_back((i * input[1] + j) * input[2]);
  return {input[0] / size_, input[1] / size_, input[2]};
}

namespace {

// Channels that are compared at a time: so many numbers, a constant, stay in registers.
constexpr Index strip = 16;

//! [block]
// The greatest element of a block and its number, for `width` channels.
template <Index width>
void greatest(const Real* block, const std::vector<Index>& element, Real* y, std::int32_t* mask) {
  Real best[width];
  std::int32_t which[width];
  std::copy_n(block, width, best);
  std::fill_n(which, width, 0);
  for (std::size_t e = 1; e < element.size(); ++e) {
    const Real* value = block + element[e];
    const auto number = static_cast<std::int32_t>(e);
#pragma omp simd
    for (Index c = 0; c < width; ++c) which[c] = value[c] > best[c] ? number : which[c];
#pragma omp simd
    for (Index c = 0; c < width; ++c) best[c] = value[c] > best[c] ? value[c] : best[c];
  }
  std::copy_n(best, width, y);
  std::copy_n(which, width, mask);
}

// The gradient goes to the element that the mask names, and zero to the others.
template <Index width>
void to_greatest(const Real* dy, const std::int32_t* mask, const std::vector<Index>& element, Real* block) {
  for (std::size_t e = 0; e < element.size(); ++e) {
    Real* dx = block + element[e];
#pragma omp simd
    for (Index c = 0; c < width; ++c) dx[c] = mask[c] == static_cast<std::int32_t>(e) ? dy[c] : Real(0);
  }
}
//! [block]

}  // namespace

// Calls block(first value of the block in x, first value in y) for every block, strip by strip of its
// channels, by all threads.
template <class WholeStrip, class OneChannel>
void MaxPooling2D::for_each_block(Index batch, const WholeStrip& whole_strip,
                                  const OneChannel& one_channel) const {
  const Index height = input_[0], width = input_[1], channels = input_[2];
  const Index out_height = height / size_, out_width = width / size_;
  parallel_for(batch * out_height, [&](Index row) {
    const Index n = row / out_height, i = row % out_height;
    for (Index j = 0; j < out_width; ++j) {
      const Index in = ((n * height + i * size_) * width + j * size_) * channels;
      const Index out = (row * out_width + j) * channels;
      Index c = 0;
      for (; c + strip <= channels; c += strip) whole_strip(in + c, out + c);
      for (; c < channels; ++c) one_channel(in + c, out + c);
    }
  });
}

const Tensor& MaxPooling2D::forward(const Tensor& x, Mode) {
  const Shape shape = require_batch_of(input_, x, "MaxPooling2D");
  y_.resize({shape[0], shape[1] / size_, shape[2] / size_, shape[3]});
  mask_.resize(y_.values.size());
  const auto forward_of = [&](auto greatest_of_width) {
    return [&, greatest_of_width](Index in, Index out) {
      greatest_of_width(x.data() + in, element_, y_.data() + out, mask_.data() + out);
    };
  };
  for_each_block(shape[0], forward_of(greatest<strip>), forward_of(greatest<1>));
  return y_;
}

const Tensor& MaxPooling2D::backward(const Tensor& dy, Gradients) {
  require_shape(dy, y_.shape, "MaxPooling2D output gradient");
  Shape shape = input_;
  shape.insert(shape.begin(), dy.extent(0));
  if (dx_.shape != shape) dx_ = Tensor(shape);  // what lies in no block is zero, and stays so
  const auto backward_of = [&](auto to_greatest_of_width) {
    return [&, to_greatest_of_width](Index in, Index out) {
      to_greatest_of_width(dy.data() + out, mask_.data() + out, element_, dx_.data() + in);
    };
  };
  for_each_block(dy.extent(0), backward_of(to_greatest<strip>), backward_of(to_greatest<1>));
  return dx_;
}

}  // namespace plaingrad
