#include "optimizers/adam.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "math/multiply_add.hpp"
#include "math/parallel.hpp"
#include "optimizers/parameter_sizes.hpp"

namespace plaingrad {

namespace {

/// Steps 6 to 8, the same in both forms.
void finish(AdamState& next, const AdamSettings& settings) {
  const auto& [epsilon, beta1, beta2, lambda] = settings;
  const auto t = static_cast<double>(next.t);
  //! [adam_6_8]
  next.s_hat = next.s / (1 - std::pow(beta1, t));                         // step 6
  next.v_hat = next.v / (1 - std::pow(beta2, t));                         // step 7
  next.theta -= epsilon * next.s_hat / (std::sqrt(next.v_hat) + lambda);  // step 8
  //! [adam_6_8]
}

}  // namespace

AdamState adam_step(const AdamState& previous, double g, const AdamSettings& settings) {
  const auto& [epsilon, beta1, beta2, lambda] = settings;
  AdamState next = previous;
  //! [adam_2_5]
  next.t = previous.t + 1;                            // step 2 (step 3 is the argument g)
  next.s = beta1 * previous.s + (1 - beta1) * g;      // step 4
  next.v = beta2 * previous.v + (1 - beta2) * g * g;  // step 5
  //! [adam_2_5]
  finish(next, settings);
  return next;
}

AdamState adam_step_as_printed(const AdamState& previous, double g, const AdamSettings& settings) {
  const auto& [epsilon, beta1, beta2, lambda] = settings;
  AdamState next = previous;
  //! [adam_as_printed]
  next.t = previous.t + 1;                            // step 2
  next.s = beta1 * previous.s + (1 + beta1) * g;      // step 4 as printed
  next.v = beta1 * previous.v + (1 + beta2) * g * g;  // step 5 as printed
  //! [adam_as_printed]
  finish(next, settings);
  return next;
}

namespace {

// Values that a thread takes at a time.
constexpr Index block_size = 4096;

/// The numbers of one step that all values share.
struct Rates {
  Real epsilon, lambda, beta1, beta2;
  Real one_minus_beta1, one_minus_beta2;  // taken in double, as float(1 - 0.999) is not 1 - float(0.999)
  Real correction1, correction2;          // 1 / (1 - beta^t)
};

Rates rates_of_step(const AdamSettings& settings, Index t) {
  const auto real = [](double x) { return static_cast<Real>(x); };
  const auto power = static_cast<double>(t);
  const auto& [epsilon, beta1, beta2, lambda] = settings;
  return {.epsilon = real(epsilon),
          .lambda = real(lambda),
          .beta1 = real(beta1),
          .beta2 = real(beta2),
          .one_minus_beta1 = real(1 - beta1),
          .one_minus_beta2 = real(1 - beta2),
          .correction1 = real(1 / (1 - std::pow(beta1, power))),
          .correction2 = real(1 / (1 - std::pow(beta2, power)))};
}

/// x, or 0 in place of a subnormal x.
Real normal_or_zero(Real x) {
  return abs(x) < std::numeric_limits<Real>::min() ? Real(0) : x;
}

/// Steps 4 to 8 for n values that stand one after the other.
void update(Index n, const Rates& r, const Real* g, Real* s, Real* v, Real* theta) {
  //! [adam_fast]
#pragma omp simd
  for (Index i = 0; i < n; ++i) {
    s[i] = normal_or_zero(multiply_add(r.beta1, s[i], r.one_minus_beta1 * g[i]));         // step 4
    v[i] = normal_or_zero(multiply_add(r.beta2, v[i], r.one_minus_beta2 * g[i] * g[i]));  // step 5
    const Real s_hat = s[i] * r.correction1;                                              // step 6
    const Real v_hat = v[i] * r.correction2;                                              // step 7
    theta[i] -= r.epsilon * s_hat / (sqrt(v_hat) + r.lambda);                             // step 8
  }
  //! [adam_fast]
}

/// Values [first, last) of parameter `number`.
struct Block {
  Parameter* parameter;
  Index number, first, last;
};

/// The blocks of all trainable parameters: one list, so that a step starts its threads twice and not twice
/// for every parameter.
std::vector<Block> blocks_of(const std::vector<Parameter*>& parameters) {
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i]->trainable) continue;
    const Index n = parameters[i]->value.size();
    for (Index first = 0; first < n; first += block_size)
      blocks.push_back({parameters[i], static_cast<Index>(i), first, std::min(n, first + block_size)});
  }
  return blocks;
}

