#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::plotting {
namespace {

const double node_size = 13, arrow_size = 12, title_size = 14;

/// A rectangle on the sheet around a centre; of a circle, the square around it.
struct Area {
  double x = 0, y = 0, half_width = 0, half_height = 0;
  bool circle = false;
};

bool is_circle(const Node& node) {
  return node.width == 0 && node.height == 0;
}

void check(const Diagram& diagram) {
  if (diagram.nodes.empty()) throw std::invalid_argument("the diagram '" + diagram.title + "' has no nodes");
  for (const Node& node : diagram.nodes)
    if (!is_circle(node) && !(node.width > 0 && node.height > 0))
      throw std::invalid_argument("the node '" + node.text + "' is " + number(node.width) + " x " +
                                  number(node.height));
  for (const Node& node : diagram.nodes)
    if (node.picture.size() > 0 && (is_circle(node) || node.picture.shape.size() != 2))
      throw std::invalid_argument("the picture of the node '" + node.text +
                                  "' must be (height, width) and in a box; it is " +
                                  to_string(node.picture.shape));
  const int count = static_cast<int>(diagram.nodes.size());
  for (const Arrow& arrow : diagram.arrows)
    if (arrow.from < 0 || arrow.from >= count || arrow.to < 0 || arrow.to >= count || arrow.from == arrow.to)
      throw std::invalid_argument("an arrow from node " + std::to_string(arrow.from) + " to node " +
                                  std::to_string(arrow.to) + " in a diagram of " + std::to_string(count) +
                                  " nodes");
}

/// Radius of the circles: the widest text must fit.
double circle_radius(const Diagram& diagram) {
  double radius = 24;
  for (const Node& node : diagram.nodes)
    if (is_circle(node))
      radius = std::max(
          radius,
          std::hypot(widest_line(node.text, node_size), 0.7 * text_height(node.text, node_size)) / 2 + 5);
  return radius;
}

/// A node's own units stretched along one axis, so that all nodes fill the sheet from `from` to `to`.
struct Stretch {
  double low = HUGE_VAL, high = -HUGE_VAL, from = 0, to = 0;

  void include(double centre, double size) {
    low = std::min(low, centre - size / 2);
    high = std::max(high, centre + size / 2);
  }
  double scale() const { return high > low ? (to - from) / (high - low) : 0; }
  double operator()(double value) const {
    return high > low ? from + (value - low) * scale() : (from + to) / 2;
  }
};

/// The nodes on a sheet of the diagram's width, and of its height, which is found if it is 0.
std::vector<Area> place(const Diagram& diagram, double title_height, int& sheet_height) {
  const double radius = circle_radius(diagram);
  Stretch x, y;
  bool circles = false;
  for (const Node& node : diagram.nodes) {
    circles |= is_circle(node);
    x.include(node.x, node.width);
    y.include(node.y, node.height);
  }
  const double margin = (circles ? radius : 0) + 14;
  x.from = y.from = margin;
  x.to = diagram.pixel_width - margin;
  if (sheet_height == 0)
    sheet_height = static_cast<int>(std::ceil(x.scale() * (y.high - y.low) + 2 * margin + title_height));
  y.to = sheet_height - margin - title_height;
  std::vector<Area> areas;
  for (const Node& node : diagram.nodes) {
    Area area{x(node.x), y(node.y), node.width * x.scale() / 2, node.height * y.scale() / 2, false};
    if (is_circle(node)) area = {area.x, area.y, radius, radius, true};
    areas.push_back(area);
  }
  return areas;
}

// ---- arrows ----------------------------------------------------------------------------------------------

/// A line on the sheet.
struct Line {
  double x1, y1, x2, y2;
};

/// How far from the area's centre its border is, in the direction (dx, dy) of length 1.
double reach(const Area& area, double dx, double dy) {
  if (area.circle) return area.half_width;
  const double along_x = std::abs(dx) > 1e-9 ? area.half_width / std::abs(dx) : HUGE_VAL;
  const double along_y = std::abs(dy) > 1e-9 ? area.half_height / std::abs(dy) : HUGE_VAL;
  return std::min(along_x, along_y);
}

Line border_to_border(const Area& from, const Area& to) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  if (length == 0) throw std::invalid_argument("an arrow between two nodes at the same place");
  const double dx = (to.x - from.x) / length, dy = (to.y - from.y) / length;
  const double start = reach(from, dx, dy) + 1, end = length - reach(to, dx, dy) - 2;
  return {from.x + dx * start, from.y + dy * start, from.x + dx * end, from.y + dy * end};
}

