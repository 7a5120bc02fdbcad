#include "training/gan_trainer.hpp"

#include <stdexcept>
#include <string>

#include "losses/loss.hpp"

namespace plaingrad {

GanTrainer::GanTrainer(Sequential& generator, Sequential& discriminator, Optimizer& generator_optimizer,
                       Optimizer& discriminator_optimizer, GeneratorLoss kind, double real_target)
    : G_(generator),
      D_(discriminator),
      G_optimizer_(generator_optimizer),
      D_optimizer_(discriminator_optimizer),
      kind_(kind),
      real_target_(real_target) {
  if (!(real_target >= 0 && real_target <= 1))
    throw std::invalid_argument("GanTrainer: the target of real samples must be 0 to 1, got " +
                                std::to_string(real_target));
}

//! [discriminator_gradients]
// Leaves the gradient of -(6.2) in D's parameters, where its two halves add up, and keeps the logits of the
// generated samples for the generator's loss.
Sum GanTrainer::discriminator_gradients(const Tensor& x, const Tensor& generated) {
  D_.zero_gradients();
  Sum loss = binary_cross_entropy(D_.forward(x, Mode::training), real_target_, d_real_);  // (6.2), log D(x)
  D_.backward(d_real_, Gradients::parameters);
  generated_logits_ = &D_.forward(generated, Mode::training);
  loss += binary_cross_entropy(*generated_logits_, 0, d_fake_);  // (6.2), log(1 - D(G(z)))
  D_.backward(d_fake_, Gradients::parameters);
  return loss;
}
//! [discriminator_gradients]

//! [steps]
Sum GanTrainer::discriminator_step(const Tensor& x, const Tensor& z) {
  const Sum loss = discriminator_gradients(x, G_.forward(z, Mode::training));
  D_optimizer_.step(D_.parameters());  // step 3
  return loss;
}

Sum GanTrainer::generator_step(const Tensor& z) {
  const Tensor& logits = D_.forward(G_.forward(z, Mode::training), Mode::training);
  const Sum loss = generator_loss(kind_, logits, d_generator_);
  G_.zero_gradients();
  G_.backward(D_.backward(d_generator_, Gradients::input));  // through D, which does not learn here
  G_optimizer_.step(G_.parameters());                        // step 5
  return loss;
}
//! [steps]

//! [train_step]
GanLosses GanTrainer::train_step(const Tensor& x, const Tensor& z) {
  const Tensor& generated = G_.forward(z, Mode::training);
  GanLosses losses;
  losses.discriminator = discriminator_gradients(x, generated);
  losses.generator = generator_loss(kind_, *generated_logits_, d_generator_);
  if (!isfinite(losses.discriminator) || !isfinite(losses.generator)) return losses;
  G_.zero_gradients();
  G_.backward(D_.backward(d_generator_, Gradients::input));
  G_optimizer_.step(G_.parameters());
  D_optimizer_.step(D_.parameters());
  return losses;
}
//! [train_step]

}  // namespace plaingrad
