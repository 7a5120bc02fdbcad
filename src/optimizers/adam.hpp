/// @file
/// Adaptive moment estimation (section 4.4): its eight steps on one number, corrected and as printed, and the
/// optimizer that takes the corrected ones for a network.
///
/// The letters are the report's: epsilon is the learning rate, s and v the moments, lambda what keeps the
/// divisor from zero (Keras and PyTorch call that one epsilon).
#pragma once

#include <vector>

#include "optimizers/optimizer.hpp"

namespace plaingrad {

/// The hyperparameters of step 1. The defaults are Keras's.
struct AdamSettings {
  double learning_rate = 0.001;  ///< epsilon
  double beta1 = 0.9;            ///< decay rate of the first moment
  double beta2 = 0.999;          ///< decay rate of the second moment
  double lambda = 1e-7;          ///< Keras's epsilon
};

/// Adam's state for a parameter that is one number, intermediate results included. The default is step 1.
struct AdamState {
  double theta = 0;
  double s = 0, v = 0;  ///< moments
  Index t = 0;
  double s_hat = 0, v_hat = 0;  ///< moments without their bias towards the zero they started from
};

/// Steps 2 to 8 for one number, with the corrections of the errata page.
/// @param g  the gradient at previous.theta (step 3)
AdamState adam_step(const AdamState& previous, double g, const AdamSettings& settings = {});

/// The same with steps 4 and 5 as the report prints them: (1 + beta) for (1 - beta), and beta1 in the second
/// moment. For comparison only. (Steps 6 to 8 as in adam_step(): their circular hats leave no
/// other reading.)
AdamState adam_step_as_printed(const AdamState& previous, double g, const AdamSettings& settings = {});

/// The moments of one parameter, each of its shape.
struct AdamMoments {
  Tensor s, v;
};

/// Adam for the parameters of a network.
class Adam : public Optimizer {
 public:
  /// @throws std::invalid_argument unless learning_rate and lambda are positive and finite and
  /// 0 <= beta1, beta2 < 1, all of them as Reals too: in float a lambda of 1e-60 is 0
  explicit Adam(const AdamSettings& settings = {});

  /// Steps 2 to 8 for every trainable parameter, one pass over each. The gradient of step 3 is what backward
  /// left. The result does not depend on the number of threads. Subnormal moments become 0: beside lambda
  /// they make no difference, and processors are slow at them.
  /// @throws std::runtime_error naming the parameter if a gradient is NaN or greater than
  /// gradient_bound(), whose square still has room in v; nothing has changed then
  void step(const std::vector<Parameter*>& parameters) override;

  /// From the next step on: for rates that rise or fall in a training.
  /// @throws std::invalid_argument unless it is positive and finite, as a Real too
  void set_learning_rate(double epsilon);

  /// Half the square root of the largest Real: 9.2e18 in float.
  static Real gradient_bound();

  /// Number of steps taken.
  Index t() const { return t_; }
  /// One for each parameter in the order of step(), those that are not trainable included (theirs stay zero).
  /// Empty before the first step.
  const std::vector<AdamMoments>& moments() const { return moments_; }
  /// Resumes from the given state: for checkpoints.
  /// @throws std::invalid_argument if t is not in 0 ... max_steps, or positive without moments, or if s and
  /// v of a parameter differ in shape, are not finite, or v is negative somewhere
  void restore(Index t, std::vector<AdamMoments> moments);

 private:
  AdamSettings settings_;
  Index t_ = 0;
  std::vector<AdamMoments> moments_;
  std::vector<Index> sizes_;  // of the parameters, at the first step
};

}  // namespace plaingrad
