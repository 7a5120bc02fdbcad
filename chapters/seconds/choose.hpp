/// @file
/// How the ladder's settings were chosen.
#pragma once

#include "data/dataset.hpp"

namespace plaingrad::seconds {

/// Trains with every setting that was tried, for `seeds` seeds from the first one on, and prints its
/// accuracies: trained on all but the last images, evaluated on these. The test images take no part.
void choose(const Dataset& images, std::uint64_t first_seed, int seeds);

}  // namespace plaingrad::seconds
