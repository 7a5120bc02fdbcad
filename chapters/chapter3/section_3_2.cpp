/// @file
/// Section 3.2: the architecture, Fig. 3.1, for the network that the report trains.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter3/sections.hpp"
#include "models/cnn.hpp"

namespace plaingrad::chapter3 {

namespace {

std::string joined(const Shape& shape) {
  std::string text;
  for (Index extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

/// How the shape follows from the one before, as a formula.
std::string shape_formula(const std::string& type, const Shape& before, const Shape& after) {
  const std::string from = std::to_string(before[0]), to = std::to_string(after[0]);
  if (type == "Conv2D")
    return from + " - 3 + 1 = " + to + ", one map for each of " + std::to_string(after[2]) + " filters";
  if (type == "MaxPooling2D")
    return from + " / 2 = " + to + (before[0] % 2 ? ", the last row and column are left over" : "");
  if (type == "Flatten") return joined(before) + " = " + to;
  return from + " weights and a bias for each of " + to + " neurons";
}

/// A stage below the one before, and its name beside it: a stack of sheets in the proportion of its maps,
/// more of them for more maps; a vector is a bar.
/// @param top  of the stage; moved below it
void add_stage(plotting::Diagram& diagram, double& top, const std::string& type, const Shape& shape) {
  const bool maps = shape.size() == 3;
  const double width = maps ? double(shape[1]) : 2 + 3 * std::log2(double(shape[0]));
  const double height = maps ? double(shape[0]) : 3;
  const double sheet = std::max(0.6, 0.04 * width), gap = 6;
  const int sheets = maps ? int(std::log2(double(shape[2]))) : 0;
  const int colour = type == "Conv2D" ? 1 : type == "MaxPooling2D" ? 2 : type == "Dense" ? 3 : 0;
  const double y = top - sheets * sheet - height / 2;
  const int previous = static_cast<int>(diagram.nodes.size()) - 2;
  for (int s = sheets; s > 0; --s)  // the one farthest behind first
    diagram.nodes.push_back({s * sheet, y + s * sheet, "", width, height, colour});
  diagram.nodes.push_back({0, y, "", width, height, colour});
  diagram.nodes.push_back({42, y, type + (maps ? "\n" : " ") + joined(shape), 34, 6, -1});
  if (previous >= 0) diagram.arrows.push_back({previous, previous + 2, ""});
  top = y - height / 2 - gap;
}

}  // namespace

void section_3_2(const Options& options) {
  std::printf(
      "3.2 Convolutional Neural Network Architecture (Fig. 3.1, for the network of section 7.3.1)\n\n");
  Random random(options.seed);
  Sequential network = make_cnn(random);
  plotting::Diagram diagram;
  diagram.title = "The report's network: from 28 x 28 pixels to 10 classes";
  diagram.pixel_width = 380;
  diagram.pixel_height = 0;  // in proportion
  double top = 0;
  for (Index i = -1; i < network.layer_count(); ++i) {
    const std::string type = i < 0 ? "Image" : network.layer(i).type();
    const Shape& shape = network.shape_after(i);
    const std::string how = i < 0 ? "pixels, grey" : shape_formula(type, network.shape_after(i - 1), shape);
    std::printf("  %-13s %-13s %s\n", type.c_str(), joined(shape).c_str(), how.c_str());
    add_stage(diagram, top, type, shape);
  }
  std::printf("\n");
  plotting::draw_diagram(options.figure("figure_3_1_architecture.png"), diagram);
}

}  // namespace plaingrad::chapter3
