#include "gradient_check/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numeric>

#include "gradient_check/exact.hpp"

namespace plaingrad::gradient_check {
namespace {

// A right backward pass with the fault put in, added to what the gradients held.
void backward_with(const Fault& fault, const Request& request, Layer& layer, const Tensor& x,
                   const Tensor& dy, Tensor& dx) {
  BackwardPass pass{request, x, dy, layer.parameters(), {}, {}};
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
                                          backward_with(*fault, request, layer, at_work.x, dy, dx);
                                        else
                                          dx = layer.backward(dy);
                                      }),
                  .dual = {}};
  checked.dual = exact_derivatives(request, at_work.arguments(), U, checked.report);
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
