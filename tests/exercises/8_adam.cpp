// Exercise 8: a step of Adam
//
// Read first: build/docs/html/chapter4.html, section 4.4, and "As printed" in it.
//
// A step is no gradient: what you write is compared with the book's own Adam, step by step and from your own
// state, so that the first wrong step is the one to look at. For each parameter, with its gradient g:
//
//   4  s     <- beta1 s + (1 - beta1) g              the first moment, a mean of gradients
//   5  v     <- beta2 v + (1 - beta2) g g            the second, a mean of their squares
//   6  s_hat <- s / (1 - beta1^t)                    both began at zero: without that bias
//   7  v_hat <- v / (1 - beta2^t)
//   8  theta <- theta - epsilon s_hat / (sqrt(v_hat) + lambda)
//
// Steps 2, t <- t + 1, and 3, the gradient, are there.
//
// Missing: five lines, steps 4 to 8. Write them, then
//
//   make exercise N=8
#include <cmath>
#include <string>

#include "exercises/exercise.hpp"

using namespace plaingrad;

namespace {

struct AdamOptimizer {
  int parameters;
  double epsilon = 0.001, beta1 = 0.9, beta2 = 0.999, lambda = 1e-7;
  int t = 0;
  Array theta{"theta", {parameters}}, g{"g", {parameters}};
  Array s{"s", {parameters}}, v{"v", {parameters}}, s_hat{"s_hat", {parameters}},
      v_hat{"v_hat", {parameters}};

  void step() {
    t = t + 1;
    for (int i = 0; i < parameters; ++i) {
      // Your lines here: steps 4 to 8 for s(i), v(i), s_hat(i), v_hat(i) and theta(i).
      s(i) = beta1 * s(i) + (1 - beta1) * g(i);
      v(i) = beta2 * v(i) + (1 - beta2) * g(i) * g(i);
      s_hat(i) = s(i) / (1 - std::pow(beta1, t));
      v_hat(i) = v(i) / (1 - std::pow(beta2, t));
      theta(i) -= epsilon * s_hat(i) / (std::sqrt(v_hat(i)) + lambda);
      // End of your lines.
    }
  }
};

}  // namespace

int main() {
  Exercise exercise(8, "a step of Adam", "build/docs/html/chapter4.html#section_4_4");
  // The gradients of four parameters: one that changes its sign, one that keeps it, a tiny one, where lambda
  // counts, and one that is always zero.
  AdamOptimizer adam{.parameters = 4};
  for (int i = 0; i < 4; ++i) adam.theta(i) = 0.5 - i;
  ReferenceAdam right(adam.theta);
  for (int t = 1; t <= 6; ++t) {
    adam.g(0) = std::sin(2 * t), adam.g(1) = -3 - 0.1 * t, adam.g(2) = 1e-7 * t;
    right.step(adam.g);
    adam.step();
    exercise.compare("step " + std::to_string(t), {{adam.s, right.s, "step 4"},
                                                   {adam.v, right.v, "step 5"},
                                                   {adam.s_hat, right.s_hat, "step 6"},
                                                   {adam.v_hat, right.v_hat, "step 7"},
                                                   {adam.theta, right.theta, "step 8"}});
  }
  return exercise.verdict();
}
