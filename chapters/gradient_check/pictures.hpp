/// @file
/// Figures of what a check has found.
#pragma once

#include <filesystem>

#include "gradient_check/check.hpp"

namespace plaingrad::gradient_check {

/// Draws figure_gradient_check_errors (each tensor's error, element by element) and
/// figure_gradient_check_steps (of the worst element, how good differences are for every step) into the
/// folder.
/// @throws std::runtime_error if they cannot be drawn or written
void draw(const std::filesystem::path& folder, const Request& request, const Checked& checked);

}  // namespace plaingrad::gradient_check