[[noreturn]] void throw_unbounded_gradient(const Parameter& parameter, Real value, Index t) {
  std::ostringstream text;
  text << "Adam: step " << t << " finds " << value_of(value) << " in the gradient of " << parameter.name
       << ", expected magnitudes up to " << value_of(Adam::gradient_bound())
       << ". A smaller learning rate usually helps.";
  throw std::runtime_error(text.str());
}

void require_bounded_gradients(const std::vector<Block>& blocks, Index t) {
  const Real bound = Adam::gradient_bound();
  std::atomic<bool> bounded = true;
  parallel_for(std::ssize(blocks), [&](Index b) {
    const auto& [parameter, number, first, last] = blocks[static_cast<std::size_t>(b)];
    if (!all_within(parameter->gradient.data() + first, last - first, bound)) bounded = false;
  });
  if (bounded) return;
  for (const Block& block : blocks)
    for (const Real g : block.parameter->gradient.values)
      if (!(abs(g) <= bound)) throw_unbounded_gradient(*block.parameter, g, t);
}

void require_decay_rate(double beta, const std::string& name) {
  if (!(beta >= 0 && static_cast<Real>(beta) < 1)) {
    throw std::invalid_argument("Adam: " + name + " = " + std::to_string(beta) + ", expected 0 <= " + name +
                                " < 1");
  }
}

void require_positive(double value, const std::string& name) {
  const auto real = static_cast<Real>(value);
  if (!(real > 0) || !isfinite(real)) {
    std::ostringstream text;
    text << "Adam: " << name << " = " << value << ", expected a positive number";
    throw std::invalid_argument(text.str());
  }
}

}  // namespace

Adam::Adam(const AdamSettings& settings) : settings_(settings) {
  require_positive(settings.learning_rate, "learning_rate");
  require_positive(settings.lambda, "lambda");
  require_decay_rate(settings.beta1, "beta1");
  require_decay_rate(settings.beta2, "beta2");
}

void Adam::set_learning_rate(double epsilon) {
  require_positive(epsilon, "learning_rate");
  settings_.learning_rate = epsilon;
}

Real Adam::gradient_bound() {
  return sqrt(std::numeric_limits<Real>::max()) / 2;
}

void Adam::step(const std::vector<Parameter*>& parameters) {
  require_same_parameters(parameters, sizes_);
  const std::vector<Block> blocks = blocks_of(parameters);
  require_bounded_gradients(blocks, t_ + 1);
  if (moments_.empty()) {
    for (const Parameter* p : parameters) {
      moments_.push_back({.s = Tensor(p->value.shape), .v = Tensor(p->value.shape)});  // step 1
    }
  }
  t_ = t_ + 1;  // step 2
  const Rates rates = rates_of_step(settings_, t_);
  parallel_for(std::ssize(blocks), [&](Index b) {
    const auto& [parameter, number, first, last] = blocks[static_cast<std::size_t>(b)];
    auto& [s, v] = moments_[static_cast<std::size_t>(number)];
    const Real* g = parameter->gradient.data();  // step 3
    update(last - first, rates, g + first, s.data() + first, v.data() + first,
           parameter->value.data() + first);
  });
}

void Adam::restore(Index t, std::vector<AdamMoments> moments) {
  if (t < 0 || t > max_steps)
    throw std::invalid_argument("Adam: t = " + std::to_string(t) + ", expected 0 to 2^53");
  if (t > 0 && moments.empty()) {
    throw std::invalid_argument("Adam: no moments for t = " + std::to_string(t));
  }
  std::vector<Index> sizes;
  for (const AdamMoments& m : moments) {
    require_shape(m.v, m.s.shape, "second moment");
    if (!all_finite(m.s) || !all_finite(m.v) ||
        std::any_of(m.v.values.begin(), m.v.values.end(), [](Real v) { return v < 0; }))
      throw std::invalid_argument("Adam: moment " + std::to_string(sizes.size()) +
                                  " has a value that is not finite, or a negative v");
    sizes.push_back(m.s.size());
  }
  t_ = t;
  moments_ = std::move(moments);
  sizes_ = std::move(sizes);
}

}  // namespace plaingrad
