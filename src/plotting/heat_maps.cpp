#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::plotting {
namespace {

const double margin = 20, title_size = 14, name_size = 13, gap = 28, bar_height = 14;
const int least_width = 420;
// Decades of the colours.
const double low = -3, high = 6;

/// Of a value's decimal logarithm: shades of blue up to 0, from orange to dark red above.
Colour colour_of(double decade) {
  decade = std::clamp(decade, low, high);
  if (decade <= 0) return blend({247, 251, 255}, {66, 130, 190}, 1 - decade / low);
  return blend({253, 174, 97}, {110, 0, 20}, decade / high);
}

double columns_of(const HeatMap& map) {
  return static_cast<double>(map.rows[0].size());
}
double rows_of(const HeatMap& map) {
  return static_cast<double>(map.rows.size());
}

void check(const HeatMap& map) {
  if (map.rows.empty() || map.rows[0].empty())
    throw std::invalid_argument("the heat map '" + map.title + "' is empty");
  for (const auto& row : map.rows) {
    if (row.size() != map.rows[0].size())
      throw std::invalid_argument("the heat map '" + map.title + "' has rows of " +
                                  std::to_string(map.rows[0].size()) + " and of " +
                                  std::to_string(row.size()) + " values");
    for (const double value : row)
      if (value < 0)
        throw std::invalid_argument("the heat map '" + map.title + "' has a value below 0: " + number(value));
  }
}

/// All measures of the picture: maps beside each other, their upper edges at one height.
struct Sheet {
  double side, width = 0, height = 0, bar = 0, title_height = 0;

  Sheet(const std::vector<HeatMap>& maps, const std::string& title) {
    double columns = 0, rows = 0;
    for (const HeatMap& map : maps) {
      columns += columns_of(map);
      rows = std::max(rows, rows_of(map));
    }
    side = std::clamp(std::floor(std::min(900 / columns, 900 / rows)), 2.0, 16.0);
    for (const HeatMap& map : maps) width += width_of(map) + gap;
    width = std::max(width - gap + 2 * margin, static_cast<double>(least_width));
    bar = margin + 2 * bar_height + 22;
    title_height =
        title.empty() ? margin : text_height(wrapped(title, width - margin, title_size), title_size) + 24;
    height = bar + gap + side * rows + 26 + title_height;
  }
  double width_of(const HeatMap& map) const {
    return std::max(side * columns_of(map), widest_line(map.title, name_size));
  }
};

void draw_map(Canvas& canvas, const HeatMap& map, double left, double top, const Sheet& sheet) {
  const double side = sheet.side;
  for (std::size_t i = 0; i < map.rows.size(); ++i)
    for (std::size_t j = 0; j < map.rows[i].size(); ++j)
      if (!std::isnan(map.rows[i][j]))
        canvas.rectangle(left + side * static_cast<double>(j), top - side * static_cast<double>(i + 1), side,
                         side, hexadecimal(colour_of(std::log10(map.rows[i][j]))), side < 6 ? "" : "#dddddd");
  canvas.text(left, top + 15, map.title, {.size = name_size, .align = Align::left});
}

/// The colours from the least to the greatest, with the decades below them and what they mean.
void draw_bar(Canvas& canvas, const Sheet& sheet, const std::string& below, const std::string& above) {
  const int steps = 90;
  const double length = std::min(sheet.width - 2 * margin, 560.0), left = (sheet.width - length) / 2;
  const double step = length / steps, y = margin + bar_height + 12;
  const auto place = [&](double decade) { return left + length * (decade - low) / (high - low); };
  for (int i = 0; i < steps; ++i)
    canvas.rectangle(left + step * i, y, step + 0.5, bar_height,
                     hexadecimal(colour_of(low + (high - low) * (i + 0.5) / steps)), "");
  for (const auto& [decade, text] :
       {std::pair(low, "0.001"), std::pair(0.0, "1"), std::pair(3.0, "1,000"), std::pair(high, "1,000,000")})
    canvas.text(place(decade), y - 12, text, {.size = 12});
  canvas.text((place(low) + place(0)) / 2, y + bar_height + 11, below, {.size = 12});
  canvas.text((place(0) + place(high)) / 2, y + bar_height + 11, above, {.size = 12});
}

std::string csv_of(const std::vector<HeatMap>& maps) {
  std::string csv = "map,row,column,value\n";
  for (const HeatMap& map : maps)
    for (std::size_t i = 0; i < map.rows.size(); ++i)
      for (std::size_t j = 0; j < map.rows[i].size(); ++j)
        if (!std::isnan(map.rows[i][j]))
          csv += csv_field(map.title) + "," + std::to_string(i) + "," + std::to_string(j) + "," +
                 number(map.rows[i][j]) + "\n";
  return csv;
}

}  // namespace

void draw_heat_maps(const Path& png, const std::vector<HeatMap>& maps, const std::string& title,
                    const std::string& below, const std::string& above) {
  if (maps.empty()) throw std::invalid_argument("draw_heat_maps: no maps for " + png.string());
  for (const HeatMap& map : maps) check(map);
  const Sheet sheet(maps, title);
  Canvas canvas(static_cast<int>(sheet.width), static_cast<int>(sheet.height));
  const std::string lines = wrapped(title, sheet.width - margin, title_size);
  canvas.text(sheet.width / 2, sheet.height - text_height(lines, title_size) / 2 - 8, lines,
              {.size = title_size});
  double left = margin;
  for (const HeatMap& map : maps) {
    draw_map(canvas, map, left, sheet.height - sheet.title_height - 26, sheet);
    left += sheet.width_of(map) + gap;
  }
  draw_bar(canvas, sheet, below, above);
  write_picture(png, {canvas.width(), canvas.height(), name_size}, canvas.script(), csv_of(maps));
}

}  // namespace plaingrad::plotting
