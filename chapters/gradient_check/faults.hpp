/// @file
/// Known faults of backward passes, to be put in on purpose: --break.
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
  std::vector<Parameter*> parameters;  ///< the layer's, for their values and shapes
  std::vector<Tensor> gradients;       ///< of the parameters: what this pass adds
  Tensor dx;                           ///< of the input
  bool overwrites = false;             ///< parameters' gradients are overwritten in place of added to
};

/// A fault: what --break calls it, what it is, and what it does to a right backward pass.
struct Fault {
  std::string name, what;
  std::function<void(BackwardPass&)> spoil;
};

/// All of them.
const std::vector<Fault>& all_faults();

/// Puts the fault in. @throws std::invalid_argument if that changes nothing for this layer
void put_in(const Fault& fault, BackwardPass& pass);

}  // namespace plaingrad::gradient_check
