/// @file
/// Checks one layer; prints the result as a table or as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "gradient_check/faults.hpp"
#include "gradient_check/gradient_check.hpp"

namespace plaingrad::gradient_check {

/// The error of differences for one element and every step: the V of figure 2.7. All errors are absolute.
struct StepCurve {
  std::string element;                 ///< its name: the element with the largest error
  double value = 0;                    ///< its derivative by dual numbers
  std::vector<double> steps, central;  ///< the error of central differences for each step
  double dual = 0;                     ///< the difference between dual numbers and a right backward pass
  double backward = 0;                 ///< the error of the backward pass that was checked
};

/// What a check has found.
struct Checked {
  GradientReport report;                  ///< its backward pass against differences
  std::vector<std::vector<double>> dual;  ///< for each element of the report: the derivative by dual numbers
  StepCurve curve;
};

/// Checks the layer's backward pass, with a fault injected if one is given.
/// @param fault  or nullptr
/// @throws std::invalid_argument if there can be no such layer, or the fault changes nothing
Checked check(const Request& request, const Fault* fault);

/// Prints for each argument the elements with the largest errors, at most `rows`, and below them the report.
/// "error" is the difference between backward and dual numbers, "bound" the error allowed for differences.
void print_table(const Checked& checked, Index rows);

/// All elements.
nlohmann::json as_json(const Request& request, const Checked& checked);

}  // namespace plaingrad::gradient_check
