#include "layers/conv2d_transpose.hpp"

#include <stdexcept>

#include "layers/shape_checks.hpp"

namespace plaingrad {

Conv2DTranspose::Conv2DTranspose(Index filters, Index kernel, ConvolutionOptions options)
    : filters_(filters), kernel_(kernel), options_(options), weights_{options.use_bias} {
  require_convolution_options("Conv2DTranspose", filters, kernel, options);
  if (options.padding != Padding::same)
    throw std::invalid_argument("Conv2DTranspose: only padding `same` is built, got `valid`");
}

Shape Conv2DTranspose::build(const Shape& input, Random& random) {
  require_image("Conv2DTranspose", input);
  const Index channels = input[2], elements = kernel_ * kernel_;
  const ConvolutionGeometry geometry{.height = input[0] * options_.stride,
                                     .width = input[1] * options_.stride,
                                     .channels = filters_,
                                     .filters = channels,
                                     .kernel = kernel_,
                                     .stride = options_.stride,
                                     .padding = options_.padding};
  convolution_.emplace(geometry);
  weights_.build({kernel_, kernel_, filters_, channels}, filters_, elements * channels, elements * filters_,
                 random);
  input_ = input;
  return output_ = {geometry.height, geometry.width, filters_};
}

//! [forward]
const Tensor& Conv2DTranspose::forward(const Tensor& x, Mode) {
  const Index batch = require_batch_of(input_, x, "Conv2DTranspose")[0];
  x_ = &x;
  y_.resize({batch, output_[0], output_[1], output_[2]});
  // y(b,r,t,o) = f(z(b,r,t,o)), where s is the stride and p what padding adds before y:
  // z(b,r,t,o) = sum_i sum_j sum_c x(b,i,j,c) W(r - s i + p, t - s j + p, o, c) + bias(o)
  convolution_->adjoint_forward(x, weights_.W.value, weights_.bias(), options_.activation, y_);
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Conv2DTranspose::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Conv2DTranspose output gradient");
  if (wanted != Gradients::parameters) dx_.resize(x_->shape);
  // With dz(b,r,t,o) = dy(b,r,t,o) f'(z(b,r,t,o)):
  // dW(m,n,o,c) += sum_b sum_i sum_j x(b,i,j,c) dz(b, s i + m - p, s j + n - p, o)
  // dbias(o)    += sum_b sum_r sum_t dz(b,r,t,o)
  // dx(b,i,j,c)  = sum_m sum_n sum_o dz(b, s i + m - p, s j + n - p, o) W(m,n,o,c)
  convolution_->adjoint_backward(*x_, y_, dy, weights_.W.value, options_.activation,
                                 weights_.targets(wanted, dx_));
  return dx_;
}
//! [backward]

}  // namespace plaingrad
