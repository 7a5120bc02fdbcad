#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plotting/axes.hpp"
#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"

namespace plaingrad::plotting {
namespace {

const int sheet_width = 740, sheet_height = 430;

void check(const BarPlot& plot) {
  if (plot.categories.empty() || plot.sets.empty())
    throw std::invalid_argument("the bars '" + plot.title + "' have no categories or no values");
  if (plot.stacked && plot.y_logarithmic)
    throw std::invalid_argument("the bars '" + plot.title +
                                "': parts of a stack cannot be compared on a logarithmic axis");
  if (!plot.errors.empty() && (plot.stacked || plot.errors.size() != plot.sets.size()))
    throw std::invalid_argument("the bars '" + plot.title + "' have error bars for " +
                                std::to_string(plot.errors.size()) + " of " +
                                std::to_string(plot.sets.size()) + " sets, or on a stack");
  for (const auto& ends : plot.errors)
    if (ends.size() != plot.categories.size())
      throw std::invalid_argument("the bars '" + plot.title + "' have " + std::to_string(ends.size()) +
                                  " error bars for " + std::to_string(plot.categories.size()) +
                                  " categories");
  for (const auto& [name, values] : plot.sets) {
    if (values.size() != plot.categories.size())
      throw std::invalid_argument("bars '" + name + "' have " + std::to_string(values.size()) +
                                  " values for " + std::to_string(plot.categories.size()) + " categories");
    for (double value : values)
      if (!std::isfinite(value) || (plot.y_logarithmic && value <= 0))
        throw std::invalid_argument("bars '" + name + "' have the value " + number(value) +
                                    ", which cannot be drawn");
  }
}

/// The least and the greatest height that bars reach.
Range extent(const BarPlot& plot) {
  Range range = plot.y_logarithmic ? Range{HUGE_VAL, 0} : Range{0, 0};
  for (const auto& ends : plot.errors)
    for (const Range& end : ends) {
      range.high = std::max(range.high, end.high);
      if (!plot.y_logarithmic || end.low > 0) range.low = std::min(range.low, end.low);
    }
  for (std::size_t i = 0; i < plot.categories.size(); ++i) {
    double up = 0, down = 0;
    for (const auto& set : plot.sets) {
      const double value = set.second[i];
      up = plot.stacked ? up + std::max(value, 0.0) : std::max(up, value);
      down = plot.stacked ? down + std::min(value, 0.0) : std::min(down, value);
      if (plot.y_logarithmic) range.low = std::min(range.low, value);
    }
    range = {std::min(range.low, plot.y_logarithmic ? range.low : down), std::max(range.high, up)};
  }
  return range;
}

/// The axis of values, with room for a legend above the bars.
Range value_range(const BarPlot& plot) {
  LegendSize legend;
  for (const auto& set : plot.sets) legend.add(set.first);
  const bool above = plot.legend == Legend::top_left || plot.legend == Legend::top_right;
  const double share = above ? std::min(0.5, (legend.height + 12) / (sheet_height - 130)) : 0.04;
  const Range range = extent(plot);
  if (plot.y_logarithmic) {
    const double low = std::pow(10, std::floor(std::log10(range.low) - 1e-9));
    return {low, low * std::pow(range.high / low, 1 / (1 - share))};
  }
  const double span = range.high > range.low ? range.high - range.low : 1;
  return {range.low < 0 ? range.low - 0.04 * span : 0, range.low + span / (1 - share)};
}

/// A tic for each category; the text upright if it would run into its neighbour. gnuplot takes the text for a
/// format.
std::string category_tics(const BarPlot& plot) {
  std::string tics;
  double widest = 0;
  for (std::size_t i = 0; i < plot.categories.size(); ++i) {
    std::string text;
    for (char c : plot.categories[i]) text += c == '%' ? std::string("%%") : std::string(1, c);
    tics += (i ? ", " : "") + gnuplot_text(text) + " " + std::to_string(i);
    widest = std::max(widest, widest_line(plot.categories[i], plot_font_size));
  }
  const double available = (sheet_width - 150.0) / static_cast<double>(plot.categories.size());
  return "set xtics (" + tics + ") noenhanced scale 0" + (widest > available - 8 ? " rotate by -30" : "") +
         "\n";
}

/// The values of a category, each with the ends of its error bar if there are any.
std::string values_of(const BarPlot& plot, std::size_t category, const std::string& separator) {
  std::string line;
  for (std::size_t s = 0; s < plot.sets.size(); ++s) {
    line += separator + number(plot.sets[s].second[category]);
    if (plot.errors.empty()) continue;
    const Range& ends = plot.errors[s][category];
    line += separator + number(ends.low) + separator + number(ends.high);
  }
  return line + "\n";
}

/// The values, a line for each category.
std::string values_block(const BarPlot& plot) {
  std::string block = "$bars << EOD\n";
  for (std::size_t i = 0; i < plot.categories.size(); ++i) block += values_of(plot, i, " ");
  return block + "EOD\n";
}

std::string bars_csv(const BarPlot& plot) {
  std::string csv = "category";
  for (const auto& [name, values] : plot.sets) {
    csv += "," + csv_field(name);
    if (!plot.errors.empty()) csv += "," + csv_field(name + ", low") + "," + csv_field(name + ", high");
  }
  csv += "\n";
  for (std::size_t i = 0; i < plot.categories.size(); ++i)
    csv += csv_field(plot.categories[i]) + values_of(plot, i, ",");
  return csv;
}

/// The columns of a set in the block of values.
std::string columns_of(const BarPlot& plot, std::size_t set) {
  if (plot.errors.empty()) return std::to_string(set + 1);
  return std::to_string(3 * set + 1) + ":" + std::to_string(3 * set + 2) + ":" + std::to_string(3 * set + 3);
}

}  // namespace

void draw_bars(const Path& png, const BarPlot& plot) {
  check(plot);
  const bool bottom = plot.legend == Legend::bottom_left || plot.legend == Legend::bottom_right;
  std::string script = axes_commands(plot.title, plot.x_label, plot.y_label, sheet_width) +
                       legend_command(bottom ? Legend::outside_right : plot.legend) +
                       axis_command("x", {-0.7, static_cast<double>(plot.categories.size()) - 0.3}, false) +
                       axis_command("y", value_range(plot), plot.y_logarithmic) + category_tics(plot) +
                       "set grid noxtics ytics\nset style data histograms\nset style histogram " +
                       (plot.stacked          ? "rowstacked"
                        : plot.errors.empty() ? "clustered gap 1"
                                              : "errorbars gap 1 linewidth 2") +
                       "\nset style fill solid 1 border rgb '" +
                       (plot.errors.empty() ? "#ffffff" : "#303030") + "'\nset boxwidth " +
                       (plot.stacked ? "0.8" : "0.95") + " relative\n" + values_block(plot);
  for (std::size_t s = 0; s < plot.sets.size(); ++s)
    script += (s ? ", " : "plot ") + std::string("$bars using ") + columns_of(plot, s) + " linecolor rgb '" +
              strong_colour(static_cast<int>(s)) + "' " +
              (plot.sets[s].first.empty() ? "notitle" : "title " + gnuplot_text(plot.sets[s].first));
  write_picture(png, {sheet_width, sheet_height, plot_font_size}, script + "\n", bars_csv(plot));
}

}  // namespace plaingrad::plotting
