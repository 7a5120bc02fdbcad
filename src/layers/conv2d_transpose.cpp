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
  window_ = SlidingWindow(height, width, filters_, kernel_, options_.stride, options_.padding);
  W_.value = W_.gradient = Tensor({kernel_, kernel_, filters_, input[2]});
  glorot_uniform(W_.value, kernel_ * kernel_ * input[2], kernel_ * kernel_ * filters_, random);
  if (options_.use_bias) b_.value = b_.gradient = Tensor({filters_});
  return {height, width, filters_};
}

std::vector<Parameter*> Conv2DTranspose::parameters() {
  if (options_.use_bias) return {&W_, &b_};
  return {&W_};
}

const Tensor& Conv2DTranspose::forward(const Tensor& x, Mode) {
  require_batch_of(input_, x, "Conv2DTranspose");
  x_ = &x;
  window_.spread(x, W_.value, y_);
  parallel_blocks(y_.size() / filters_, 1024, [&](Index first, Index last) {
    Real* y = y_.data() + first * filters_;
    if (options_.use_bias)
      for (Index i = 0; i < last - first; ++i)
        for (Index j = 0; j < filters_; ++j) y[i * filters_ + j] += b_.value[j];
    apply(options_.activation, y, (last - first) * filters_);
  });
  return y_;
}

const Tensor& Conv2DTranspose::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Conv2DTranspose output gradient");
  const bool parameters = wanted != Gradients::input;
  const Tensor& dz = activation_backward(options_.activation, y_, dy,
                                         options_.use_bias && parameters ? b_.gradient.data() : nullptr, dz_);
  const Real* padded = window_.pad(dz);
  if (parameters) window_.add_kernel_gradient(padded, dy.extent(0), *x_, W_.gradient);
  if (wanted != Gradients::parameters)
    window_.correlate(padded, dy.extent(0), W_.value, nullptr, Activation::linear, dx_);
  return dx_;
}

}  // namespace plaingrad
