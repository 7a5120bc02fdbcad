#include "engine/reductions.hpp"

#include "engine/fast/batch_sums.hpp"

namespace plaingrad {
namespace {

// sums[c] = sum over the rows i of value(i channels + c, c), in slices by all threads.
template <class Value>
std::vector<Real> sum_over_rows(const Tensor& x, const Value& value) {
  constexpr Index slices = 16;
  const Index channels = x.shape.back(), rows = x.size() / channels;
  static thread_local fast::Scratch scratch;
  Real* partial = fast::scratch_at_least(scratch, slices * channels);
  parallel_for(slices, [&](Index s) {
    Real* sum = partial + s * channels;
    std::fill_n(sum, channels, Real(0));
    for (Index i = s * rows / slices; i < (s + 1) * rows / slices; ++i)
#pragma omp simd
      for (Index c = 0; c < channels; ++c) sum[c] += value(i * channels + c, c);
  });
  std::vector<Real> sums(static_cast<std::size_t>(channels), Real(0));
  fast::column_sums(partial, slices, channels, fast::Accumulate::yes, sums.data());
  return sums;
}

}  // namespace

std::vector<Real> channel_sums(const Tensor& x) {
  return sum_over_rows(x, [values = x.data()](Index i, Index) { return values[i]; });
}

std::vector<Real> channel_square_deviations(const Tensor& x, const std::vector<Real>& mean) {
  return sum_over_rows(x, [values = x.data(), mean = mean.data()](Index i, Index c) {
    return (values[i] - mean[c]) * (values[i] - mean[c]);
  });
}

std::vector<Real> channel_products(const Tensor& a, const Tensor& b) {
  return sum_over_rows(a, [a = a.data(), b = b.data()](Index i, Index) { return a[i] * b[i]; });
}

}  // namespace plaingrad
