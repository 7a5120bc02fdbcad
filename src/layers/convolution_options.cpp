#include "layers/convolution_options.hpp"

#include <stdexcept>

namespace plaingrad {

void require_convolution_options(const std::string& layer, Index filters, Index kernel,
                                 const ConvolutionOptions& options) {
  if (filters < 1 || kernel < 1 || options.stride < 1)
    throw std::invalid_argument(layer + ": filters, kernel and stride must be 1 or more, got " +
                                std::to_string(filters) + ", " + std::to_string(kernel) + " and " +
                                std::to_string(options.stride));
}

}  // namespace plaingrad
