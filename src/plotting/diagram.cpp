#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::plotting {
namespace {

/// A node on the sheet: centre and, of a box, half its sides; of a circle, its radius twice.
struct Placed {
  double x, y, half_width, half_height;
  bool circle;
};

void check(const Diagram& diagram) {
  if (diagram.nodes.empty()) throw std::invalid_argument("the diagram '" + diagram.title + "' has no nodes");
  const int count = static_cast<int>(diagram.nodes.size());
  for (const Arrow& arrow : diagram.arrows)
    if (arrow.from < 0 || arrow.from >= count || arrow.to < 0 || arrow.to >= count || arrow.from == arrow.to)
      throw std::invalid_argument("an arrow from node " + std::to_string(arrow.from) + " to node " +
                                  std::to_string(arrow.to) + " in a diagram of " + std::to_string(count) +
                                  " nodes");
}

bool is_circle(const Node& node) {
  return node.width == 0 && node.height == 0;
}

/// Radius of the circles: the widest text must fit.
double circle_radius(const Diagram& diagram, double size) {
  double radius = 24;
  for (const Node& node : diagram.nodes) {
    if (!is_circle(node)) continue;
    const auto lines = split_lines(node.text);
    double width = 0;
    for (const auto& line : lines) width = std::max(width, Canvas::text_width(line, size));
    radius = std::max(radius,
                      std::hypot(width, Canvas::text_height(size, static_cast<int>(lines.size()))) / 2 + 4);
  }
  return radius;
}

/// The nodes' own units stretched, x and y apart, so that the diagram fills the sheet.
std::vector<Placed> place(const Diagram& diagram, double radius) {
  double low_x = 1e300, high_x = -1e300, low_y = 1e300, high_y = -1e300;
  bool circles = false;
  for (const Node& node : diagram.nodes) {
    circles |= is_circle(node);
    low_x = std::min(low_x, node.x - node.width / 2);
    high_x = std::max(high_x, node.x + node.width / 2);
    low_y = std::min(low_y, node.y - node.height / 2);
    high_y = std::max(high_y, node.y + node.height / 2);
  }
  const double margin = (circles ? radius : 0) + 16, top = diagram.title.empty() ? 0 : 34;
  const double room_x = diagram.pixel_width - 2 * margin, room_y = diagram.pixel_height - 2 * margin - top;
  const double scale_x = high_x > low_x ? room_x / (high_x - low_x) : 0;
  const double scale_y = high_y > low_y ? room_y / (high_y - low_y) : 0;
  std::vector<Placed> placed;
  for (const Node& node : diagram.nodes) {
    const double x = scale_x == 0 ? diagram.pixel_width / 2.0 : margin + (node.x - low_x) * scale_x;
    const double y = scale_y == 0 ? (diagram.pixel_height - top) / 2.0 : margin + (node.y - low_y) * scale_y;
    if (is_circle(node))
      placed.push_back({x, y, radius, radius, true});
    else
      placed.push_back({x, y, node.width * scale_x / 2, node.height * scale_y / 2, false});
  }
  return placed;
}

/// How far from the node's centre its border is, in the direction (dx, dy) of length 1.
double reach(const Placed& node, double dx, double dy) {
  if (node.circle) return node.half_width;
  const double along_x = std::abs(dx) > 1e-9 ? node.half_width / std::abs(dx) : 1e300;
  const double along_y = std::abs(dy) > 1e-9 ? node.half_height / std::abs(dy) : 1e300;
  return std::min(along_x, along_y);
}

}  // namespace

void draw_diagram(const Path& png, const Diagram& diagram) {
  check(diagram);
  const double size = 13;
  const std::vector<Placed> placed = place(diagram, circle_radius(diagram, size));
  Canvas canvas(diagram.pixel_width, diagram.pixel_height);
  std::string csv = "kind,from,to,text\n";
  for (const Arrow& arrow : diagram.arrows) {
    const Placed& from = placed[static_cast<std::size_t>(arrow.from)];
    const Placed& to = placed[static_cast<std::size_t>(arrow.to)];
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    if (length == 0) throw std::invalid_argument("an arrow between two nodes at the same place");
    const double dx = (to.x - from.x) / length, dy = (to.y - from.y) / length;
    const double start = reach(from, dx, dy) + 1, end = length - reach(to, dx, dy) - 2;
    canvas.arrow(from.x + dx * start, from.y + dy * start, from.x + dx * end, from.y + dy * end,
                 arrow.colour == 0 ? "#777777" : strong_colour(arrow.colour - 1));
    const double at = start + (end - start) * arrow.text_position;
    if (!arrow.text.empty())
      canvas.text(from.x + dx * at, from.y + dy * at, arrow.text, {.size = 12, .halo = true});
    csv += "arrow," + std::to_string(arrow.from) + "," + std::to_string(arrow.to) + "," +
           csv_field(arrow.text) + "\n";
  }
  for (std::size_t n = 0; n < placed.size(); ++n) {
    const Placed& node = placed[n];
    const int colour = diagram.nodes[n].colour;
    const std::string border = colour == 0 ? "#555555" : strong_colour(colour - 1);
    if (node.circle)
      canvas.circle(node.x, node.y, node.half_width, light_colour(colour), border);
    else
      canvas.rectangle(node.x - node.half_width, node.y - node.half_height, 2 * node.half_width,
                       2 * node.half_height, light_colour(colour), border, 2);
    canvas.text(node.x, node.y, diagram.nodes[n].text, {.size = size});
    csv += "node," + std::to_string(n) + ",," + csv_field(diagram.nodes[n].text) + "\n";
  }
  if (!diagram.title.empty())
    canvas.text(canvas.width() / 2.0, canvas.height() - 20, diagram.title, {.size = 15});
  write_picture(png, png_terminal(canvas.width(), canvas.height(), size), canvas.script(), csv);
}

}  // namespace plaingrad::plotting
