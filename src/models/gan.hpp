/// @file
/// The generator and the discriminator of section 7.3.3, as listed in 11.1.3.
#pragma once

#include "layers/sequential.hpp"

namespace plaingrad {

/// Number of values of the noise z that the generator makes an image of.
inline constexpr Index gan_noise_size = 100;

/// G: noise (100) to an image 28 x 28 x 1 with values in [-1, 1]. Dense 7 x 7 x 256, then transposed
/// convolutions 5 x 5 of 128 (stride 1), 64 and 1 filters (stride 2), batch normalisation and LeakyReLU
/// between, tanh at the end. 2,330,944 parameters, 2,305,472 of them trainable.
Sequential make_generator(Random& random);

/// D: an image to one logit, above zero for "is real". Convolutions 5 x 5, stride 2, of 64 and 128 filters
/// with LeakyReLU and dropout 0.3, then one neuron. 212,865 parameters.
Sequential make_discriminator(Random& random);

}  // namespace plaingrad
