/// @file
/// The problem of sections 4.3 and 4.4: a line to be fitted.
#pragma once

#include <vector>

#include "optimizers/sgd.hpp"

namespace plaingrad::chapter4 {

/// Pairs (x, y) with y = 2 x - 1 + noise. theta is (slope, intercept), the loss of a pair half the squared
/// error. The loss is a valley, the longer the wider the x are spread: then the slope counts for much more
/// than the intercept.
struct LineFit {
  std::vector<double> x, y;

  /// @param width  the x are uniform on 0 ... width
  LineFit(Index pairs, double width, Random& random);
  /// Refers to this line and must not outlive it.
  MeanLoss loss() const;
  /// The theta of least mean loss, from the normal equations.
  Tensor best() const;
};

/// Points of the (slope, intercept) plane.
struct Curve {
  std::vector<double> slope, intercept;
};

/// Where the loss is `level` above the least: an ellipse around the best theta, since the loss is a mean of
/// squares. 61 points, the last one the first again.
Curve level_line(const LineFit& line, double level);

}  // namespace plaingrad::chapter4
