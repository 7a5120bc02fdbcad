#include "engine/convolution.hpp"

#include <variant>

#include "engine/fast/direct_convolution.hpp"
#include "engine/fast/winograd.hpp"

namespace plaingrad {

/// Winograd's filtering where it saves enough multiplications, the direct sums elsewhere.
struct Convolution::Algorithm {
  std::variant<fast::DirectConvolution, fast::Winograd> chosen;
};

namespace {

std::variant<fast::DirectConvolution, fast::Winograd> choose(const ConvolutionGeometry& geometry) {
  const fast::WinogradTiling tiling(geometry);
  if (tiling.worthwhile()) return fast::Winograd(geometry, tiling);
  return fast::DirectConvolution(geometry);
}

}  // namespace

Convolution::Convolution(const ConvolutionGeometry& geometry)
    : algorithm_(std::make_unique<Algorithm>(Algorithm{choose(geometry)})) {}
Convolution::~Convolution() = default;

void Convolution::forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y) {
  std::visit([&](auto& algorithm) { algorithm.forward(x, W, b, f, y); }, algorithm_->chosen);
}

void Convolution::backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                           const GradientTargets& targets) {
  std::visit([&](auto& algorithm) { algorithm.backward(x, y, dy, W, f, targets); }, algorithm_->chosen);
}

void Convolution::adjoint_forward(const Tensor& y, const Tensor& W, const Tensor* b, Activation f,
                                  Tensor& x) {
  std::visit([&](auto& algorithm) { algorithm.adjoint_forward(y, W, b, f, x); }, algorithm_->chosen);
}

void Convolution::adjoint_backward(const Tensor& y, const Tensor& x, const Tensor& dx, const Tensor& W,
                                   Activation f, const GradientTargets& targets) {
  std::visit([&](auto& algorithm) { algorithm.adjoint_backward(y, x, dx, W, f, targets); },
             algorithm_->chosen);
}

}  // namespace plaingrad
