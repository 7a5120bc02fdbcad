#include "layers/conv2d_transpose.hpp"

#include <stdexcept>

#include "layers/initializer.hpp"

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
  winograd_ = Winograd(height, width, filters_, input[2], kernel_, options_.stride, options_.padding);
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
  const Real *W = W_.value.data(), *bias = options_.use_bias ? b_.value.data() : nullptr;
  const Activation f = options_.activation;
  if (winograd_.pays()) {
    winograd_.spread(x.data(), x.extent(0), W, bias, f, y_.data());
    return y_;
  }
  const Real* W_transposed = window_.kernel_for_spread(W, W_transposed_);
  window_.slices(x.extent(0)).for_each_group([&](Index, Index first, Index images) {
    Real* y = y_.data() + first * window_.image_size();
    const Index count = images * window_.image_size();
    window_.spread(x.data() + first * window_.map_size(), images, W_transposed, y);
    if (bias) add_to_rows(bias, count / filters_, filters_, y);
    apply(f, y, count);
  });
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Conv2DTranspose::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Conv2DTranspose output gradient");
  const bool parameters = wanted != Gradients::input, input = wanted != Gradients::parameters;
  if (input) dx_.resize(x_->shape);
  const Real* W = W_.value.data();
  Real* dW = parameters ? W_.gradient.data() : nullptr;
  Real* db = parameters && options_.use_bias ? b_.gradient.data() : nullptr;
  const Activation f = options_.activation;
  if (winograd_.pays()) {
    winograd_.spread_gradients(x_->data(), y_.data(), dy.data(), dy.extent(0), W, f, dW, db,
                               input ? dx_.data() : nullptr);
    return dx_;
  }
  const BatchSlices slices = window_.slices(dy.extent(0));
  const Index kernel_size = W_.value.size();
  if (dW) sums_.resize(slices.count(), kernel_size + filters_);
  slices.for_each_group([&](Index slice, Index first, Index images) {
    const Index at = first * window_.image_size();
    const Real* dz = window_.pad_gradient(f, y_.data() + at, dy.data() + at, images);
    const Real* x = x_->data() + first * window_.map_size();
    if (dW) {
      const Start start = first == slices.first_image(slice) ? Start::zero : Start::previous;
      window_.kernel_gradient(dz, images, x, start, sums_.of(slice));
      const Index rows = images * window_.padded_size() / filters_;
      if (db) column_sums(dz, rows, filters_, start, sums_.of(slice) + kernel_size);
    }
    if (input) window_.correlate(dz, images, W, nullptr, dx_.data() + first * window_.map_size());
  });
  if (dW) sums_.add_to(dW, 0, kernel_size);
  if (db) sums_.add_to(db, kernel_size, filters_);
  return dx_;
}
//! [backward]

}  // namespace plaingrad
