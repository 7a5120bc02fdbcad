// Exercise 1: six neurons, from the output back to the inputs
//
// Read first: build/docs/html/chapter2.html, section 2.6 up to "The updates", and the erratum to (2.7).
//
// The network of Fig. 2.3. Its weights are named as in the report: w24 leads from neuron 2 to neuron 4; w12
// leads from input x1 to neuron 2, w22 from x2. The error signal of neuron i is minus the derivative of the
// loss with respect to its output, delta_i = -dL/dy_i. The chain rule takes it from a neuron to those before
// it,
//
//   delta_i = sum over the neurons j that i leads to of w_ij f_j'(e_j) delta_j
//
// Missing: five lines, for neurons 5, 4, 3, 2 and 1. Write them, then
//
//   make exercise N=1
#include <cmath>

#include "exercises/exercise.hpp"

using namespace plaingrad;

namespace {

struct Function {
  double (*value)(double);
  double (*derivative)(double);
};

double identity(double e) {
  return e;
}
double identity_derivative(double) {
  return 1;
}
double sigmoid(double e) {
  return 1 / (1 + std::exp(-e));
}
double sigmoid_derivative(double e) {
  return sigmoid(e) * (1 - sigmoid(e));
}
double tanh_derivative(double e) {
  return 1 - std::tanh(e) * std::tanh(e);
}

const Function linear_function{identity, identity_derivative}, sigmoid_function{sigmoid, sigmoid_derivative},
    tanh_function{std::tanh, tanh_derivative};

struct Network {
  Function f1, f2, f3, f4, f5, f6;
  double x1 = 0.7, x2 = -1.2, z = 0.4;  // inputs and target
  double w11 = 0, w12 = 0, w13 = 0, w21 = 0, w22 = 0, w23 = 0;
  double w14 = 0, w15 = 0, w24 = 0, w25 = 0, w34 = 0, w35 = 0, w46 = 0, w56 = 0;
  double e1 = 0, e2 = 0, e3 = 0, e4 = 0, e5 = 0, e6 = 0;  // weighted sums
  double y1 = 0, y2 = 0, y3 = 0, y4 = 0, y5 = 0, y6 = 0;  // outputs
  double L = 0;
  double dw11 = 0, dw12 = 0, dw13 = 0, dw21 = 0, dw22 = 0, dw23 = 0;  // dL/dw11 and so on
  double dw14 = 0, dw15 = 0, dw24 = 0, dw25 = 0, dw34 = 0, dw35 = 0, dw46 = 0, dw56 = 0;

  void forward() {
    e1 = w11 * x1 + w21 * x2, y1 = f1.value(e1);
    e2 = w12 * x1 + w22 * x2, y2 = f2.value(e2);
    e3 = w13 * x1 + w23 * x2, y3 = f3.value(e3);
    e4 = w14 * y1 + w24 * y2 + w34 * y3, y4 = f4.value(e4);
    e5 = w15 * y1 + w25 * y2 + w35 * y3, y5 = f5.value(e5);
    e6 = w46 * y4 + w56 * y5, y6 = f6.value(e6);
    L = (z - y6) * (z - y6) / 2;
  }

  void backward() {
    const double df1 = f1.derivative(e1), df2 = f2.derivative(e2), df3 = f3.derivative(e3);
    const double df4 = f4.derivative(e4), df5 = f5.derivative(e5), df6 = f6.derivative(e6);
    const double delta = z - y6;
    double delta1 = 0, delta2 = 0, delta3 = 0, delta4 = 0, delta5 = 0;
    // Your lines here: delta5, delta4, delta3, delta2, delta1.
    delta5 = w56 * df6 * delta;
    delta4 = w46 * df6 * delta;
    delta3 = w34 * df4 * delta4 + w35 * df5 * delta5;
    delta2 = w24 * df4 * delta4 + w25 * df5 * delta5;
    delta1 = w14 * df4 * delta4 + w15 * df5 * delta5;
    // End of your lines.
    dw56 = -delta * df6 * y5, dw46 = -delta * df6 * y4;
    dw35 = -delta5 * df5 * y3, dw25 = -delta5 * df5 * y2, dw15 = -delta5 * df5 * y1;
    dw34 = -delta4 * df4 * y3, dw24 = -delta4 * df4 * y2, dw14 = -delta4 * df4 * y1;
    dw23 = -delta3 * df3 * x2, dw13 = -delta3 * df3 * x1;
    dw22 = -delta2 * df2 * x2, dw12 = -delta2 * df2 * x1;
    dw21 = -delta1 * df1 * x2, dw11 = -delta1 * df1 * x1;
  }
};

void check(Exercise& exercise, const char* functions, Network n) {
  const char *given = "(2.24) and (2.25), which are given", *five = "delta5, (2.11)",
             *four = "delta4, (2.10)";
  const char *three = "delta3, (2.9)", *two = "delta2, (2.8)", *one = "delta1, (2.7)";
  exercise.check_loss(
      functions,
      {overwritten("dw56", n.w56, n.dw56, given), overwritten("dw46", n.w46, n.dw46, given),
       overwritten("dw35", n.w35, n.dw35, five), overwritten("dw25", n.w25, n.dw25, five),
       overwritten("dw15", n.w15, n.dw15, five), overwritten("dw34", n.w34, n.dw34, four),
       overwritten("dw24", n.w24, n.dw24, four), overwritten("dw14", n.w14, n.dw14, four),
       overwritten("dw23", n.w23, n.dw23, three), overwritten("dw13", n.w13, n.dw13, three),
       overwritten("dw22", n.w22, n.dw22, two), overwritten("dw12", n.w12, n.dw12, two),
       overwritten("dw21", n.w21, n.dw21, one), overwritten("dw11", n.w11, n.dw11, one)},
      n.L, [&] { n.forward(); }, [&] { n.backward(); });
}

}  // namespace

int main() {
  Exercise exercise(1, "six neurons, from the output back to the inputs",
                    "build/docs/html/chapter2.html#section_2_6");
  const Function& l = linear_function;
  const Function& s = sigmoid_function;
  const Function& t = tanh_function;
  check(exercise, "neurons 4, 5 and 6 linear", {t, t, t, l, l, l});
  check(exercise, "all sigmoid", {s, s, s, s, s, s});
  check(exercise, "neuron 6 linear", {t, t, t, t, s, l});
  check(exercise, "each neuron another function", {t, l, s, s, t, l});
  return exercise.verdict();
}
