#include "gradient_check/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <stdexcept>

#include "gradient_check/exact.hpp"

namespace plaingrad::gradient_check {
namespace {

// A right backward pass with the fault put in, added to what the gradients held.
void backward_with(const Fault& fault, const Request& request, Layer& layer, const Tensor& x, const Tensor& y,
                   const Tensor& dy, Tensor& dx) {
  BackwardPass pass{request, x, y, dy, layer.parameters(), {}, {}};
  std::vector<Tensor> earlier;
  for (Parameter* p : pass.parameters) {
    earlier.push_back(p->gradient);
    p->gradient.fill(0);
  }
  pass.dx = layer.backward(dy);
  for (const Parameter* p : pass.parameters) pass.gradients.push_back(p->gradient);
  put_in(fault, pass);
  for (std::size_t i = 0; i < earlier.size(); ++i)
    for (Index k = 0; k < earlier[i].size(); ++k)
      pass.parameters[i]->gradient[k] = (pass.overwrites ? 0 : earlier[i][k]) + pass.gradients[i][k];
  dx = pass.dx;
}

// Of each element that the report has.
std::vector<std::vector<double>> exact_derivatives(const Request& r, const std::vector<Tensor*>& arguments,
                                                   const std::vector<double>& U,
                                                   const GradientReport& report) {
  plaingrad_dual::gradient_check::ForwardPass pass{.layer = r.layer,
                                                   .size = r.size,
                                                   .filters = r.filters,
                                                   .kernel = r.kernel,
                                                   .stride = r.stride,
                                                   .same_padding = r.padding == Padding::same,
                                                   .activation = to_string(r.activation),
                                                   .batch = r.batch,
                                                   .seed = r.seed,
                                                   .values = {},
                                                   .U = U};
  std::vector<std::vector<Index>> elements(arguments.size());
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    pass.values.push_back(arguments[k]->values);
    for (const CheckedElement& e : report.arguments[k].elements) elements[k].push_back(e.index);
  }
  return derivatives(pass, elements);
}

// What a right backward gives for one element of one argument: of x, or of a trainable parameter.
double right_backward(LayerAtWork& at_work, const std::vector<double>& U, std::size_t argument, Index index) {
  Tensor dy = at_work.forward();
  dy.values.assign(U.begin(), U.end());
  for (Parameter* p : at_work.layer->parameters()) p->gradient.fill(0);
  const Tensor& dx = at_work.layer->backward(dy);
  if (argument == 0) return dx[index];
  std::size_t k = 0;
  for (const Parameter* p : at_work.layer->parameters())
    if (p->trainable && ++k == argument) return p->gradient[index];
  throw std::logic_error("gradient check: no argument " + std::to_string(argument));
}

StepCurve step_curve(LayerAtWork& at_work, const std::vector<double>& U, const Checked& checked) {
  const std::vector<CheckedArgument>& arguments = checked.report.arguments;
  std::size_t k = 0;
  for (std::size_t other = 1; other < arguments.size(); ++other)
    if (!arguments[other].elements.empty() && arguments[other].worst().error() > arguments[k].worst().error())
      k = other;
  const CheckedElement& worst = arguments[k].worst();
  const double exact = checked.dual[k][static_cast<std::size_t>(&worst - arguments[k].elements.data())];
  StepCurve curve{.element = element_name(arguments[k], worst.index),
                  .value = exact,
                  .steps = {},
                  .central = {},
                  .dual = std::abs(exact - right_backward(at_work, U, k, worst.index)),
                  .backward = std::abs(exact - worst.analytic)};
  Real& value = (*at_work.arguments()[k])[worst.index];
  const Real kept = value;
  const auto L = [&](double step) {
    value = kept + step;
    const Tensor& y = at_work.forward();
    return std::inner_product(U.begin(), U.end(), y.values.begin(), 0.0);
  };
  for (int sixth = 6; sixth <= 14 * 6; ++sixth) {
    const double h = std::pow(10, -sixth / 6.0);
    curve.steps.push_back(h);
    curve.central.push_back(std::abs((L(h) - L(-h)) / (2 * h) - exact));
  }
  value = kept;
  return curve;
}

}  // namespace

Checked check(const Request& request, const Fault* fault) {
  LayerAtWork at_work(request);
  Layer& layer = *at_work.layer;
  Tensor dx(at_work.x.shape), y;
  std::vector<double> U;

  GradientCheck check({.seed = request.seed});
  check.input("x", at_work.x.shape, at_work.x, dx);
  for (Parameter* p : layer.parameters())
    if (p->trainable) check.parameter(p->name, p->value.shape, p->value, p->gradient);
  Checked checked{.report = check.run([&]() -> const Tensor& { return y = at_work.forward(); },
                                      [&](const std::vector<double>& upstream) {
                                        U = upstream;
                                        Tensor dy(y.shape);
                                        dy.values.assign(U.begin(), U.end());
                                        if (fault)
                                          backward_with(*fault, request, layer, at_work.x, y, dy, dx);
                                        else
                                          dx = layer.backward(dy);
                                      }),
                  .dual = {},
                  .curve = {}};
  checked.dual = exact_derivatives(request, at_work.arguments(), U, checked.report);
  checked.curve = step_curve(at_work, U, checked);
  return checked;
}

void print_table(const Checked& checked, Index rows) {
  std::printf("%-20s%18s%18s%18s%11s%11s\n", "element", "analytic", "difference", "dual", "error", "bound");
  for (std::size_t k = 0; k < checked.dual.size(); ++k) {
    const CheckedArgument& argument = checked.report.arguments[k];
    std::vector<std::size_t> order(argument.elements.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return argument.elements[a].error() > argument.elements[b].error();
    });
    if (std::ssize(order) > rows) order.resize(static_cast<std::size_t>(rows));
    for (const std::size_t i : order) {
      const CheckedElement& e = argument.elements[i];
      std::printf("%-20s%18.9g%18.9g%18.9g%11.1e%11.1e%s\n", element_name(argument, e.index).c_str(),
                  e.analytic, e.difference, checked.dual[k][i], std::abs(e.analytic - checked.dual[k][i]),
                  e.bound, e.error() > 1 ? "  wrong" : (e.kink ? "  at a kink" : ""));
    }
  }
  std::printf("\n");
  std::fflush(stdout);
  std::cout << checked.report;
}

nlohmann::json as_json(const Request& request, const Checked& checked) {
  nlohmann::json arguments = nlohmann::json::array();
  for (std::size_t k = 0; k < checked.dual.size(); ++k) {
    const CheckedArgument& argument = checked.report.arguments[k];
    nlohmann::json elements = nlohmann::json::array();
    for (std::size_t i = 0; i < argument.elements.size(); ++i) {
      const CheckedElement& e = argument.elements[i];
      nlohmann::json element = {{"index", e.index},           {"analytic", e.analytic},
                                {"difference", e.difference}, {"dual", checked.dual[k][i]},
                                {"bound", e.bound},           {"right", e.error() <= 1}};
      if (e.kink) element["between"] = {e.left, e.right};
      elements.push_back(element);
    }
    arguments.push_back({{"name", argument.name},
                         {"shape", argument.shape},
                         {"wrong", argument.wrong()},
                         {"guess", argument.guess},
                         {"elements", elements}});
  }
  return {{"layer", describe(request)}, {"right", checked.report.passed()}, {"arguments", arguments}};
}

}  // namespace plaingrad::gradient_check
