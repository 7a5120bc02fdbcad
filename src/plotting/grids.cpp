#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>

#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::plotting {
namespace {

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

using Rows = std::vector<std::vector<double>>;

void check_rectangle(const Rows& rows, const std::string& title) {
  if (rows.empty() || rows[0].empty()) throw std::invalid_argument("the grid '" + title + "' is empty");
  for (const auto& row : rows)
    if (row.size() != rows[0].size())
      throw std::invalid_argument("the grid '" + title + "' has rows of " + std::to_string(rows[0].size()) +
                                  " and of " + std::to_string(row.size()) + " numbers");
}

void check_shade(const NumberGrid& grid) {
  if (grid.shade.empty()) return;
  bool same = grid.shade.size() == grid.rows.size();
  for (const auto& row : grid.shade) same &= row.size() == grid.rows[0].size();
  if (!same) throw std::invalid_argument("the shades of the grid '" + grid.title + "' are not of its size");
}

/// Side of a cell that holds the longest number of all grids.
double cell_side(const std::vector<NumberGrid>& grids, double size) {
  double side = 40;
  for (const NumberGrid& grid : grids)
    for (const auto& row : grid.rows)
      for (double value : row)
        side = std::max(side, Canvas::text_width(fixed(value, grid.decimals), size) + 14);
  return side;
}

void draw_grid(Canvas& canvas, const NumberGrid& grid, double left, double top, double side, double size) {
  for (std::size_t i = 0; i < grid.rows.size(); ++i)
    for (std::size_t j = 0; j < grid.rows[i].size(); ++j) {
      const double x = left + side * static_cast<double>(j), y = top - side * static_cast<double>(i + 1);
      const int shade = grid.shade.empty() ? 0 : grid.shade[i][j];
      canvas.rectangle(x, y, side, side, light_colour(shade), "#777777");
      canvas.text(x + side / 2, y + side / 2, fixed(grid.rows[i][j], grid.decimals), {.size = size});
    }
}

}  // namespace

void draw_number_grids(const Path& png, const std::vector<NumberGrid>& grids,
                       const std::vector<std::string>& joints, const std::string& title) {
  if (grids.empty()) throw std::invalid_argument("draw_number_grids: no grids for " + png.string());
  if (joints.size() + 1 != grids.size())
    throw std::invalid_argument(std::to_string(joints.size()) + " joints between " +
                                std::to_string(grids.size()) + " grids");
  const double size = 14, margin = 20, joint = 60;
  std::size_t most_rows = 0, columns = 0;
  std::string csv = "grid,row,column,value,shade\n";
  for (const NumberGrid& grid : grids) {
    check_rectangle(grid.rows, grid.title);
    check_shade(grid);
    most_rows = std::max(most_rows, grid.rows.size());
    columns += grid.rows[0].size();
    for (std::size_t i = 0; i < grid.rows.size(); ++i)
      for (std::size_t j = 0; j < grid.rows[i].size(); ++j)
        csv += csv_field(grid.title) + "," + std::to_string(i) + "," + std::to_string(j) + "," +
               number(grid.rows[i][j]) + "," + (grid.shade.empty() ? "0" : std::to_string(grid.shade[i][j])) +
               "\n";
  }
  const double side = cell_side(grids, size);
  const double width =
      2 * margin + side * static_cast<double>(columns) + joint * static_cast<double>(joints.size());
  const double height = 2 * margin + side * static_cast<double>(most_rows) + 30 + (title.empty() ? 0 : 34);
  Canvas canvas(static_cast<int>(width), static_cast<int>(height));
  if (!title.empty()) canvas.text(width / 2, height - margin, title, {.size = 15});
  const double middle = margin + side * static_cast<double>(most_rows) / 2;
  double x = margin;
  for (std::size_t g = 0; g < grids.size(); ++g) {
    const double grid_width = side * static_cast<double>(grids[g].rows[0].size());
    const double top = middle + side * static_cast<double>(grids[g].rows.size()) / 2;
    draw_grid(canvas, grids[g], x, top, side, size);
    canvas.text(x + grid_width / 2, top + 16, grids[g].title, {.size = 13});
    x += grid_width;
    if (g < joints.size()) canvas.text(x + joint / 2, middle, joints[g], {.size = 22});
    x += joint;
  }
  write_picture(png, png_terminal(canvas.width(), canvas.height(), size), canvas.script(), csv);
}