Area text_area(const Line& line, double position, const std::string& text) {
  return {line.x1 + position * (line.x2 - line.x1), line.y1 + position * (line.y2 - line.y1),
          widest_line(text, arrow_size) / 2 + 3, text_height(text, arrow_size) / 2 + 1};
}

/// The part of `a` that `b` covers, 0 ... 1.
double covered(const Area& a, const Area& b) {
  const double width =
      std::min(a.x + a.half_width, b.x + b.half_width) - std::max(a.x - a.half_width, b.x - b.half_width);
  const double height =
      std::min(a.y + a.half_height, b.y + b.half_height) - std::max(a.y - a.half_height, b.y - b.half_height);
  return width > 0 && height > 0 ? width * height / (4 * a.half_width * a.half_height) : 0;
}

bool crosses(const Line& line, const Area& area) {
  for (int s = 0; s <= 100; ++s) {
    const double x = line.x1 + s * (line.x2 - line.x1) / 100, y = line.y1 + s * (line.y2 - line.y1) / 100;
    if (std::abs(x - area.x) < area.half_width && std::abs(y - area.y) < area.half_height) return true;
  }
  return false;
}

/// Places the texts of arrows one after another, each where it overlaps least, near its requested position.
class TextPlaces {
 public:
  TextPlaces(const std::vector<Area>& nodes, const std::vector<Line>& lines) : nodes_(nodes), lines_(lines) {}

  Area next(std::size_t arrow, const std::string& text, double requested) {
    double least = HUGE_VAL;
    Area best;
    for (int step = -12; step <= 12; ++step) {
      const double position = requested + 0.025 * step;
      if (step != 0 && (position < 0.1 || position > 0.9)) continue;
      const Area area = text_area(lines_[arrow], position, text);
      const double cost = overlap_cost(area, arrow) + std::abs(step) / 20.0;
      if (cost < least) {
        least = cost;
        best = area;
      }
    }
    texts_.push_back(best);
    return best;
  }

 private:
  /// Other texts and nodes below it weigh most, then lines of other arrows.
  double overlap_cost(const Area& area, std::size_t arrow) const {
    double sum = 0;
    for (const Area& text : texts_) sum += covered(area, text) > 0 ? 5 + 10 * covered(area, text) : 0;
    for (const Area& node : nodes_) sum += covered(area, node) > 0 ? 3 + 10 * covered(area, node) : 0;
    for (std::size_t l = 0; l < lines_.size(); ++l) sum += l != arrow && crosses(lines_[l], area) ? 1 : 0;
    return sum;
  }

  const std::vector<Area>& nodes_;
  const std::vector<Line>& lines_;
  std::vector<Area> texts_;
};

void draw_arrows(Canvas& canvas, const Diagram& diagram, const std::vector<Area>& areas) {
  std::vector<Line> lines;
  for (const Arrow& arrow : diagram.arrows)
    lines.push_back(border_to_border(areas[static_cast<std::size_t>(arrow.from)],
                                     areas[static_cast<std::size_t>(arrow.to)]));
  TextPlaces places(areas, lines);
  for (std::size_t a = 0; a < lines.size(); ++a) {
    const Arrow& arrow = diagram.arrows[a];
    const std::string colour = arrow.colour == 0 ? "#777777" : strong_colour(arrow.colour - 1);
    canvas.arrow(lines[a].x1, lines[a].y1, lines[a].x2, lines[a].y2, colour);
    if (arrow.text.empty()) continue;
    const Area area = places.next(a, arrow.text, arrow.text_position);
    canvas.text(area.x, area.y, arrow.text,
                {.size = arrow_size, .colour = arrow.colour == 0 ? ink : colour, .halo = true});
  }
}

// ---- nodes -----------------------------------------------------------------------------------------------

/// A node's picture as grey levels 0 ... 255.
std::vector<std::vector<int>> grey_levels(const Tensor& picture) {
  std::vector<std::vector<int>> levels;
  for (Index i = 0; i < picture.extent(0); ++i) {
    auto& row = levels.emplace_back();
    for (Index j = 0; j < picture.extent(1); ++j)
      row.push_back(grey_level(255 * static_cast<double>(picture[i * picture.extent(1) + j])));
  }
  return levels;
}

