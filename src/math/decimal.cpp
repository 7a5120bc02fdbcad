#include "math/decimal.hpp"

#include <charconv>

namespace plaingrad {
namespace {

// The greatest double has 309 digits before the point.
std::string written(double value, std::chars_format format, int precision) {
  std::string text(static_cast<std::size_t>(320 + precision), '\0');
  text.resize(static_cast<std::size_t>(
      std::to_chars(text.data(), text.data() + text.size(), value, format, precision).ptr - text.data()));
  return text;
}

}  // namespace

std::string fixed(double value, int decimals) {
  return written(value, std::chars_format::fixed, decimals);
}

std::string significant(double value, int digits) {
  return written(value, std::chars_format::general, digits);
}

}  // namespace plaingrad
