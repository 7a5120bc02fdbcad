/// @file
/// The objective of denoising training: the expectation of section 5.2.
#pragma once

#include "layers/sequential.hpp"

namespace plaingrad {

/// The mean over images x, and over noisy versions x~ of each drawn from C(x~ | x), of -log p_decoder(x | h =
/// f(x~)), for a decoder that is a Gaussian of standard deviation `sigma`. An estimate: `draws` noisy
/// versions stand for all.
/// @param autoencoder  g(f(x)), run in inference mode
/// @param x  (count, ...) values in [0, 1], at least one sample
/// @param noise  of the corruption, see corrupt()
/// @throws std::invalid_argument if draws is below 1, x is empty, or noise or sigma is refused
/// @eqimpl{5,2}
Sum denoising_loss(Sequential& autoencoder, const Tensor& x, double noise, double sigma, int draws,
                   Random& random);

}  // namespace plaingrad
