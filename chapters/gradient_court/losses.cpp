#include <cmath>

#include "gradient_court/pointwise.hpp"
#include "math/statistics.hpp"

namespace plaingrad::gradient_court {
namespace {

constexpr std::size_t samples = 4, classes = 3;
constexpr std::size_t label(std::size_t n) {
  return n % classes;
}

// Element k of the softmax of its row of logits.
double softmax_of(const Numbers& logits, std::size_t k) {
  double sum = 0;
  for (std::size_t c = k / classes * classes; c < (k / classes + 1) * classes; ++c)
    sum += std::exp(logits[c]);
  return std::exp(logits[k]) / sum;
}

bool is_label(std::size_t k) {
  return k % classes == label(k / classes);
}

Numbers losses_by_sample(const Values& v) {
  Numbers losses(samples);
  for (std::size_t n = 0; n < samples; ++n) losses[n] = -std::log(softmax_of(v[0], n * classes + label(n)));
  return losses;
}

// The gradient with respect to the logits, given each sample's upstream gradient.
Numbers logit_gradient(const Numbers& logits, const std::function<double(std::size_t n)>& upstream) {
  Numbers gradient(logits.size());
  for (std::size_t k = 0; k < logits.size(); ++k)
    gradient[k] = upstream(k / classes) * (softmax_of(logits, k) - (is_label(k) ? 1 : 0));
  return gradient;
}

// A loss that is a mean of terms t(x) over all values, and its gradient t'(x) / count.
Subject mean_of(const std::string& name, Function t, Function t_prime) {
  return {{input(name, {4, 3}, 1)},
          [t](const Values& v) -> Numbers {
            Numbers terms = v[0];
            for (double& x : terms) x = t(x);
            return {mean(terms)};
          },
          [t_prime](const Values& v, const Numbers& U) -> Values {
            Numbers dx = v[0];
            for (double& x : dx) x = U[0] * t_prime(x) / static_cast<double>(dx.size());
            return {dx};
          }};
}

// The mean of -log D over the logits a, D = sigmoid(a): the discriminator's loss on real images, and the
// generator's on generated ones.
Subject minus_log_D() {
  return mean_of(
      "logits", [](double a) { return std::log1p(std::exp(-a)); }, [](double a) { return sigmoid(a) - 1; });
}

// Another function in place of the terms' derivative.
Fault derivative(const std::string& name, const std::string& what, const std::string& source,
                 Function t_prime) {
  return {name, what, source, [t_prime](Pass& p) {
            for (std::size_t k = 0; k < p.gradients[0].size(); ++k)
              p.gradients[0][k] =
                  p.U[0] * t_prime(p.values[0][k]) / static_cast<double>(p.gradients[0].size());
          }};
}

Fault factor(const std::string& name, const std::string& what, const std::string& source, double by) {
  return {name, what, source, [by](Pass& p) { scale(p.gradients[0], by); }};
}

}  // namespace

Family cross_entropy(ImageShape) {
  const Subject right = {{input("logits", {samples, classes}, 1)},
                         [](const Values& v) -> Numbers { return {mean(losses_by_sample(v))}; },
                         [](const Values& v, const Numbers& U) -> Values {
                           return {logit_gradient(v[0], [&](std::size_t) { return U[0] / samples; })};
                         }};
  return {
      right,
      {factor("not divided by the batch", "the loss is a mean over it", "tensorflow/swift-apis#42", samples),
       factor("divided by the number of logits", "the batch times the classes", "victorlempitsky/Mate#2",
              1.0 / classes),
       factor("factor of two", "as of a square", "markroxor/fromscratchtoml#65", 2),
       factor("label minus softmax", "the sign", "", -1),
       {"label forgotten", "the softmax alone", "",
        [](Pass& p) {
          for (std::size_t k = 0; k < samples * classes; ++k)
            p.gradients[0][k] = p.U[0] * softmax_of(p.values[0], k) / samples;
        }},
       {"through the softmax once more", "times y (1 - y), which is contained already", "", [](Pass& p) {
          for (std::size_t k = 0; k < samples * classes; ++k) {
            const double y = softmax_of(p.values[0], k);
            p.gradients[0][k] *= y * (1 - y);
          }
        }}}};
}

Family cross_entropy_by_sample(ImageShape) {
  const Subject right = {{input("logits", {samples, classes}, 1)},
                         losses_by_sample,
                         [](const Values& v, const Numbers& U) -> Values {
                           return {logit_gradient(v[0], [&](std::size_t n) { return U[n]; })};
                         }};
  return {
      right,
      {{"first sample's upstream for all", "one number is read where each sample has its own",
        "paiml/aprender#2182",
        [](Pass& p) { p.gradients[0] = logit_gradient(p.values[0], [&](std::size_t) { return p.U[0]; }); }},
       {"divided by the batch", "no mean was taken", "paiml/aprender#2182",
        [](Pass& p) { scale(p.gradients[0], 1.0 / samples); }}}};
}

Family binary_cross_entropy(ImageShape) {
  return {minus_log_D(),
          {derivative("times D (1 - D)", "the derivative of the sigmoid, which is contained already", "",
                      [](double a) { return (sigmoid(a) - 1) * sigmoid(a) * (1 - sigmoid(a)); }),
           derivative("with respect to D", "-1 / D, which is not yet the logits' gradient", "",
                      [](double a) { return -1 / sigmoid(a); }),
           derivative("target forgotten", "D in place of D - t", "", sigmoid)}};
}

Family mean_squared_error(ImageShape) {
  return {
      mean_of(
          "x", [](double x) { return (x - 0.5) * (x - 0.5); }, [](double x) { return 2 * (x - 0.5); }),
      {factor("2 left out", "the derivative of a square without its 1/2", "", 0.5),
       factor("not divided by the count", "by the size of the output, which is 1", "pocketpy/cTensor#24", 12),
       factor("divided by the batch alone", "the mean is over all values", "", 3),
       derivative("target minus prediction", "the sign", "", [](double x) { return 2 * (0.5 - x); }),
       derivative("of the absolute error", "the sign of the difference", "",
                  [](double x) { return x > 0.5 ? 1.0 : -1.0; })}};
}

Family generator_loss(ImageShape) {
  return {minus_log_D(),
          {derivative("the other loss's gradient", "-D, of the saturating form (6.3)", "",
                      [](double a) { return -sigmoid(a); })}};
}

}  // namespace plaingrad::gradient_court
