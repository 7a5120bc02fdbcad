#include "layers/sliding_window.hpp"

#include <algorithm>

#include "math/parallel.hpp"

namespace plaingrad {

SlidingWindow::SlidingWindow(Index height, Index width, Index channels, Index filters, Index kernel,
                             Index stride, Padding padding)
    : height_(height),
      width_(width),
      channels_(channels),
      filters_(filters),
      kernel_(kernel),
      stride_(stride) {
  out_height_ = output_extent(height, kernel, stride, padding);
  out_width_ = output_extent(width, kernel, stride, padding);
  before_y_ = padding_before(height, kernel, stride, padding);
  before_x_ = padding_before(width, kernel, stride, padding);
  padded_height_ = std::max(before_y_ + height, (out_height_ - 1) * stride + kernel);
  padded_width_ = std::max(before_x_ + width, (out_width_ - 1) * stride + kernel);
  group_ = std::max<Index>(1, 256 / (out_height_ * out_width_));
  whole_patches_ = channels < 8 || filters == 1;
  for (Index n = 0; n < group_; ++n)
    for (Index y = 0; y < out_height_; ++y)
      for (Index x = 0; x < out_width_; ++x)
        position_.push_back(((n * padded_height_ + y * stride) * padded_width_ + x * stride) * channels);
  for (Index y = 0; y < kernel; ++y)
    for (Index x = 0; x < kernel; ++x)
      for (Index c = 0; c < channels; ++c) element_.push_back((y * padded_width_ + x) * channels + c);
  pixel_row_ = regular_offsets(group_ * out_height_ * out_width_, filters);
  window_row_ = regular_offsets(window(), filters);
  one_ = regular_offsets(filters, 1);
}

// Where row `row` of the images lies in their frames.
Index SlidingWindow::inside(Index row) const {
  return ((row / height_ * padded_height_ + row % height_ + before_y_) * padded_width_ + before_x_) * channels_;
}

const Real* SlidingWindow::pad(const Real* x, Index images) const {
  if (!framed()) return x;
  static thread_local std::vector<Real> frames;
  frames.assign(static_cast<std::size_t>(images * padded_height_ * padded_width_ * channels_), Real(0));
  for (Index row = 0; row < images * height_; ++row)
    std::copy_n(x + row * width_ * channels_, width_ * channels_, frames.data() + inside(row));
  return frames.data();
}

//! [correlate]
void SlidingWindow::correlate(const Real* padded, Index images, const Real* W, const Real* bias,
                              Real* y) const {
  const Index pixels = images * out_height_ * out_width_;
  if (filters_ == 1) return correlate_one_filter(padded, pixels, W, bias ? *bias : 0, y);
  const OffsetMatrix patches{padded, position_.data(), element_.data(), pixels, window()};
  matrix_product(patches, W, filters_, filters_, {y, pixel_row_.data()}, Start::zero, bias);
}
//! [correlate]

//! [kernel_gradient]
void SlidingWindow::kernel_gradient(const Real* padded, Index images, const Real* dy, Start start,
                                    Real* dW) const {
  const Index pixels = images * out_height_ * out_width_;
  if (filters_ == 1) return one_filter_gradient(padded, pixels, dy, start, dW);
  const OffsetMatrix patches_transposed{padded, element_.data(), position_.data(), window(), pixels};
  constexpr Index rows = 96;  // of dW at a time, so that they stay in the cache
  for (Index i = 0; i < window(); i += rows)
    matrix_product(patches_transposed.row_block(i, std::min(window(), i + rows)), dy, filters_, filters_,
                   {dW, window_row_.data() + i}, start);
}
//! [kernel_gradient]

//! [one_filter]
void SlidingWindow::correlate_one_filter(const Real* padded, Index pixels, const Real* W, Real bias,
                                         Real* y) const {
  const Index segment = kernel_ * channels_, row = padded_width_ * channels_;
  constexpr Index strip = 16;  // products summed side by side, so that the compiler can take them as a vector
  for (Index p = 0; p < pixels; ++p) {
    Real sum[strip] = {}, total = bias;
    for (Index ky = 0; ky < kernel_; ++ky) {
      const Real *x = padded + position_[static_cast<std::size_t>(p)] + ky * row, *w = W + ky * segment;
      Index i = 0;
      for (; i + strip <= segment; i += strip)
#pragma omp simd
        for (Index j = 0; j < strip; ++j) sum[j] += x[i + j] * w[i + j];
      for (; i < segment; ++i) total += x[i] * w[i];
    }
#pragma omp simd reduction(+ : total)
    for (Index j = 0; j < strip; ++j) total += sum[j];
    y[p] = total;
  }
}

void SlidingWindow::one_filter_gradient(const Real* padded, Index pixels, const Real* dy, Start start,
                                        Real* dW) const {
  const Index segment = kernel_ * channels_, row = padded_width_ * channels_;
  if (start == Start::zero) std::fill_n(dW, window(), Real(0));
  for (Index p = 0; p < pixels; ++p) {
    const Real* patch = padded + position_[static_cast<std::size_t>(p)];
    for (Index ky = 0; ky < kernel_; ++ky)
#pragma omp simd
      for (Index i = 0; i < segment; ++i) dW[ky * segment + i] += dy[p] * patch[ky * row + i];
  }
}
//! [one_filter]

//! [spread]
void SlidingWindow::spread(const Real* dy, Index images, const Real* W_transposed, Real* dx) const {
  static thread_local std::vector<Real> scratch;
  const Index frame = padded_height_ * padded_width_ * channels_;
  if (framed()) scratch.resize(static_cast<std::size_t>(images * frame));
  Real* frames = framed() ? scratch.data() : dx;
  std::fill_n(frames, images * frame, Real(0));
  if (whole_patches_) {
    add_patches(dy, images, W_transposed, frames);
  } else {
    // Element by element of the window: what the pixels send there, channels side by side. So many pixels at a
    // time that they and what they add to stay in the first cache.
    const Index pixels = images * out_height_ * out_width_, block = 64;
    for (Index p = 0; p < pixels; p += block) {
      const OffsetMatrix dy_rows{dy, pixel_row_.data() + p, one_.data(), std::min(block, pixels - p), filters_};
      for (Index first = 0; first < window(); first += channels_)
        matrix_product(dy_rows, W_transposed + first * filters_, channels_, channels_,
                       {frames + element_[static_cast<std::size_t>(first)], position_.data() + p},
                       Start::previous);
    }
  }
  if (framed())
    for (Index row = 0; row < images * height_; ++row)
      std::copy_n(frames + inside(row), width_ * channels_, dx + row * width_ * channels_);
}
//! [spread]

// With few channels, or one filter, whole patches are longer vectors: they are computed, then added.
void SlidingWindow::add_patches(const Real* dy, Index images, const Real* W_transposed, Real* frames) const {
  const Index pixels = images * out_height_ * out_width_;
  if (filters_ == 1) {
    for (Index p = 0; p < pixels; ++p)
      add_patch(W_transposed, dy[p], frames + position_[static_cast<std::size_t>(p)]);
    return;
  }
  static thread_local std::vector<Real> patches;
  patches.resize(static_cast<std::size_t>(pixels * window()));
  const std::vector<Index> patch_row = regular_offsets(pixels, window());
  const OffsetMatrix dy_rows{dy, pixel_row_.data(), one_.data(), pixels, filters_};
  matrix_product(dy_rows, W_transposed, window(), window(), {patches.data(), patch_row.data()});
  for (Index p = 0; p < pixels; ++p)
    add_patch(patches.data() + p * window(), 1, frames + position_[static_cast<std::size_t>(p)]);
}

// Adds factor * patch where the window stands.
void SlidingWindow::add_patch(const Real* patch, Real factor, Real* at) const {
  const Index segment = kernel_ * channels_, row = padded_width_ * channels_;
  for (Index ky = 0; ky < kernel_; ++ky)
#pragma omp simd
    for (Index i = 0; i < segment; ++i) at[ky * row + i] += factor * patch[ky * segment + i];
}

void SlidingWindow::transpose_kernel(const Real* W, std::vector<Real>& W_transposed) const {
  W_transposed.resize(static_cast<std::size_t>(window() * filters_));
  if (whole_patches_) return transpose(W, window(), filters_, W_transposed.data());
  const Index element = channels_ * filters_;  // each element of the window by itself
  parallel_for(kernel_ * kernel_, [&](Index e) {
    transpose(W + e * element, channels_, filters_, W_transposed.data() + e * element);
  });
}

}  // namespace plaingrad
