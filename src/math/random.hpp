/// @file
/// One source of randomness, seeded once and passed in; never global. The distributions are Boost.Random's,
/// whose results are the same on every platform.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "math/tensor.hpp"

namespace plaingrad {

/// A Mersenne Twister (std::mt19937_64) and the draws that this project needs.
class Random {
 public:
  /// The same seed, the same numbers.
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// 64 random bits.
  std::uint64_t bits() { return engine_(); }
  /// Uniform on [low, high); low itself if the two are equal.
  /// @throws std::invalid_argument unless low <= high and their difference is finite
  double uniform(double low, double high);
  /// Gaussian of the given mean and standard deviation.
  /// @throws std::invalid_argument unless both are finite and the second is 0 or more
  double normal(double mean = 0, double deviation = 1);
  /// Uniform on 0 ... count - 1. @throws std::invalid_argument if count < 1
  Index index(Index count);
  /// 0 ... count - 1 in random order (Fisher-Yates). @throws std::invalid_argument if count < 0
  std::vector<Index> permutation(Index count);

  /// Every value uniform(low, high), rounded to Real: in float one in 2^25 or so is rounded up to high.
  void fill_uniform(Tensor& tensor, double low, double high);
  /// Every value normal(mean, deviation), rounded to Real.
  void fill_normal(Tensor& tensor, double mean = 0, double deviation = 1);

  /// A generator of its own, seeded by one draw from this one: work split over slices draws from one per
  /// slice, so that the numbers do not depend on which thread computes which slice.
  Random split();

  /// The whole state as text, and back: for checkpoints. @throws std::runtime_error if the text is not a
  /// state
  std::string state() const;
  /// Resumes from such a text.
  void restore(const std::string& state);

 private:
  std::mt19937_64 engine_;
};

}  // namespace plaingrad
