#include "losses/adversarial.hpp"

#include <stdexcept>

#include "losses/loss.hpp"

namespace plaingrad {

Sum minimax_value(const Tensor& real_logits, const Tensor& generated_logits) {
  if (real_logits.size() < 1 || generated_logits.size() < 1)
    throw std::invalid_argument("minimax_value: " + std::to_string(real_logits.size()) + " real and " +
                                std::to_string(generated_logits.size()) + " generated samples");
  Tensor unused;
  //! [eq_6_1]
  const Sum log_D_of_real = -binary_cross_entropy(real_logits, 1, unused);
  const Sum log_not_D_of_generated = -binary_cross_entropy(generated_logits, 0, unused);
  return log_D_of_real + log_not_D_of_generated;  // (6.1)
  //! [eq_6_1]
}

Sum generator_loss(GeneratorLoss kind, const Tensor& logits, Tensor& gradient) {
  //! [eq_6_3]
  if (kind == GeneratorLoss::non_saturating)
    return binary_cross_entropy(logits, 1, gradient);           // -log D(G(z))
  const Sum loss = -binary_cross_entropy(logits, 0, gradient);  // (6.3), log(1 - D(G(z)))
  for (Real& g : gradient.values) g = -g;
  return loss;
  //! [eq_6_3]
}

}  // namespace plaingrad
