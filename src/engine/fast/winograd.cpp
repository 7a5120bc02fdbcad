#include "engine/fast/winograd.hpp"

#include <atomic>
#include <bit>

#include "engine/fast/vector_width.hpp"

namespace plaingrad::fast {
namespace {

constexpr Index min_group_values = Index(1) << 18;  // of V and M of a group of images

// C = A B, with B in panels.
void product_of_panels(const OffsetMatrix& A, const Real* B, Index columns, const OffsetRows& C,
                       const Real* bias = nullptr) {
  for (Index panel = 0; panel < columns; panel += panel_columns) {
    const Index width = std::min(panel_columns, columns - panel);
    matrix_product(A, B + panel * A.columns, width, width, {C.values + panel, C.row}, Accumulate::no,
                   bias ? bias + panel : nullptr);
  }
}

// Whether what a pass multiplies is within winograd_bound. It is checked when it has just been transformed,
// and so is in the cache.
class Operands {
 public:
  void check(const Real* values, Index count) {
    if (!all_within(values, count, winograd_bound)) within_bound_ = false;
  }
  void check(const Tensor& tensor) {
    if (!all_within(tensor, winograd_bound)) within_bound_ = false;
  }
  bool within_bound() const { return within_bound_; }

 private:
  std::atomic<bool> within_bound_ = true;  // every thread checks images of its own
};

}  // namespace

// Sums over a batch: the kernel's gradient at the points, and the bias's of each image. In the memory of the
// thread that calls.
struct Winograd::Sums {
  Scratch memory;
  Real* dU = nullptr;
  SliceSums bias;

