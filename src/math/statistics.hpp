/// @file
/// The mean, in double whatever Real is.
#pragma once

#include <numeric>
#include <stdexcept>
#include <vector>

namespace plaingrad {

/// Arithmetic mean of a list of numbers. @throws std::invalid_argument if it is empty
template <class Number>
double mean(const std::vector<Number>& numbers) {
  if (numbers.empty()) throw std::invalid_argument("mean: there are no numbers");
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

}  // namespace plaingrad
