/// @file
/// The generator's loss in its two forms (report, sections 6.1 and 6.2), from the discriminator's logits a,
/// D = sigmoid(a). The discriminator's own loss is binary cross-entropy, once for each half of (6.2).
#pragma once

#include "math/tensor.hpp"

namespace plaingrad {

/// V(D, G) = E log D(x) + E log(1 - D(G(z))), both means taken over samples. The discriminator makes it
/// greater, the generator less. If D says 1/2 to everything it is -log 4.
/// @param real_logits       D's logits of real samples x
/// @param generated_logits  D's logits of generated samples G(z)
/// @throws std::invalid_argument if there is none of either
/// @eqimpl{6,1}
double game_value(const Tensor& real_logits, const Tensor& generated_logits);

/// What the generator descends. Saturating: log(1 - D(G(z))), as in the game (6.1) and in (6.3); its gradient
/// fades when D is sure. Non-saturating: -log D(G(z)), the other choice of section 6.1 and the one listed
/// in 11.1.3.
enum class GeneratorLoss { saturating, non_saturating };

/// Mean of log(1 - D) or of -log D over the batch, finite at any logit.
/// @param logits    (batch, 1), of generated images
/// @param gradient  resized to the same shape: -D / batch, or (D - 1) / batch
/// @eqimpl{6,3}
double generator_loss(GeneratorLoss kind, const Tensor& logits, Tensor& gradient);

}  // namespace plaingrad
