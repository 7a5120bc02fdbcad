/// @file
/// Known faults of backward passes, to be injected on purpose with --break.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gradient_check/layers.hpp"

namespace plaingrad::gradient_check {

/// What one backward pass has computed.
struct BackwardPass {
  const Request& request;
  const Tensor &x, &y, &dy;
  std::vector<Parameter*> parameters;  ///< the layer's; here for their values and shapes
  std::vector<Tensor> gradients;       ///< of the parameters: what this pass adds
  Tensor dx;                           ///< of the input
  bool overwrites = false;             ///< parameters' gradients are overwritten instead of added to
};

/// A fault: its name for --break, a description, and what it does to a right backward pass.
struct Fault {
  std::string name, what;
  std::function<void(BackwardPass&)> apply;
};

/// All faults.
const std::vector<Fault>& all_faults();

/// Injects the fault. @throws std::invalid_argument if that changes nothing for this layer
void put_in(const Fault& fault, BackwardPass& pass);

}  // namespace plaingrad::gradient_check
