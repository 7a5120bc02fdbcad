#include "losses/adversarial.hpp"

#include "losses/loss.hpp"

namespace plaingrad {

double generator_loss(GeneratorLoss kind, const Tensor& logits, Tensor& gradient) {
  //! [eq_6_3]
  if (kind == GeneratorLoss::non_saturating)
    return binary_cross_entropy(logits, 1, gradient);              // -log D(G(z))
  const double loss = -binary_cross_entropy(logits, 0, gradient);  // (6.3): log(1 - D(G(z)))
  for (Real& g : gradient.values) g = -g;
  return loss;
  //! [eq_6_3]
}

}  // namespace plaingrad
