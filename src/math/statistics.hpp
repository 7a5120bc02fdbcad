/// @file
/// Mean, median and spread of a list of numbers, in double whatever Real is.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
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

/// The number in the middle when they are sorted; the mean of the two in the middle if their count is even.
/// @throws std::invalid_argument if the list is empty
inline double median(std::vector<double> numbers) {
  if (numbers.empty()) throw std::invalid_argument("median: there are no numbers");
  std::sort(numbers.begin(), numbers.end());
  const std::size_t half = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

/// Standard deviation of a sample: the squares are divided by the count less one. NaN of a single number,
/// which has no spread. @throws std::invalid_argument if the list is empty
template <class Number>
double standard_deviation(const std::vector<Number>& numbers) {
  const double centre = mean(numbers);
  if (numbers.size() == 1) return std::numeric_limits<double>::quiet_NaN();
  double squares = 0;
  for (const Number number : numbers) {
    const double distance = static_cast<double>(number) - centre;
    squares += distance * distance;
  }
  return std::sqrt(squares / static_cast<double>(numbers.size() - 1));
}

}  // namespace plaingrad
