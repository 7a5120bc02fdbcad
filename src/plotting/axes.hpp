/// @file
/// What plots with axes have in common: curves and bars.
#pragma once

#include <string>

#include "plotting/plot.hpp"

namespace plaingrad::plotting {

/// Points of the font in plots.
inline constexpr double plot_font_size = 13;

/// Resets gnuplot, then sets a thin grey grid, two axes, and the texts literally.
/// @param width  of the plot in pixels, for a title that must be broken
std::string axes_commands(const std::string& title, const std::string& x_label, const std::string& y_label,
                          double width);

/// The range of an axis ("x" or "y"; equal limits: gnuplot's choice) and its scale. A logarithmic one says 1,
/// 2, 5, 10
/// ... if it has three decades or fewer, otherwise powers of ten.
std::string axis_command(const std::string& axis, const Range& range, bool logarithmic);

/// The legend's place; beside or below the curves it takes room from them.
std::string legend_command(Legend legend);

/// For a legend that has a sheet's strip for itself.
std::string legend_alone_command();

/// What a legend of these names takes, in pixels.
struct LegendSize {
  double width = 0, height = 0;
  /// Makes room for one more entry.
  void add(const std::string& name);
};

}  // namespace plaingrad::plotting
