/// @file
/// Section 3.4: how a filter learns. All numbers are small whole numbers or halves, which a float holds
/// exactly, and the loss is quadratic, whose central difference is exact: so the two columns of the table are
/// equal.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter3/sections.hpp"
#include "convolution/convolution.hpp"
#include "convolution/filter_gradient.hpp"
#include "layers/conv2d.hpp"
#include "losses/cross_entropy_definition.hpp"
#include "losses/loss.hpp"

namespace plaingrad::chapter3 {

namespace {

/// The image, the initial filter and the target output T.
const Matrix X{{1, 2, 0, 1}, {0, 1, 3, 2}, {2, 1, 1, 0}, {1, 0, 2, 1}};
const Matrix F{{1, 0, -1}, {2, 1, 0}, {-1, 1, 1}};
const Matrix T{{1, 4}, {6, 2}};

/// dL/dY of the loss below.
Matrix output_gradient(const Matrix& filter) {
  Matrix dY = cross_correlate(X, filter);
  for (Index i = 0; i < dY.rows(); ++i)
    for (Index j = 0; j < dY.columns(); ++j) dY(i, j) -= T(i, j);
  return dY;
}

/// L = 1/2 sum (Y - T)^2.
Real loss(const Matrix& filter) {
  Real L = 0;
  for (Real difference : output_gradient(filter).values()) L += difference * difference / 2;
  return L;
}

//! [numerical_gradient]
/// Central difference: (L(F + h) - L(F - h)) / 2h.
Real numerical_gradient(Index m, Index n) {
  const Real h = Real(0.5);
  Matrix above = F, below = F;
  above(m, n) += h;
  below(m, n) -= h;
  return (loss(above) - loss(below)) / (2 * h);
}
//! [numerical_gradient]

void print_one_element(const Matrix& dY) {
  Matrix derivative(dY.rows(), dY.columns());
  std::printf("The filter element F(1,2) takes part in all %zu outputs:\n\n", dY.values().size());
  for (Index i = 0; i < dY.rows(); ++i)
    for (Index j = 0; j < dY.columns(); ++j) derivative(i, j) = output_derivative(X, i, j, 1, 2);
  print_matrices({{"dY(i,j)/dF(1,2) = X(i+1, j+2) by (3.4)", derivative}, {"dL/dY", dY}});
  std::printf("(3.5), (3.6): dL/dF(1,2) =");
  for (Index i = 0; i < dY.rows(); ++i)
    for (Index j = 0; j < dY.columns(); ++j)
      std::printf("%s %.0f(%.0f)", i + j == 0 ? "" : " +", double(derivative(i, j)), double(dY(i, j)));
  std::printf(" = %.0f\n\n", double(filter_gradient(X, dY)(1, 2)));
}

/// dL/dF as the layer Conv2D computes it.
Matrix layer_gradient(const Matrix& dY) {
  Random random(1);
  Conv2D layer(1, F.rows(), {.use_bias = false});
  layer.build({X.rows(), X.columns(), 1}, random);
  Parameter& kernel = *layer.parameters()[0];
  kernel.value.values = F.values();
  const Tensor x({1, X.rows(), X.columns(), 1}, X.values());
  layer.forward(x, Mode::training);
  layer.backward(Tensor({1, dY.rows(), dY.columns(), 1}, dY.values()));
  Matrix dF(F.rows(), F.columns());
  for (Index m = 0; m < F.rows(); ++m)
    for (Index n = 0; n < F.columns(); ++n) dF(m, n) = kernel.gradient[m * F.columns() + n];
  return dF;
}

/// Every element of the filter: (3.6), the layer, the numerical gradient, and what (3.3) gives as printed,
/// without its sum: there each filter element contributes to the output of its own indices only, and to none
/// outside.
void print_gradient_check(const Matrix& dY, Results& results) {
  const Matrix dF = filter_gradient(X, dY), dF_layer = layer_gradient(dY);
  Real worst = 0, worst_printed = 0, worst_layer = 0;
  std::printf("  %-8s %14s %14s %14s %26s\n", "element", "dL/dF by (3.6)", "by Conv2D", "numerically",
              "from (3.3) without the sum");
  for (Index m = 0; m < F.rows(); ++m)
    for (Index n = 0; n < F.columns(); ++n) {
      const Real numerical = numerical_gradient(m, n);
      const Real printed = m < dY.rows() && n < dY.columns() ? dY(m, n) * X(m, n) : 0;
      std::printf("  F(%td,%td) %16.1f %14.1f %14.1f %26.1f\n", m, n, double(dF(m, n)),
                  double(dF_layer(m, n)), double(numerical), double(printed) + 0.0);
      worst_layer = std::max(worst_layer, std::abs(dF_layer(m, n) - numerical));
      worst = std::max(worst, std::abs(dF(m, n) - numerical));
      worst_printed = std::max(worst_printed, std::abs(printed - numerical));
    }
  std::printf("  greatest error %8.1f %14.1f %41.1f\n\n", double(worst), double(worst_layer),
              double(worst_printed));
  results.add("gradient_error_eq_3_6", worst);
  results.add("gradient_error_eq_3_3_as_printed", worst_printed);
}

/// F + epsilon F dL/dF, element by element: the rule as the report's sentence has it.
Matrix updated_as_printed(const Matrix& filter, const Matrix& dF, Real epsilon) {
  Matrix updated = filter;
  for (Index m = 0; m < filter.rows(); ++m)
    for (Index n = 0; n < filter.columns(); ++n) updated(m, n) += epsilon * filter(m, n) * dF(m, n);
  return updated;
}

void print_updates(Results& results) {
  const Real epsilon = Real(0.01);
  Matrix learned = F, printed = F;
  std::printf("Updating the filter, epsilon = 0.01. Loss after each step:\n\n");
  std::printf("  %4s %18s %32s\n", "step", "F - epsilon dL/dF", "F + epsilon F dL/dF (as worded)");
  for (int step = 0; step <= 5; ++step) {
    std::printf("  %4d %18.4f %32.4f\n", step, double(loss(learned)), double(loss(printed)));
    results.add("loss_after_step_" + std::to_string(step), loss(learned));
    learned = updated_filter(learned, filter_gradient(X, output_gradient(learned)), epsilon);
    printed = updated_as_printed(printed, filter_gradient(X, output_gradient(printed)), epsilon);
  }
  std::printf("\n");
}

void print_cross_entropy(Results& results) {
  struct Prediction {
    const char* what;
    std::vector<Real> scores;
  };
  const std::vector<Prediction> predictions{{"sure and right", {1, 5, 0}},
                                            {"leaning the right way", {1, 2, 0}},
                                            {"undecided", {0, 0, 0}},
                                            {"leaning the wrong way", {2, 1, 0}},
                                            {"sure and wrong", {5, 1, 0}}};
  const std::vector<Real> actual{0, 1, 0};
  std::printf("Cross-entropy (3.7) of three classes, class 1 being the right one, y' = (0, 1, 0):\n\n");
  std::printf("  %-22s %-12s %-24s %8s\n", "prediction", "scores", "y = softmax(scores)", "CE");
  for (const auto& [what, scores] : predictions) {
    Tensor y;
    softmax(Tensor({1, 3}, scores), y);
    const Real CE = cross_entropy_definition(actual, y.values);
    std::printf("  %-22s (%.0f, %.0f, %.0f)    (%.4f, %.4f, %.4f) %8.4f\n", what, double(scores[0]),
                double(scores[1]), double(scores[2]), double(y[0]), double(y[1]), double(y[2]), double(CE));
    results.add(std::string("cross_entropy, ") + what, CE);
  }
  std::printf("\n");
}

}  // namespace

void section_3_4(Results& results) {
  std::printf("3.4 Convolutional Layer Backpropagation\n\n");
  const Matrix dY = output_gradient(F);
  print_matrices(
      {{"image X", X}, {"filter F", F}, {"output Y by (3.3)", cross_correlate(X, F)}, {"target T", T}});
  std::printf("Loss L = 1/2 sum (Y - T)^2 = %.1f, so dL/dY = Y - T.\n\n", double(loss(F)));
  print_one_element(dY);
  print_gradient_check(dY, results);
  print_updates(results);
  print_cross_entropy(results);
}

}  // namespace plaingrad::chapter3