  static Sums& of(const Winograd& w, Index images, Index bias_values) {
    static thread_local Sums sums;
    sums.dU = scratch_at_least(sums.memory, w.tiling_.points() * w.transforms_.U_stride());
    sums.bias.resize(images, bias_values);
    return sums;
  }
};

Winograd::Winograd(const ConvolutionGeometry& geometry, const WinogradTiling& tiling)
    : g_(geometry), tiling_(tiling), transforms_(geometry, tiling) {
  // The points of a group of images take as much memory as U does, or more: then neither is loaded much more
  // often than the other.
  const Index V_row = transforms_.V_row(), M_row = transforms_.M_row();
  const Index in_U = tiling_.points() * transforms_.phase_channels() * g_.filters;
  const Index in_image = tiling_.points() * tiling_.tiles() * (V_row + M_row);
  group_ = (std::max(in_U, min_group_values) + in_image - 1) / in_image;
  V_rows_ = regular_offsets(group_ * tiling_.tiles(), V_row);
  M_rows_ = regular_offsets(group_ * tiling_.tiles(), M_row);
  U_rows_ = regular_offsets(transforms_.phase_channels(), g_.filters);
  unit_offsets_ = regular_offsets(std::max(transforms_.phase_channels(), g_.filters), 1);
}

// ---- groups of images ------------------------------------------------------------------------------------

// Number of groups: a power of two, so that threads get equal shares; each group has an image at least.
Index Winograd::groups(Index images, Index at_least) const {
  const Index count = std::max(at_least, (images + group_ - 1) / group_);
  return std::min(images, static_cast<Index>(std::bit_ceil(static_cast<std::size_t>(count))));
}

// Calls body(first, number of images) for groups of images, shared out over the threads: four groups or more,
// if there are as many images.
template <class Body>
void Winograd::for_each_group_in_parallel(Index images, const Body& body) const {
  const Index count = groups(images, 4);
  parallel_for(count, [&](Index g) {
    const Index first = g * images / count;
    body(first, (g + 1) * images / count - first);
  });
}

// The same one group after the other, as few as will do.
template <class Body>
void Winograd::for_each_group(Index images, const Body& body) const {
  const Index count = groups(images, 1);
  for (Index g = 0; g < count; ++g) {
    const Index first = g * images / count;
    body(first, (g + 1) * images / count - first);
  }
}

// ---- products --------------------------------------------------------------------------------------------

// M = V U. At the point (1, 1) all powers are 1: what is added there is in every output.
void Winograd::multiply_by_kernel(Index p, const Real* U, const Real* bias, const PointMatrices& at) const {
  const auto [first, count] = tiling_.rows_with_point(p, at.images);
  const bool all_ones = p == tiling_.n() + 1;
  const OffsetMatrix V{at.V + p * at.V_stride, V_rows_.data() + first, unit_offsets_.data(), count,
                       transforms_.phase_channels()};
  product_of_panels(V, U + p * transforms_.U_stride(), g_.filters,
                    {at.M + p * at.M_stride, M_rows_.data() + first}, all_ones ? bias : nullptr);
}

// V = M U^T, with U transposed already.
void Winograd::multiply_by_kernel_transposed(Index p, const Real* U, const PointMatrices& at) const {
  const auto [first, count] = tiling_.rows_with_point(p, at.images);
  const OffsetMatrix M{at.M + p * at.M_stride, M_rows_.data() + first, unit_offsets_.data(), count,
                       g_.filters};
  product_of_panels(M, U + p * transforms_.U_stride(), transforms_.phase_channels(),
                    {at.V + p * at.V_stride, V_rows_.data() + first});
}

// dU = V^T M, or added to dU.
void Winograd::kernel_gradient(Index p, const PointMatrices& at, Accumulate accumulate, Real* dU) const {
  const auto [first, count] = tiling_.rows_with_point(p, at.images);
  const OffsetMatrix V_transposed{at.V + p * at.V_stride, unit_offsets_.data(), V_rows_.data() + first,
                                  transforms_.phase_channels(), count};
  matrix_product(V_transposed, at.M + p * at.M_stride + M_rows_[static_cast<std::size_t>(first)],
                 transforms_.M_row(), g_.filters, {dU + p * transforms_.U_stride(), U_rows_.data()},
                 accumulate);
}

// ---- the four passes -------------------------------------------------------------------------------------

//! [forward]
bool Winograd::forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y) const {
  Operands operands;
  const Real* U = transforms_.transform_kernel(W.data());
  operands.check(W);
  for_each_group_in_parallel(x.shape[0], [&](Index first, Index images) {
    const PointMatrices at = transforms_.point_matrices(images);
    const Real* x_group = x.data() + first * g_.image_size();
    Real* y_group = y.data() + first * g_.map_size();
    // Transform the pixels, multiply at each point, transform back to outputs.
    for (Index image = 0; image < images; ++image) {
      transforms_.transform_input(x_group + image * g_.image_size(), image, at);
      operands.check(x_group + image * g_.image_size(), g_.image_size());
    }
    if (!operands.within_bound()) return;
    for (Index p = 0; p < tiling_.points(); ++p) multiply_by_kernel(p, U, b ? b->data() : nullptr, at);
    for (Index image = 0; image < images; ++image)
      transforms_.inverse_transform(at, image, y_group + image * g_.map_size());
    apply(f, y_group, images * g_.map_size());
  });
  return operands.within_bound();
}
//! [forward]

//! [backward]
bool Winograd::backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                        const GradientTargets& targets) const {
  const Index batch = x.shape[0];
  Operands operands;
  Sums& sums = Sums::of(*this, batch, g_.filters);
  const Real* U = targets.dx ? transforms_.transform_kernel_transposed(W.data()) : nullptr;
  if (targets.dx) operands.check(W);
  for_each_group(batch, [&](Index first, Index images) {
    const PointMatrices at = transforms_.point_matrices(images);
    // dz = dy f'(z) and the pixels, transformed; the bias's gradient.
    parallel_for(images, [&](Index image) {
      const Index map = (first + image) * g_.map_size();
      const Real* dz = activation_backward(f, y.data() + map, dy.data() + map, g_.map_size());
      transforms_.inverse_transform_adjoint(dz, image, at);
      operands.check(dz, g_.map_size());
      if (targets.dW) {
        const Real* pixels = x.data() + (first + image) * g_.image_size();
        transforms_.transform_input(pixels, image, at);
        operands.check(pixels, g_.image_size());
      }
      if (targets.db)
        column_sums(dz, g_.map_size() / g_.filters, g_.filters, Accumulate::no, sums.bias.of(first + image));
    });
    if (!operands.within_bound()) return;
    // At each point the two products, the second of which overwrites V.
    parallel_for(tiling_.points(), [&](Index p) {
      if (targets.dW) kernel_gradient(p, at, first > 0 ? Accumulate::yes : Accumulate::no, sums.dU);
      if (targets.dx) multiply_by_kernel_transposed(p, U, at);
    });
    if (!targets.dx) return;
    // dx from the second product.
    parallel_for(images, [&](Index image) {
      transforms_.transform_input_adjoint(at, image, targets.dx->data() + (first + image) * g_.image_size());
    });
  });
  if (!operands.within_bound()) return false;
  if (targets.dW && batch > 0) transforms_.transform_kernel_adjoint(sums.dU, targets.dW->data());
  if (targets.db) sums.bias.add_to(targets.db->data(), 0, g_.filters);
  return true;
}
//! [backward]

