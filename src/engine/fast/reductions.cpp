#include "engine/reductions.hpp"

#include "engine/fast/batch_sums.hpp"
#include "math/multiply_add.hpp"

namespace plaingrad {
namespace {

// sums[c] = the terms of all rows i, each added by add(i channels + c, c, sum so far), in slices by all
// threads.
template <class Add>
std::vector<Real> sum_over_rows(const Tensor& x, const Add& add) {
  constexpr Index slices = 16;
  const Index channels = x.shape.back(), rows = x.size() / channels;
  static thread_local fast::Scratch scratch;
  Real* partial = fast::scratch_at_least(scratch, slices * channels);
  parallel_for(slices, [&](Index s) {
    Real* sum = partial + s * channels;
    std::fill_n(sum, channels, Real(0));
    for (Index i = s * rows / slices; i < (s + 1) * rows / slices; ++i)
#pragma omp simd
      for (Index c = 0; c < channels; ++c) sum[c] = add(i * channels + c, c, sum[c]);
  });
  std::vector<Real> sums(static_cast<std::size_t>(channels), Real(0));
  fast::column_sums(partial, slices, channels, fast::Accumulate::yes, sums.data());
  return sums;
}

}  // namespace

std::vector<Real> channel_sums(const Tensor& x) {
  return sum_over_rows(x, [values = x.data()](Index i, Index, Real sum) { return sum + values[i]; });
}

std::vector<Real> channel_square_deviations(const Tensor& x, const std::vector<Real>& mean) {
  return sum_over_rows(x, [values = x.data(), mean = mean.data()](Index i, Index c, Real sum) {
    return multiply_add(values[i] - mean[c], values[i] - mean[c], sum);
  });
}

std::vector<Real> channel_products(const Tensor& a, const Tensor& b) {
  return sum_over_rows(
      a, [a = a.data(), b = b.data()](Index i, Index, Real sum) { return multiply_add(a[i], b[i], sum); });
}

}  // namespace plaingrad
