#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "plotting/axes.hpp"
#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"

namespace plaingrad::plotting {
namespace {

bool can_be_drawn(double value, bool logarithmic) {
  return std::isfinite(value) && (!logarithmic || value > 0);
}

bool has_band(const Series& series) {
  return !series.low.empty() || !series.high.empty();
}

void check(const LinePlot& plot) {
  bool something = false;
  for (const Series& series : plot.series) {
    if (series.x.size() != series.y.size())
      throw std::invalid_argument("series '" + series.name + "' has " + std::to_string(series.x.size()) +
                                  " x and " + std::to_string(series.y.size()) + " y");
    if (series.low.size() != series.high.size() || (has_band(series) && series.low.size() != series.x.size()))
      throw std::invalid_argument(
          "the band of series '" + series.name + "' has " + std::to_string(series.low.size()) + " low and " +
          std::to_string(series.high.size()) + " high ends for " + std::to_string(series.x.size()) + " x");
    for (std::size_t i = 0; i < series.x.size(); ++i)
      something |=
          can_be_drawn(series.x[i], plot.x_logarithmic) && can_be_drawn(series.y[i], plot.y_logarithmic);
  }
  if (!something) throw std::invalid_argument("the plot '" + plot.title + "' has no point that can be drawn");
}

// ---- where things are: positions 0 ... 1 along an axis ---------------------------------------------------

/// Limits of an axis and its scale.
struct Axis {
  Range range;
  bool logarithmic;

