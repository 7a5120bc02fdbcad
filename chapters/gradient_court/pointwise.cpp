/// @file
/// Activation functions, each on its own.
#include "gradient_court/pointwise.hpp"

#include <cmath>

namespace plaingrad::gradient_court {

Subject pointwise(const Argument& x, Function f, Function f_prime) {
  return {{x},
          [f](const Values& v) {
            Numbers y = v[0];
            for (double& value : y) value = f(value);
            return y;
          },
          [f_prime](const Values& v, const Numbers& U) -> Values {
            Numbers dx = U;
            for (std::size_t k = 0; k < U.size(); ++k) dx[k] *= f_prime(v[0][k]);
            return {dx};
          }};
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

double relu(double x) {
  return x > 0 ? x : 0;
}

double relu_prime(double x) {
  return x > 0 ? 1 : 0;
}

namespace {

Subject pointwise(Function f, Function f_prime) {
  return pointwise(input("x", {4, 5}, 1), f, f_prime);
}

// Another function in place of the right derivative.
Fault derivative(const std::string& name, const std::string& what, const std::string& source,
                 Function f_prime) {
  return {name, what, source, [f_prime](Pass& p) {
            for (std::size_t k = 0; k < p.U.size(); ++k) p.gradients[0][k] = p.U[k] * f_prime(p.values[0][k]);
          }};
}

}  // namespace

Family sigmoid_neurons(ImageShape) {
  return {pointwise(sigmoid, [](double x) { return sigmoid(x) * (1 - sigmoid(x)); }),
          {derivative("x (1 - x)", "the input where the output belongs", "BoltzmannEntropy/interviews.ai#15",
                      [](double x) { return x * (1 - x); }),
           derivative("y - (1 - y)", "a difference for a product", "sausheong/gonn#8",
                      [](double x) { return sigmoid(x) - (1 - sigmoid(x)); }),
           derivative("y itself", "the function for its derivative", "", sigmoid),
           derivative("y (1 - y) of y", "the sigmoid is taken twice", "", [](double x) {
             const double twice = sigmoid(sigmoid(x));
             return twice * (1 - twice);
           })}};
}

Family tanh_neurons(ImageShape) {
  return {
      pointwise([](double x) { return std::tanh(x); },
                [](double x) { return 1 - std::tanh(x) * std::tanh(x); }),
      {derivative("1 - y", "without the square", "", [](double x) { return 1 - std::tanh(x); }),
       derivative("1 - x x", "the input where the output belongs", "", [](double x) { return 1 - x * x; }),
       derivative("of tanh(x/2)", "the derivative of the tanh that the timing listing computes", "11.1.4",
                  [](double x) { return (1 - std::pow(std::tanh(x / 2), 2)) / 2; })}};
}

Family relu_neurons(ImageShape) {
  Subject right = pointwise(relu, relu_prime);
  right.arguments[0].value[3] = 0.004;
  return {
      right,
      {derivative("1 everywhere", "f' left out", "", [](double) { return 1.0; }),
       derivative("x for 1", "the function for its derivative", "", relu),
       derivative("1 for negative x", "the comparison turned round", "",
                  [](double x) { return x < 0 ? 1.0 : 0.0; }),
       derivative("0 up to 0.01", "a margin at the kink", "", [](double x) { return x > 0.01 ? 1.0 : 0.0; }),
       {"sign of dy in place of x", "the gradient passes where it is positive itself", "", [](Pass& p) {
          for (std::size_t k = 0; k < p.U.size(); ++k) p.gradients[0][k] = relu(p.U[k]);
        }}}};
}

// Every other value is at the kink, where any slope from 0 to 1 is right.
Family relu_at_zero(ImageShape) {
  Subject right = pointwise(relu, relu_prime);
  for (std::size_t k = 0; k < right.arguments[0].value.size(); k += 2) right.arguments[0].value[k] = 0;
  return {right,
          {derivative("slope 2 at the kink", "no slope on either side is more than 1", "",
                      [](double x) { return x > 0   ? 1.0
                                            : x < 0 ? 0.0
                                                    : 2.0; }),
           derivative("slope -1 at the kink", "both slopes have the other sign", "", [](double x) {
             return x > 0 ? 1.0 : x < 0 ? 0.0 : -1.0;
           })}};
}

Family leaky_relu_neurons(ImageShape) {
  return {pointwise([](double x) { return x > 0 ? x : 0.3 * x; }, [](double x) { return x > 0 ? 1 : 0.3; }),
          {derivative("0 for negative x", "as if it were not leaky", "", relu_prime),
           derivative("another slope", "0.01, which is PyTorch's, for 0.3", "",
                      [](double x) { return x > 0 ? 1 : 0.01; })}};
}

// Row by row: y_c = e^x_c / sum e^x.
Family softmax(ImageShape) {
  constexpr std::size_t classes = 5;
  const auto forward = [](const Values& v) {
    Numbers y = v[0];
    for (std::size_t row = 0; row < y.size(); row += classes) {
      double sum = 0;
      for (std::size_t c = 0; c < classes; ++c) sum += y[row + c] = std::exp(y[row + c]);
      for (std::size_t c = 0; c < classes; ++c) y[row + c] /= sum;
    }
    return y;
  };
  const Subject right = {
      {input("x", {4, classes}, 1)}, forward, [=](const Values& v, const Numbers& U) -> Values {
        Numbers dx = forward(v);
        const Numbers y = dx;
        for (std::size_t k = 0; k < y.size(); ++k) {
          double mean = 0;
          const std::size_t row = k / classes * classes;
          for (std::size_t c = row; c < row + classes; ++c) mean += U[c] * y[c];
          dx[k] *= U[k] - mean;
        }
        return {dx};
      }};
  return {right,
          {{"diagonal only", "y (1 - y) as if it were a sigmoid", "",
            [=](Pass& p) {
              const Numbers y = forward(p.values);
              for (std::size_t k = 0; k < y.size(); ++k) p.gradients[0][k] = p.U[k] * y[k] * (1 - y[k]);
            }},
           {"mean of the row left out", "y U without the mean of the row", "", [=](Pass& p) {
              const Numbers y = forward(p.values);
              for (std::size_t k = 0; k < y.size(); ++k) p.gradients[0][k] = p.U[k] * y[k];
            }}}};
}

}  // namespace plaingrad::gradient_court
