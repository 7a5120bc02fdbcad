/// @file
/// One layer checked, and what was found as a table or as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "gradient_check/faults.hpp"
#include "gradient_check/gradient_check.hpp"

namespace plaingrad::gradient_check {

/// A checked layer.
struct Checked {
  GradientReport report;                  ///< its backward pass against differences
  std::vector<std::vector<double>> dual;  ///< for each element of the report: the derivative by dual numbers
};

/// Checks the layer's backward pass, or one with a fault in it.
/// @param fault  or nullptr
/// @throws std::invalid_argument if the layer cannot be made so, or the fault changes nothing
Checked check(const Request& request, const Fault* fault);

/// The elements of each argument that are furthest off, at most `rows`, and below them the report. "error" is
/// how far backward is from dual numbers, "bound" how far differences may be off.
void print_table(const Checked& checked, Index rows);

/// All elements.
nlohmann::json as_json(const Request& request, const Checked& checked);

}  // namespace plaingrad::gradient_check
