#include "engine/pooling.hpp"

#include "convolution/pooling.hpp"

namespace plaingrad {

//! [forward]
void max_pooling_forward(const Tensor& x, Index size, Tensor& y, std::vector<std::int32_t>& argmax) {
  y = max_pool_definition(x, size);
  argmax = max_pool_argmax_definition(x, size);
}
//! [forward]

//! [backward]
void max_pooling_backward(const Tensor& dy, const std::vector<std::int32_t>& argmax, Index size, Tensor& dx) {
  dx = max_pool_gradient_definition(argmax, dy, dx.shape, size);
}
//! [backward]

}  // namespace plaingrad
