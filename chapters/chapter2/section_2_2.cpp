/// @file
/// Section 2.2: the artificial neuron, with numbers.
#include "neuron/neuron.hpp"

#include <cstdio>
#include <string>

#include "chapter2/sections.hpp"

namespace plaingrad::chapter2 {

namespace {

std::string with_number(const char* name, Real number) {
  char text[40];
  std::snprintf(text, sizeof text, "%s%.2f", name, static_cast<double>(number));
  return text;
}

}  // namespace

void section_2_2(const Options& options) {
  const Real x1 = Real(0.5), x2 = -1, w1 = Real(1.2), w2 = Real(0.4);
  const NeuronSignals neuron = artificial_neuron(Activation::sigmoid, x1, x2, w1, w2);
  std::printf("The artificial neuron (section 2.2)\n\n");
  std::printf("  e = w1 x1 + w2 x2 = %.2f * %.2f + %.2f * %.2f = %.2f\n", static_cast<double>(w1),
              static_cast<double>(x1), static_cast<double>(w2), static_cast<double>(x2),
              static_cast<double>(neuron.e));
  std::printf("  y = f(e) = 1 / (1 + exp(-e)) = %.4f\n\n", static_cast<double>(neuron.y));

  plotting::Diagram diagram{.title = "Fig. 2.2: the artificial neuron", .nodes = {}, .arrows = {}};
  diagram.pixel_height = 320;
  diagram.nodes = {
      {0, 1, with_number("x1 = ", x1), 0, 0, 1},
      {0, 0, with_number("x2 = ", x2), 0, 0, 1},
      {1.9, 0.5, "weighted sum\ne = w1 x1\n+ w2 x2\n" + with_number("= ", neuron.e), 1.2, 0.75, 2},
      {3.45, 0.5, "activation\nf(e): sigmoid", 1.1, 0.6, 3},
      {4.7, 0.5, with_number("y = ", neuron.y), 0, 0, 1}};
  diagram.arrows = {
      {0, 2, with_number("w1 = ", w1)}, {1, 2, with_number("w2 = ", w2)}, {2, 3, ""}, {3, 4, ""}};
  plotting::draw_diagram(options.figure("figure_2_2_neuron.png"), diagram);
}

}  // namespace plaingrad::chapter2
