#include "layers/sliding_window.hpp"

#include <omp.h>

#include <algorithm>

#include "math/parallel.hpp"

namespace plaingrad {

SlidingWindow::SlidingWindow(Index height, Index width, Index channels, Index kernel, Index stride,
                             Padding padding)
    : height_(height), width_(width), channels_(channels), kernel_(kernel), stride_(stride) {
  out_height_ = output_extent(height, kernel, stride, padding);
  out_width_ = output_extent(width, kernel, stride, padding);
  before_y_ = padding_before(height, kernel, stride, padding);
  before_x_ = padding_before(width, kernel, stride, padding);
  padded_height_ = std::max(before_y_ + height, (out_height_ - 1) * stride + kernel);
  padded_width_ = std::max(before_x_ + width, (out_width_ - 1) * stride + kernel);
  for (Index y = 0; y < kernel; ++y)
    for (Index x = 0; x < kernel; ++x)
      for (Index c = 0; c < channels; ++c) element_.push_back((y * padded_width_ + x) * channels + c);
}

// Lists where the window stands for every output pixel of `batch` images; kept from step to step.
void SlidingWindow::take_batch(Index batch) {
  const Index image = padded_height_ * padded_width_ * channels_;
  Index n = static_cast<Index>(position_.size()) / (out_height_ * out_width_);
  for (; n < batch; ++n)
    for (Index y = 0; y < out_height_; ++y)
      for (Index x = 0; x < out_width_; ++x)
        position_.push_back(n * image + (y * padded_width_ + x) * stride_ * channels_);
}

const Real* SlidingWindow::pad(const Tensor& x) {
  if (padded_height_ == height_ && padded_width_ == width_) return x.data();
  const Index batch = x.extent(0), row = width_ * channels_;
  const Index image = padded_height_ * padded_width_ * channels_;
  if (static_cast<Index>(padded_.size()) < batch * image)  // the frame is written here, once, and stays zero
    padded_.resize(static_cast<std::size_t>(batch * image), Real(0));
  parallel_for(batch, [&](Index n) {
    for (Index y = 0; y < height_; ++y)
      std::copy_n(x.data() + (n * height_ + y) * row, row,
                  padded_.data() + n * image + ((y + before_y_) * padded_width_ + before_x_) * channels_);
  });
  return padded_.data();
}

//! [correlate]
void SlidingWindow::correlate(const Real* padded, Index batch, const Tensor& W, const Real* bias,
                              Activation f, Tensor& y) {
  take_batch(batch);
  const Index filters = W.extent(3);
  const Index rows = batch * out_height_ * out_width_;
  y.resize({batch, out_height_, out_width_, filters});
  const OffsetMatrix patches{padded, position_.data(), element_.data(), rows, window()};
  parallel_blocks(rows, 96, [&](Index first, Index last) {
    Real* block = y.data() + first * filters;
    if (filters == 1)
      correlate_one_filter(padded, first, last, W.data(), bias ? *bias : 0, block);
    else
      matrix_product(patches.row_block(first, last), W.data(), filters, filters, block, filters, Start::zero,
                     bias);
    apply(f, block, (last - first) * filters);  // while the block is still in the cache
  });
}
//! [correlate]

//! [kernel_gradient]
void SlidingWindow::add_kernel_gradient(const Real* padded, Index batch, const Tensor& dy, Tensor& dW) {
  take_batch(batch);
  const Index filters = dW.extent(3), pixels = batch * out_height_ * out_width_;
  const OffsetMatrix patches_transposed{padded, element_.data(), position_.data(), window(), pixels};
  // The sum over the pixels is cut into slices, as long as their sums stay small: so a small kernel gives
  // work to many threads, and each of them reads only the images that it has just computed.
  const Index slices = std::clamp<Index>(std::min(pixels / 1024, 200'000 / dW.size()), 1, 16);
  const Index slice = (pixels + slices - 1) / slices, row_block = filters > 1 ? 24 : window();
  const Index row_blocks = (window() + row_block - 1) / row_block;
  slices_.resize(static_cast<std::size_t>(slices * dW.size()));
  parallel_for(slices * row_blocks, [&](Index work) {
    const Index s = work / row_blocks, i = work % row_blocks * row_block;
    const Index first = std::min(pixels, s * slice), last = std::min(pixels, first + slice);
    Real* sum = slices_.data() + s * dW.size() + i * filters;
    if (filters == 1)
      one_filter_gradient(padded, first, last, dy.data(), sum);
    else
      matrix_product(
          patches_transposed.row_block(i, std::min(window(), i + row_block)).column_block(first, last),
          dy.data() + first * filters, filters, filters, sum, filters);
  });
  for (Index s = 0; s < slices; ++s)
    for (Index i = 0; i < dW.size(); ++i) dW[i] += slices_[static_cast<std::size_t>(s * dW.size() + i)];
}
//! [kernel_gradient]

//! [one_filter]
void SlidingWindow::correlate_one_filter(const Real* padded, Index first, Index last, const Real* W,
                                         Real bias, Real* y) const {
  const Index segment = kernel_ * channels_, row = padded_width_ * channels_;
  constexpr Index strip = 16;  // products summed side by side, so that the compiler can take them as a vector
  for (Index p = first; p < last; ++p) {
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
    y[p - first] = total;
  }
}

void SlidingWindow::one_filter_gradient(const Real* padded, Index first, Index last, const Real* dy,
                                        Real* dW) const {
  const Index segment = kernel_ * channels_, row = padded_width_ * channels_;
  std::fill_n(dW, window(), Real(0));
  for (Index p = first; p < last; ++p) {
    const Real* patch = padded + position_[static_cast<std::size_t>(p)];
    for (Index ky = 0; ky < kernel_; ++ky)
#pragma omp simd
      for (Index i = 0; i < segment; ++i) dW[ky * segment + i] += dy[p] * patch[ky * row + i];
  }
}
//! [one_filter]

//! [spread]
void SlidingWindow::spread(const Tensor& dy, const Tensor& W, Tensor& dx) {
  const Index batch = dy.extent(0), filters = W.extent(3);
  take_batch(1);
  dx.resize({batch, height_, width_, channels_});
  W_transposed_.resize(W.values.size());
  transpose(W.data(), window(), filters, W_transposed_.data());
  patches_.resize(static_cast<std::size_t>(omp_get_max_threads()));
  frames_.resize(patches_.size());
  const Index pixels = out_height_ * out_width_;
  parallel_blocks(batch, std::max<Index>(1, 128 / pixels), [&](Index first, Index last) {
    spread_images(dy.data() + first * pixels * filters, W_transposed_.data(), filters, last - first,
                  dx.data() + first * height_ * width_ * channels_);
  });
}

// Adds factor * patch where the window stands.
void SlidingWindow::add_patch(const Real* patch, Real factor, Real* at) const {
  const Index segment = kernel_ * channels_, row = padded_width_ * channels_;
  for (Index ky = 0; ky < kernel_; ++ky)
#pragma omp simd
    for (Index i = 0; i < segment; ++i) at[ky * row + i] += factor * patch[ky * segment + i];
}

void SlidingWindow::spread_images(const Real* dy, const Real* W_transposed, Index filters, Index images,
                                  Real* dx) {
  const Index pixels = out_height_ * out_width_;
  const auto thread = static_cast<std::size_t>(omp_get_thread_num());
  std::vector<Real>&patches = patches_[thread], &frame = frames_[thread];
  if (filters > 1) {
    patches.resize(static_cast<std::size_t>(images * pixels * window()));
    const std::vector<Index> row = regular_offsets(images * pixels, filters),
                             column = regular_offsets(filters, 1);
    const OffsetMatrix dy_rows{dy, row.data(), column.data(), images * pixels, filters};
    matrix_product(dy_rows, W_transposed, window(), window(), patches.data(), window());
  }
  for (Index n = 0; n < images; ++n) {
    frame.assign(static_cast<std::size_t>(padded_height_ * padded_width_ * channels_), Real(0));
    for (Index p = 0; p < pixels; ++p) {
      const Index position = position_[static_cast<std::size_t>(p)], at = n * pixels + p;
      if (filters > 1)
        add_patch(patches.data() + at * window(), 1, frame.data() + position);
      else
        add_patch(W_transposed, dy[at], frame.data() + position);
    }
    for (Index y = 0; y < height_; ++y)
      std::copy_n(frame.data() + ((y + before_y_) * padded_width_ + before_x_) * channels_,
                  width_ * channels_, dx + (n * height_ + y) * width_ * channels_);
  }
}
//! [spread]

namespace {

// Sums over rows are cut into this many slices, whatever the number of threads, and the slices added in
// order.
constexpr Index sum_slices = 16;

// Runs add_rows(first, last, sums of the slice) for each slice of the rows, by all threads.
template <class AddRows>
void sum_in_slices(Index rows, Index columns, Real* sums, const AddRows& add_rows) {
  const Index slice = (rows + sum_slices - 1) / sum_slices;
  std::vector<Real> partial(static_cast<std::size_t>(sum_slices * columns), Real(0));
  parallel_for(sum_slices, [&](Index s) {
    add_rows(std::min(rows, s * slice), std::min(rows, (s + 1) * slice), partial.data() + s * columns);
  });
  for (Index s = 0; s < sum_slices; ++s)
    for (Index j = 0; j < columns; ++j) sums[j] += partial[static_cast<std::size_t>(s * columns + j)];
}

void add_rows(const Real* M, Index first, Index last, Index columns, Real* sum) {
  for (Index i = first; i < last; ++i)
#pragma omp simd
    for (Index j = 0; j < columns; ++j) sum[j] += M[i * columns + j];
}

}  // namespace

void add_column_sums(const Real* M, Index rows, Index columns, Real* sums) {
  sum_in_slices(rows, columns, sums,
                [&](Index first, Index last, Real* sum) { add_rows(M, first, last, columns, sum); });
}

const Tensor& activation_backward(Activation f, const Tensor& y, const Tensor& dy, Real* db,
                                  Tensor& scratch) {
  const Index columns = y.shape.back(), rows = y.size() / columns;
  if (f == Activation::linear) {
    if (db) add_column_sums(dy.data(), rows, columns, db);
    return dy;
  }
  scratch.resize(y.shape);
  std::vector<Real> unwanted(db ? 0 : static_cast<std::size_t>(columns));
  sum_in_slices(rows, columns, db ? db : unwanted.data(), [&](Index first, Index last, Real* sum) {
    constexpr Index few = 32;  // rows at a time, so that they are still in the cache when they are summed
    for (Index i = first; i < last; i += few) {
      const Index end = std::min(last, i + few), from = i * columns, count = (end - i) * columns;
      std::copy_n(dy.data() + from, count, scratch.data() + from);
      multiply_by_derivative(f, y.data() + from, scratch.data() + from, count);
      add_rows(scratch.data(), i, end, columns, sum);
    }
  });
  return scratch;
}

}  // namespace plaingrad
