#include "engine/convolution.hpp"

#include "convolution/convolution.hpp"
#include "engine/plain/sums.hpp"

namespace plaingrad {

struct Convolution::Algorithm {
  ConvolutionGeometry geometry;
};

Convolution::Convolution(const ConvolutionGeometry& geometry)
    : algorithm_(std::make_unique<Algorithm>(Algorithm{geometry})) {
  geometry.map_size();  // throws if the window does not fit
}
Convolution::~Convolution() = default;

//! [forward]
void Convolution::forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y) {
  const auto& g = algorithm_->geometry;
  y = conv2d_definition(x, W, b ? *b : Tensor({g.filters}), g.stride, g.padding);  // (3.3)
  apply(f, y.data(), y.size());
}
//! [forward]

//! [backward]
void Convolution::backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                           const GradientTargets& targets) {
  const auto& g = algorithm_->geometry;
  const Tensor dz = plain::activation_backward(f, y, dy);
  if (targets.dW)
    plain::add(conv2d_kernel_gradient_definition(x, dz, W.shape, g.stride, g.padding), *targets.dW);  // (3.6)
  if (targets.db) plain::add_bias_gradient(dz, *targets.db);
  if (targets.dx) *targets.dx = conv2d_input_gradient_definition(dz, W, x.shape, g.stride, g.padding);
}
//! [backward]

//! [adjoint_forward]
void Convolution::adjoint_forward(const Tensor& y, const Tensor& W, const Tensor* b, Activation f,
                                  Tensor& x) {
  const auto& g = algorithm_->geometry;
  x = conv2d_input_gradient_definition(y, W, x.shape, g.stride, g.padding);
  if (b) plain::add_bias(*b, x);
  apply(f, x.data(), x.size());
}
//! [adjoint_forward]

//! [adjoint_backward]
void Convolution::adjoint_backward(const Tensor& y, const Tensor& x, const Tensor& dx, const Tensor& W,
                                   Activation f, const GradientTargets& targets) {
  const auto& g = algorithm_->geometry;
  const Tensor dz = plain::activation_backward(f, x, dx);
  if (targets.dW)
    plain::add(conv2d_kernel_gradient_definition(dz, y, W.shape, g.stride, g.padding), *targets.dW);
  if (targets.db) plain::add_bias_gradient(dz, *targets.db);
  if (targets.dx) *targets.dx = conv2d_definition(dz, W, Tensor({g.filters}), g.stride, g.padding);
}
//! [adjoint_backward]

}  // namespace plaingrad
