#include "engine/normalization.hpp"

#include "math/multiply_add.hpp"
#include "math/parallel.hpp"

namespace plaingrad {
namespace {

/// Calls work(number of the row's first value) for every row of channels, by all threads.
template <class Work>
void for_each_row(const Tensor& x, const Work& work) {
  const Index channels = x.shape.back();
  parallel_blocks(x.size() / channels, 256, [&](Index first, Index last) {
    for (Index i = first; i < last; ++i) work(i * channels);
  });
}

}  // namespace

void normalize(const Tensor& x, const std::vector<Real>& mean, const std::vector<Real>& inverse_deviation,
               const Tensor& gamma, const Tensor& beta, Tensor& x_hat, Tensor& y) {
  const Index channels = x.shape.back();
  const Real *m = mean.data(), *inverse = inverse_deviation.data();
  const Real *g = gamma.data(), *b = beta.data();
  for_each_row(x, [&](Index first) {
    const Real* x_row = x.data() + first;
    Real *hat_row = x_hat.data() + first, *y_row = y.data() + first;
#pragma omp simd
    for (Index c = 0; c < channels; ++c) {
      hat_row[c] = (x_row[c] - m[c]) * inverse[c];
      y_row[c] = multiply_add(g[c], hat_row[c], b[c]);
    }
  });
}

void normalize_gradient(const Tensor& dy, const Tensor& x_hat, const std::vector<Real>& inverse_deviation,
                        const Tensor& gamma, const std::vector<Real>& dbeta, const std::vector<Real>& dgamma,
                        Real share, Tensor& dx) {
  const Index channels = dy.shape.back();
  const Real *g = gamma.data(), *inverse = inverse_deviation.data();
  const Real *sum = dbeta.data(), *sum_hat = dgamma.data();
  for_each_row(dy, [&](Index first) {
    const Real *dy_row = dy.data() + first, *hat_row = x_hat.data() + first;
    Real* dx_row = dx.data() + first;
#pragma omp simd
    for (Index c = 0; c < channels; ++c) {
      const Real of_statistics = multiply_add(hat_row[c], sum_hat[c], sum[c]);
      dx_row[c] = g[c] * inverse[c] * multiply_add(-share, of_statistics, dy_row[c]);
    }
  });
}

}  // namespace plaingrad
