#include "engine/fast/direct_convolution.hpp"

#include <bit>

#include "engine/fast/one_channel.hpp"

namespace plaingrad::fast {
namespace {

// With fewer channels than these the adjoint computes whole patches.
constexpr Index min_adjoint_channels = 8;

}  // namespace

DirectConvolution::DirectConvolution(const ConvolutionGeometry& geometry)
    : g_(geometry),
      group_(std::max<Index>(1, 256 / (g_.out_height() * g_.out_width()))),
      out_pixels_(g_.out_height() * g_.out_width()),
      padded_height_(std::max(g_.top() + g_.height, (g_.out_height() - 1) * g_.stride + g_.kernel)),
      padded_width_(std::max(g_.left() + g_.width, (g_.out_width() - 1) * g_.stride + g_.kernel)),
      first_pixel_((g_.top() * padded_width_ + g_.left()) * g_.channels),
      adjoint_channels_(g_.channels % 32 == 0 ? 32 : g_.channels) {
  // Where the window stands in the padded images of a group, and where its values lie from there.
  for (Index n = 0; n < group_; ++n)
    for (Index i = 0; i < g_.out_height(); ++i)
      for (Index j = 0; j < g_.out_width(); ++j)
        position_.push_back(((n * padded_height_ + i * g_.stride) * padded_width_ + j * g_.stride) *
                            g_.channels);
  for (Index m = 0; m < g_.kernel; ++m)
    for (Index n = 0; n < g_.kernel; ++n)
      for (Index c = 0; c < g_.channels; ++c) element_.push_back((m * padded_width_ + n) * g_.channels + c);
  y_row_ = regular_offsets(pixels(group_), g_.filters);
  W_row_ = regular_offsets(g_.window_size(), g_.filters);
  filter_offsets_ = regular_offsets(g_.filters, 1);
  one_filter_ = OneFilter(element_, g_.kernel * g_.channels);
}

BatchSlices DirectConvolution::slices(Index batch) const {
  // With few terms in a slice it would cost more to add the slices up than to sum.
  constexpr Index min_slices = 4, max_slices = 16, terms = 900;
  const Index count = std::clamp(pixels(batch) / terms, min_slices, max_slices);
  return {batch, static_cast<Index>(std::bit_floor(static_cast<std::size_t>(count))), group_};
}

// ---- padding ---------------------------------------------------------------------------------------------

// Calls work(first value in the images, first value in the padded images, number of values) for every row.
template <class Work>
void DirectConvolution::for_each_row(Index images, const Work& work) const {
  const Index count = g_.width * g_.channels, padded_count = padded_width_ * g_.channels;
  for (Index n = 0; n < images; ++n)
    for (Index i = 0; i < g_.height; ++i)
      work((n * g_.height + i) * count, n * padded_size() + first_pixel_ + i * padded_count, count);
}

// The images with zeros around them where the window reaches over the border, in this thread's scratch
// buffer; x itself where it does not.
const Real* DirectConvolution::pad(const Real* x, Index images) const {
  if (!is_padded()) return x;
  static thread_local Scratch padded;
  padded.assign(static_cast<std::size_t>(images * padded_size()), Real(0));
  Real* start = padded.data();
  for_each_row(images, [&](Index first, Index padded_first, Index count) {
    std::copy_n(x + first, count, start + padded_first);
  });
  return start;
}

// The same for dz = dx f'(z), where x = f(z) is what a transposed convolution has made.
const Real* DirectConvolution::pad_gradient(Activation f, const Real* x, const Real* dx, Index images) const {
  if (!is_padded()) return activation_backward(f, x, dx, images * g_.image_size());
  static thread_local Scratch padded;
  padded.assign(static_cast<std::size_t>(images * padded_size()), Real(0));
  Real* start = padded.data();
  for_each_row(images, [&](Index first, Index padded_first, Index count) {
    multiply_by_derivative(f, x + first, dx + first, start + padded_first, count);
  });
  return start;
}

// ---- the three sums --------------------------------------------------------------------------------------

//! [correlate]
// y = patches(x) W + b.
void DirectConvolution::correlate(const Real* padded, Index images, const Real* W, const Real* bias,
                                  Real* y) const {
  if (g_.filters == 1)
    return one_filter_.correlate(padded, position_.data(), pixels(images), W, bias ? *bias : 0, y);
  if (takes_one_channel(g_)) {
    for (Index n = 0; n < images; ++n)
      correlate_one_channel(g_, padded + n * padded_size(), padded_width_, W, bias, y + n * g_.map_size());
    return;
  }
  const OffsetMatrix patches{padded, position_.data(), element_.data(), pixels(images), g_.window_size()};
  matrix_product(patches, W, g_.filters, g_.filters, {y, y_row_.data()}, Accumulate::no, bias);
}
//! [correlate]

//! [kernel_gradient]
// dW = patches(x)^T dy, or added to dW.
void DirectConvolution::kernel_gradient(const Real* padded, Index images, const Real* dy,
                                        Accumulate accumulate, Real* dW) const {
  if (g_.filters == 1)
    return one_filter_.kernel_gradient(padded, position_.data(), pixels(images), dy, accumulate, dW);
  const OffsetMatrix patches_transposed{padded, element_.data(), position_.data(), g_.window_size(),
                                        pixels(images)};
  matrix_product(patches_transposed, dy, g_.filters, g_.filters, {dW, W_row_.data()}, accumulate);
}
//! [kernel_gradient]

//! [adjoint]
// x = every patch of y W^T, added up where the window stood.
void DirectConvolution::adjoint(const Real* y, Index images, const Real* packed_kernel, Real* x) const {
  static thread_local Scratch scratch;
  Real* padded_x = is_padded() ? scratch_at_least(scratch, images * padded_size()) : x;
  std::fill_n(padded_x, images * padded_size(), Real(0));
  if (g_.filters == 1) {
    one_filter_.adjoint(y, position_.data(), pixels(images), packed_kernel, padded_x);
  } else if (g_.channels < min_adjoint_channels) {
    add_patches(y, images, packed_kernel, padded_x);
  } else {
    // For some channels of one kernel element at a time: what all positions send there.
    const OffsetMatrix Y{y, y_row_.data(), filter_offsets_.data(), pixels(images), g_.filters};
    for (Index k = 0; k < g_.window_size(); k += adjoint_channels_)
      matrix_product(Y, packed_kernel + k * g_.filters, adjoint_channels_, adjoint_channels_,
                     {padded_x + element_[static_cast<std::size_t>(k)], position_.data()}, Accumulate::yes);
  }
  if (!is_padded()) return;
  // The images without their padding.
  for_each_row(images, [&](Index first, Index padded_first, Index count) {
    std::copy_n(padded_x + padded_first, count, x + first);
  });
}
//! [adjoint]

// With few channels whole patches are longer vectors: they are computed, then added.
void DirectConvolution::add_patches(const Real* y, Index images, const Real* packed_kernel,
                                    Real* padded_x) const {
  static thread_local Scratch scratch;
  const Index window = g_.window_size();
  Real* patches = scratch_at_least(scratch, pixels(images) * window);
  const std::vector<Index> patch_row = regular_offsets(pixels(images), window);
  const OffsetMatrix Y{y, y_row_.data(), filter_offsets_.data(), pixels(images), g_.filters};
  matrix_product(Y, packed_kernel, window, window, {patches, patch_row.data()});
  // A patch is added row by row of the window.
  const Index segment = g_.kernel * g_.channels, row = padded_width_ * g_.channels;
  for (Index p = 0; p < pixels(images); ++p)
    for (Index m = 0; m < g_.kernel; ++m) {
      const Real* patch = patches + p * window + m * segment;
      Real* pixel = padded_x + position_[static_cast<std::size_t>(p)] + m * row;
#pragma omp simd
      for (Index i = 0; i < segment; ++i) pixel[i] += patch[i];
    }
}

const Real* DirectConvolution::pack_kernel(const Real* W) {
  Real* packed = scratch_at_least(packed_kernel_, g_.window_size() * g_.filters);
  const Index rows = g_.channels < min_adjoint_channels ? g_.window_size() : adjoint_channels_;
  parallel_for(g_.window_size() / rows, [&](Index i) {
    const Index first = i * rows * g_.filters;
    transpose(W + first, rows, g_.filters, packed + first);
  });
  return packed;
}

// ---- the four passes -------------------------------------------------------------------------------------

void DirectConvolution::forward(const Tensor& x, const Tensor& W, const Tensor* b, Activation f, Tensor& y) {
  slices(x.shape[0]).for_each_group([&](Index, Index first, Index images) {
    Real* y_group = y.data() + first * g_.map_size();
    const Real* padded = pad(x.data() + first * g_.image_size(), images);
    correlate(padded, images, W.data(), b ? b->data() : nullptr, y_group);
    apply(f, y_group, images * g_.map_size());  // while y is still in the cache
  });
}

void DirectConvolution::backward(const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& W,
                                 Activation f, const GradientTargets& targets) {
  const BatchSlices slices = this->slices(x.shape[0]);
  if (targets.dW) sums_.resize(slices.count(), W.size() + g_.filters);
  const Real* packed = targets.dx ? pack_kernel(W.data()) : nullptr;
  slices.for_each_group([&](Index slice, Index first, Index images) {
    // dz, then the gradients of this group that are wanted.
    const Index at = first * g_.map_size(), count = images * g_.map_size();
    const Real* dz = activation_backward(f, y.data() + at, dy.data() + at, count);
    const Accumulate accumulate = first == slices.first_image(slice) ? Accumulate::no : Accumulate::yes;
    if (targets.dW) {
      const Real* padded = pad(x.data() + first * g_.image_size(), images);
      kernel_gradient(padded, images, dz, accumulate, sums_.of(slice));
    }
    if (targets.db) column_sums(dz, pixels(images), g_.filters, accumulate, sums_.of(slice) + W.size());
    if (targets.dx) adjoint(dz, images, packed, targets.dx->data() + first * g_.image_size());
  });
  add_sums(targets);
}

void DirectConvolution::adjoint_forward(const Tensor& y, const Tensor& W, const Tensor* b, Activation f,
                                        Tensor& x) {
  const Real* packed = pack_kernel(W.data());
  slices(y.shape[0]).for_each_group([&](Index, Index first, Index images) {
    Real* x_group = x.data() + first * g_.image_size();
    const Index count = images * g_.image_size();
    // Bias and activation while x is still in the cache.
    adjoint(y.data() + first * g_.map_size(), images, packed, x_group);
    if (b) add_to_rows(b->data(), count / g_.channels, g_.channels, x_group);
    apply(f, x_group, count);
  });
}

void DirectConvolution::adjoint_backward(const Tensor& y, const Tensor& x, const Tensor& dx, const Tensor& W,
                                         Activation f, const GradientTargets& targets) {
  const BatchSlices slices = this->slices(y.shape[0]);
  if (targets.dW) sums_.resize(slices.count(), W.size() + g_.channels);
  slices.for_each_group([&](Index slice, Index first, Index images) {
    // The same with images and maps exchanged.
    const Index at = first * g_.image_size();
    const Real* dz = pad_gradient(f, x.data() + at, dx.data() + at, images);
    const Real* y_group = y.data() + first * g_.map_size();
    const Accumulate accumulate = first == slices.first_image(slice) ? Accumulate::no : Accumulate::yes;
    if (targets.dW) kernel_gradient(dz, images, y_group, accumulate, sums_.of(slice));
    if (targets.db)  // the zeros around the images add nothing
      column_sums(dz, images * padded_size() / g_.channels, g_.channels, accumulate,
                  sums_.of(slice) + W.size());
    if (targets.dx) correlate(dz, images, W.data(), nullptr, targets.dx->data() + first * g_.map_size());
  });
  add_sums(targets);
}

// Adds the slices' sums to dW and db.
void DirectConvolution::add_sums(const GradientTargets& targets) const {
  const Index kernel_size = g_.window_size() * g_.filters;
  if (targets.dW) sums_.add_to(targets.dW->data(), 0, kernel_size);
  if (targets.db) sums_.add_to(targets.db->data(), kernel_size, targets.db->size());
}

}  // namespace plaingrad::fast
