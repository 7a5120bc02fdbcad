/// @file
/// Section 2.3: the table of activation functions, printed and drawn.
#include <cstdio>

#include "chapter2/sections.hpp"
#include "neuron/activation.hpp"

namespace plaingrad::chapter2 {

namespace {

struct Row {
  Activation f;
  const char *formula, *range, *used_for;
};

const std::vector<Row> table = {
    {Activation::linear, "c x (here c = 1)", "-inf ... inf", "output layer"},
    {Activation::sigmoid, "1 / (1 + e^-x)", "0 ... 1", "output layer"},
    {Activation::tanh, "2 / (1 + e^-2x) - 1", "-1 ... 1", "hidden layers"},
    {Activation::relu, "0 if x < 0, x if x >= 0", "0 ... inf", "hidden layers"},
    {Activation::leaky_relu, "0.3 x if x < 0, x if x >= 0", "-inf ... inf", "(the GAN's, 11.1.3)"}};

void print_at(const char* heading, Real (*function)(Activation, Real)) {
  const std::vector<Real> at = {-1000, -2, Real(-0.5), 0, Real(0.5), 2, 1000};
  std::printf("%-12s", heading);
  for (const Real x : at) std::printf("%10g", static_cast<double>(x));
  for (const Row& row : table) {
    std::printf("\n%-12s", to_string(row.f).c_str());
    for (const Real x : at) std::printf("%10.4f", static_cast<double>(function(row.f, x)));
  }
  std::printf("\n\n");
}

plotting::LinePlot curves(const char* title, Real (*function)(Activation, Real)) {
  plotting::LinePlot plot{.title = title, .x_label = "x", .y_label = "", .series = {}, .x_range = {-4, 4}};
  for (const Row& row : table) {
    plotting::Series series{.name = to_string(row.f), .x = {}, .y = {}};
    for (int i = -200; i <= 200; ++i) {
      series.x.push_back(i / 50.0);
      series.y.push_back(static_cast<double>(function(row.f, static_cast<Real>(i) / 50)));
    }
    // Right of zero three of them are one: the wide line is seen under the narrow one, and both under dashes.
    if (row.f == Activation::linear) series.width = 8;
    if (row.f == Activation::relu) series.width = 4;
    if (row.f == Activation::leaky_relu) series.style = plotting::Style::dashed;
    plot.series.push_back(series);
  }
  return plot;
}

}  // namespace

void section_2_3(const Options& options) {
  std::printf("Activation functions (section 2.3)\n\n");
  std::printf("%-12s%-29s%-15s%s\n", "name", "f(x)", "range", "the report uses it for");
  for (const Row& row : table)
    std::printf("%-12s%-29s%-15s%s\n", to_string(row.f).c_str(), row.formula, row.range, row.used_for);
  std::printf("\n");
  print_at("f(x) at", value);
  print_at("f'(x) at", derivative);

  plotting::LinePlot values = curves("f(x)", value), slopes = curves("f'(x)", derivative);
  values.y_range = {-2, 4};
  values.legend = plotting::Legend::top_left;
  slopes.y_range = {-0.05, 1.1};
  slopes.legend = plotting::Legend::none;
  plotting::draw_lines(options.figure("figure_2_0_activations.png"), {values, slopes}, 2);
}

}  // namespace plaingrad::chapter2
