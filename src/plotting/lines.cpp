#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::plotting {
namespace {

bool can_be_drawn(double value, bool logarithmic) {
  return std::isfinite(value) && (!logarithmic || value > 0);
}

void check(const LinePlot& plot) {
  bool something = false;
  for (const Series& series : plot.series) {
    if (series.x.size() != series.y.size())
      throw std::invalid_argument("series '" + series.name + "' has " + std::to_string(series.x.size()) +
                                  " x and " + std::to_string(series.y.size()) + " y");
    for (std::size_t i = 0; i < series.x.size(); ++i)
      something |=
          can_be_drawn(series.x[i], plot.x_logarithmic) && can_be_drawn(series.y[i], plot.y_logarithmic);
  }
  if (!something) throw std::invalid_argument("the plot '" + plot.title + "' has no point that can be drawn");
}

std::string legend_command(Legend legend) {
  switch (legend) {
    case Legend::top_left:
      return "set key top left Left reverse noenhanced\n";
    case Legend::top_right:
      return "set key top right Left reverse noenhanced\n";
    case Legend::bottom_left:
      return "set key bottom left Left reverse noenhanced\n";
    case Legend::bottom_right:
      return "set key bottom right Left reverse noenhanced\n";
    case Legend::outside_right:
      return "set key outside right center Left reverse noenhanced\n";
    case Legend::none:
      break;
  }
  return "unset key\n";
}

/// What all plots with axes have in common: thin grey grid, two axes, texts as they are.
std::string axes_commands(const std::string& title, const std::string& x_label, const std::string& y_label) {
  return "reset\nset border 3 linecolor rgb '#666666'\nset tics nomirror textcolor rgb '#222222'\n"
         "set grid linetype 1 linewidth 0.6 linecolor rgb '#dddddd' back\n"
         "set title " +
         quoted(title) + " noenhanced\nset xlabel " + quoted(x_label) + " noenhanced\nset ylabel " +
         quoted(y_label) + " noenhanced\n";
}

/// gnuplot takes the text of a tic as a format for its number.
std::string tic_text(const std::string& text) {
  std::string result;
  for (char c : text) result += c == '%' ? std::string("%%") : std::string(1, c);
  return result;
}

std::string axis_command(const std::string& axis, const Range& range, bool logarithmic) {
  std::string command;
  if (range.low != range.high)
    command += "set " + axis + "range [" + number(range.low) + ":" + number(range.high) + "]\n";
  if (logarithmic) command += "set logscale " + axis + "\nset format " + axis + " '10^{%L}'\n";
  return command;
}

std::string style_command(Style style, int colour) {
  const std::string stroke = " linewidth 2.5 linecolor rgb '" + strong_colour(colour) + "'";
  const std::string point = " pointtype 7 pointsize 0.9";
  switch (style) {
    case Style::line:
      return "with lines" + stroke;
    case Style::dashed:
      return "with lines dashtype (9,6)" + stroke;
    case Style::points:
      return "with points" + point + stroke;
    case Style::line_and_points:
      return "with linespoints" + point + stroke;
  }
  throw std::invalid_argument("unknown style of a curve");
}

std::string plot_commands(const LinePlot& plot) {
  std::string blocks, curves;
  int colour = 0;
  for (const Series& series : plot.series) {
    const std::string name = "$curve" + std::to_string(colour);
    blocks += name + " << EOD\n";
    for (std::size_t i = 0; i < series.x.size(); ++i)
      blocks += number(series.x[i]) + " " + number(series.y[i]) + "\n";
    if (series.x.empty()) blocks += "NaN NaN\n";
    blocks += "EOD\n";
    curves += (curves.empty() ? "plot " : ", ") + name + " using 1:2 " + style_command(series.style, colour) +
              (series.name.empty() ? " notitle" : " title " + quoted(series.name));
    ++colour;
  }
  return axes_commands(plot.title, plot.x_label, plot.y_label) + legend_command(plot.legend) +
         axis_command("x", plot.x_range, plot.x_logarithmic) +
         axis_command("y", plot.y_range, plot.y_logarithmic) + blocks + curves + "\n";
}

/// One line for each point.
std::string point_lines(const LinePlot& plot, const std::string& prefix) {
  std::string csv;
  for (const Series& series : plot.series)
    for (std::size_t i = 0; i < series.x.size(); ++i)
      csv += prefix + csv_field(series.name) + "," + number(series.x[i]) + "," + number(series.y[i]) + "\n";
  return csv;
}

/// Grows `range` to hold the values.
void grow(Range& range, bool& first, const std::vector<double>& values, bool logarithmic) {
  for (double value : values) {
    if (!can_be_drawn(value, logarithmic)) continue;
    range = first ? Range{value, value} : Range{std::min(range.low, value), std::max(range.high, value)};
    first = false;
  }
}

/// Axes that hold the curves of every frame: they must not jump.
void set_common_ranges(std::vector<LinePlot>& frames) {
  Range x, y;
  bool first_x = true, first_y = true;
  for (const LinePlot& frame : frames)
    for (const Series& series : frame.series) {
      grow(x, first_x, series.x, frame.x_logarithmic);
      grow(y, first_y, series.y, frame.y_logarithmic);
    }
  for (LinePlot& frame : frames) {
    if (frame.x_range.low == frame.x_range.high) frame.x_range = x;
    if (frame.y_range.low == frame.y_range.high) frame.y_range = y;
  }
}

}  // namespace

