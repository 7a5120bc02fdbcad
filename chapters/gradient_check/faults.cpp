#include "gradient_check/faults.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace plaingrad::gradient_check {
namespace {

void scale(Tensor& tensor, double factor) {
  for (Real& value : tensor.values) value *= static_cast<Real>(factor);
}

void scale_all(BackwardPass& pass, double factor) {
  for (Tensor& gradient : pass.gradients) scale(gradient, factor);
  scale(pass.dx, factor);
}

// The parameter's gradient, or an empty tensor if the layer has no such parameter.
Tensor& gradient_of(BackwardPass& pass, const std::string& parameter) {
  static Tensor none;
  for (std::size_t i = 0; i < pass.parameters.size(); ++i)
    if (pass.parameters[i]->name == parameter) return pass.gradients[i];
  return none = Tensor();
}

// Backward of another layer with the same parameters, at the same x.
BackwardPass of_another_layer(const BackwardPass& pass, const Request& request, Mode mode,
                              const std::function<void(const std::vector<Parameter*>&)>& change) {
  const std::unique_ptr<Layer> other = make_layer(request);
  const std::vector<Parameter*> parameters = other->parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i]->value = pass.parameters[i]->value;
    parameters[i]->gradient.fill(0);
  }
  change(parameters);
  other->forward(pass.x, mode);
  BackwardPass found{pass.request, pass.x, pass.dy, pass.parameters, {}, other->backward(pass.dy)};
  for (const Parameter* p : parameters) found.gradients.push_back(p->gradient);
  return found;
}

// (height, width, ...) turned by 180 degrees: the reverse order of what both axes count.
Tensor turned(const Tensor& kernel) {
  Tensor result = kernel;
  if (kernel.shape.size() != 4) return result;
  const Index cells = kernel.extent(0) * kernel.extent(1), depth = kernel.size() / cells;
  for (Index cell = 0; cell < cells; ++cell)
    std::copy_n(kernel.data() + cell * depth, depth, result.data() + (cells - 1 - cell) * depth);
  return result;
}

// The last two axes exchanged, the values kept in the old shape.
Tensor transposed(const Tensor& kernel) {
  Tensor result = kernel;
  if (kernel.shape.size() < 2) return result;
  const Index rows = kernel.shape[kernel.shape.size() - 2], columns = kernel.shape.back();
  for (Index i = 0; i < kernel.size(); ++i) {
    const Index matrix = i / (rows * columns), row = i / columns % rows, column = i % columns;
    result[matrix * rows * columns + column * rows + row] = kernel[i];
  }
  return result;
}

// Sets to zero what lies at the last place of an axis.
void clear_last(Tensor& tensor, std::size_t axis) {
  if (axis >= tensor.shape.size()) return;
  Index step = 1;
  for (std::size_t a = axis + 1; a < tensor.shape.size(); ++a) step *= tensor.shape[a];
  for (Index i = 0; i < tensor.size(); ++i)
    if (i / step % tensor.shape[axis] == tensor.shape[axis] - 1) tensor[i] = 0;
}

