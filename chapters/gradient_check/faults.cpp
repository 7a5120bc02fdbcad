#include "gradient_check/faults.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "convolution/padding.hpp"

namespace plaingrad::gradient_check {
namespace {

void scale(Tensor& tensor, double factor) {
  for (Real& value : tensor.values) value *= static_cast<Real>(factor);
}

void scale_all(BackwardPass& pass, double factor) {
  for (Tensor& gradient : pass.gradients) scale(gradient, factor);
  scale(pass.dx, factor);
}

// Changes the parameter's gradient; does nothing if the layer has no such parameter.
void change_gradient(BackwardPass& pass, const std::string& parameter,
                     const std::function<void(Tensor& gradient)>& change) {
  for (std::size_t i = 0; i < pass.parameters.size(); ++i)
    if (pass.parameters[i]->name == parameter) return change(pass.gradients[i]);
}

using Change = std::function<void(const std::vector<Parameter*>&)>;

void no_change(const std::vector<Parameter*>&) {}

// The backward pass, at x and dy, of another layer with the same parameters, which `change` may alter.
BackwardPass of_another_layer(const BackwardPass& pass, const Request& request, const Tensor& x,
                              const Tensor& dy, Mode mode, const Change& change) {
  const std::unique_ptr<Layer> other = make_layer(request);
  const std::vector<Parameter*> parameters = other->parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i]->value = pass.parameters[i]->value;
    parameters[i]->gradient.fill(0);
  }
  change(parameters);
  other->forward(x, mode);
  BackwardPass found{pass.request, pass.x, pass.y, pass.dy, pass.parameters, {}, other->backward(dy)};
  for (const Parameter* p : parameters) found.gradients.push_back(p->gradient);
  return found;
}

// The backward pass of a layer with other options, or of the same layer with another dy.
BackwardPass with_other_request(const BackwardPass& pass, const Request& request, const Tensor& dy) {
  return of_another_layer(pass, request, pass.x, dy, Mode::training, no_change);
}
BackwardPass with_other_dy(const BackwardPass& pass, const Tensor& dy) {
  return with_other_request(pass, pass.request, dy);
}
Tensor dx_with_other_parameters(const BackwardPass& pass, const Change& change) {
  return of_another_layer(pass, pass.request, pass.x, pass.dy, Mode::training, change).dx;
}

// Takes over all gradients of another pass.
void take(BackwardPass& pass, const BackwardPass& found) {
  pass.gradients = found.gradients;
  pass.dx = found.dx;
}

// Gradients computed from a given dL/dz, so that any factor can stand in for f'.
void backward_from_sums(BackwardPass& pass, const Tensor& dz) {
  Request linear = pass.request;
  linear.activation = Activation::linear;
  take(pass, with_other_request(pass, linear, dz));
}

// The kernel (height, width, ...) rotated by 180 degrees: both axes reversed.
Tensor turned(const Tensor& kernel) {
  Tensor result = kernel;
  if (kernel.shape.size() != 4) return result;
  const Index cells = kernel.extent(0) * kernel.extent(1), depth = kernel.size() / cells;
  for (Index cell = 0; cell < cells; ++cell)
    std::copy_n(kernel.data() + cell * depth, depth, result.data() + (cells - 1 - cell) * depth);
  return result;
}

// The values with the last two axes exchanged, in the old shape.
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

// Sets the elements at the last index of an axis to zero.
void clear_last(Tensor& tensor, std::size_t axis) {
  if (axis >= tensor.shape.size()) return;
  for (Index i = 0; i < tensor.size(); ++i)
    if (index_along(tensor.shape, axis, i) == tensor.shape[axis] - 1) tensor[i] = 0;
}

bool is(const BackwardPass& pass, const std::string& layer) {
  return pass.request.layer == layer;
}

// The position in memory of element (i, j, k, l).
Index at(const Tensor& tensor, Index i, Index j, Index k, Index l) {
  return ((i * tensor.extent(1) + j) * tensor.extent(2) + k) * tensor.extent(3) + l;
}

