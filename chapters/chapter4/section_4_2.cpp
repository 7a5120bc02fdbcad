/// @file
/// Section 4.2: (4.1)-(4.5) in numbers, and Fig. 4.1.
#include <cstdio>
#include <utility>

#include "chapter4/sections.hpp"
#include "optimizers/gradient_descent.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter4 {

namespace {

std::vector<double> evaluate(const Function& f, const std::vector<double>& x) {
  std::vector<double> y;
  for (const double value : x) y.push_back(f(value));
  return y;
}

std::vector<double> grid(double low, double high, double step) {
  std::vector<double> x;
  for (int i = 0; low + i * step <= high + step / 2; ++i) x.push_back(low + i * step);
  return x;
}

std::vector<double> descend_by_gradient(double start, double epsilon, Index steps) {
  return descend([=](double x) { return gradient_step(parabola_derivative, x, epsilon); }, start, steps);
}

std::vector<double> descend_by_sign(double start, double epsilon, Index steps) {
  return descend([=](double x) { return sign_step(parabola_derivative, x, epsilon); }, start, steps);
}

void print_function(Results& results) {
  const double x_star = argmin(parabola, grid(-1, 7, 0.5));
  std::printf("4.2 Gradient descent on f(x) = (x - 3)^2\n\n");
  std::printf("(4.1) x* = argmin f(x) = %g, the best of -1, -0.5 ... 7\n\n", x_star);
  std::printf("      x   f(x) (4.2)   f'(x) (4.3)\n");
  for (const double x : {0., 2., 3., 4., 6.})
    std::printf("%7g %12g %13g\n", x, parabola(x), parabola_derivative(x));
  std::printf("The slope is zero at x = 3, and not at x = 0 as printed.\n\n");
  results.add("x* of (4.1)", x_star);
  results.add("x where f'(x) = 0", 3, 0);
}

void print_approximation() {
  std::printf("(4.4) f(x + epsilon) by the slope at x = 0\n");
  std::printf("  epsilon   f(x + epsilon)   f(x) + epsilon f'(x)     error   error / epsilon^2\n");
  for (const double epsilon : {4., 1., 0.1, 0.01, 0.001}) {
    const double value = parabola(epsilon);
    const double approximation = linear_approximation(parabola, parabola_derivative, 0, epsilon);
    std::printf("%9g %16.6f %22.6f %9.6f %19.3f\n", epsilon, value, approximation, value - approximation,
                (value - approximation) / (epsilon * epsilon));
  }
}

void print_sign_step() {
  std::printf("\n(4.5) f(x - epsilon sign(f'(x))) < f(x)?\n");
  std::printf("      x   epsilon   f(x - epsilon sign(f'(x)))    f(x)   holds\n");
  const std::pair<double, double> cases[] = {{0, 7},   {0, 6},    {0, 5}, {0, 1},
                                             {0, 0.1}, {0, 0.01}, {3, 1}, {3, 0.01}};
  for (const auto& [x, epsilon] : cases) {
    std::printf("%7g %9g %28.4f %7g   %s\n", x, epsilon, parabola(sign_step(parabola_derivative, x, epsilon)),
                parabola(x), sign_step_improves(parabola, parabola_derivative, x, epsilon) ? "yes" : "no");
  }
  std::printf(
      "It needs a small epsilon (here below 2 |x - 3|), and a slope: at x = 3 the sign is 0 and x stays.\n");
}

void print_paths(Results& results) {
  std::printf("\nDescent from x = 0: x after some steps\n");
  std::printf("                               0       1       2       3       5      10      20\n");
  const auto print = [](const char* name, const std::vector<double>& path) {
    std::printf("%-24s", name);
    for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 10U, 20U}) std::printf(" %7.3f", path[i]);
    std::printf("\n");
  };
  print("epsilon f'(x),    0.02", descend_by_gradient(0, 0.02, 20));
  print("epsilon f'(x),    0.3", descend_by_gradient(0, 0.3, 20));
  print("epsilon f'(x),    1", descend_by_gradient(0, 1, 20));
  print("epsilon f'(x),    1.05", descend_by_gradient(0, 1.05, 20));
  print("epsilon sign(f'), 0.4", descend_by_sign(0, 0.4, 20));
  std::printf("A step of fixed length cannot settle: it hops over the minimum for ever.\n\n");
  results.add("x after 20 steps of 0.3 f'(x) from 0", descend_by_gradient(0, 0.3, 20).back());
}

void draw_figure_4_1(const Options& options) {
  const std::vector<double> x = grid(-1, 7, 0.05), path = descend_by_gradient(-0.5, 0.12, 12);
  plotting::draw_lines(options.figure("figure_4_1_gradient_descent.png"),
                       {{.title = "Gradient descent on f(x) = (x - 3)^2, epsilon = 0.12",
                         .x_label = "x",
                         .y_label = "f(x), f'(x)",
                         .series = {{"f'(x) = 2 (x - 3)   (4.3)", x, evaluate(parabola_derivative, x)},
                                    {"f(x) = (x - 3)^2   (4.2)", x, evaluate(parabola, x)},
                                    {"x <- x - epsilon f'(x)", path, evaluate(parabola, path),
                                     plotting::Style::line_and_points}},
                         .y_range = {-10, 20},
                         .legend = plotting::Legend::bottom_right}});
}

void draw_rates(const Options& options) {
  const auto panel = [](const std::string& title, const std::vector<double>& path,
                        plotting::Range range = {-1, 5}, plotting::Legend legend = plotting::Legend::none) {
    const std::vector<double> steps = count_up(path.size());
    return plotting::LinePlot{.title = title,
                              .x_label = "step",
                              .y_label = "x",
                              .series = {{"minimum", {0, steps.back()}, {3, 3}, plotting::Style::dashed},
                                         {"x", steps, path, plotting::Style::line_and_points}},
                              .y_range = range,
                              .legend = legend};
  };
  plotting::draw_lines(options.figure("figure_4_2_learning_rates.png"),
                       {panel("epsilon = 0.02: slow", descend_by_gradient(0, 0.02, 20), {-1, 5},
                              plotting::Legend::bottom_right),
                        panel("epsilon = 0.3: good", descend_by_gradient(0, 0.3, 20)),
                        panel("epsilon = 1.05: away from it", descend_by_gradient(0, 1.05, 20), {-20, 25}),
                        panel("sign step, epsilon = 0.4: to and fro", descend_by_sign(0, 0.4, 20))},
                       2);
}

}  // namespace

void section_4_2(const Options& options, Results& results) {
  print_function(results);
  print_approximation();
  print_sign_step();
  print_paths(results);
  draw_figure_4_1(options);
  draw_rates(options);
}

}  // namespace plaingrad::chapter4
