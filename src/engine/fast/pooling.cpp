#include "engine/pooling.hpp"

#include <algorithm>

#include "convolution/pooling.hpp"
#include "math/parallel.hpp"

namespace plaingrad {
namespace {

// Channels that are compared at a time: a constant, so that they stay in registers.
constexpr Index channel_block = 16;

// Where the elements of a window lie, relative to its first, row by row.
std::vector<Index> window_offsets(Index size, Index width, Index channels) {
  std::vector<Index> element;
  for (Index m = 0; m < size; ++m)
    for (Index n = 0; n < size; ++n) element.push_back((m * width + n) * channels);
  return element;
}

//! [window]
// The maximum of a window and its element, for `width` channels.
template <Index width>
void window_max(const Real* window, const std::vector<Index>& element, Real* y, std::int32_t* argmax) {
  Real best[width];
  std::int32_t best_element[width];
  std::copy_n(window, width, best);
  std::fill_n(best_element, width, 0);
  for (std::size_t e = 1; e < element.size(); ++e) {
    const Real* value = window + element[e];
    const auto number = static_cast<std::int32_t>(e);
#pragma omp simd
    for (Index c = 0; c < width; ++c)
      best_element[c] = is_new_maximum(value[c], best[c]) ? number : best_element[c];
#pragma omp simd
    for (Index c = 0; c < width; ++c) best[c] = is_new_maximum(value[c], best[c]) ? value[c] : best[c];
  }
  std::copy_n(best, width, y);
  std::copy_n(best_element, width, argmax);
}

// The gradient goes to the element that argmax names, and zero to the others.
template <Index width>
void to_argmax(const Real* dy, const std::int32_t* argmax, const std::vector<Index>& element, Real* window) {
  for (std::size_t e = 0; e < element.size(); ++e) {
    Real* dx = window + element[e];
#pragma omp simd
    for (Index c = 0; c < width; ++c) dx[c] = argmax[c] == static_cast<std::int32_t>(e) ? dy[c] : Real(0);
  }
}
//! [window]

// Calls work(first value of the window in x, first value in y) for every window, in blocks of channels, by
// all threads. @param x  (batch, height, width, channels)
template <class BlockWork, class ChannelWork>
void for_each_window(const Shape& x, Index size, const BlockWork& block_work,
                     const ChannelWork& channel_work) {
  const Index height = x[1], width = x[2], channels = x[3];
  const Index out_height = height / size, out_width = width / size;
  parallel_for(x[0] * out_height, [&](Index row) {
    const Index n = row / out_height, i = row % out_height;
    for (Index j = 0; j < out_width; ++j) {
      const Index in = ((n * height + i * size) * width + j * size) * channels;
      const Index out = (row * out_width + j) * channels;
      Index c = 0;
      for (; c + channel_block <= channels; c += channel_block) block_work(in + c, out + c);
      for (; c < channels; ++c) channel_work(in + c, out + c);
    }
  });
}

}  // namespace

void max_pooling_forward(const Tensor& x, Index size, Tensor& y, std::vector<std::int32_t>& argmax) {
  const std::vector<Index> element = window_offsets(size, x.shape[2], x.shape[3]);
  const auto forward_of = [&](auto window_max_of_width) {
    return [&, window_max_of_width](Index in, Index out) {
      window_max_of_width(x.data() + in, element, y.data() + out, argmax.data() + out);
    };
  };
  for_each_window(x.shape, size, forward_of(window_max<channel_block>), forward_of(window_max<1>));
}

void max_pooling_backward(const Tensor& dy, const std::vector<std::int32_t>& argmax, Index size, Tensor& dx) {
  const std::vector<Index> element = window_offsets(size, dx.shape[2], dx.shape[3]);
  const auto backward_of = [&](auto to_argmax_of_width) {
    return [&, to_argmax_of_width](Index in, Index out) {
      to_argmax_of_width(dy.data() + out, argmax.data() + out, element, dx.data() + in);
    };
  };
  for_each_window(dx.shape, size, backward_of(to_argmax<channel_block>), backward_of(to_argmax<1>));
}

}  // namespace plaingrad
