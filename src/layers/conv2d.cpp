#include "layers/conv2d.hpp"

#include "layers/shape_checks.hpp"

namespace plaingrad {

Conv2D::Conv2D(Index filters, Index kernel, ConvolutionOptions options)
    : filters_(filters), kernel_(kernel), options_(options), weights_{options.use_bias} {
  require_convolution_options("Conv2D", filters, kernel, options);
}

Shape Conv2D::build(const Shape& input, Random& random) {
  require_image("Conv2D", input);
  const Index channels = input[2], elements = kernel_ * kernel_;
  const ConvolutionGeometry geometry{.height = input[0],
                                     .width = input[1],
                                     .channels = channels,
                                     .filters = filters_,
                                     .kernel = kernel_,
                                     .stride = options_.stride,
                                     .padding = options_.padding};
  convolution_.emplace(geometry);
  weights_.build({kernel_, kernel_, channels, filters_}, filters_, elements * channels, elements * filters_,
                 random);
  input_ = input;
  return output_ = {geometry.out_height(), geometry.out_width(), filters_};
}

//! [forward]
const Tensor& Conv2D::forward(const Tensor& x, Mode) {
  const Index batch = require_batch_of(input_, x, "Conv2D")[0];
  x_ = &x;
  y_.resize({batch, output_[0], output_[1], output_[2]});
  // y(b,i,j,o) = f(z(b,i,j,o)), where s is the stride and p what padding adds before the image (3.3):
  // z(b,i,j,o) = sum_m sum_n sum_c x(b, s i + m - p, s j + n - p, c) W(m,n,c,o) + bias(o)
  convolution_->forward(x, weights_.W.value, weights_.bias(), options_.activation, y_);
  return y_;
}
//! [forward]

//! [backward]
const Tensor& Conv2D::backward(const Tensor& dy, Gradients wanted) {
  require_shape(dy, y_.shape, "Conv2D output gradient");
  if (wanted != Gradients::parameters) dx_.resize(x_->shape);
  // With dz(b,i,j,o) = dy(b,i,j,o) f'(z(b,i,j,o)):
  // dW(m,n,c,o) += sum_b sum_i sum_j dz(b,i,j,o) x(b, s i + m - p, s j + n - p, c)         (3.6)
  // dbias(o)    += sum_b sum_i sum_j dz(b,i,j,o)
  // dx(b,r,t,c)  = sum_i sum_j sum_o dz(b,i,j,o) W(r - s i + p, t - s j + p, c, o)
  convolution_->backward(*x_, y_, dy, weights_.W.value, options_.activation, weights_.targets(wanted, dx_));
  return dx_;
}
//! [backward]

}  // namespace plaingrad
