/// @file
/// The check that all optimizers make before a step.
#pragma once

#include <vector>

#include "layers/layer.hpp"

namespace plaingrad {

/// Every call must bring the parameters of the first call. Fills `sizes` if it is empty, compares with it
/// otherwise.
/// @throws std::invalid_argument if the number or a size differs, or a gradient has not the shape of its
/// value
void require_same_parameters(const std::vector<Parameter*>& parameters, std::vector<Index>& sizes);

}  // namespace plaingrad
