/// @file
/// One layer checked, and what was found as a table or as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "gradient_check/faults.hpp"
#include "gradient_check/gradient_check.hpp"

namespace plaingrad::gradient_check {

/// How good differences of one element are, for every step: the V of figure 2.7. All errors are absolute.
struct StepCurve {
  std::string element;                 ///< its name: the one that is furthest off
  double value = 0;                    ///< its derivative by dual numbers
  std::vector<double> steps, central;  ///< the error of central differences for each step
  double dual = 0;                     ///< how far dual numbers and a right backward are apart
  double backward = 0;                 ///< how far the backward pass that was checked is off
};

/// A checked layer.
struct Checked {
  GradientReport report;                  ///< its backward pass against differences
  std::vector<std::vector<double>> dual;  ///< for each element of the report: the derivative by dual numbers
  StepCurve curve;
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
