/// @file
/// The denoising autoencoder of sections 5.1, 5.2 and 7.3.2, as listed in 11.1.2, and its corruption process.
#pragma once

#include "layers/sequential.hpp"

namespace plaingrad {

/// How many of the autoencoder's layers are the encoder h = f(x); the rest are the decoder r = g(h).
inline constexpr Index autoencoder_encoder_layers = 2;

/// Encoder: convolutions 3 x 3, stride 2, of 16 and 8 filters; decoder: transposed convolutions 3 x 3, stride
/// 2, of 8 and 16 filters, then a convolution 3 x 3 of one filter; padding `same` and ReLU everywhere. 28 x
/// 28 x 1 images to a code of 7 x 7 x 8 and back, 3,217 parameters.
Sequential make_autoencoder(Random& random);

/// A noisy image from C(x~ | x) = clip(x + noise N(0, 1), 0, 1), section 5.2, drawn for every value by
/// itself. Samples (first extent) draw from generators of their own: the result does not depend on the number
/// of threads.
/// @param x      (batch, ...), values in [0, 1]
/// @param noise  standard deviation, 0 or more
/// @return values in [0, 1]
/// @throws std::invalid_argument if noise is negative or not a finite number, or x has a value outside [0, 1]
Tensor corrupt(const Tensor& x, double noise, Random& random);

}  // namespace plaingrad
