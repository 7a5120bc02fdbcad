/// @file
/// What convolutional layers have in common, transposed or not.
#pragma once

#include <string>

#include "convolution/padding.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// What Keras lets one choose for a convolutional layer, with its defaults.
struct ConvolutionOptions {
  Index stride = 1;
  Padding padding = Padding::valid;
  Activation activation = Activation::linear;
  bool use_bias = true;
};

/// @throws std::invalid_argument naming the layer if filters, kernel or stride are below 1
void require_convolution_options(const std::string& layer, Index filters, Index kernel,
                                 const ConvolutionOptions& options);

}  // namespace plaingrad
