/// @file
/// Convolutions of whole batches and their gradients: the sums of convolution/convolution.hpp, computed by
/// the engine that was chosen when building. ENGINE=fast reorders them for speed, ENGINE=plain calls the
/// definitions as they stand.
#pragma once

#include <memory>

#include "engine/convolution_geometry.hpp"
#include "engine/gradient_targets.hpp"
#include "math/tensor.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// A convolution of a fixed geometry, and its adjoint, each with bias and activation. Shapes are those of
/// ConvolutionGeometry for every batch size, 0 included; the caller has checked them and has sized the
/// results. Results do not depend on the number of threads.
///
/// An infinite or NaN pixel reaches the results whose windows see it, and no others. An infinite or NaN
/// weight or dL/dy reaches all that the definition says, and may reach more: the fast engine multiplies it by
/// the zeros that pad an image, where the definition leaves the term out. Results of other filters (of other
/// channels, for the adjoint) are never concerned.
class Convolution {
 public:
  /// @throws std::invalid_argument if an extent is below 1 or the window does not fit
  explicit Convolution(const ConvolutionGeometry& geometry);
  ~Convolution();

  /// y = f(x cross-correlated with W, + b) (section 3.3). @param b  (filters), or nullptr
  void forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y);
  /// The gradients of forward(), from dL/dy (section 3.4).
  /// @param y  what forward() gave for x
  void backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                const GradientTargets& targets);

  /// x = f(every y(i,j) sent back to the pixels under its window, + b): a transposed convolution, from maps y
  /// to images x. @param b  (channels), or nullptr
  void adjoint_forward(const Tensor& y, const Tensor& W, const Tensor* b, Activation f, Tensor& x);
  /// The gradients of adjoint_forward(), from dL/dx; targets.dx receives dL/dy.
  /// @param x  what adjoint_forward() gave for y
  void adjoint_backward(const Tensor& y, const Tensor& x, const Tensor& dx, const Tensor& W, Activation f,
                        const GradientTargets& targets);

 private:
  struct Algorithm;
  std::unique_ptr<Algorithm> algorithm_;
};

}  // namespace plaingrad
