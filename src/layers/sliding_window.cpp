#include "layers/sliding_window.hpp"

#include <algorithm>
#include <bit>

#include "layers/batch_sums.hpp"
#include "math/parallel.hpp"

namespace plaingrad {
namespace {

// With fewer channels than these spread() computes whole patches.
constexpr Index few_channels = 8;

// Values that are multiplied and summed side by side, so that the compiler can take them as a vector.
constexpr Index strip = 16;
constexpr Index few_pixels = 32;

}  // namespace

SlidingWindow::SlidingWindow(Index height, Index width, Index channels, Index filters, Index kernel,
                             Index stride, Padding padding)
    : height_(height), width_(width), channels_(channels), filters_(filters), kernel_(kernel) {
  out_height_ = output_extent(height, kernel, stride, padding);
  out_width_ = output_extent(width, kernel, stride, padding);
  before_y_ = padding_before(height, kernel, stride, padding);
  before_x_ = padding_before(width, kernel, stride, padding);
  padded_height_ = std::max(before_y_ + height, (out_height_ - 1) * stride + kernel);
  padded_width_ = std::max(before_x_ + width, (out_width_ - 1) * stride + kernel);
  group_ = std::max<Index>(1, 256 / (out_height_ * out_width_));
  part_ = channels % 32 == 0 ? 32 : channels;
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
  const Index segment = kernel * channels;  // a row of the window: so many values side by side
  for (Index k = 0; k < window();) {
    const bool whole = segment - k % segment >= strip;
    (whole ? strips_ : left_over_).push_back(k);
    k += whole ? strip : 1;
  }
}

BatchSlices SlidingWindow::slices(Index batch) const {
  // With few terms in a slice it would cost more to add the slices up than to sum.
  constexpr Index fewest = 4, most = 16, terms = 900;
  const Index count = std::clamp(batch * out_height_ * out_width_ / terms, fewest, most);
  return {batch, static_cast<Index>(std::bit_floor(static_cast<std::size_t>(count))), group_};
}

// Where row `row` of the images lies in their frames.
Index SlidingWindow::inside(Index row) const {
  return ((row / height_ * padded_height_ + row % height_ + before_y_) * padded_width_ + before_x_) *
         channels_;
}

const Real* SlidingWindow::pad(const Real* x, Index images) const {
  if (!framed()) return x;
  static thread_local std::vector<Real> frames;
  frames.assign(static_cast<std::size_t>(images * padded_size()), Real(0));
  for (Index row = 0; row < images * height_; ++row)
    std::copy_n(x + row * width_ * channels_, width_ * channels_, frames.data() + inside(row));
  return frames.data();
}

const Real* SlidingWindow::pad_gradient(Activation f, const Real* y, const Real* dy, Index images) const {
  if (!framed()) return activation_backward(f, y, dy, images * image_size());
  static thread_local std::vector<Real> frames;
  frames.assign(static_cast<std::size_t>(images * padded_size()), Real(0));
  for (Index row = 0; row < images * height_; ++row) {
    const Index at = row * width_ * channels_;
    multiply_by_derivative(f, y + at, dy + at, frames.data() + inside(row), width_ * channels_);
  }
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
  matrix_product(patches_transposed, dy, filters_, filters_, {dW, window_row_.data()}, start);
}
//! [kernel_gradient]

//! [one_filter]
namespace {

// sum[i] += the products of a strip of W with what `few` pixels see below it.
template <Index few>
void add_strip(const Real* padded, const Index* position, const Real* W, Real (&sum)[few][strip]) {
  for (Index i = 0; i < few; ++i)
#pragma omp simd
    for (Index j = 0; j < strip; ++j) sum[i][j] += padded[position[i] + j] * W[j];
}

}  // namespace

// y of `few` neighbouring pixels, whose sums share what is fetched of W.
template <Index few>
void SlidingWindow::correlate_pixels(const Real* padded, const Index* position, const Real* W, Real bias,
                                     Real* y) const {
  Real sum[few][strip] = {};
  for (const Index k : strips_)
    add_strip<few>(padded + element_[static_cast<std::size_t>(k)], position, W + k, sum);
  for (Index i = 0; i < few; ++i) {
    Real total = bias;
#pragma omp simd reduction(+ : total)
    for (Index j = 0; j < strip; ++j) total += sum[i][j];
    for (const Index k : left_over_)
      total += padded[position[i] + element_[static_cast<std::size_t>(k)]] * W[k];
    y[i] = total;
  }
}

void SlidingWindow::correlate_one_filter(const Real* padded, Index pixels, const Real* W, Real bias,
                                         Real* y) const {
  constexpr Index few = 4;
  Index p = 0;
  for (; p + few <= pixels; p += few) correlate_pixels<few>(padded, position_.data() + p, W, bias, y + p);
  for (; p < pixels; ++p) correlate_pixels<1>(padded, position_.data() + p, W, bias, y + p);
}

namespace {

// dW += dy x, over some pixels and `width` values of the window.
template <Index width>
void add_strip_gradient(const Real* x, const Index* position, const Real* dy, Index pixels, Real* dW) {
  constexpr Index few = 4;  // sums that do not wait for one another
  Real sum[few][width] = {};
  Index p = 0;
  for (; p + few <= pixels; p += few)
    for (Index i = 0; i < few; ++i)
#pragma omp simd
      for (Index j = 0; j < width; ++j) sum[i][j] += dy[p + i] * x[position[p + i] + j];
  for (; p < pixels; ++p)
#pragma omp simd
    for (Index j = 0; j < width; ++j) sum[0][j] += dy[p] * x[position[p] + j];
#pragma omp simd
  for (Index j = 0; j < width; ++j) dW[j] += (sum[0][j] + sum[1][j]) + (sum[2][j] + sum[3][j]);
}

// dx += dy W, for the same.
template <Index width>
void spread_strip(const Real* dy, const Index* position, const Real* W, Index pixels, Real* dx) {
  Real w[width];
  std::copy_n(W, width, w);
  for (Index p = 0; p < pixels; ++p) {
    const Real factor = dy[p];
    Real* values = dx + position[p];
#pragma omp simd
    for (Index j = 0; j < width; ++j) values[j] += factor * w[j];
  }
}

}  // namespace

// A few pixels at a time, strip after strip: so that what they see stays in the first cache.
void SlidingWindow::one_filter_gradient(const Real* padded, Index pixels, const Real* dy, Start start,
                                        Real* dW) const {
  if (start == Start::zero) std::fill_n(dW, window(), Real(0));
  for (Index p = 0; p < pixels; p += few_pixels) {
    const Index n = std::min(few_pixels, pixels - p);
    for (const Index k : strips_)
      add_strip_gradient<strip>(padded + element_[static_cast<std::size_t>(k)], position_.data() + p, dy + p,
                                n, dW + k);
    for (const Index k : left_over_)
      add_strip_gradient<1>(padded + element_[static_cast<std::size_t>(k)], position_.data() + p, dy + p, n,
                            dW + k);
  }
}

void SlidingWindow::spread_one_filter(const Real* dy, Index pixels, const Real* W, Real* frames) const {
  for (Index p = 0; p < pixels; p += few_pixels) {
    const Index n = std::min(few_pixels, pixels - p);
    for (const Index k : strips_)
      spread_strip<strip>(dy + p, position_.data() + p, W + k, n,
                          frames + element_[static_cast<std::size_t>(k)]);
    for (const Index k : left_over_)
      spread_strip<1>(dy + p, position_.data() + p, W + k, n, frames + element_[static_cast<std::size_t>(k)]);
  }
}
//! [one_filter]

//! [spread]
void SlidingWindow::spread(const Real* dy, Index images, const Real* kernel, Real* dx) const {
  static thread_local std::vector<Real> scratch;
  Real* frames = framed() ? room(scratch, images * padded_size()) : dx;
  std::fill_n(frames, images * padded_size(), Real(0));
  if (filters_ == 1) {
    spread_one_filter(dy, images * out_height_ * out_width_, kernel, frames);
  } else if (channels_ < few_channels) {
    add_patches(dy, images, kernel, frames);
  } else {
    // Element by element of the window, channels side by side: what all pixels send there.
    const OffsetMatrix dy_rows{dy, pixel_row_.data(), one_.data(), images * out_height_ * out_width_,
                               filters_};
    for (Index first = 0; first < window(); first += part_)
      matrix_product(dy_rows, kernel + first * filters_, part_, part_,
                     {frames + element_[static_cast<std::size_t>(first)], position_.data()}, Start::previous);
  }
  if (framed())
    for (Index row = 0; row < images * height_; ++row)
      std::copy_n(frames + inside(row), width_ * channels_, dx + row * width_ * channels_);
}
//! [spread]

// With few channels whole patches are longer vectors: they are computed, then added.
void SlidingWindow::add_patches(const Real* dy, Index images, const Real* W_transposed, Real* frames) const {
  const Index pixels = images * out_height_ * out_width_;
  static thread_local std::vector<Real> patches;
  room(patches, pixels * window());
  const std::vector<Index> patch_row = regular_offsets(pixels, window());
  const OffsetMatrix dy_rows{dy, pixel_row_.data(), one_.data(), pixels, filters_};
  matrix_product(dy_rows, W_transposed, window(), window(), {patches.data(), patch_row.data()});
  const Index segment = kernel_ * channels_, row = padded_width_ * channels_;
  for (Index p = 0; p < pixels; ++p)
    for (Index ky = 0; ky < kernel_; ++ky) {
      const Real* patch = patches.data() + p * window() + ky * segment;
      Real* at = frames + position_[static_cast<std::size_t>(p)] + ky * row;
#pragma omp simd
      for (Index i = 0; i < segment; ++i) at[i] += patch[i];
    }
}

const Real* SlidingWindow::kernel_for_spread(const Real* W, std::vector<Real>& memory) const {
  Real* W_transposed = room(memory, window() * filters_);
  const Index part = channels_ < few_channels ? window() : part_;
  parallel_for(window() / part, [&](Index i) {
    transpose(W + i * part * filters_, part, filters_, W_transposed + i * part * filters_);
  });
  return W_transposed;
}

}  // namespace plaingrad