void draw_lines(const Path& png, const std::vector<LinePlot>& plots, int columns) {
  if (plots.empty()) throw std::invalid_argument("draw_lines: no plots for " + png.string());
  if (columns < 1) throw std::invalid_argument("draw_lines: " + std::to_string(columns) + " columns");
  const int count = static_cast<int>(plots.size());
  const int across = std::min(columns, count), down = (count + across - 1) / across;
  std::string script = "set multiplot layout " + std::to_string(down) + "," + std::to_string(across) + "\n";
  std::string csv = "plot,series,x,y\n";
  for (const LinePlot& plot : plots) {
    check(plot);
    script += plot_commands(plot);
    csv += point_lines(plot, csv_field(plot.title) + ",");
  }
  const int width = across == 1 ? 1000 : std::min(1400, 600 * across);
  const int height = across == 1 && down == 1 ? 600 : down * (across == 1 ? 480 : width / across * 3 / 4);
  write_picture(png, png_terminal(width, height, 13), script + "unset multiplot\n", csv);
}

void draw_bars(const Path& png, const BarPlot& plot) {
  if (plot.categories.empty() || plot.sets.empty())
    throw std::invalid_argument("draw_bars: nothing to draw for " + png.string());
  std::string csv = "category", block, bars, tics;
  for (const auto& [name, values] : plot.sets) {
    if (values.size() != plot.categories.size())
      throw std::invalid_argument("bars '" + name + "' have " + std::to_string(values.size()) +
                                  " values for " + std::to_string(plot.categories.size()) + " categories");
    csv += "," + csv_field(name);
  }
  csv += "\n";
  for (std::size_t i = 0; i < plot.categories.size(); ++i) {
    csv += csv_field(plot.categories[i]);
    for (const auto& set : plot.sets) {
      csv += "," + number(set.second[i]);
      block += number(set.second[i]) + " ";
    }
    csv += "\n";
    block += "\n";
    tics += (i ? ", " : "") + quoted(tic_text(plot.categories[i])) + " " + std::to_string(i);
  }
  for (std::size_t s = 0; s < plot.sets.size(); ++s)
    bars += std::string(s ? ", " : "plot ") + "$bars using " + std::to_string(s + 1) + " linecolor rgb '" +
            strong_colour(static_cast<int>(s)) + "' " +
            (plot.sets[s].first.empty() ? "notitle" : "title " + quoted(plot.sets[s].first));
  const std::string script =
      axes_commands(plot.title, plot.x_label, plot.y_label) + legend_command(plot.legend) +
      "set style data histograms\nset style histogram " + (plot.stacked ? "rowstacked" : "clustered gap 1") +
      "\nset style fill solid 1 noborder\nset boxwidth 0.8 relative\n" +
      (plot.y_logarithmic ? axis_command("y", {}, true) : "set yrange [0:*]\n") + "set xtics (" + tics +
      ") noenhanced scale 0\nset grid noxtics ytics\n" + "$bars << EOD\n" + block + "EOD\n" + bars + "\n";
  write_picture(png, png_terminal(1000, 560, 13), script, csv);
}

void animate_lines(const Path& gif, const std::vector<LinePlot>& frames, int delay) {
  if (frames.empty()) throw std::invalid_argument("animate_lines: no frames for " + gif.string());
  std::vector<LinePlot> steady = frames;
  set_common_ranges(steady);
  std::string script, csv = "frame,title,series,x,y\n";
  for (std::size_t f = 0; f < steady.size(); ++f) {
    check(steady[f]);
    script += plot_commands(steady[f]);
    csv += point_lines(steady[f], std::to_string(f + 1) + "," + csv_field(steady[f].title) + ",");
  }
  write_picture(gif, gif_terminal(720, 450, 11, delay), script, csv);
}

}  // namespace plaingrad::plotting