/// A picture in the upper part of its box, and the text below it.
void draw_picture(Canvas& canvas, const Node& node, const Area& area) {
  const double below = text_height(node.text, node_size) + (node.text.empty() ? 4 : 8);
  const auto rows = static_cast<double>(node.picture.extent(0));
  const auto columns = static_cast<double>(node.picture.extent(1));
  const double scale =
      std::floor(std::min((2 * area.half_width - 8) / columns, (2 * area.half_height - below - 4) / rows));
  if (scale < 1)
    throw std::invalid_argument("the node '" + node.text + "' is too small for its picture of shape " +
                                to_string(node.picture.shape));
  const double free_height =
      2 * area.half_height - below - rows * scale;  // shared out above and below the picture
  canvas.grey_levels(std::floor(area.x - columns * scale / 2),
                     std::floor(area.y - area.half_height + below + free_height / 2), scale,
                     grey_levels(node.picture));
  canvas.text(area.x, area.y - area.half_height + free_height / 4 + below / 2, node.text,
              {.size = node_size});
}

/// The largest size, up to the usual, at which the text fits its box.
double fitting_size(const Node& node, const Area& area) {
  const double room_x = (2 * area.half_width - 8) / std::max(1.0, widest_line(node.text, 1));
  const double room_y = (2 * area.half_height - 4) / text_height(node.text, 1);
  return std::max(6.0, std::min({node_size, room_x, room_y}));
}

/// The size of the text in most boxes: what suits all of them, but not tiny on account of one small box.
double common_size(const std::vector<Node>& nodes, const std::vector<Area>& areas) {
  double size = node_size;
  for (std::size_t n = 0; n < nodes.size(); ++n)
    if (!areas[n].circle && nodes[n].colour >= 0) size = std::min(size, fitting_size(nodes[n], areas[n]));
  return std::max(size, 9.0);
}

void draw_node(Canvas& canvas, const Node& node, const Area& area, double box_size) {
  if (node.colour < 0) return canvas.text(area.x, area.y, node.text, {.size = node_size});
  const std::string border = node.colour == 0 ? "#555555" : strong_colour(node.colour - 1);
  double size = node_size;
  if (area.circle) {
    canvas.circle(area.x, area.y, area.half_width, light_colour(node.colour), border);
  } else {
    canvas.rectangle(area.x - area.half_width, area.y - area.half_height, 2 * area.half_width,
                     2 * area.half_height, light_colour(node.colour), border, 1.5);
    if (node.picture.size() > 0) return draw_picture(canvas, node, area);
    size = std::min(box_size, fitting_size(node, area));
  }
  canvas.text(area.x, area.y, node.text, {.size = size});
}

/// "28 x 28: 0 0 12 ...", or nothing.
std::string picture_field(const Tensor& picture) {
  if (picture.size() == 0) return "";
  std::string field = std::to_string(picture.extent(0)) + " x " + std::to_string(picture.extent(1)) + ":";
  for (const auto& row : grey_levels(picture))
    for (int level : row) field += " " + std::to_string(level);
  return field;
}

std::string diagram_csv(const Diagram& diagram) {
  std::string csv = "kind,number,from,to,x,y,text,picture\n";
  for (std::size_t n = 0; n < diagram.nodes.size(); ++n)
    csv += "node," + std::to_string(n) + ",,," + number(diagram.nodes[n].x) + "," +
           number(diagram.nodes[n].y) + "," + csv_field(diagram.nodes[n].text) + "," +
           picture_field(diagram.nodes[n].picture) + "\n";
  for (std::size_t a = 0; a < diagram.arrows.size(); ++a)
    csv += "arrow," + std::to_string(a) + "," + std::to_string(diagram.arrows[a].from) + "," +
           std::to_string(diagram.arrows[a].to) + ",,," + csv_field(diagram.arrows[a].text) + ",\n";
  return csv;
}

}  // namespace

void draw_diagram(const Path& png, const Diagram& diagram) {
  check(diagram);
  const std::string title = wrapped(diagram.title, diagram.pixel_width - 40, title_size);
  const double title_height = title.empty() ? 0 : text_height(title, title_size) + 12;
  int height = diagram.pixel_height;
  const std::vector<Area> areas = place(diagram, title_height, height);
  Canvas canvas(diagram.pixel_width, height);
  draw_arrows(canvas, diagram, areas);
  const double box_size = common_size(diagram.nodes, areas);
  for (std::size_t n = 0; n < areas.size(); ++n) draw_node(canvas, diagram.nodes[n], areas[n], box_size);
  canvas.text(canvas.width() / 2, canvas.height() - title_height / 2 - 2, title, {.size = title_size});
  write_picture(png, {canvas.width(), canvas.height(), node_size}, canvas.script(), diagram_csv(diagram));
}

}  // namespace plaingrad::plotting
