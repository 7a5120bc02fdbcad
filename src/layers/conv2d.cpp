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
  const Real* bias = options_.use_bias ? b_.value.data() : nullptr;
  const Real* kernel = window_.kernel_for_correlate(W_.value.data(), kernel_memory_);
  window_.slices(x.extent(0)).for_each_group([&](Index, Index first, Index images) {
    Real* y = y_.data() + first * window_.map_size();
    const Real* padded = window_.pad(x.data() + first * window_.image_size(), images);
    window_.correlate(padded, images, kernel, bias, y);
    apply(options_.activation, y, images * window_.map_size());  // while y is still in the cache
  });
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Conv2D::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Conv2D output gradient");
  const bool parameters = wanted != Gradients::input, input = wanted != Gradients::parameters;
  const BatchSlices slices = window_.slices(dy.extent(0));
  if (parameters) sums_.resize(slices.count(), window_.gradient_size() + filters_);
  if (input) dx_.resize(x_->shape);
  const Real* kernel = input ? window_.kernel_for_spread(W_.value.data(), kernel_memory_) : nullptr;
  slices.for_each_group([&](Index slice, Index first, Index images) {
    const Index at = first * window_.map_size(), count = images * window_.map_size();
    const Real* x = x_->data() + first * window_.image_size();
    const Real* dz = activation_backward(options_.activation, y_.data() + at, dy.data() + at, count);
    if (parameters) {
      const Start start = first == slices.first_image(slice) ? Start::zero : Start::previous;
      Real *sums = sums_.of(slice), *db = sums + window_.gradient_size();
      window_.kernel_gradient(window_.pad(x, images), images, dz, start, sums);
      column_sums(dz, count / filters_, filters_, start, db);
    }
    if (input) window_.spread(dz, images, kernel, dx_.data() + first * window_.image_size());
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
