/// @file
/// How the settings of the ladder were chosen.
#pragma once

#include "data/dataset.hpp"

namespace plaingrad::seconds {

/// Prints what the settings that were tried come to, for as many seeds from the first one on: trained on all
/// but the last images, judged by these. The test images take no part.
void choose(const Dataset& images, std::uint64_t first_seed, int seeds);

}  // namespace plaingrad::seconds