// The backward pass of a convolution that assumes that many rows and columns of padding before the image.
void convolution_backward(BackwardPass& pass, Index rows_before, Index columns_before) {
  const Request& r = pass.request;
  if (rows_before == padding_before(r.size[0], r.kernel, r.stride, r.padding) &&
      columns_before == padding_before(r.size[1], r.kernel, r.stride, r.padding))
    return;
  const Tensor& F = pass.parameters[0]->value;
  Tensor dz(pass.dy.shape);
  multiply_by_derivative(r.activation, pass.y.data(), pass.dy.data(), dz.data(), dz.size());
  const Index height = r.size[0], width = r.size[1], channels = r.size[2];
  Tensor& dF = pass.gradients[0];
  dF.fill(0);
  pass.dx.fill(0);
  for (Index b = 0; b < r.batch; ++b)
    for (Index i = 0; i < dz.extent(1); ++i)
      for (Index j = 0; j < dz.extent(2); ++j)
        for (Index m = 0; m < r.kernel; ++m)
          for (Index n = 0; n < r.kernel; ++n) {
            const Index row = r.stride * i + m - rows_before, column = r.stride * j + n - columns_before;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            for (Index c = 0; c < channels; ++c)
              for (Index o = 0; o < r.filters; ++o) {
                dF[at(dF, m, n, c, o)] += dz[at(dz, b, i, j, o)] * pass.x[at(pass.x, b, row, column, c)];
                pass.dx[at(pass.dx, b, row, column, c)] += dz[at(dz, b, i, j, o)] * F[at(F, m, n, c, o)];
              }
          }
}

// Max pooling in whose backward pass element (m, n) of a window receives share(m, n) of the window's dy.
void pooling_backward(BackwardPass& pass, const std::function<Real(Index m, Index n)>& share) {
  const Index window = pass.request.kernel;
  pass.dx.fill(0);
  for (Index b = 0; b < pass.dy.extent(0); ++b)
    for (Index i = 0; i < pass.dy.extent(1) * window; ++i)
      for (Index j = 0; j < pass.dy.extent(2) * window; ++j)
        for (Index c = 0; c < pass.dy.extent(3); ++c)
          pass.dx[at(pass.dx, b, i, j, c)] =
              share(i % window, j % window) * pass.dy[at(pass.dy, b, i / window, j / window, c)];
}

// Multiplies dy by a factor that depends on y and stands in for f'(z).
void multiply_dy(BackwardPass& pass, const std::function<Real(Activation f, Real y)>& factor) {
  if (!has_activation(pass.request)) return;
  Tensor dz = pass.dy;
  for (Index i = 0; i < dz.size(); ++i) dz[i] *= factor(pass.request.activation, pass.y[i]);
  backward_from_sums(pass, dz);
}

// dx read as if its rows were as long as the images are high.
void take_height_for_width(Tensor& dx) {
  if (dx.shape.size() < 3) return;
  const Tensor right = dx;
  const Index height = dx.extent(1), width = dx.extent(2), places = height * width;
  const Index samples = dx.extent(0), channels = dx.size() / samples / places;
  for (Index b = 0; b < samples; ++b)
    for (Index place = 0; place < places; ++place) {
      const Index taken = (place / width * height + place % width) % places;
      std::copy_n(right.data() + (b * places + taken) * channels, channels,
                  dx.data() + (b * places + place) * channels);
    }
}

// dy with rows 0 and 1 of every `stride` rows exchanged.
Tensor with_phases_exchanged(const Tensor& dy, Index stride) {
  Tensor result = dy;
  if (stride < 2 || dy.shape.size() != 4) return result;
  for (Index b = 0; b < dy.extent(0); ++b)
    for (Index i = 0; i < dy.extent(1); ++i)
      for (Index j = 0; j < dy.extent(2); ++j)
        for (Index o = 0; o < dy.extent(3); ++o) {
          const Index phase = i % stride;
          result[at(result, b, phase < 2 ? i + 1 - 2 * phase : i, j, o)] = dy[at(dy, b, i, j, o)];
        }
  return result;
}

