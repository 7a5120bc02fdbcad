/// @file
/// One layer checked, and what was found as a table or as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "gradient_check/faults.hpp"
#include "gradient_check/gradient_check.hpp"

namespace plaingrad::gradient_check {

/// Checks the layer's backward pass, or one with a fault in it.
/// @param fault  or nullptr
/// @throws std::invalid_argument if the layer cannot be made so, or the fault changes nothing
GradientReport check(const Request& request, const Fault* fault);

/// The elements of each argument that are furthest off, at most `rows`, and below them the report.
void print_table(const GradientReport& report, Index rows);

/// All elements.
nlohmann::json as_json(const Request& request, const GradientReport& report);

}  // namespace plaingrad::gradient_check
