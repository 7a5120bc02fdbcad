/// @file
/// Stochastic gradient descent (section 4.3): the mini-batch gradient (4.6) and the algorithm of five steps
/// as the report gives them, for any loss that is a mean over examples; and the optimizer that takes the same
/// step for a network.
#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "math/random.hpp"
#include "optimizers/optimizer.hpp"

namespace plaingrad {

/// The learning rates epsilon_1, epsilon_2 ... of step 1: epsilon_k = initial / (1 + decay (k - 1)).
struct LearningRate {
  double initial = 0.01;  ///< epsilon_1, positive; Keras's default for SGD
  double decay = 0;       ///< 0: constant; greater: the rates fall

  /// epsilon_k, k = 1, 2 ... @throws std::invalid_argument if k is below 1
  double at(Index k) const;
};

/// "Until our improvements are minuscule": counts the losses in a row that did not improve on the best before
/// them by more than a given amount.
class StoppingRule {
 public:
  /// @param minuscule  an improvement of this much or less does not count
  /// @param patience  number of such losses in a row after which to stop
  /// @throws std::invalid_argument if minuscule is negative or not a number, or patience < 1
  explicit StoppingRule(double minuscule, Index patience = 1);
  /// Takes the next loss. @return true when it is time to stop. A loss that is not a number is no
  /// improvement.
  bool reached(double loss);

 private:
  double minuscule_;
  Index patience_;
  double best_ = std::numeric_limits<double>::infinity();
  Index without_improvement_ = 0;  // losses in a row
};

/// A loss that is the mean of the losses of its examples 0 ... examples - 1, each L(f(x_i; theta), y_i).
struct MeanLoss {
  Index examples = 0;
  std::function<Sum(const Tensor& theta, Index i)> loss;         ///< L(f(x_i; theta), y_i)
  std::function<Tensor(const Tensor& theta, Index i)> gradient;  ///< its gradient in theta, of theta's shape

  /// The mean over all examples. @throws std::invalid_argument if there is none
  Sum mean(const Tensor& theta) const;
};

/// g_hat = 1/m sum_i grad_theta L(f(x_i; theta), y_i), the sum over the m examples of the mini-batch.
/// @return theta's shape
/// @throws std::invalid_argument if the mini-batch is empty or a gradient has another shape
/// @eqimpl{4,6}
Tensor mini_batch_gradient(const MeanLoss& loss, const Tensor& theta, const std::vector<Index>& mini_batch);

/// m different examples of 0 ... examples - 1. @throws std::invalid_argument unless 1 <= m <= examples
std::vector<Index> sample_mini_batch(Index examples, Index m, Random& random);

/// The result of a run of stochastic gradient descent.
struct DescentResult {
  Tensor theta;
  std::vector<double> losses;  ///< mean loss over all examples: at the start, and after each pass
  Index steps = 0;             ///< updates made
  bool converged = false;      ///< the stopping rule ended it, not the limit on passes
};

/// The algorithm of section 4.3, steps 1 to 5. The stopping rule is applied once a pass (examples / m steps,
/// rounded up): the loss of one mini-batch is too noisy to tell a minuscule improvement by.
/// @param passes  the limit on passes
/// @throws std::invalid_argument unless 1 <= m <= examples, passes is 0 or more and the learning rate is one
/// that SGD takes
/// @throws std::runtime_error if a loss is not finite
DescentResult stochastic_gradient_descent(const MeanLoss& loss, Tensor theta,
                                          const LearningRate& learning_rate, Index m, StoppingRule rule,
                                          Index passes, Random& random);

/// The same update for the parameters of a network: steps 1, 4 and 5. Steps 2 and 3 are the mini-batch that
/// the caller draws, and the backward pass, whose gradients are means over that mini-batch.
class SGD : public Optimizer {
 public:
  /// @throws std::invalid_argument unless the initial rate is positive and the decay is not negative (both
  /// finite, as Reals too)
  explicit SGD(const LearningRate& learning_rate = {});

  /// theta <- theta - epsilon_k g_hat for every trainable parameter, then k <- k + 1.
  /// @throws std::runtime_error naming the parameter if a value would not be finite, or if epsilon_k has
  /// fallen to 0; nothing has changed then
  void step(const std::vector<Parameter*>& parameters) override;

  /// k, the number of the next step, from 1.
  Index k() const { return k_; }
  /// Resumes at step k: for checkpoints. @throws std::invalid_argument if k is not in 1 ... max_steps
  void set_k(Index k);

 private:
  LearningRate learning_rate_;
  Index k_ = 1;
  std::vector<Index> sizes_;  // of the parameters, at the first step
};

}  // namespace plaingrad
