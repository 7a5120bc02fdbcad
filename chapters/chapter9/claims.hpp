/// @file
/// What the report states, what was found here, and whether the two agree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chapter8/seeds.hpp"

namespace plaingrad::chapter9 {

/// How far ours lies from the report's number, in percentage points.
struct Difference {
  std::string label;  ///< "MNIST, Adam"
  double mean, low, high;
};

/// A statement of the report.
struct Claim {
  int discovery = 0;                       ///< of the eight desired ones of section 7.2
  std::string section;                     ///< "8.4"
  std::string statement;                   ///< "MNIST, Adam: accuracy, %"
  std::string report;                      ///< its number
  std::string ours;                        ///< mean, spread, seeds
  std::string verdict;                     ///< reproduced, better, worse, not so, cannot be told; and why
  std::optional<Difference> difference{};  ///< of accuracies
  bool at_a_glance = false;                ///< one of the few that the README shows
};

/// What the eight desired discoveries of section 7.2 are about, in a few words.
extern const std::vector<std::string> discoveries;

/// All claims, in the order of the discoveries, from chapter 8's records and results.
/// @throws std::runtime_error if a record or a result is missing: chapter 8 comes first
std::vector<Claim> all_claims(chapter8::Context& context);

}  // namespace plaingrad::chapter9
