// What pooling.js asks of sections 3.5 and 3.6: the greatest of each window, the mask, and the gradient
// behind it.
#include <emscripten/bind.h>

#include "convolution/pooling.hpp"
#include "matrix.hpp"

using namespace plaingrad;
using emscripten::val;

namespace {

/// {Y, mask}
val forward(const val& X, int size) {
  val result = val::object();
  result.set("Y", object_of(max_pool(matrix_of(X), size)));
  result.set("mask", object_of(max_pool_mask(matrix_of(X), size)));
  return result;
}

val backward(const val& mask, const val& dY, int size) {
  return object_of(max_pool_gradient(matrix_of(mask), matrix_of(dY), size));
}

}  // namespace

EMSCRIPTEN_BINDINGS(pooling) {
  emscripten::function("forward", &forward);
  emscripten::function("backward", &backward);
  emscripten::function("randomNumbers", &random_numbers);
}
