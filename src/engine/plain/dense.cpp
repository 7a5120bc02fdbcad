#include "engine/dense.hpp"

#include "engine/plain/sums.hpp"

namespace plaingrad {

//! [forward]
void dense_forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y) {
  const Index batch = x.extent(0), inputs = W.extent(0), units = W.extent(1);
  y.fill(0);
  for (Index n = 0; n < batch; ++n)
    for (Index i = 0; i < inputs; ++i)
      for (Index u = 0; u < units; ++u)
        y[n * units + u] += x[n * inputs + i] * W[i * units + u];  // (7.1), input * kernel
  if (b) plain::add_bias(*b, y);                                   // (7.1), + bias
  apply(f, y.data(), y.size());                                    // (7.1), f of it
}
//! [forward]

//! [backward]
void dense_backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                    const GradientTargets& targets) {
  const Index batch = x.extent(0), inputs = W.extent(0), units = W.extent(1);
  const Tensor dz = plain::activation_backward(f, y, dy);
  if (targets.dx) targets.dx->fill(0);
  for (Index n = 0; n < batch; ++n)
    for (Index i = 0; i < inputs; ++i)
      for (Index u = 0; u < units; ++u) {
        if (targets.dW) (*targets.dW)[i * units + u] += x[n * inputs + i] * dz[n * units + u];
        if (targets.dx) (*targets.dx)[n * inputs + i] += dz[n * units + u] * W[i * units + u];
      }
  if (targets.db) plain::add_bias_gradient(dz, *targets.db);
}
//! [backward]

}  // namespace plaingrad
