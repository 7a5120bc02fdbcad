#include "optimizers/sgd.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "math/multiply_add.hpp"
#include "optimizers/parameter_sizes.hpp"

namespace plaingrad {

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

double MeanLoss::mean(const Tensor& theta) const {
  double sum = 0;
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
  if (m < 1 || m > examples) {
    throw std::invalid_argument("sample_mini_batch: m = " + std::to_string(m) + ", expected 1 to " +
                                std::to_string(examples) + ", the number of examples");
  }
  std::vector<Index> order = random.permutation(examples);
  order.resize(static_cast<std::size_t>(m));
  return order;
}

DescentResult stochastic_gradient_descent(const MeanLoss& loss, Tensor theta,
                                          const LearningRate& learning_rate, Index m, StoppingRule rule,
                                          Index passes, Random& random) {
  //! [sgd_steps]
  Index k = 1;  // step 1; the initial theta and the learning rates are arguments
  DescentResult result;
  result.losses = {loss.mean(theta)};
  rule.reached(result.losses.back());
  for (Index pass = 0; pass < passes && !result.converged; ++pass) {
    for (Index i = 0; i < loss.examples; i += m) {
      const std::vector<Index> mini_batch = sample_mini_batch(loss.examples, m, random);  // step 2
      const Tensor g_hat = mini_batch_gradient(loss, theta, mini_batch);                  // step 3
      const auto epsilon_k = static_cast<Real>(learning_rate.at(k));                      //
      for (Index j = 0; j < theta.size(); ++j) theta[j] -= epsilon_k * g_hat[j];          // step 4
      k = k + 1;                                                                          // step 5
    }
    result.losses.push_back(loss.mean(theta));
    result.converged = rule.reached(result.losses.back());  // "until our improvements are minuscule"
  }
  //! [sgd_steps]
  result.theta = std::move(theta);
  result.steps = k - 1;
  return result;
}

SGD::SGD(const LearningRate& learning_rate) : learning_rate_(learning_rate) {  // step 1: k = 1
  if (!(learning_rate.initial > 0) || !std::isfinite(learning_rate.initial)) {
    throw std::invalid_argument("SGD: learning rate " + std::to_string(learning_rate.initial) +
                                ", expected a positive number");
  }
  if (!(learning_rate.decay >= 0) || !std::isfinite(learning_rate.decay)) {
    throw std::invalid_argument("SGD: decay " + std::to_string(learning_rate.decay) + ", expected 0 or more");
  }
}

void SGD::step(const std::vector<Parameter*>& parameters) {
  require_same_parameters(parameters, sizes_);
  //! [SGD_step]
  const auto epsilon_k = static_cast<Real>(learning_rate_.at(k_));
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
  if (k < 1) throw std::invalid_argument("SGD: k = " + std::to_string(k) + ", expected 1 or more");
  k_ = k;
}

}  // namespace plaingrad