void draw_matrix(const Path& png, const MatrixPlot& plot) {
  check_rectangle(plot.rows, plot.title);
  const std::size_t rows = plot.rows.size(), columns = plot.rows[0].size();
  if (plot.row_names.size() != rows || plot.column_names.size() != columns)
    throw std::invalid_argument("the matrix '" + plot.title + "' is " + std::to_string(rows) + " x " +
                                std::to_string(columns) + " but has " +
                                std::to_string(plot.row_names.size()) + " row names and " +
                                std::to_string(plot.column_names.size()) + " column names");
  double low = std::numeric_limits<double>::infinity(), high = -low;
  std::string csv = "row";
  for (const auto& name : plot.column_names) csv += "," + csv_field(name);
  csv += "\n";
  for (std::size_t i = 0; i < rows; ++i) {
    csv += csv_field(plot.row_names[i]);
    for (double value : plot.rows[i]) {
      csv += "," + number(value);
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    csv += "\n";
  }
  const auto position = [&](double value) {
    if (!std::isfinite(value) || high <= low) return 0.0;
    if (plot.logarithmic_colour) return std::log1p(value - low) / std::log1p(high - low);
    return (value - low) / (high - low);
  };
  const double size = 12, margin = 16;
  double side = 46, names = 20;
  for (const auto& row : plot.rows)
    for (double value : row)
      side = std::max(side, Canvas::text_width(fixed(value, plot.decimals), size) + 12);
  for (const auto& name : plot.row_names) names = std::max(names, Canvas::text_width(name, size) + 10);
  const double left = margin + 28 + names, bottom = margin + 28 + 24;
  const double width = left + side * static_cast<double>(columns) + margin;
  const double height = bottom + side * static_cast<double>(rows) + margin + 30;
  Canvas canvas(static_cast<int>(width), static_cast<int>(height));
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      const double x = left + side * static_cast<double>(j),
                   y = bottom + side * static_cast<double>(rows - 1 - i);
      const double t = position(plot.rows[i][j]);
      // From nearly white to a dark blue.
      char colour[8];
      std::snprintf(colour, sizeof colour, "#%02x%02x%02x",
                    static_cast<unsigned>(std::lround(247 - t * 239)) & 255u,
                    static_cast<unsigned>(std::lround(251 - t * 203)) & 255u,
                    static_cast<unsigned>(std::lround(255 - t * 148)) & 255u);
      canvas.rectangle(x, y, side, side, colour, "#ffffff");
      canvas.text(x + side / 2, y + side / 2, fixed(plot.rows[i][j], plot.decimals),
                  {.size = size, .colour = t > 0.5 ? "#ffffff" : ink});
    }
  for (std::size_t i = 0; i < rows; ++i)
    canvas.text(left - 8, bottom + side * (static_cast<double>(rows - i) - 0.5), plot.row_names[i],
                {.size = size, .align = Align::right});
  for (std::size_t j = 0; j < columns; ++j)
    canvas.text(left + side * (static_cast<double>(j) + 0.5), bottom - 14, plot.column_names[j],
                {.size = size});
  canvas.text(left + side * static_cast<double>(columns) / 2, margin, plot.x_label, {.size = 13});
  canvas.text(margin, bottom + side * static_cast<double>(rows) / 2, plot.y_label, {.size = 13, .turn = 90});
  canvas.text(left + side * static_cast<double>(columns) / 2, height - margin, plot.title, {.size = 14});
  write_picture(png, png_terminal(canvas.width(), canvas.height(), size), canvas.script(), csv);
}

}  // namespace plaingrad::plotting