std::vector<Fault> faults() {
  return {
      {"sign", "every gradient is minus what it should be", [](auto& pass) { scale_all(pass, -1); }},
      {"twice", "every gradient is doubled: a square without its 1/2",
       [](auto& pass) { scale_all(pass, 2); }},
      {"one-per-mille", "the kernel's gradient is off by a thousandth",
       [](auto& pass) { change_gradient(pass, "kernel", [](Tensor& dW) { scale(dW, 1.001); }); }},
      {"batch-factor", "parameters' gradients are divided by the batch once more",
       [](auto& pass) {
         for (Tensor& g : pass.gradients) scale(g, 1.0 / static_cast<double>(pass.request.batch));
       }},
      {"no-derivative", "f' is left out", [](auto& pass) { backward_from_sums(pass, pass.dy); }},
      {"derivative-twice", "f' is there twice",
       [](auto& pass) {
         multiply_dy(pass, [](Activation f, Real y) {
           return derivative_from_output(f, y) * derivative_from_output(f, y);
         });
       }},
      {"derivative-at-y", "f' is taken at the output y, not at the weighted sum",
       [](auto& pass) { multiply_dy(pass, [](Activation f, Real y) { return derivative(f, y); }); }},
      {"upstream-ones", "the upstream gradient is not looked at, and counts as ones",
       [](auto& pass) {
         Tensor ones(pass.dy.shape);
         ones.fill(1);
         take(pass, with_other_dy(pass, ones));
       }},
      {"transposed", "the kernel's gradient has its last two axes exchanged",
       [](auto& pass) { change_gradient(pass, "kernel", [](Tensor& dW) { dW = transposed(dW); }); }},
      {"turned-kernel", "the kernel's gradient is turned by 180 degrees",
       [](auto& pass) { change_gradient(pass, "kernel", [](Tensor& dW) { dW = turned(dW); }); }},
      {"turned-window", "the input's gradient is computed with the kernel turned by 180 degrees",
       [](auto& pass) {
         pass.dx = dx_with_other_parameters(pass, [](const std::vector<Parameter*>& parameters) {
           for (Parameter* p : parameters) p->value = turned(p->value);
         });
       }},
      {"overwritten", "parameters' gradients are overwritten, not added to",
       [](auto& pass) { pass.overwrites = true; }},
      {"no-bias", "the bias's gradient is forgotten",
       [](auto& pass) { change_gradient(pass, "bias", [](Tensor& db) { db.fill(0); }); }},
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
         if (!is(pass, "batch_normalization")) return;
         const Index channels = pass.x.shape.back(), rows = pass.x.size() / channels;
         pass.dx = of_another_layer(pass, pass.request, pass.x, pass.dy, Mode::inference,
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
      {"no-deviation", "batch normalisation: the input's gradient is not divided by the standard deviation",
       [](auto& pass) {
         if (!is(pass, "batch_normalization")) return;
         const Tensor& gamma = pass.parameters[0]->value;
         const Index channels = gamma.size();
         // y = gamma (x - mean) / deviation + beta: two elements of a channel tell the deviation.
         for (Index i = 0; i < pass.dx.size(); ++i) {
           const Index c = i % channels, last = pass.x.size() - channels + c;
           pass.dx[i] *= (pass.x[last] - pass.x[c]) * gamma[c] / (pass.y[last] - pass.y[c]);
         }
       }},
      {"x-for-x-hat", "batch normalisation: gamma's gradient is sum dy x, not sum dy x_hat",
       [](auto& pass) {
         if (!is(pass, "batch_normalization")) return;
         Tensor& dgamma = pass.gradients[0];
         dgamma.fill(0);
         for (Index i = 0; i < pass.x.size(); ++i) dgamma[i % dgamma.size()] += pass.dy[i] * pass.x[i];
       }},
      {"even-padding", "convolution: the odd row of padding is taken to lie before the image",
       [](auto& pass) {
         const Request& r = pass.request;
         if (!is(pass, "conv2d") || r.padding == Padding::valid) return;
         const auto before = [&](Index extent) {
           const Index output = output_extent(extent, r.kernel, r.stride, r.padding);
           return (std::max<Index>((output - 1) * r.stride + r.kernel - extent, 0) + 1) / 2;
         };
         convolution_backward(pass, before(r.size[0]), before(r.size[1]));
       }},
      {"no-rest", "convolution: the padding is computed as if the stride left no rest",
       [](auto& pass) {
         const Request& r = pass.request;
         if (!is(pass, "conv2d") || r.padding == Padding::valid) return;
         const Index before = std::max<Index>(r.kernel - r.stride, 0) / 2;
         convolution_backward(pass, before, before);
       }},
      {"mixed-phases",
       "transposed convolution: rows that belong to different phases of the stride are exchanged",
       [](auto& pass) {
         if (!is(pass, "conv2d_transpose")) return;
         pass.dx = with_other_dy(pass, with_phases_exchanged(pass.dy, pass.request.stride)).dx;
       }},
      {"pooling-all", "max pooling: every element of a window gets the gradient, not the greatest alone",
       [](auto& pass) {
         if (is(pass, "max_pooling2d")) pooling_backward(pass, [](Index, Index) { return Real(1); });
       }},
      {"pooling-first", "max pooling: the first element of a window gets the gradient, not the greatest",
       [](auto& pass) {
         if (is(pass, "max_pooling2d"))
           pooling_backward(pass, [](Index m, Index n) { return m == 0 && n == 0 ? Real(1) : Real(0); });
       }},
      {"unscaled-mask", "dropout: what is kept is not divided by 1 - rate",
       [](auto& pass) {
         if (!is(pass, "dropout")) return;
         for (Index i = 0; i < pass.dx.size(); ++i) pass.dx[i] = pass.dx[i] == 0 ? Real(0) : pass.dy[i];
       }},
      {"another-mask", "dropout: backward draws a mask of its own",
       [](auto& pass) {
         Request other = pass.request;
         ++other.seed;
         if (is(pass, "dropout")) pass.dx = with_other_request(pass, other, pass.dy).dx;
       }},
      {"bias-mean", "the bias's gradient is a mean over samples and places, not a sum",
       [](auto& pass) {
         change_gradient(pass, "bias", [&](Tensor& db) {
           scale(db, static_cast<double>(db.size()) / static_cast<double>(pass.dy.size()));
         });
       }},
      {"half-batch", "the second half of the batch adds nothing to the parameters' gradients",
       [](auto& pass) {
         Tensor half = pass.dy;
         const Index samples = half.extent(0), size = half.size() / samples;
         std::fill(half.data() + (samples + 1) / 2 * size, half.data() + half.size(), Real(0));
         pass.gradients = with_other_dy(pass, half).gradients;
       }},
      {"left-over", "what an earlier batch left is still in the parameters' gradients",
       [](auto& pass) {
         Tensor earlier = pass.x;
         std::reverse(earlier.values.begin(), earlier.values.end());
         const BackwardPass found =
             of_another_layer(pass, pass.request, earlier, pass.dy, Mode::training, no_change);
         for (std::size_t k = 0; k < pass.gradients.size(); ++k)
           for (Index i = 0; i < pass.gradients[k].size(); ++i) pass.gradients[k][i] += found.gradients[k][i];
       }},
      {"updated-weights", "the input's gradient is computed with the weights after their update",
       [](auto& pass) {
         pass.dx = dx_with_other_parameters(pass, [&](const std::vector<Parameter*>& parameters) {
           for (std::size_t k = 0; k < parameters.size(); ++k)
             for (Index i = 0; i < parameters[k]->value.size(); ++i)
               parameters[k]->value[i] -= Real(0.01) * pass.gradients[k][i];
         });
       }},
      {"every-second-row", "every second row of the input's gradient is not computed",
       [](auto& pass) {
         for (Index i = 0; i < pass.dx.size(); ++i)
           if (index_along(pass.dx.shape, 1, i) % 2 == 1) pass.dx[i] = 0;
       }},
      {"height-for-width",
       "the input's gradient takes the height for the width, which only a square image forgives",
       [](auto& pass) { take_height_for_width(pass.dx); }},
      {"float", "every gradient is rounded to float",
       [](auto& pass) {
         for (Tensor& g : pass.gradients)
           for (Real& value : g.values) value = static_cast<float>(value);
         for (Real& value : pass.dx.values) value = static_cast<float>(value);
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
  fault.apply(pass);
  if (same(pass.gradients, right.gradients) && pass.dx.values == right.dx.values &&
      !(pass.overwrites && !pass.gradients.empty()))
    throw std::invalid_argument("--break " + fault.name + " changes nothing for " + describe(pass.request));
}

}  // namespace plaingrad::gradient_check
