#include "engine/reductions.hpp"

namespace plaingrad {
namespace {

std::vector<Real> zeros_for_channels(const Tensor& x) {
  return std::vector<Real>(static_cast<std::size_t>(x.shape.back()), Real(0));
}

}  // namespace

std::vector<Real> channel_sums(const Tensor& x) {
  std::vector<Real> sums = zeros_for_channels(x);
  for (std::size_t i = 0; i < x.values.size(); ++i) sums[i % sums.size()] += x.values[i];
  return sums;
}

std::vector<Real> channel_square_deviations(const Tensor& x, const std::vector<Real>& mean) {
  std::vector<Real> sums = zeros_for_channels(x);
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    const Real deviation = x.values[i] - mean[i % sums.size()];
    sums[i % sums.size()] += deviation * deviation;
  }
  return sums;
}

std::vector<Real> channel_products(const Tensor& a, const Tensor& b) {
  std::vector<Real> sums = zeros_for_channels(a);
  for (std::size_t i = 0; i < a.values.size(); ++i) sums[i % sums.size()] += a.values[i] * b.values[i];
  return sums;
}

}  // namespace plaingrad
