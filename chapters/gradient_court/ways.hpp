/// @file
/// Seven ways to check a gradient: the library's, and the rules of others as they are documented, in code of
/// our own. Where a rule compares with another framework, the right backward pass stands in for it.
#pragma once

#include "gradient_court/family.hpp"

namespace plaingrad::gradient_court {

/// A way to check.
struct Way {
  std::string name;
  std::string rule;    ///< a line
  std::string source;  ///< where it is documented
  ImageShape images;   ///< those of its source
  /// How far off it finds the suspect, in units of its own tolerance: above 1 is an alarm.
  std::function<double(const Subject& suspect, const Subject& right)> error;
};

/// The library's own is the first.
const std::vector<Way>& all_ways();

}  // namespace plaingrad::gradient_court
