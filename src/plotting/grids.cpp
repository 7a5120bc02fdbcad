#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "math/decimal.hpp"
#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::plotting {
namespace {

const double margin = 20, title_size = 14, name_size = 13;
const int least_width = 260;

using Rows = std::vector<std::vector<double>>;

double count(std::size_t n) {
  return static_cast<double>(n);
}

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

int shade_at(const NumberGrid& grid, std::size_t i, std::size_t j) {
  return grid.shade.empty() ? 0 : grid.shade[i][j];
}

/// Side of a cell that holds the longest of the numbers.
double cell_side(const Rows& rows, int decimals, double size, double least) {
  double side = least;
  for (const auto& row : rows)
    for (double value : row) side = std::max(side, widest_line(fixed(value, decimals), size) + 1.1 * size);
  return std::ceil(side);
}

/// All measures of a row of number grids.
struct GridSheet {
  double size, side = 0, symbol_width = 56, title_height = 0, names_height = 0, columns = 0, rows = 0;

  GridSheet(const std::vector<NumberGrid>& grids, const std::string& title) {
    for (const NumberGrid& grid : grids) {
      columns += count(grid.rows[0].size());
      rows = std::max(rows, count(grid.rows.size()));
      if (!grid.title.empty()) names_height = 30;
    }
    size = columns <= 18 ? 14 : columns <= 28 ? 10 : 8;  // many cells: smaller ones
    for (const NumberGrid& grid : grids)
      side = std::max(side, cell_side(grid.rows, grid.decimals, size, 2.9 * size));
    if (!title.empty()) title_height = 34;
  }
  double width(std::size_t symbols) const {
    return 2 * margin + side * columns + symbol_width * count(symbols);
  }
  double height() const { return 2 * margin + side * rows + names_height + title_height; }
};

void draw_grid(Canvas& canvas, const NumberGrid& grid, double left, double top, const GridSheet& sheet) {
  const double side = sheet.side;
  for (std::size_t i = 0; i < grid.rows.size(); ++i)
    for (std::size_t j = 0; j < grid.rows[i].size(); ++j) {
      const double x = left + side * count(j), y = top - side * count(i + 1);
      canvas.rectangle(x, y, side, side, light_colour(shade_at(grid, i, j)), "#777777");
      canvas.text(x + side / 2, y + side / 2, fixed(grid.rows[i][j], grid.decimals), {.size = sheet.size});
    }
  canvas.text(left + side * count(grid.rows[0].size()) / 2, top + 17, grid.title, {.size = name_size});
}

std::string grids_csv(const std::vector<NumberGrid>& grids) {
  std::string csv = "grid,title,row,column,value,shade\n";
  for (std::size_t g = 0; g < grids.size(); ++g)
    for (std::size_t i = 0; i < grids[g].rows.size(); ++i)
      for (std::size_t j = 0; j < grids[g].rows[i].size(); ++j)
        csv += std::to_string(g + 1) + "," + csv_field(grids[g].title) + "," + std::to_string(i) + "," +
               std::to_string(j) + "," + number(grids[g].rows[i][j]) + "," +
               std::to_string(shade_at(grids[g], i, j)) + "\n";
  return csv;
}

// ---- matrix as colours -----------------------------------------------------------------------------------

/// From nearly white through blue to dark blue, for t = 0 ... 1.
Colour shade_of_blue(double t) {
  const std::array<Colour, 3> stops = {{{247, 251, 255}, {107, 174, 214}, {8, 48, 107}}};
  return t < 0.5 ? blend(stops[0], stops[1], 2 * t) : blend(stops[1], stops[2], 2 * t - 1);
}

/// White or black, whichever is easier to read on the colour.
std::string contrasting(const Colour& colour) {
  const double brightness = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
  return brightness < 140 ? "#ffffff" : ink;
}

/// Where a value stands between the least and the greatest, 0 ... 1.
struct ColourScale {
  double low = HUGE_VAL, high = -HUGE_VAL;
  bool logarithmic;

  explicit ColourScale(const MatrixPlot& plot) : logarithmic(plot.logarithmic_colour) {
    for (const auto& row : plot.rows)
      for (double value : row) {
        if (!std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
      }
  }
  double operator()(double value) const {
    if (!std::isfinite(value) || high <= low) return 0;
    if (logarithmic) return std::log1p(value - low) / std::log1p(high - low);
    return (value - low) / (high - low);
  }
};

void check(const MatrixPlot& plot) {
  check_rectangle(plot.rows, plot.title);
  const std::size_t rows = plot.rows.size(), columns = plot.rows[0].size();
  if (plot.row_names.size() != rows || plot.column_names.size() != columns)
    throw std::invalid_argument("the matrix '" + plot.title + "' is " + std::to_string(rows) + " x " +
                                std::to_string(columns) + " but has " +
                                std::to_string(plot.row_names.size()) + " row names and " +
                                std::to_string(plot.column_names.size()) + " column names");
}

std::string matrix_csv(const MatrixPlot& plot) {
  std::string csv = csv_field(plot.y_label + "/" + plot.x_label);
  for (const auto& name : plot.column_names) csv += "," + csv_field(name);
  csv += "\n";
  for (std::size_t i = 0; i < plot.rows.size(); ++i) {
    csv += csv_field(plot.row_names[i]);
    for (double value : plot.rows[i]) csv += "," + number(value);
    csv += "\n";
  }
  return csv;
}

double widest(const std::vector<std::string>& names, double size) {
  double width = 0;
  for (const auto& name : names) width = std::max(width, widest_line(name, size));
  return width;
}

/// All measures of a matrix picture.
struct MatrixSheet {
  double size, side, left, bottom, width, height;
  bool turned;  ///< the columns' names upright, because they are too wide for a cell
  std::string title;

