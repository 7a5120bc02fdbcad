/// @file
/// Figures, drawn by gnuplot through gnuplot-iostream. Every still one is written to `png`, once more as an
/// SVG of the same name, and the numbers it shows, as CSV, to `data/<same name>.csv` beside it; an animation
/// to `gif` alone. Folders that are not there are made. A picture takes its name only when gnuplot has
/// written it whole and without complaint. Texts are UTF-8 and taken literally: no character has a special
/// meaning for gnuplot. A title that is too long is broken into lines.
///
/// All functions throw std::invalid_argument if there is nothing to draw or sizes do not agree, and
/// std::runtime_error if gnuplot is missing, a folder or file cannot be written or gnuplot fails.
#pragma once

#include <array>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "math/tensor.hpp"

namespace plaingrad::plotting {

/// Where a picture goes.
using Path = std::filesystem::path;

/// From now on each picture that has been written is named in a line on `out`; nullptr (as at the start):
/// none is. The stream must live as long.
void announce_pictures(std::ostream* out);

/// For programs that draw late: draws a picture for trial in the folder, and removes it.
/// @throws std::runtime_error if gnuplot is missing or cannot draw, or the folder cannot be written
void require_gnuplot(const Path& folder);

/// How one curve is drawn.
enum class Style { line, dashed, points, line_and_points };

/// One curve of a line plot; x and y of the same length. NaN leaves a gap.
struct Series {
  std::string name;  ///< in the legend; empty: not listed
  std::vector<double> x, y;
  Style style = Style::line;
  int colour = -1;  ///< index in the palette; -1: that of the series' place in the plot
  /// Of the line, in pixels: a wide one is seen under the curves that follow. Points grow with it.
  double width = 2.5;
  std::vector<double> low{}, high{};  ///< the borders of a band around the curve; empty: none
};

/// Axis limits; both equal: chosen by gnuplot.
struct Range {
  double low = 0, high = 0;
};

/// Where the legend stands. If it would cover a curve it takes another corner, or goes below the plot if none
/// is free.
enum class Legend { top_left, top_right, bottom_left, bottom_right, outside_right, below, none };

/// Curves on common axes.
struct LinePlot {
  std::string title, x_label, y_label;
  std::vector<Series> series;
  Range x_range{}, y_range{};
  bool x_logarithmic = false, y_logarithmic = false;
  Legend legend = Legend::top_right;
};

/// Several line plots, row by row, `columns` in a row. If a legend has no room among the curves, and all
/// legends name the same ones, a single legend stands below the plots. The CSV has a line for each point,
/// with the borders of the bands if there are any.
/// @throws std::invalid_argument if a series has x and y (or the borders of a band) of different length or a
/// plot has no point to draw
void draw_lines(const Path& png, const std::vector<LinePlot>& plots, int columns = 1);

/// Bars: one group for each category, one bar (or one part of the stack) for each set of values. A legend at
/// the top gets room above the bars; one at the bottom goes outside.
struct BarPlot {
  std::string title, x_label, y_label;
  std::vector<std::string> categories;
  std::vector<std::pair<std::string, std::vector<double>>> sets;  ///< name, a value for each category
  bool stacked = false;
  bool y_logarithmic = false;  ///< not with stacked
  Legend legend = Legend::top_right;
  /// Error bars: for each set a low and a high end for each category. Empty: none; not with stacked.
  std::vector<std::vector<Range>> errors{};
};
/// The CSV has a line for each category, a column for each set, and two more with the ends of error bars.
/// @throws std::invalid_argument also if a value is not finite, or not positive on a logarithmic axis
void draw_bars(const Path& png, const BarPlot& plot);

/// Grey pictures in a grid, row by row, each with a caption below (captions empty, or one for each). The CSV
/// has a line for each image: its caption, and the values drawn black and white; its pixels are those of the
/// PNG, as grey levels between these two.
/// @param images  (count, height, width, 1)
/// @param grey  the values drawn black and white; both equal: the least and greatest of each image
void draw_images(const Path& png, const Tensor& images, const std::vector<std::string>& captions, int columns,
                 const std::string& title = "", Range grey = {0, 1});

/// A matrix of numbers as a grid of cells with the number in each, as in the report's Fig. 3.2-3.4.
struct NumberGrid {
  std::string title;
  std::vector<std::vector<double>> rows;
  std::vector<std::vector<int>> shade;  ///< colour 0 (none), 1, 2, 3 ... of each cell; empty: none
  int decimals = 0;
};
/// The grids side by side, with `symbols[i]` (such as "*", "=" or an arrow) between grid i and grid i + 1.
/// The CSV has a line for each cell.
void draw_number_grids(const Path& png, const std::vector<NumberGrid>& grids,
                       const std::vector<std::string>& symbols, const std::string& title = "");

/// A matrix as colours with the number in each cell: confusion matrices and the like.
struct MatrixPlot {
  std::string title, x_label, y_label;
  std::vector<std::string> column_names, row_names;
  std::vector<std::vector<double>> rows;
  int decimals = 0;
  bool logarithmic_colour = false;
};
/// The CSV is the matrix with its names.
void draw_matrix(const Path& png, const MatrixPlot& plot);

/// Ratios to what is allowed, as colours without numbers: errors of a tensor's elements.
struct HeatMap {
  std::string title;
  std::vector<std::vector<double>> rows;  ///< 0 or more; NaN: nothing is there
};
/// The maps side by side. Colours are logarithmic, from a thousandth to a million and the same beyond: shades
/// of blue up to 1, from orange to dark red above. The CSV has a line for each value.
/// @param below,above  what a value up to 1 means, and a greater one
/// @throws std::invalid_argument also if a value is negative
void draw_heat_maps(const Path& png, const std::vector<HeatMap>& maps, const std::string& title,
                    const std::string& below, const std::string& above);

/// A node of a diagram: a circle (or a box of the given size) with up to a few lines of text (split at '\n').
/// Positions and sizes are in units of the caller's own: the diagram is stretched, x and y apart, to fill the
/// picture; if its height is 0, both alike, and the height is what follows. The size of circles is chosen so
/// that their texts fit; text too large for its box is set smaller. Later nodes lie over earlier ones.
struct Node {
  double x, y;  ///< the centre; y grows upwards
  std::string text;
  double width = 0, height = 0;  ///< both 0: a circle
  int colour = 0;                ///< 0: white; 1, 2, 3 ...: a light colour of the palette; -1: the text alone
  /// (height, width), 0 black ... 1 white: a grey picture drawn as large as the box allows, the text below it
  Tensor picture{};
};
/// An arrow between two nodes, from border to border, with a text on it.
struct Arrow {
  int from, to;
  std::string text;
  /// Along the arrow, 0 ... 1; moved a little if the text would lie on another text, on a node or on a line.
  double text_position = 0.5;
  int colour = 0;  ///< 0: grey; 1, 2, 3 ...: a colour of the palette
};
/// Nodes and the arrows between them.
struct Diagram {
  std::string title;
  std::vector<Node> nodes;
  std::vector<Arrow> arrows;
  int pixel_width = 740, pixel_height = 460;
};
/// The CSV lists nodes and arrows with their texts, and the grey levels of pictures, row by row.
/// @throws std::invalid_argument also if an arrow's node does not exist, a box no area or a picture no room
void draw_diagram(const Path& png, const Diagram& diagram);

/// An animated GIF of line plots, one frame each, on axes that hold all frames.
/// @param delay  between frames, in hundredths of a second
void animate_lines(const Path& gif, const std::vector<LinePlot>& frames, int delay = 10);
/// An animated GIF of image grids in 16 levels of grey: frames of (count, height, width, 1), all of one
/// shape, each with its title.
void animate_images(const Path& gif, const std::vector<Tensor>& frames,
                    const std::vector<std::string>& titles, int columns, Range grey = {0, 1}, int delay = 20);

}  // namespace plaingrad::plotting
