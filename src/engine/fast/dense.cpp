#include "engine/dense.hpp"

#include "engine/fast/batch_sums.hpp"

namespace plaingrad {
namespace {

using namespace fast;

// Threads share out the units; where these are few, the terms of the sums.
Index slices_of(Index inputs, Index units) {
  return units >= 1024 ? 1 : std::clamp<Index>(inputs / 128, 1, 16);
}

// partial[s] = the terms of slice s of x W, and the bias in slice 0; a result of `y.size()` values each.
void sliced_product(const OffsetMatrix& X, const Tensor& W, const Real* bias, Index slices, const Tensor& y,
                    Real* partial) {
  const Index inputs = W.shape[0], units = W.shape[1];
  const std::vector<Index> y_row = regular_offsets(X.rows, units);
  parallel_for(slices, [&](Index s) {
    const Index first = s * inputs / slices, last = (s + 1) * inputs / slices;
    matrix_product(X.column_block(first, last), W.data() + first * units, units, units,
                   {partial + s * y.size(), y_row.data()}, Accumulate::no, s == 0 ? bias : nullptr);
  });
}

}  // namespace

void dense_forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y) {
  const Index batch = x.shape[0], inputs = W.shape[0], units = W.shape[1], size = y.size();
  const Real* bias = b ? b->data() : nullptr;
  const std::vector<Index> x_row = regular_offsets(batch, inputs), unit_offsets = regular_offsets(inputs, 1);
  const OffsetMatrix X{x.data(), x_row.data(), unit_offsets.data(), batch, inputs};
  const Index slices = slices_of(inputs, units);
  // The product: y at once, or partial sums for each slice of the inputs.
  static thread_local Scratch scratch;
  const Real* partial = y.data();
  if (slices > 1) {
    partial = scratch_at_least(scratch, slices * size);
    sliced_product(X, W, bias, slices, y, scratch.data());
  } else {
    const std::vector<Index> y_row = regular_offsets(batch, units);
    parallel_matrix_product(X, W.data(), units, units, {y.data(), y_row.data()}, Accumulate::no, bias);
  }
  // Add up the slices; the activation follows while y is in the cache.
  parallel_blocks(size, 2048, [&](Index first, Index last) {
    if (slices > 1) std::copy_n(partial + first, last - first, y.data() + first);
    for (Index s = 1; s < slices; ++s)
#pragma omp simd
      for (Index i = first; i < last; ++i) y[i] += partial[s * size + i];
    apply(f, y.data() + first, last - first);
  });
}

namespace {

// dx = dz W^T: its transpose W dz^T, in blocks of the inputs.
void input_gradient(const Real* dz, const Tensor& W, Index batch, Tensor& dx) {
  const Index inputs = W.shape[0], units = W.shape[1];
  static thread_local Scratch scratch;
  Real* dz_transposed = scratch_at_least(scratch, batch * units);
  transpose(dz, batch, units, dz_transposed);
  const std::vector<Index> W_row = regular_offsets(inputs, units), unit_offsets = regular_offsets(units, 1);
  const OffsetMatrix W_view{W.data(), W_row.data(), unit_offsets.data(), inputs, units};
  parallel_blocks(inputs, 64, [&](Index first, Index last) {
    static thread_local Scratch block_scratch;
    Real* block = scratch_at_least(block_scratch, (last - first) * batch);
    const std::vector<Index> block_row = regular_offsets(last - first, batch);
    matrix_product(W_view.row_block(first, last), dz_transposed, batch, batch, {block, block_row.data()});
    for (Index n = 0; n < batch; ++n)
      for (Index i = first; i < last; ++i) dx[n * inputs + i] = block[(i - first) * batch + n];
  });
}

}  // namespace

void dense_backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W, Activation f,
                    const GradientTargets& targets) {
  const Index batch = x.shape[0], inputs = W.shape[0], units = W.shape[1];
  const Real* dz = activation_backward(f, y.data(), dy.data(), dy.size());
  if (targets.dW) {  // x^T dz
    const std::vector<Index> x_row = regular_offsets(batch, inputs), W_row = regular_offsets(inputs, units);
    const std::vector<Index> unit_offsets = regular_offsets(inputs, 1);
    const OffsetMatrix X_transposed{x.data(), unit_offsets.data(), x_row.data(), inputs, batch};
    parallel_matrix_product(X_transposed, dz, units, units, {targets.dW->data(), W_row.data()},
                            Accumulate::yes);
  }
  if (targets.db) column_sums(dz, batch, units, Accumulate::yes, targets.db->data());
  if (targets.dx) input_gradient(dz, W, batch, *targets.dx);
}

}  // namespace plaingrad