std::vector<Fault> faults() {
  return {
      {"sign", "every gradient is minus what it should be", [](auto& pass) { scale_all(pass, -1); }},
      {"twice", "every gradient is doubled: a square without its 1/2",
       [](auto& pass) { scale_all(pass, 2); }},
      {"one-per-mille", "the kernel's gradient is off by a thousandth",
       [](auto& pass) { scale(gradient_of(pass, "kernel"), 1.001); }},
      {"batch-factor", "parameters' gradients are divided by the batch once more",
       [](auto& pass) {
         for (Tensor& g : pass.gradients) scale(g, 1.0 / static_cast<double>(pass.request.batch));
       }},
      {"no-derivative", "f' is left out",
       [](auto& pass) {
         Request linear = pass.request;
         linear.activation = Activation::linear;
         const BackwardPass found =
             of_another_layer(pass, linear, Mode::training, [](const std::vector<Parameter*>&) {});
         pass.gradients = found.gradients;
         pass.dx = found.dx;
       }},
      {"upstream-ones", "the upstream gradient is not looked at, and counts as ones",
       [](auto& pass) {
         Tensor ones(pass.dy.shape);
         ones.fill(1);
         BackwardPass with_ones{pass.request, pass.x, ones, pass.parameters, {}, {}};
         const BackwardPass found =
             of_another_layer(with_ones, pass.request, Mode::training, [](const std::vector<Parameter*>&) {});
         pass.gradients = found.gradients;
         pass.dx = found.dx;
       }},
      {"transposed", "the kernel's gradient has its last two axes exchanged",
       [](auto& pass) {
         Tensor& dW = gradient_of(pass, "kernel");
         dW = transposed(dW);
       }},
      {"turned-kernel", "the kernel's gradient is turned by 180 degrees",
       [](auto& pass) {
         Tensor& dW = gradient_of(pass, "kernel");
         dW = turned(dW);
       }},
      {"turned-window", "the input's gradient is computed with the kernel turned by 180 degrees",
       [](auto& pass) {
         pass.dx = of_another_layer(pass, pass.request, Mode::training,
                                    [](const std::vector<Parameter*>& parameters) {
                                      for (Parameter* p : parameters) p->value = turned(p->value);
                                    })
                       .dx;
       }},
      {"overwritten", "parameters' gradients are overwritten, not added to",
       [](auto& pass) { pass.overwrites = true; }},
      {"no-bias", "the bias's gradient is forgotten", [](auto& pass) { gradient_of(pass, "bias").fill(0); }},
      {"no-input", "the input's gradient is zero", [](auto& pass) { pass.dx.fill(0); }},
      {"first-sample", "only the first sample of the batch has an input gradient",
       [](auto& pass) {
         const Index size = pass.dx.size() / pass.dx.extent(0);
         std::fill(pass.dx.data() + size, pass.dx.data() + pass.dx.size(), Real(0));
       }},
      {"last-row", "the last row of the input's gradient is not computed",
       [](auto& pass) { clear_last(pass.dx, 1); }},
      {"last-filter", "the last filter, unit or channel learns nothing",
       [](auto& pass) {
         for (Tensor& g : pass.gradients) clear_last(g, g.shape.size() - 1);
       }},
      {"mask", "every third element of the input's gradient is masked",
       [](auto& pass) {
         for (Index i = 1; i < pass.dx.size(); i += 3) pass.dx[i] = 0;
       }},
      {"shifted", "the input's gradient lies one element too far",
       [](auto& pass) {
         std::rotate(pass.dx.values.rbegin(), pass.dx.values.rbegin() + 1, pass.dx.values.rend());
       }},
      {"fixed-statistics", "batch normalisation: the gradient through mean and variance is left out",
       [](auto& pass) {
         if (pass.request.layer != "batch_normalization") return;
         const Index channels = pass.x.shape.back(), rows = pass.x.size() / channels;
         pass.dx = of_another_layer(pass, pass.request, Mode::inference,
                                    [&](const std::vector<Parameter*>& parameters) {
                                      for (Index c = 0; c < channels; ++c) {
                                        Real mean = 0, variance = 0;
                                        for (Index i = 0; i < rows; ++i) mean += pass.x[i * channels + c];
                                        mean /= static_cast<Real>(rows);
                                        for (Index i = 0; i < rows; ++i) {
                                          const Real deviation = pass.x[i * channels + c] - mean;
                                          variance += deviation * deviation;
                                        }
                                        parameters[2]->value[c] = mean;
                                        parameters[3]->value[c] = variance / static_cast<Real>(rows);
                                      }
                                    })
                       .dx;
       }},
      {"nan", "one element of the input's gradient is NaN",
       [](auto& pass) { pass.dx[pass.dx.size() / 2] = std::numeric_limits<Real>::quiet_NaN(); }},
  };
}

bool same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Tensor& x, const Tensor& y) { return x.values == y.values; });
}

}  // namespace

const std::vector<Fault>& all_faults() {
  static const std::vector<Fault> all = faults();
  return all;
}

void put_in(const Fault& fault, BackwardPass& pass) {
  const BackwardPass right = pass;
  fault.spoil(pass);
  if (same(pass.gradients, right.gradients) && pass.dx.values == right.dx.values &&
      !(pass.overwrites && !pass.gradients.empty()))
    throw std::invalid_argument("--break " + fault.name + " changes nothing for " + describe(pass.request));
}

}  // namespace plaingrad::gradient_check
