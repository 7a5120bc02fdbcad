#include "engine/convolution.hpp"

#include <optional>

#include "engine/fast/direct_convolution.hpp"
#include "engine/fast/winograd.hpp"

namespace plaingrad {

/// The direct sums, and Winograd's filtering where it saves enough multiplications.
struct Convolution::Algorithm {
  fast::DirectConvolution direct;
  std::optional<fast::Winograd> winograd;

  explicit Algorithm(const ConvolutionGeometry& geometry) : direct(geometry) {
    if (const fast::WinogradTiling tiling(geometry); tiling.worthwhile()) winograd.emplace(geometry, tiling);
  }

  template <class Work>
  void run(const Work& work);
};

//! [run]
/// work(algorithm): first Winograd, if there is one. It returns false if its operands are too large for it.
template <class Work>
void Convolution::Algorithm::run(const Work& work) {
  if (winograd && work(*winograd)) return;
  work(direct);
}
//! [run]

Convolution::Convolution(const ConvolutionGeometry& geometry)
    : algorithm_(std::make_unique<Algorithm>(geometry)) {}
Convolution::~Convolution() = default;

void Convolution::forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y) {
  algorithm_->run([&](auto& algorithm) { return algorithm.forward(x, W, b, f, y); });
}

void Convolution::backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                           const GradientTargets& targets) {
  algorithm_->run([&](auto& algorithm) { return algorithm.backward(x, y, dy, W, f, targets); });
}

void Convolution::adjoint_forward(const Tensor& y, const Tensor& W, const Tensor* b, Activation f,
                                  Tensor& x) {
  algorithm_->run([&](auto& algorithm) { return algorithm.adjoint_forward(y, W, b, f, x); });
}

void Convolution::adjoint_backward(const Tensor& y, const Tensor& x, const Tensor& dx, const Tensor& W,
                                   Activation f, const GradientTargets& targets) {
  algorithm_->run([&](auto& algorithm) { return algorithm.adjoint_backward(y, x, dx, W, f, targets); });
}

}  // namespace plaingrad
