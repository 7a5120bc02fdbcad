#include "layers/conv2d_transpose.hpp"

#include <stdexcept>

#include "layers/initializer.hpp"
#include "math/parallel.hpp"

namespace plaingrad {

Conv2DTranspose::Conv2DTranspose(Index filters, Index kernel, ConvolutionOptions options)
    : filters_(filters), kernel_(kernel), options_(options) {
  require_convolution_options("Conv2DTranspose", filters, kernel, options);
  if (options.padding != Padding::same)
    throw std::invalid_argument("Conv2DTranspose: only padding `same` is built, got `valid`");
}

Shape Conv2DTranspose::build(const Shape& input, Random& random) {
  require_image("Conv2DTranspose", input);
  input_ = input;
  const Index height = input[0] * options_.stride, width = input[1] * options_.stride;
  window_ = SlidingWindow(height, width, filters_, input[2], kernel_, options_.stride, options_.padding);
  W_.value = W_.gradient = Tensor({kernel_, kernel_, filters_, input[2]});
  glorot_uniform(W_.value, kernel_ * kernel_ * input[2], kernel_ * kernel_ * filters_, random);
  if (options_.use_bias) b_.value = b_.gradient = Tensor({filters_});
  return {height, width, filters_};
}

std::vector<Parameter*> Conv2DTranspose::parameters() {
  if (options_.use_bias) return {&W_, &b_};
  return {&W_};
}

//! [forward]
const Tensor& Conv2DTranspose::forward(const Tensor& x, Mode) {
  const Shape shape = require_batch_of(input_, x, "Conv2DTranspose");
  x_ = &x;
  y_.resize({shape[0], shape[1] * options_.stride, shape[2] * options_.stride, filters_});
  const Real* kernel = window_.kernel_for_spread(W_.value.data(), kernel_memory_);
  window_.slices(x.extent(0)).for_each_group([&](Index, Index first, Index images) {
    Real* y = y_.data() + first * window_.image_size();
    const Index count = images * window_.image_size();
    window_.spread(x.data() + first * window_.map_size(), images, kernel, y);
    if (options_.use_bias)
      for (Index i = 0; i < count; i += filters_)
        for (Index j = 0; j < filters_; ++j) y[i + j] += b_.value[j];
    apply(options_.activation, y, count);
  });
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Conv2DTranspose::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Conv2DTranspose output gradient");
  const bool parameters = wanted != Gradients::input, input = wanted != Gradients::parameters;
  const BatchSlices slices = window_.slices(dy.extent(0));
  if (parameters) sums_.resize(slices.count(), window_.gradient_size() + filters_);
  if (input) dx_.resize(x_->shape);
  const Real* kernel = input ? window_.kernel_for_correlate(W_.value.data(), kernel_memory_) : nullptr;
  slices.for_each_group([&](Index slice, Index first, Index images) {
    const Index at = first * window_.image_size();
    const Real* dz = window_.pad_gradient(options_.activation, y_.data() + at, dy.data() + at, images);
    if (parameters) {
      const Start start = first == slices.first_image(slice) ? Start::zero : Start::previous;
      Real *sums = sums_.of(slice), *db = sums + window_.gradient_size();
      window_.kernel_gradient(dz, images, x_->data() + first * window_.map_size(), start, sums);
      column_sums(dz, images * window_.padded_size() / filters_, filters_, start, db);
    }
    if (input) window_.correlate(dz, images, kernel, nullptr, dx_.data() + first * window_.map_size());
  });
  if (parameters) {
    const Real* total = sums_.total();
    window_.add_kernel_gradient(total, W_.gradient.data());
    if (options_.use_bias)
      for (Index f = 0; f < filters_; ++f) b_.gradient[f] += total[window_.gradient_size() + f];
  }
  return dx_;
}
//! [backward]

}  // namespace plaingrad
