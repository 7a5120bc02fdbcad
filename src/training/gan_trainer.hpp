/// @file
/// One step of a generative adversarial network (report, sections 6.2 and 11.1.3).
#pragma once

#include "layers/sequential.hpp"
#include "losses/adversarial.hpp"
#include "optimizers/optimizer.hpp"

namespace plaingrad {

/// The losses of both networks before a step.
struct GanLosses {
  Sum discriminator = 0, generator = 0;
};

/// A generator, a discriminator and an optimizer for each. Refers to all four and owns none.
class GanTrainer {
 public:
  /// @param kind  which loss the generator descends
  /// @param real_target  0 ... 1: what the discriminator shall say of real samples. Less than 1 is one-sided
  /// label smoothing (beyond the report)
  /// @throws std::invalid_argument if real_target is out of its range
  GanTrainer(Sequential& generator, Sequential& discriminator, Optimizer& generator_optimizer,
             Optimizer& discriminator_optimizer, GeneratorLoss kind = GeneratorLoss::non_saturating,
             double real_target = 1);

  /// Steps 1 to 3 of section 6.2: the discriminator alone ascends (6.2) once.
  /// @param x  real samples @param z  noise, as many rows @return the discriminator's loss before the update
  /// @eqimpl{6,2}
  Sum discriminator_step(const Tensor& x, const Tensor& z);
  /// Steps 4 and 5: the generator alone descends (6.3) once. @return its loss before the update
  Sum generator_step(const Tensor& z);
  /// The training step of listing 11.1.3: both gradients from the same forward passes, then both networks are
  /// updated. If a loss is not finite neither is updated, so that the weights still show the cause.
  GanLosses train_step(const Tensor& x, const Tensor& z);

 private:
  Sum discriminator_gradients(const Tensor& x, const Tensor& generated);

  Sequential &G_, &D_;
  Optimizer &G_optimizer_, &D_optimizer_;
  GeneratorLoss kind_;
  double real_target_;
  const Tensor* generated_logits_ = nullptr;  // D's last layer, of the generated samples
  Tensor d_real_, d_fake_, d_generator_;
};

}  // namespace plaingrad
