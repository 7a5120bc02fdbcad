// Exercise 2: a dense layer
//
// Read first: build/docs/html/chapter7.html, section 7.3.1, "What a dense layer computes".
//
// Row n of x and of y is a sample, column u of W a unit. Here f is tanh, so that f' = 1 - y^2.
//
//   y = f(z),   z = x W + b
//
//   dz(n, u) = dy(n, u) f'(z(n, u))          dW(i, u) = sum over n of x(n, i) dz(n, u)
//   db(u) = sum over n of dz(n, u)           dx(n, i) = sum over u of dz(n, u) W(i, u)
//
// dW stands for dL/dW, and so on. backward is given dy; it adds to dW and db, and overwrites dx.
//
// Missing: four lines, what unit u of sample n contributes to all of these. Write them, then
//
//   make exercise N=2
#include <cmath>
#include <string>

#include "exercises/exercise.hpp"

using namespace plaingrad;

namespace {

struct DenseLayer {
  int samples, inputs, units;
  Array x{"x", {samples, inputs}}, W{"W", {inputs, units}}, b{"b", {units}}, y{"y", {samples, units}};
  Array dx{"dx", {samples, inputs}}, dW{"dW", {inputs, units}}, db{"db", {units}}, dy{"dy", {samples, units}};

  void forward() {
    for (int n = 0; n < samples; ++n)
      for (int u = 0; u < units; ++u) {
        double z = b(u);
        for (int i = 0; i < inputs; ++i) z += x(n, i) * W(i, u);
        y(n, u) = std::tanh(z);
      }
  }

  void backward() {
    dx.fill(0);
    for (int n = 0; n < samples; ++n)
      for (int u = 0; u < units; ++u) {
        // Your lines here: dz, and what it adds to db(u), to dW(i, u) and to dx(n, i).
        const double dz = dy(n, u) * (1 - y(n, u) * y(n, u));
        db(u) += dz;
        for (int i = 0; i < inputs; ++i) dW(i, u) += x(n, i) * dz;
        for (int i = 0; i < inputs; ++i) dx(n, i) += dz * W(i, u);
        // End of your lines.
      }
  }
};

void check(Exercise& exercise, const std::string& note, DenseLayer layer) {
  exercise.check(
      note,
      {added(layer.b, layer.db, "dz, and db"), added(layer.W, layer.dW, "the sum for dW"),
       overwritten(layer.x, layer.dx, "the sum for dx")},
      layer.y, layer.dy, [&] { layer.forward(); }, [&] { layer.backward(); });
}

}  // namespace

int main() {
  Exercise exercise(2, "a dense layer", "build/docs/html/chapter7.html#section_7_3_1_dense");
  check(exercise, "one sample", {.samples = 1, .inputs = 2, .units = 3});
  check(exercise, "one sample, one unit", {.samples = 1, .inputs = 3, .units = 1});
  check(exercise, "several samples", {.samples = 5, .inputs = 2, .units = 4});
  check(exercise, "as many inputs as units", {.samples = 3, .inputs = 4, .units = 4});
  return exercise.verdict();
}
