/// @file
/// What a program printed, beside what it is expected to print.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <regex>
#include <string>
#include <vector>

namespace plaingrad {

/// Text between the numbers (without white space: columns move when a number gets a sign) and the numbers.
struct Pieces {
  explicit Pieces(const std::string& output) {
    static const std::regex number("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    auto from = output.begin();
    for (std::sregex_iterator match(output.begin(), output.end(), number), end; match != end; ++match) {
      add_text({from, output.begin() + match->position()});
      numbers.push_back(std::stod(match->str()));
      from = output.begin() + match->position() + match->length();
    }
    add_text({from, output.end()});
  }

  void add_text(std::string piece) {
    std::erase_if(piece, [](unsigned char c) { return std::isspace(c); });
    text.push_back(piece);
  }

  std::vector<std::string> text;
  std::vector<double> numbers;
};

/// Where two outputs differ by more than another processor's rounding explains; empty: nowhere.
inline std::string difference(const std::string& expected_output, const std::string& found_output) {
  const Pieces expected(expected_output), found(found_output);
  for (std::size_t i = 0; i < std::min(expected.text.size(), found.text.size()); ++i) {
    if (expected.text[i] != found.text[i])
      return "expected the text \"" + expected.text[i] + "\", found \"" + found.text[i] + '"';
    if (i >= std::min(expected.numbers.size(), found.numbers.size())) continue;
    const double want = expected.numbers[i], have = found.numbers[i];
    if (std::abs(have - want) > 1e-6 + 1e-3 * std::abs(want))
      return "expected " + std::to_string(want) + ", found " + std::to_string(have) + ", after \"" +
             expected.text[i] + '"';
  }
  return expected.text.size() == found.text.size() ? "" : "one is longer";
}

}  // namespace plaingrad