  double position(double value) const {
    if (!can_be_drawn(value, logarithmic)) return std::numeric_limits<double>::quiet_NaN();
    if (!logarithmic) return (value - range.low) / (range.high - range.low);
    return std::log(value / range.low) / std::log(range.high / range.low);
  }
};

/// The axis of the plots' x (or y): the requested range, or the one that holds all values.
Axis common_axis(const std::vector<LinePlot>& plots, Range LinePlot::*requested, bool LinePlot::*logarithmic,
                 std::vector<double> Series::*values) {
  Axis axis{plots[0].*requested, plots[0].*logarithmic};
  if (axis.range.low != axis.range.high) return axis;
  axis.range = {HUGE_VAL, -HUGE_VAL};
  for (const LinePlot& plot : plots)
    for (const Series& series : plot.series)
      for (double value : series.*values)
        if (can_be_drawn(value, axis.logarithmic))
          axis.range = {std::min(axis.range.low, value), std::max(axis.range.high, value)};
  if (axis.range.low == axis.range.high) {  // a single value: some padding around it
    const double padding = axis.range.low == 0 ? 1 : 0.1 * std::abs(axis.range.low);
    axis.range = {axis.range.low - padding, axis.range.high + padding};
  }
  return axis;
}

Axis x_axis(const std::vector<LinePlot>& plots) {
  return common_axis(plots, &LinePlot::x_range, &LinePlot::x_logarithmic, &Series::x);
}
Axis y_axis(const std::vector<LinePlot>& plots) {
  return common_axis(plots, &LinePlot::y_range, &LinePlot::y_logarithmic, &Series::y);
}

/// True if a curve runs through the part of the plot with these corners.
bool is_crossed(const Series& series, const Axis& x, const Axis& y, double left, double right, double bottom,
                double top) {
  const bool joined = series.style != Style::points;
  double u0 = HUGE_VAL, v0 = HUGE_VAL;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const double u1 = x.position(series.x[i]), v1 = y.position(series.y[i]);
    const int steps = joined && std::isfinite(u0 + v0) ? 40 : 1;
    for (int s = 1; s <= steps; ++s) {
      const double t = static_cast<double>(s) / steps, u = steps == 1 ? u1 : u0 + t * (u1 - u0);
      const double v = steps == 1 ? v1 : v0 + t * (v1 - v0);
      if (u >= left && u <= right && v >= bottom && v <= top) return true;
    }
    u0 = u1;
    v0 = v1;
  }
  return false;
}

/// The requested corner if no curve of the plots runs there; else another one; else below.
Legend free_legend(const std::vector<LinePlot>& plots, double width, double height) {
  const Legend requested = plots[0].legend;
  if (requested == Legend::none || requested == Legend::outside_right || requested == Legend::below)
    return requested;
  LegendSize size;
  for (const Series& series : plots[0].series) size.add(series.name);
  const double w = std::min(1.0, size.width / (width - 120)),
               h = std::min(1.0, (size.height + 8) / (height - 125));
  const Axis x = x_axis(plots), y = y_axis(plots);
  for (Legend legend :
       {requested, Legend::top_right, Legend::top_left, Legend::bottom_right, Legend::bottom_left}) {
    const bool is_left = legend == Legend::top_left || legend == Legend::bottom_left;
    const bool is_top = legend == Legend::top_left || legend == Legend::top_right;
    bool crossed = false;
    for (const LinePlot& plot : plots)
      for (const Series& series : plot.series)
        crossed |= is_crossed(series, x, y, is_left ? 0 : 1 - w, is_left ? w : 1, is_top ? 1 - h : 0,
                              is_top ? 1 : h);
    if (!crossed) return legend;
  }
  return Legend::below;
}

// ---- commands --------------------------------------------------------------------------------------------

/// @param place  of the series in its plot
std::string style_command(const Series& series, int place) {
  const std::string stroke = " linewidth " + number(series.width) + " linecolor rgb '" +
                             strong_colour(series.colour < 0 ? place : series.colour) + "'";
  const std::string point = " pointtype 7 pointsize " + number(0.28 * series.width);
  switch (series.style) {
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

/// Tics with room for their numbers. Where x counts (epochs, say) there is nothing between the whole numbers,
/// so no tic either.
std::string tics_command(const LinePlot& plot, double width) {
  bool counts = true;
  for (const Series& series : plot.series)
    for (double x : series.x) counts &= x == std::floor(x);
  if (plot.x_logarithmic || (!counts && width > 500)) return "";  // gnuplot's own choice
  const Range range = x_axis({plot}).range;
  const double label = widest_line(number(std::floor(range.high)), plot_font_size) + 20;
  const double least = (range.high - range.low) * std::max(1.0 / 8, label / (width - 110));
  double step = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {2.0, 2.5, 2.0})  // 1, 2, 5, 10
    if (step < least) step *= factor;
  return "set xtics " + number(counts ? std::max(1.0, step) : step) + "\n";
}

/// The curve's legend, or none.
std::string title_command(const Series& series) {
  return series.name.empty() ? " notitle" : " title " + gnuplot_text(series.name);
}

/// A plot `width` pixels wide. @param cell  commands that say where it is on the sheet
std::string plot_commands(const LinePlot& plot, double width, const std::string& cell = "") {
  std::string blocks, bands, curves;
  int place = 0;
  for (const Series& series : plot.series) {
    const std::string name = "$curve" + std::to_string(place);
    const int colour = series.colour < 0 ? place : series.colour;
    blocks += name + " << EOD\n";
    for (std::size_t i = 0; i < series.x.size(); ++i)
      blocks += number(series.x[i]) + " " + number(series.y[i]) +
                (has_band(series) ? " " + number(series.low[i]) + " " + number(series.high[i]) : "") + "\n";
    if (series.x.empty()) blocks += "NaN NaN\n";
    blocks += "EOD\n";
    if (has_band(series))
      bands += name +
               " using 1:3:4 with filledcurves fillstyle transparent solid 0.18 noborder linecolor rgb '" +
               strong_colour(colour) + "' notitle, ";
    curves += (curves.empty() ? "" : ", ") + name + " using 1:2 " + style_command(series, place) +
              title_command(series);
    ++place;
  }
  return axes_commands(plot.title, plot.x_label, plot.y_label, width) + cell + legend_command(plot.legend) +
         axis_command("x", plot.x_range, plot.x_logarithmic) + tics_command(plot, width) +
         axis_command("y", plot.y_range, plot.y_logarithmic) + blocks + "plot " + bands + curves + "\n";
}

/// A line of CSV for each point. @param bands  with the borders of a band, if there is one
std::string point_lines(const LinePlot& plot, const std::string& prefix, bool bands = false) {
  std::string csv;
  for (const Series& series : plot.series)
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      csv += prefix + csv_field(series.name) + "," + number(series.x[i]) + "," + number(series.y[i]);
      if (bands) csv += has_band(series) ? "," + number(series.low[i]) + "," + number(series.high[i]) : ",,";
      csv += "\n";
    }
  return csv;
}

// ---- several plots on a sheet ----------------------------------------------------------------------------

/// Where a plot is, in shares of the sheet, from the bottom left.
std::string cell_command(double x, double y, double width, double height) {
  return "set origin " + number(x) + "," + number(y) + "\nset size " + number(width) + "," + number(height) +
         "\n";
}

std::vector<std::string> names(const LinePlot& plot) {
  std::vector<std::string> result;
  for (const Series& series : plot.series) result.push_back(series.name);
  return result;
}

/// The first of the plots that have a legend, if one legend below the sheet can do for all of them: one is to
/// be below or did not find room in its plot, and they list the same curves.
const LinePlot* with_common_legend(const std::vector<LinePlot>& plots) {
  const LinePlot* first = nullptr;
  bool below = false;
  for (const LinePlot& plot : plots) {
    if (plot.legend == Legend::none) continue;
    if (first == nullptr) first = &plot;
    if (names(plot) != names(*first)) return nullptr;
    below |= plot.legend == Legend::below;
  }
  return below ? first : nullptr;
}

/// What that legend takes, in pixels.
double legend_strip_height(const LinePlot& plot, double width) {
  LegendSize size;
  for (const Series& series : plot.series) size.add(series.name);
  const double in_a_row = std::max(1.0, std::floor((width - 20) / size.width));
  const auto named = std::count_if(plot.series.begin(), plot.series.end(),
                                   [](const Series& series) { return !series.name.empty(); });
  return 25 * std::ceil(static_cast<double>(named) / in_a_row) + 10;
}

/// A strip with nothing but the legend of this plot.
std::string legend_strip_commands(const LinePlot& plot, const std::string& cell) {
  std::string curves;
  int place = 0;
  for (const Series& series : plot.series)
    curves +=
        (curves.empty() ? "plot NaN " : ", NaN ") + style_command(series, place++) + title_command(series);
  return "reset\nunset border\nunset tics\nset xrange [0:1]\nset yrange [0:1]\n" + cell +
         legend_alone_command() + curves + "\n";
}

// ---- animation -------------------------------------------------------------------------------------------

const int frame_width = 640, frame_height = 420;

/// gnuplot's GIFs know no dashes: the curve with a gap (NaN) after every stretch of a few pixels.
Series cut_into_dashes(const Series& series, const Axis& x, const Axis& y) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), period = 14, dash = 8, step = 1.5;
  Series result{series.name, {}, {}, Style::line, series.colour, series.width};
  double travelled = 0;
  for (std::size_t i = 1; i < series.x.size(); ++i) {
    const double across = (x.position(series.x[i]) - x.position(series.x[i - 1])) * frame_width;
    const double up = (y.position(series.y[i]) - y.position(series.y[i - 1])) * frame_height;
    const double length = std::hypot(across, up);
    const int steps = std::isfinite(length) ? std::max(1, static_cast<int>(length / step)) : 0;
    for (int s = 0; s <= steps && steps > 0; ++s) {
      const double t = static_cast<double>(s) / steps;
      const bool visible = std::fmod(travelled + t * length, period) < dash;
      result.x.push_back(visible ? series.x[i - 1] + t * (series.x[i] - series.x[i - 1]) : nan);
      result.y.push_back(visible ? series.y[i - 1] + t * (series.y[i] - series.y[i - 1]) : nan);
    }
    travelled += steps > 0 ? length : 0;
  }
  return result;
}

