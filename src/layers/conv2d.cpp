#include "layers/conv2d.hpp"

#include <stdexcept>

#include "layers/initializer.hpp"

namespace plaingrad {

void require_convolution_options(const std::string& layer, Index filters, Index kernel,
                                 const ConvolutionOptions& options) {
  if (filters < 1 || kernel < 1 || options.stride < 1)
    throw std::invalid_argument(layer + ": filters, kernel and stride must be 1 or more, got " +
                                std::to_string(filters) + ", " + std::to_string(kernel) + " and " +
                                std::to_string(options.stride));
}

void require_image(const std::string& layer, const Shape& input) {
  if (input.size() != 3)
    throw std::invalid_argument(layer + ": expected samples of shape (height, width, channels), got " +
                                to_string(input));
  if (input[2] < 1) throw std::invalid_argument(layer + ": an image without channels, " + to_string(input));
}

Shape require_batch_of(const Shape& sample, const Tensor& x, const std::string& layer) {
  Shape expected = sample;
  expected.insert(expected.begin(), x.shape.empty() ? 0 : x.shape[0]);
  require_shape(x, expected, layer + " input");
  return expected;
}

Conv2D::Conv2D(Index filters, Index kernel, ConvolutionOptions options)
    : filters_(filters), kernel_(kernel), options_(options) {
  require_convolution_options("Conv2D", filters, kernel, options);
}

Shape Conv2D::build(const Shape& input, Random& random) {
  require_image("Conv2D", input);
  input_ = input;
  window_ = SlidingWindow(input[0], input[1], input[2], filters_, kernel_, options_.stride, options_.padding);
  winograd_ = Winograd(input[0], input[1], input[2], filters_, kernel_, options_.stride, options_.padding);
  W_.value = W_.gradient = Tensor({kernel_, kernel_, input[2], filters_});
  glorot_uniform(W_.value, window_.window(), kernel_ * kernel_ * filters_, random);
  if (options_.use_bias) b_.value = b_.gradient = Tensor({filters_});
  return {window_.out_height(), window_.out_width(), filters_};
}

std::vector<Parameter*> Conv2D::parameters() {
  if (options_.use_bias) return {&W_, &b_};
  return {&W_};
}

//! [forward]
const Tensor& Conv2D::forward(const Tensor& x, Mode) {
  require_batch_of(input_, x, "Conv2D");
  x_ = &x;
  y_.resize({x.extent(0), window_.out_height(), window_.out_width(), filters_});
  const Real *W = W_.value.data(), *bias = options_.use_bias ? b_.value.data() : nullptr;
  const Activation f = options_.activation;
  if (winograd_.pays()) {
    winograd_.correlate(x.data(), x.extent(0), W, bias, f, y_.data());
    return y_;
  }
  window_.slices(x.extent(0)).for_each_group([&](Index, Index first, Index images) {
    Real* y = y_.data() + first * window_.map_size();
    window_.correlate(window_.pad(x.data() + first * window_.image_size(), images), images, W, bias, y);
    apply(f, y, images * window_.map_size());  // while y is still in the cache
  });
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Conv2D::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Conv2D output gradient");
  const bool parameters = wanted != Gradients::input, input = wanted != Gradients::parameters;
  if (input) dx_.resize(x_->shape);
  const Real* W = W_.value.data();
  Real* dW = parameters ? W_.gradient.data() : nullptr;
  Real* db = parameters && options_.use_bias ? b_.gradient.data() : nullptr;
  const Activation f = options_.activation;
  if (winograd_.pays()) {
    winograd_.correlate_gradients(x_->data(), y_.data(), dy.data(), dy.extent(0), W, f, dW, db,
                                  input ? dx_.data() : nullptr);
    return dx_;
  }
  const BatchSlices slices = window_.slices(dy.extent(0));
  const Index kernel_size = W_.value.size();
  if (dW) sums_.resize(slices.count(), kernel_size + filters_);
  const Real* W_transposed = input ? window_.kernel_for_spread(W, W_transposed_) : nullptr;
  slices.for_each_group([&](Index slice, Index first, Index images) {
    const Index at = first * window_.map_size(), count = images * window_.map_size();
    const Real* x = x_->data() + first * window_.image_size();
    const Real* dz = activation_backward(f, y_.data() + at, dy.data() + at, count);
    if (dW) {
      const Start start = first == slices.first_image(slice) ? Start::zero : Start::previous;
      window_.kernel_gradient(window_.pad(x, images), images, dz, start, sums_.of(slice));
      if (db) column_sums(dz, count / filters_, filters_, start, sums_.of(slice) + kernel_size);
    }
    if (input) window_.spread(dz, images, W_transposed, dx_.data() + first * window_.image_size());
  });
  if (dW) sums_.add_to(dW, 0, kernel_size);
  if (db) sums_.add_to(db, kernel_size, filters_);
  return dx_;
}
//! [backward]

}  // namespace plaingrad
