/// @file
/// An error on the command line.
#pragma once

#include <stdexcept>

namespace plaingrad {

/// The user asked for something that cannot be: exit status 2.
struct WrongUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace plaingrad
