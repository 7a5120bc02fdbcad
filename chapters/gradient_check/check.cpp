#include "gradient_check/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "layers/dropout.hpp"

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

}  // namespace

GradientReport check(const Request& request, const Fault* fault) {
  const std::unique_ptr<Layer> layer = make_layer(request);
  auto* dropout = dynamic_cast<Dropout*>(layer.get());
  const Random mask = dropout ? dropout->random() : Random(0);
  Shape shape = request.size;
  shape.insert(shape.begin(), request.batch);
  Tensor x(shape), dx(shape), y;

  GradientCheck check({.seed = request.seed});
  check.input("x", shape, x, dx);
  for (Parameter* p : layer->parameters())
    if (p->trainable) check.parameter(p->name, p->value.shape, p->value, p->gradient);
  return check.run(
      [&]() -> const Tensor& {
        if (dropout) dropout->random() = mask;
        return y = layer->forward(x, Mode::training);
      },
      [&](const std::vector<double>& U) {
        Tensor dy(y.shape);
        std::transform(U.begin(), U.end(), dy.values.begin(), [](double u) { return static_cast<Real>(u); });
        if (fault)
          backward_with(*fault, request, *layer, x, dy, dx);
        else
          dx = layer->backward(dy);
      });
}

void print_table(const GradientReport& report, Index rows) {
  std::printf("%-24s%18s%18s%12s%12s\n", "element", "analytic", "difference", "error", "bound");
  for (const CheckedArgument& argument : report.arguments) {
    std::vector<CheckedElement> elements = argument.elements;
    std::stable_sort(elements.begin(), elements.end(),
                     [](const auto& a, const auto& b) { return a.error() > b.error(); });
    if (std::ssize(elements) > rows) elements.resize(static_cast<std::size_t>(rows));
    for (const CheckedElement& e : elements)
      std::printf("%-24s%18.9g%18.9g%12.1e%12.1e%s\n", element_name(argument, e.index).c_str(), e.analytic,
                  e.difference, std::abs(e.analytic - e.difference), e.bound,
                  e.error() > 1 ? "  wrong" : (e.kink ? "  at a kink" : ""));
  }
  std::printf("\n");
  std::fflush(stdout);
  std::cout << report;
}

nlohmann::json as_json(const Request& request, const GradientReport& report) {
  nlohmann::json arguments = nlohmann::json::array();
  for (const CheckedArgument& argument : report.arguments) {
    nlohmann::json elements = nlohmann::json::array();
    for (const CheckedElement& e : argument.elements) {
      nlohmann::json element = {{"index", e.index},
                                {"analytic", e.analytic},
                                {"difference", e.difference},
                                {"bound", e.bound},
                                {"right", e.error() <= 1}};
      if (e.kink) element["between"] = {e.left, e.right};
      elements.push_back(element);
    }
    arguments.push_back({{"name", argument.name},
                         {"shape", argument.shape},
                         {"wrong", argument.wrong()},
                         {"guess", argument.guess},
                         {"elements", elements}});
  }
  return {{"layer", describe(request)}, {"right", report.passed()}, {"arguments", arguments}};
}

}  // namespace plaingrad::gradient_check
