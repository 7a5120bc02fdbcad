/// @file
/// A set of samples in parts: mini-batches in random order to learn from, slices in order to evaluate.
#pragma once

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "math/random.hpp"

namespace plaingrad {

/// Number of mini-batches in an epoch of `samples` samples; the last may be smaller.
/// @throws std::invalid_argument unless samples is 0 or more and batch_size 1 or more
inline Index mini_batch_count(Index samples, Index batch_size) {
  if (samples < 0 || batch_size < 1)
    throw std::invalid_argument("mini-batches of " + std::to_string(batch_size) + " from " +
                                std::to_string(samples) + " samples");
  return samples / batch_size + (samples % batch_size != 0);
}

/// One epoch: every sample once, in an order drawn from `random`, in mini-batches of which the last may be
/// smaller.
class MiniBatches {
 public:
  /// @throws std::invalid_argument as mini_batch_count()
  MiniBatches(Index samples, Index batch_size, Random& random)
      : count_(mini_batch_count(samples, batch_size)),
        size_(batch_size),
        order_(random.permutation(samples)) {}

  /// How many there are.
  Index count() const { return count_; }
  /// The samples' positions in the mini-batch of a step, 1 ... count().
  std::span<const Index> at(Index step) const {
    const Index first = (step - 1) * size_, m = std::min(size_, std::ssize(order_) - first);
    return std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(m));
  }

 private:
  Index count_, size_;
  std::vector<Index> order_;
};

/// The same as a loop.
/// @param body  called as body(step, positions): the number of the step, from 1, and the samples' positions
template <class Body>
void for_each_mini_batch(Index samples, Index batch_size, Random& random, const Body& body) {
  const MiniBatches batches(samples, batch_size, random);
  for (Index step = 1; step <= batches.count(); ++step) body(step, batches.at(step));
}

/// All samples in order, at most `size` at a time: a network keeps what it computes for a whole batch, so a
/// large set goes through it in slices.
/// @param samples  (count, ...)
/// @throws std::invalid_argument if size is below 1
/// @param body  called as body(first, slice): samples `first`, `first` + 1 ... as a tensor
template <class Body>
void for_each_slice(const Tensor& samples, Index size, const Body& body) {
  Tensor part;
  for (Index number = 0; number < mini_batch_count(samples.extent(0), size); ++number) {
    const Index first = number * size;
    slice(samples, first, std::min(size, samples.extent(0) - first), part);
    body(first, part);
  }
}

}  // namespace plaingrad
