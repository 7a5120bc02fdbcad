/// @file
/// Which engine this library was built with.
#pragma once

#include <string>

namespace plaingrad {

/// "fast" or "plain".
std::string engine_name();

}  // namespace plaingrad
