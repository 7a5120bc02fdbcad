#include "optimizers/sgd.hpp"

#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "math/multiply_add.hpp"
#include "optimizers/parameter_sizes.hpp"

namespace plaingrad {
namespace {

void require_learning_rate(const LearningRate& rate) {
  const auto initial = static_cast<Real>(rate.initial), decay = static_cast<Real>(rate.decay);
  std::ostringstream text;
  if (!(initial > 0) || !isfinite(initial))
    text << "SGD: learning rate " << rate.initial << ", expected a positive number";
  else if (!(decay >= 0) || !isfinite(decay))
    text << "SGD: decay " << rate.decay << ", expected 0 or more";
  if (!text.str().empty()) throw std::invalid_argument(text.str());
}

// epsilon_k, which a decay can bring to 0.
Real positive_rate(const LearningRate& rate, Index k) {
  const auto epsilon_k = static_cast<Real>(rate.at(k));
  if (!(epsilon_k > 0))
    throw std::runtime_error("SGD: the learning rate of step " + std::to_string(k) + " has fallen to 0");
  return epsilon_k;
}

void require_finite_loss(double loss, Index k) {
  if (!std::isfinite(loss))
    throw std::runtime_error("stochastic_gradient_descent: the mean loss before step " + std::to_string(k) +
                             " is " + std::to_string(loss) + ". A smaller learning rate usually helps.");
}

void require_mini_batch(Index examples, Index m) {
  if (m < 1 || m > examples)
    throw std::invalid_argument("mini-batch of m = " + std::to_string(m) + ", expected 1 to " +
                                std::to_string(examples) + ", the number of examples");
}

void require_finite_update(const Parameter& parameter, Real epsilon_k, Index k) {
  const Real *theta = parameter.value.data(), *g_hat = parameter.gradient.data();
  int found = 0;
#pragma omp simd reduction(| : found)
  for (Index j = 0; j < parameter.value.size(); ++j)
    found |= !(abs(multiply_add(-epsilon_k, g_hat[j], theta[j])) <= std::numeric_limits<Real>::max());
  if (found)
    throw std::runtime_error("SGD: step " + std::to_string(k) + " would make a value of " + parameter.name +
                             " infinite or NaN. A smaller learning rate usually helps.");
}

}  // namespace

double LearningRate::at(Index k) const {
  if (k < 1) throw std::invalid_argument("LearningRate: k = " + std::to_string(k) + ", expected 1 or more");
  //! [learning_rate]
  return initial / (1 + decay * static_cast<double>(k - 1));  // epsilon_k
  //! [learning_rate]
}

StoppingRule::StoppingRule(double minuscule, Index patience) : minuscule_(minuscule), patience_(patience) {
  if (!(minuscule >= 0)) {
    throw std::invalid_argument("StoppingRule: minuscule = " + std::to_string(minuscule) +
                                ", expected 0 or more");
  }
  if (patience < 1) {
    throw std::invalid_argument("StoppingRule: patience = " + std::to_string(patience) +
                                ", expected 1 or more");
  }
}

//! [stopping_rule]
bool StoppingRule::reached(double loss) {
  const bool improved = loss < best_ - minuscule_;
  if (loss < best_) best_ = loss;
  without_improvement_ = improved ? 0 : without_improvement_ + 1;
  return without_improvement_ >= patience_;
}
//! [stopping_rule]

Sum MeanLoss::mean(const Tensor& theta) const {
  if (examples < 1)
    throw std::invalid_argument("MeanLoss: " + std::to_string(examples) + " examples, expected 1 or more");
  Sum sum = 0;
  for (Index i = 0; i < examples; ++i) sum += loss(theta, i);
  return sum / static_cast<double>(examples);
}

Tensor mini_batch_gradient(const MeanLoss& loss, const Tensor& theta, const std::vector<Index>& mini_batch) {
  if (mini_batch.empty()) throw std::invalid_argument("mini_batch_gradient: the mini-batch is empty");
  //! [eq_4_6]
  const auto m = static_cast<Real>(mini_batch.size());
  Tensor g_hat(theta.shape);
  for (const Index i : mini_batch) {
    const Tensor g = loss.gradient(theta, i);  // grad_theta L(f(x_i; theta), y_i)
    require_shape(g, theta.shape, "gradient of example " + std::to_string(i));
    for (Index j = 0; j < theta.size(); ++j) g_hat[j] += g[j] / m;  // (4.6)
  }
  return g_hat;
  //! [eq_4_6]
}

std::vector<Index> sample_mini_batch(Index examples, Index m, Random& random) {
  require_mini_batch(examples, m);
  std::vector<Index> order = random.permutation(examples);
  order.resize(static_cast<std::size_t>(m));
  return order;
}

DescentResult stochastic_gradient_descent(const MeanLoss& loss, Tensor theta,
                                          const LearningRate& learning_rate, Index m, StoppingRule rule,
                                          Index passes, Random& random) {
  require_learning_rate(learning_rate);
  require_mini_batch(loss.examples, m);
  if (passes < 0) throw std::invalid_argument("stochastic_gradient_descent: passes below 0");
  //! [sgd_steps]
  Index k = 1;  // step 1; the initial theta and the learning rates are arguments
  DescentResult result;
  result.losses = {value_of(loss.mean(theta))};
  require_finite_loss(result.losses.back(), k);
  rule.reached(result.losses.back());
  for (Index pass = 0; pass < passes && !result.converged; ++pass) {
    for (Index i = 0; i < loss.examples; i += m) {
      const std::vector<Index> mini_batch = sample_mini_batch(loss.examples, m, random);  // step 2
      const Tensor g_hat = mini_batch_gradient(loss, theta, mini_batch);                  // step 3
      const Real epsilon_k = positive_rate(learning_rate, k);                             //
      for (Index j = 0; j < theta.size(); ++j) theta[j] -= epsilon_k * g_hat[j];          // step 4
      k = k + 1;                                                                          // step 5
    }
    result.losses.push_back(value_of(loss.mean(theta)));
    require_finite_loss(result.losses.back(), k);
    result.converged = rule.reached(result.losses.back());  // "until our improvements are minuscule"
  }
  //! [sgd_steps]
  result.theta = std::move(theta);
  result.steps = k - 1;
  return result;
}

SGD::SGD(const LearningRate& learning_rate) : learning_rate_(learning_rate) {  // step 1: k = 1
  require_learning_rate(learning_rate);
}

void SGD::step(const std::vector<Parameter*>& parameters) {
  require_same_parameters(parameters, sizes_);
  //! [SGD_step]
  const Real epsilon_k = positive_rate(learning_rate_, k_);
  for (const Parameter* p : parameters)
    if (p->trainable) require_finite_update(*p, epsilon_k, k_);
  for (Parameter* p : parameters) {
    if (!p->trainable) continue;
    Real* theta = p->value.data();
    const Real* g_hat = p->gradient.data();
#pragma omp simd
    for (Index j = 0; j < p->value.size(); ++j)
      theta[j] = multiply_add(-epsilon_k, g_hat[j], theta[j]);  // step 4
  }
  k_ = k_ + 1;  // step 5
  //! [SGD_step]
}

void SGD::set_k(Index k) {
  if (k < 1 || k > max_steps)
    throw std::invalid_argument("SGD: k = " + std::to_string(k) + ", expected 1 to 2^53");
  k_ = k;
}

}  // namespace plaingrad
