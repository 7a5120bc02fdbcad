/// @file
/// Seven gradient checkers: the library's own, and the published rules of others, reimplemented here. Where a
/// rule compares with another framework, the right backward pass stands in for it.
#pragma once

#include "gradient_court/family.hpp"

namespace plaingrad::gradient_court {

/// A method of checking a gradient.
struct Checker {
  std::string name;
  std::string rule;    ///< in one line
  std::string source;  ///< where it is documented
  ImageShape images;   ///< as in its source
  /// The candidate's error as this checker measures it, in units of its own tolerance: above 1 it is
  /// rejected.
  std::function<double(const Subject& candidate, const Subject& right)> error;
};

/// All seven; the library's own comes first.
const std::vector<Checker>& all_checkers();

}  // namespace plaingrad::gradient_court