bool Winograd::adjoint_forward(const Tensor& y, const Tensor& W, const Tensor* b, Activation f,
                               Tensor& x) const {
  Operands operands;
  const Real* U = transforms_.transform_kernel_transposed(W.data());
  operands.check(W);
  for_each_group_in_parallel(y.shape[0], [&](Index first, Index images) {
    const PointMatrices at = transforms_.point_matrices(images);
    const Real* y_group = y.data() + first * g_.map_size();
    Real* x_group = x.data() + first * g_.image_size();
    // The same by the adjoints, from outputs to pixels; the bias is added to the finished pixels.
    for (Index image = 0; image < images; ++image) {
      transforms_.inverse_transform_adjoint(y_group + image * g_.map_size(), image, at);
      operands.check(y_group + image * g_.map_size(), g_.map_size());
    }
    if (!operands.within_bound()) return;
    for (Index p = 0; p < tiling_.points(); ++p) multiply_by_kernel_transposed(p, U, at);
    for (Index image = 0; image < images; ++image)
      transforms_.transform_input_adjoint(at, image, x_group + image * g_.image_size());
    if (b) add_to_rows(b->data(), images * g_.height * g_.width, g_.channels, x_group);
    apply(f, x_group, images * g_.image_size());
  });
  return operands.within_bound();
}

bool Winograd::adjoint_backward(const Tensor& y, const Tensor& x, const Tensor& dx, const Tensor& W,
                                Activation f, const GradientTargets& targets) const {
  const Index batch = y.shape[0];
  Operands operands;
  Sums& sums = Sums::of(*this, batch, g_.channels);
  const Real* U = targets.dx ? transforms_.transform_kernel(W.data()) : nullptr;
  if (targets.dx) operands.check(W);
  for_each_group(batch, [&](Index first, Index images) {
    const PointMatrices at = transforms_.point_matrices(images);
    // dz = dx f'(z) and the maps, transformed; the bias's gradient.
    parallel_for(images, [&](Index image) {
      const Index pixels = (first + image) * g_.image_size();
      const Real* dz = activation_backward(f, x.data() + pixels, dx.data() + pixels, g_.image_size());
      transforms_.transform_input(dz, image, at);
      operands.check(dz, g_.image_size());
      if (targets.dW) {
        const Real* map = y.data() + (first + image) * g_.map_size();
        transforms_.inverse_transform_adjoint(map, image, at);
        operands.check(map, g_.map_size());
      }
      if (targets.db)
        column_sums(dz, g_.height * g_.width, g_.channels, Accumulate::no, sums.bias.of(first + image));
    });
    if (!operands.within_bound()) return;
    // At each point the two products, the second of which overwrites M.
    parallel_for(tiling_.points(), [&](Index p) {
      if (targets.dW) kernel_gradient(p, at, first > 0 ? Accumulate::yes : Accumulate::no, sums.dU);
      if (targets.dx) multiply_by_kernel(p, U, nullptr, at);
    });
    if (!targets.dx) return;
    // dy from the second product.
    parallel_for(images, [&](Index image) {
      transforms_.inverse_transform(at, image, targets.dx->data() + (first + image) * g_.map_size());
    });
  });
  if (!operands.within_bound()) return false;
  if (targets.dW && batch > 0) transforms_.transform_kernel_adjoint(sums.dU, targets.dW->data());
  if (targets.db) sums.bias.add_to(targets.db->data(), 0, g_.channels);
  return true;
}

}  // namespace plaingrad::fast
