/// @file
/// The generator's loss in its two forms (report, sections 6.1 and 6.2), from the discriminator's logits a,
/// D = sigmoid(a). The discriminator's own loss is binary cross-entropy, once for each half of (6.2).
#pragma once

#include "math/tensor.hpp"

namespace plaingrad {

/// The value of the minimax game, V(D, G) = E log D(x) + E log(1 - D(G(z))), both means taken over samples.
/// The discriminator maximises it, the generator minimises it. If D is 1/2 everywhere it is -log 4.
/// @param real_logits       D's logits of real samples x
/// @param generated_logits  D's logits of generated samples G(z)
/// @throws std::invalid_argument if there is none of either
/// @eqimpl{6,1}
Sum minimax_value(const Tensor& real_logits, const Tensor& generated_logits);

/// The loss of the generator. Saturating: log(1 - D(G(z))), as in the game (6.1) and in (6.3); its gradient
/// vanishes where D is confident. Non-saturating: -log D(G(z)), the other choice of section 6.1 and the one
/// listed in 11.1.3.
enum class GeneratorLoss { saturating, non_saturating };

/// Mean of log(1 - D) or of -log D over the batch, finite at any finite logit.
/// @param logits    (batch, 1), of generated images
/// @param gradient  resized to the same shape: -D / batch, or (D - 1) / batch
/// @throws std::invalid_argument if the batch is empty
/// @eqimpl{6,3}
Sum generator_loss(GeneratorLoss kind, const Tensor& logits, Tensor& gradient);

}  // namespace plaingrad