/// The frames on common axes and with the legend in one place, so that nothing jumps.
std::vector<LinePlot> with_common_axes(std::vector<LinePlot> frames) {
  const Axis x = x_axis(frames), y = y_axis(frames);
  const Legend legend = free_legend(frames, frame_width, frame_height);
  for (LinePlot& frame : frames) {
    frame.x_range = x.range;
    frame.y_range = y.range;
    frame.legend = legend;
    for (std::size_t s = 0; s < frame.series.size(); ++s) {
      Series& series = frame.series[s];
      if (series.colour < 0) series.colour = static_cast<int>(s);
      if (series.style == Style::dashed) series = cut_into_dashes(series, x, y);
    }
  }
  return frames;
}

}  // namespace

void draw_lines(const Path& png, const std::vector<LinePlot>& plots, int columns) {
  if (plots.empty()) throw std::invalid_argument("draw_lines: no plots for " + png.string());
  if (columns < 1) throw std::invalid_argument("draw_lines: " + std::to_string(columns) + " columns");
  const int count = static_cast<int>(plots.size());
  const int across = std::min(columns, count), down = (count + across - 1) / across;
  const std::array<int, 4> widths = {740, 940, 1080, 1280}, heights = {430, 390, 340, 320};
  const std::size_t narrow = static_cast<std::size_t>(std::min(across, 4) - 1);
  const int width = widths[narrow] * across / static_cast<int>(narrow + 1), height = heights[narrow];
  std::vector<LinePlot> panels = plots;
  bool bands = false;
  for (LinePlot& panel : panels) {
    check(panel);
    bands |= std::any_of(panel.series.begin(), panel.series.end(), has_band);
    panel.legend = free_legend({panel}, width / across, height);
  }
  const LinePlot* common = with_common_legend(panels);
  const double strip = common == nullptr ? 0 : legend_strip_height(*common, width),
               sheet = height * down + strip;
  std::string script = "set multiplot\n", csv = bands ? "plot,series,x,y,low,high\n" : "plot,series,x,y\n";
  if (common != nullptr) script += legend_strip_commands(*common, cell_command(0, 0, 1, strip / sheet));
  for (int p = 0; p < count; ++p) {
    LinePlot& panel = panels[static_cast<std::size_t>(p)];
    if (common != nullptr) panel.legend = Legend::none;
    script +=
        plot_commands(panel, width / across,
                      cell_command(p % across / double(across), (sheet - height * (p / across + 1)) / sheet,
                                   1.0 / across, height / sheet));
    csv += point_lines(panel, csv_field(panel.title) + ",", bands);
  }
  write_picture(png, {width, static_cast<int>(sheet), plot_font_size}, script + "unset multiplot\n", csv);
}

void animate_lines(const Path& gif, const std::vector<LinePlot>& frames, int delay) {
  if (frames.empty()) throw std::invalid_argument("animate_lines: no frames for " + gif.string());
  for (const LinePlot& frame : frames) check(frame);
  std::string script;
  for (const LinePlot& frame : with_common_axes(frames)) script += plot_commands(frame, frame_width);
  write_picture(gif, {frame_width, frame_height, 11, delay}, script);
}

}  // namespace plaingrad::plotting
