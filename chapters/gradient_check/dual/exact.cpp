/// @file
/// Compiled with dual numbers: a layer's forward pass carries the derivative of every number that it
/// computes.
#include "gradient_check/exact.hpp"

#include "gradient_check/layers.hpp"

namespace plaingrad::gradient_check {

std::vector<std::vector<double>> derivatives(const ForwardPass& pass,
                                             const std::vector<std::vector<Index>>& elements) {
  const Request request{.layer = pass.layer,
                        .size = pass.size,
                        .filters = pass.filters,
                        .kernel = pass.kernel,
                        .stride = pass.stride,
                        .padding = pass.same_padding ? Padding::same : Padding::valid,
                        .activation = activation_from_name(pass.activation),
                        .batch = pass.batch,
                        .seed = pass.seed};
  LayerAtWork layer(request);
  const std::vector<Tensor*> arguments = layer.arguments();
  for (std::size_t k = 0; k < arguments.size(); ++k)
    arguments[k]->values.assign(pass.values[k].begin(), pass.values[k].end());

  std::vector<std::vector<double>> found(arguments.size());
  for (std::size_t k = 0; k < arguments.size(); ++k)
    for (const Index i : elements[k]) {
      //! [one_value_moves]
      (*arguments[k])[i].derivative = 1;
      const Tensor& y = layer.forward();
      double dL = 0;
      for (Index n = 0; n < y.size(); ++n) dL += pass.U[static_cast<std::size_t>(n)] * y[n].derivative;
      (*arguments[k])[i].derivative = 0;
      //! [one_value_moves]
      found[k].push_back(dL);
    }
  return found;
}

}  // namespace plaingrad::gradient_check