  explicit MatrixSheet(const MatrixPlot& plot) {
    const double rows = count(plot.rows.size()), columns = count(plot.rows[0].size());
    size = columns <= 16 ? 12 : 9;
    side = cell_side(plot.rows, plot.decimals, size, columns <= 16 ? 50 : 28);
    turned = widest(plot.column_names, size) > side - 6;
    left = 12 + (plot.y_label.empty() ? 0 : 28) + widest(plot.row_names, size) + 14;
    bottom = 10 + (plot.x_label.empty() ? 0 : 28) + (turned ? widest(plot.column_names, size) + 10 : 26);
    width = std::max(left + side * columns + margin, static_cast<double>(least_width));
    title = wrapped(plot.title, width - margin, title_size);
    height = bottom + side * rows + (title.empty() ? margin : text_height(title, title_size) + 24);
  }
};

void draw_cells(Canvas& canvas, const MatrixPlot& plot, const MatrixSheet& sheet) {
  const ColourScale scale(plot);
  const double side = sheet.side;
  for (std::size_t i = 0; i < plot.rows.size(); ++i)
    for (std::size_t j = 0; j < plot.rows[i].size(); ++j) {
      const double x = sheet.left + side * count(j),
                   y = sheet.bottom + side * count(plot.rows.size() - 1 - i);
      const Colour colour = shade_of_blue(scale(plot.rows[i][j]));
      canvas.rectangle(x, y, side, side, hexadecimal(colour), "#ffffff");
      canvas.text(x + side / 2, y + side / 2, fixed(plot.rows[i][j], plot.decimals),
                  {.size = sheet.size, .colour = contrasting(colour)});
    }
}

void draw_names(Canvas& canvas, const MatrixPlot& plot, const MatrixSheet& sheet) {
  const double rows = count(plot.rows.size()), columns = count(plot.rows[0].size());
  for (std::size_t i = 0; i < plot.rows.size(); ++i)
    canvas.text(sheet.left - 8, sheet.bottom + sheet.side * (rows - count(i) - 0.5), plot.row_names[i],
                {.size = sheet.size, .align = Align::right});
  for (std::size_t j = 0; j < plot.column_names.size(); ++j) {
    const double x = sheet.left + sheet.side * (count(j) + 0.5);
    const TextStyle upright = {.size = sheet.size, .align = Align::right, .turn = 90};
    if (sheet.turned)
      canvas.text(x, sheet.bottom - 8, plot.column_names[j], upright);
    else
      canvas.text(x, sheet.bottom - 14, plot.column_names[j], {.size = sheet.size});
  }
  const double middle_x = sheet.left + sheet.side * columns / 2,
               middle_y = sheet.bottom + sheet.side * rows / 2;
  canvas.text(middle_x, 18, plot.x_label, {.size = name_size});
  canvas.text(18, middle_y, plot.y_label, {.size = name_size, .turn = 90});
  canvas.text(sheet.width / 2, sheet.height - text_height(sheet.title, title_size) / 2 - 8, sheet.title,
              {.size = title_size});
}

}  // namespace

void draw_number_grids(const Path& png, const std::vector<NumberGrid>& grids,
                       const std::vector<std::string>& symbols, const std::string& title) {
  if (grids.empty()) throw std::invalid_argument("draw_number_grids: no grids for " + png.string());
  if (symbols.size() + 1 != grids.size())
    throw std::invalid_argument(std::to_string(symbols.size()) + " symbols between " +
                                std::to_string(grids.size()) + " grids");
  for (const NumberGrid& grid : grids) {
    check_rectangle(grid.rows, grid.title);
    check_shade(grid);
  }
  GridSheet sheet(grids, title);
  for (const std::string& symbol : symbols)
    sheet.symbol_width = std::max(sheet.symbol_width, widest_line(symbol, 20) + 24);
  const double width = std::max(sheet.width(symbols.size()), widest_line(title, title_size) + 2 * margin);
  Canvas canvas(static_cast<int>(width), static_cast<int>(sheet.height()));
  canvas.text(width / 2, canvas.height() - 22, title, {.size = title_size});
  const double middle = margin + sheet.side * sheet.rows / 2;
  double x = (width - sheet.width(symbols.size())) / 2 + margin;
  for (std::size_t g = 0; g < grids.size(); ++g) {
    draw_grid(canvas, grids[g], x, middle + sheet.side * count(grids[g].rows.size()) / 2, sheet);
    x += sheet.side * count(grids[g].rows[0].size());
    if (g < symbols.size()) canvas.text(x + sheet.symbol_width / 2, middle, symbols[g], {.size = 20});
    x += sheet.symbol_width;
  }
  write_picture(png, {canvas.width(), canvas.height(), sheet.size}, canvas.script(), grids_csv(grids));
}

void draw_matrix(const Path& png, const MatrixPlot& plot) {
  check(plot);
  const MatrixSheet sheet(plot);
  Canvas canvas(static_cast<int>(sheet.width), static_cast<int>(sheet.height));
  draw_cells(canvas, plot, sheet);
  draw_names(canvas, plot, sheet);
  write_picture(png, {canvas.width(), canvas.height(), sheet.size}, canvas.script(), matrix_csv(plot));
}

}  // namespace plaingrad::plotting
