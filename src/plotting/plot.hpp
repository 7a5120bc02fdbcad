/// @file
/// Figures, drawn by gnuplot through gnuplot-iostream. Every function writes the picture to `png` and the numbers it
/// shows, as CSV, to `data/<same name>.csv` beside it. A picture that gnuplot did not write whole is an error.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "math/tensor.hpp"

namespace plaingrad::plotting {

using Path = std::filesystem::path;

/// How one curve is drawn.
enum class Style { line, dashed, points, line_and_points };

/// One curve of a line plot; x and y of the same length. NaN leaves a gap.
struct Series {
  std::string name;  ///< in the legend; empty: not listed
  std::vector<double> x, y;
  Style style = Style::line;
};

/// Axis limits; both equal: chosen by gnuplot.
struct Range {
  double low = 0, high = 0;
};

/// Where the legend stands.
enum class Legend { top_left, top_right, bottom_left, bottom_right, outside_right, none };

/// Curves on common axes.
struct LinePlot {
  std::string title, x_label, y_label;
  std::vector<Series> series;
  Range x_range{}, y_range{};
  bool x_logarithmic = false, y_logarithmic = false;
  Legend legend = Legend::top_right;
};

/// Several line plots side by side, `columns` in a row.
/// @throws std::invalid_argument if a series has x and y of different length or there is nothing to draw
/// @throws std::runtime_error if gnuplot is missing or did not write the picture
void draw_lines(const Path& png, const std::vector<LinePlot>& plots, int columns = 1);

/// Bars: one group for each category, one bar (or one part of the stack) for each set of values.
struct BarPlot {
  std::string title, x_label, y_label;
  std::vector<std::string> categories;
  std::vector<std::pair<std::string, std::vector<double>>> sets;  ///< name, a value for each category
  bool stacked = false;
  bool y_logarithmic = false;
  Legend legend = Legend::top_right;
};
void draw_bars(const Path& png, const BarPlot& plot);

/// Grey pictures in a grid, row by row, each with a caption (captions empty, or one for each).
/// @param images  (count, height, width, 1)
/// @param low,high  the values drawn black and white; both equal: the least and greatest of each image
void draw_images(const Path& png, const Tensor& images, const std::vector<std::string>& captions, int columns,
                 const std::string& title = "", Range grey = {0, 1});

/// A matrix of numbers as a grid of cells with the number in each, as in the report's Fig. 3.2-3.4.
struct NumberGrid {
  std::string title;
  std::vector<std::vector<double>> rows;
  std::vector<std::vector<int>> shade;  ///< colour 0 (none), 1, 2, 3 ... of each cell; empty: none
  int decimals = 0;
};
/// The grids side by side, with `joints[i]` (such as "*" or "=") between grid i and grid i + 1.
void draw_number_grids(const Path& png, const std::vector<NumberGrid>& grids, const std::vector<std::string>& joints,
                       const std::string& title = "");

/// A matrix as colours with the number in each cell: confusion matrices and the like.
struct MatrixPlot {
  std::string title, x_label, y_label;
  std::vector<std::string> column_names, row_names;
  std::vector<std::vector<double>> rows;
  int decimals = 0;
  bool logarithmic_colour = false;
};
void draw_matrix(const Path& png, const MatrixPlot& plot);

/// A node of a diagram: a circle (or a box of the given size) with up to a few lines of text (split at '\n').
struct Node {
  double x, y;
  std::string text;
  double width = 0, height = 0;  ///< both 0: a circle
  int colour = 0;                ///< index in the palette
};
/// An arrow between two nodes, with a text beside it.
struct Arrow {
  int from, to;
  std::string text;
  double text_position = 0.5;  ///< along the arrow, 0 ... 1: so that texts of crossing arrows stand apart
  int colour = 0;
};
struct Diagram {
  std::string title;
  std::vector<Node> nodes;
  std::vector<Arrow> arrows;
  int pixel_width = 1100, pixel_height = 620;
};
void draw_diagram(const Path& png, const Diagram& diagram);

/// An animated GIF of line plots, one frame each. @param delay  between frames, in hundredths of a second
void animate_lines(const Path& gif, const std::vector<LinePlot>& frames, int delay = 10);
/// An animated GIF of image grids: frames of (count, height, width, 1), each with its title.
void animate_images(const Path& gif, const std::vector<Tensor>& frames, const std::vector<std::string>& titles,
                    int columns, Range grey = {0, 1}, int delay = 20);

}  // namespace plaingrad::plotting
