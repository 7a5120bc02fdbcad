#include "math/random.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <charconv>
#include <cmath>
#include <locale>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "math/floating_point.hpp"

namespace plaingrad {
namespace {

void require_bounds(double low, double high) {
  if (!(low <= high) || !std::isfinite(high - low))
    throw std::invalid_argument("Random: bounds " + std::to_string(low) + " and " + std::to_string(high) +
                                ", expected finite ones in order");
}

void require_moments(double mean, double deviation) {
  if (!std::isfinite(mean) || !std::isfinite(deviation) || deviation < 0)
    throw std::invalid_argument("Random: mean " + std::to_string(mean) + " and standard deviation " +
                                std::to_string(deviation) + ", expected finite ones, the second 0 or more");
}

}  // namespace

double Random::uniform(double low, double high) {
  require_bounds(low, high);
  const double draw = low + (high - low) * boost::random::uniform_01<double>()(engine_);
  return draw < high ? draw : std::nextafter(high, low);  // the sum may have been rounded up to high
}

double Random::normal(double mean, double deviation) {
  require_moments(mean, deviation);
  return mean + deviation * boost::random::normal_distribution<double>()(engine_);
}

Index Random::index(Index count) {
  if (count < 1)
    throw std::invalid_argument("Random::index: count must be 1 or more, got " + std::to_string(count));
  return boost::random::uniform_int_distribution<Index>(0, count - 1)(engine_);
}

std::vector<Index> Random::permutation(Index count) {
  if (count < 0)
    throw std::invalid_argument("Random::permutation: count must be 0 or more, got " + std::to_string(count));
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index(0));
  for (Index last = count - 1; last > 0; --last)
    std::swap(order[static_cast<std::size_t>(last)], order[static_cast<std::size_t>(index(last + 1))]);
  return order;
}

void Random::fill_uniform(Tensor& tensor, double low, double high) {
  const FloatingPointSettings standard;
  for (Real& value : tensor.values) value = static_cast<Real>(uniform(low, high));
}

void Random::fill_normal(Tensor& tensor, double mean, double deviation) {
  const FloatingPointSettings standard;
  for (Real& value : tensor.values) value = static_cast<Real>(normal(mean, deviation));
}

Random Random::split() {
  return Random(bits());
}

std::string Random::state() const {
  std::ostringstream text;
  text.imbue(std::locale::classic());  // a program's own locale may group digits
  text << engine_;
  return text.str();
}

namespace {

/// The whole numbers that a text consists of. @throws std::runtime_error if it has anything else
std::vector<std::uint64_t> whole_numbers(const std::string& text) {
  std::vector<std::uint64_t> numbers;
  std::istringstream words(text);
  words.imbue(std::locale::classic());
  for (std::string word; words >> word;) {
    const char* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, numbers.emplace_back());
    if (error != std::errc() || stop != end)
      throw std::runtime_error("not a state of the random generator: it has " + word.substr(0, 40));
  }
  return numbers;
}

}  // namespace

void Random::restore(const std::string& state) {
  // The standard library takes any position, and would read beyond its table later.
  constexpr std::size_t table = std::mt19937_64::state_size;
  const std::vector<std::uint64_t> numbers = whole_numbers(state);
  if (numbers.size() != whole_numbers(this->state()).size())
    throw std::runtime_error("not a state of the random generator: it has " + std::to_string(numbers.size()) +
                             " numbers");
  if (numbers.size() > table && numbers[table] > table)
    throw std::runtime_error("not a state of the random generator: it has position " +
                             std::to_string(numbers[table]) + " of " + std::to_string(table));
  if (std::all_of(numbers.begin(), numbers.begin() + table, [](std::uint64_t n) { return n == 0; }))
    throw std::runtime_error("not a state of the random generator: it is zero, and would stay so");
  std::istringstream text(state);
  text.imbue(std::locale::classic());
  std::mt19937_64 engine;
  if (!(text >> engine)) throw std::runtime_error("not a state of the random generator");
  engine_ = engine;
}

}  // namespace plaingrad
