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
  window_ = SlidingWindow(input[0], input[1], input[2], kernel_, options_.stride, options_.padding);
  W_.value = W_.gradient = Tensor({kernel_, kernel_, input[2], filters_});
  glorot_uniform(W_.value, window_.window(), kernel_ * kernel_ * filters_, random);
  if (options_.use_bias) b_.value = b_.gradient = Tensor({filters_});
  return {window_.out_height(), window_.out_width(), filters_};
}

std::vector<Parameter*> Conv2D::parameters() {
  if (options_.use_bias) return {&W_, &b_};
  return {&W_};
}

const Tensor& Conv2D::forward(const Tensor& x, Mode) {
  require_batch_of(input_, x, "Conv2D");
  padded_ = window_.pad(x);
  window_.correlate(padded_, x.extent(0), W_.value, options_.use_bias ? b_.value.data() : nullptr,
                    options_.activation, y_);
  return y_;
}

const Tensor& Conv2D::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Conv2D output gradient");
  const bool parameters = wanted != Gradients::input;
  const Tensor& dz = activation_backward(options_.activation, y_, dy,
                                         options_.use_bias && parameters ? b_.gradient.data() : nullptr, dz_);
  if (parameters) window_.add_kernel_gradient(padded_, dy.extent(0), dz, W_.gradient);
  if (wanted != Gradients::parameters) window_.spread(dz, W_.value, dx_);
  return dx_;
}

}  // namespace plaingrad
