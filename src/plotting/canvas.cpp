#include "plotting/canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <stdexcept>

#include "plotting/gnuplot.hpp"

namespace plaingrad::plotting {
namespace {

const std::array<std::string, 8> strong = {"#0072b2", "#d55e00", "#009e73", "#b0569a",
                                           "#56b4e9", "#e69f00", "#444444", "#8c6d31"};
const std::array<std::string, 7> light = {"#ffffff", "#cfe4f3", "#fbdfcb", "#cdeee2",
                                          "#f3dcec", "#fdf0c8", "#e6e6e6"};

/// How far a character moves the pen, in units of the font's size: DejaVu Sans, in rough classes.
double advance(char c) {
  const auto is_one_of = [c](const char* set) { return std::string(set).find(c) != std::string::npos; };
  if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) return 0;  // inside a UTF-8 character
  if (is_one_of("ijl'|")) return 0.29;
  if (is_one_of(" .,:;/()[]-ftr!\"")) return 0.38;
  if (is_one_of("mwMW=+<>@%")) return 0.9;
  return c >= 'A' && c <= 'Z' ? 0.68 : 0.63;
}

std::string at(double x, double y) {
  return number(x) + "," + number(y);
}

std::string fill_style(const std::string& fill, const std::string& border, double line_width) {
  std::string style = fill.empty() ? " fillstyle empty" : " fillcolor rgb '" + fill + "' fillstyle solid 1";
  style += border.empty() ? " noborder" : " border rgb '" + border + "' linewidth " + number(line_width);
  return style;
}

}  // namespace

const std::string& strong_colour(int index) {
  return strong[static_cast<std::size_t>(index < 0 ? 0 : index) % strong.size()];
}

const std::string& light_colour(int index) {
  return index <= 0 ? light[0] : light[1 + static_cast<std::size_t>(index - 1) % (light.size() - 1)];
}

Colour blend(const Colour& a, const Colour& b, double t) {
  Colour colour{};
  for (std::size_t c = 0; c < 3; ++c) colour[c] = a[c] + t * (b[c] - a[c]);
  return colour;
}

std::string hexadecimal(const Colour& colour) {
  char text[16];
  std::snprintf(text, sizeof text, "#%02lx%02lx%02lx", std::lround(colour[0]), std::lround(colour[1]),
                std::lround(colour[2]));
  return text;
}

int grey_level(double level) {
  return std::isfinite(level) ? static_cast<int>(std::lround(std::clamp(level, 0.0, 255.0))) : 0;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines(1);
  for (char c : text) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  return lines;
}

double widest_line(const std::string& text, double size) {
  double widest = 0, width = 0;
  for (char c : text) {
    width = c == '\n' ? 0 : width + advance(c);
    widest = std::max(widest, width);
  }
  return widest * size * pixels_per_point;
}

double text_height(const std::string& text, double size) {
  return 1.17 * size * pixels_per_point * static_cast<double>(split_lines(text).size());
}

std::string wrapped(const std::string& text, double width, double size) {
  std::string result, line, word;
  std::istringstream words(text);
  if (widest_line(text, size) <= width) return text;
  while (words >> word) {
    const bool fits = line.empty() || widest_line(line + " " + word, size) <= width;
    if (!fits) result += line + "\n";
    line = fits && !line.empty() ? line + " " + word : word;
  }
  return result + line;
}

Canvas::Canvas(int width, int height) : width_(width), height_(height) {
  if (width < 1 || height < 1 || width > 10000 || height > 10000)
    throw std::invalid_argument("a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                                " pixels cannot be drawn; each side must be within 1 ... 10000");
}

void Canvas::rectangle(double x, double y, double width, double height, const std::string& fill,
                       const std::string& border, double line_width) {
  objects_ += "set object rectangle from " + at(x, y) + " to " + at(x + width, y + height) +
              fill_style(fill, border, line_width) + "\n";
}

void Canvas::circle(double x, double y, double radius, const std::string& fill, const std::string& border,
                    double line_width) {
  objects_ += "set object circle at " + at(x, y) + " size " + number(radius) +
              fill_style(fill, border, line_width) + "\n";
}

void Canvas::arrow(double x1, double y1, double x2, double y2, const std::string& colour, double line_width) {
  objects_ += "set arrow from " + at(x1, y1) + " to " + at(x2, y2) +
              " head filled size 11,18 fixed linewidth " + number(line_width) + " linecolor rgb '" + colour +
              "'\n";
}

void Canvas::text(double x, double y, const std::string& text, const TextStyle& style) {
  if (text.empty()) return;
  const std::vector<std::string> sides = {"left", "center", "right"};
  // gnuplot puts the first of several lines at y; the block is to be centred there. A turned text is centred
  // already.
  const double first = y + (text_height(text, style.size) - text_height("", style.size)) / 2;
  objects_ += "set label " + gnuplot_text(text) + " at " + at(x, style.turn == 0 ? first : y) + " " +
              sides[static_cast<std::size_t>(style.align)] + " front noenhanced font " +
              gnuplot_text("DejaVu Sans," + number(style.size)) + " textcolor rgb '" + style.colour + "'" +
              (style.halo ? " boxed" : "") + (style.turn != 0 ? " rotate by " + number(style.turn) : "") +
              "\n";
}

void Canvas::grey_levels(double x, double y, double scale, const std::vector<std::vector<int>>& levels,
                         bool coarse) {
  const std::string name = "$grey" + std::to_string(images_.size());
  std::string block = name + " << EOD\n";
  for (auto row = levels.rbegin(); row != levels.rend(); ++row) {
    for (int level : *row) block += std::to_string(coarse ? level / 16 * 255 / 15 : level) + ' ';
    block += '\n';
  }
  images_ += block + "EOD\n";
  plots_ += (plots_.empty() ? "" : ", ") + name + " matrix using (" + number(x) + "+($1+0.5)*" +
            number(scale) + "):(" + number(y) + "+($2+0.5)*" + number(scale) + "):3 with image notitle";
}

std::string Canvas::script() const {
  return "reset\n"
         "set lmargin at screen 0\nset rmargin at screen 1\nset bmargin at screen 0\nset tmargin at screen "
         "1\n"
         "unset border\nunset tics\nunset key\nunset colorbox\nset palette rgbformulae 3,3,3\nset cbrange "
         "[0:255]\n"
         "set style textbox opaque noborder fillcolor rgb '#ffffff' margins 0.3,0.3\n"
         "set xrange [0:" +
         std::to_string(width_) + "]\nset yrange [0:" + std::to_string(height_) + "]\n" + objects_ + images_ +
         "plot " + (plots_.empty() ? "NaN notitle" : plots_) + "\n";
}

}  // namespace plaingrad::plotting
