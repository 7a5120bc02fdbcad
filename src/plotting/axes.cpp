#include "plotting/axes.hpp"

#include <algorithm>
#include <cmath>

#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"

namespace plaingrad::plotting {

std::string axes_commands(const std::string& title, const std::string& x_label, const std::string& y_label,
                          double width) {
  return "reset\nset border 3 linecolor rgb '#666666'\nset tics nomirror textcolor rgb '" + ink +
         "'\nset grid linetype 1 linewidth 0.6 linecolor rgb '#dddddd' back\nset title " +
         gnuplot_text(wrapped(title, width - 100, plot_font_size)) + " noenhanced textcolor rgb '" + ink +
         "'\nset xlabel " + gnuplot_text(x_label) + " noenhanced textcolor rgb '" + ink + "'\nset ylabel " +
         gnuplot_text(y_label) + " noenhanced textcolor rgb '" + ink + "'\n";
}

namespace {

/// 1, 2, 5, 10, 20 ... within the range, written out; if there are not two of them, the ends of the range.
std::string tics_within(const std::string& axis, const Range& range) {
  std::string places;
  int count = 0;
  for (double decade = std::pow(10, std::floor(std::log10(range.low))); decade <= range.high; decade *= 10)
    for (const double factor : {1.0, 2.0, 5.0})
      if (const double at = factor * decade; at >= range.low * (1 - 1e-9) && at <= range.high * (1 + 1e-9))
        places += (count++ == 0 ? "" : ",") + number(at);
  if (count < 2) places = number(range.low) + "," + number(range.high);
  return "set format " + axis + " '%g'\nset " + axis + "tics (" + places + ")\n";
}

}  // namespace

std::string axis_command(const std::string& axis, const Range& range, bool logarithmic) {
  std::string command;
  if (range.low != range.high)
    command += "set " + axis + "range [" + number(range.low) + ":" + number(range.high) + "]\n";
  if (!logarithmic) return command;
  command += "set logscale " + axis + "\n";
  const bool few_decades = range.low > 0 && range.low < range.high && range.high <= 1000 * range.low;
  return command + (few_decades ? tics_within(axis, range) : "set format " + axis + " '10^{%L}'\n");
}

namespace {

std::string key_command(const std::string& place) {
  return "set key " + place + " Left reverse noenhanced samplen 2 spacing 1.15 textcolor rgb '" + ink + "'\n";
}

}  // namespace

std::string legend_alone_command() {
  return key_command("center center horizontal");
}

std::string legend_command(Legend legend) {
  std::string place;
  switch (legend) {
    case Legend::none:
      return "unset key\n";
    case Legend::top_left:
      place = "top left";
      break;
    case Legend::top_right:
      place = "top right";
      break;
    case Legend::bottom_left:
      place = "bottom left";
      break;
    case Legend::bottom_right:
      place = "bottom right";
      break;
    case Legend::outside_right:
      place = "outside right center";
      break;
    case Legend::below:
      place = "outside bottom center horizontal height 1";
      break;
  }
  return key_command(place);
}

void LegendSize::add(const std::string& name) {
  if (name.empty()) return;
  // gnuplot takes every letter to be as wide as an average one, and covers that width; and there is the line
  // beside the name, and some space.
  const auto letters = std::count_if(name.begin(), name.end(), [](char c) { return (c & 0xC0) != 0x80; });
  const double estimated = 0.6 * plot_font_size * pixels_per_point * static_cast<double>(letters);
  width = std::max(width, std::max(widest_line(name, plot_font_size), estimated) + 85);
  height += 25;
}

}  // namespace plaingrad::plotting
