#include "layers/max_pooling2d.hpp"

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
  return {input[0] / size_, input[1] / size_, input[2]};
}

//! [forward]
const Tensor& MaxPooling2D::forward(const Tensor& x, Mode) {
  const Shape shape = require_batch_of(input_, x, "MaxPooling2D");
  const Index width = shape[2], channels = shape[3], out_height = shape[1] / size_, out_width = width / size_;
  y_.resize({shape[0], out_height, out_width, channels});
  mask_.resize(y_.values.size());
  parallel_for(shape[0] * out_height, [&](Index row) {
    const Index n = row / out_height, i = row % out_height;
    for (Index j = 0; j < out_width; ++j) {
      const Real* block = x.data() + ((n * shape[1] + i * size_) * width + j * size_) * channels;
      Real* y = y_.data() + (row * out_width + j) * channels;
      std::int32_t* mask = mask_.data() + (row * out_width + j) * channels;
#pragma omp simd
      for (Index c = 0; c < channels; ++c) {
        y[c] = block[c];
        mask[c] = 0;
      }
      for (std::int32_t e = 1; e < size_ * size_; ++e) {
        const Real* element = block + (e / size_ * width + e % size_) * channels;
#pragma omp simd
        for (Index c = 0; c < channels; ++c) {
          const bool greater = element[c] > y[c];
          y[c] = greater ? element[c] : y[c];
          mask[c] = greater ? e : mask[c];
        }
      }
    }
  });
  return y_;
}
//! [forward]

//! [backward]
const Tensor& MaxPooling2D::backward(const Tensor& dy, Gradients) {
  require_shape(dy, y_.shape, "MaxPooling2D output gradient");
  const Index height = input_[0], width = input_[1], channels = input_[2];
  const Index out_height = y_.extent(1), out_width = y_.extent(2);
  const Shape shape{dy.extent(0), height, width, channels};
  if (dx_.shape != shape) dx_ = Tensor(shape);  // what lies in no block is zero, and stays so
  parallel_for(dy.extent(0) * out_height, [&](Index row) {
    const Index n = row / out_height, i = row % out_height;
    for (Index j = 0; j < out_width; ++j) {
      Real* block = dx_.data() + ((n * height + i * size_) * width + j * size_) * channels;
      const Real* d = dy.data() + (row * out_width + j) * channels;
      const std::int32_t* mask = mask_.data() + (row * out_width + j) * channels;
      for (std::int32_t e = 0; e < size_ * size_; ++e) {
        Real* element = block + (e / size_ * width + e % size_) * channels;
#pragma omp simd
        for (Index c = 0; c < channels; ++c) element[c] = mask[c] == e ? d[c] : Real(0);
      }
    }
  });
  return dx_;
}
//! [backward]

}  // namespace plaingrad
