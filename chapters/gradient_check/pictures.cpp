#include "gradient_check/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plotting/plot.hpp"

namespace plaingrad::gradient_check {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// An axis of a tensor as it lies in memory.
struct Axis {
  Index extent = 1, stride = 0;
};

Axis axis_of(const Shape& shape, std::size_t axis) {
  return {shape[axis], stride_along(shape, axis)};
}

// Matrices in rows and columns: images by sample and channel, kernels by input channel and filter.
struct Layout {
  Axis outer_row, outer_column, row, column;
};

Layout layout_of(const CheckedArgument& a, bool is_input) {
  const Shape& shape = a.shape;
  if (std::ssize(a.elements) < element_count(shape)) {  // drawn from a large tensor: 100 in a row
    const Index count = std::ssize(a.elements), columns = std::min<Index>(count, 100);
    return {{}, {}, {(count + columns - 1) / columns, columns}, {columns, 1}};
  }
  if (shape.size() == 4 && is_input)
    return {axis_of(shape, 0), axis_of(shape, 3), axis_of(shape, 1), axis_of(shape, 2)};
  if (shape.size() == 4) return {axis_of(shape, 2), axis_of(shape, 3), axis_of(shape, 0), axis_of(shape, 1)};
  if (shape.size() == 3) return {axis_of(shape, 0), {}, axis_of(shape, 1), axis_of(shape, 2)};
  if (shape.size() == 1) return {{}, {}, {}, axis_of(shape, 0)};
  const Index rest = element_count(shape) / shape[0];
  return {{}, {}, {shape[0], rest}, {rest, 1}};
}

plotting::HeatMap map_of(const CheckedArgument& a, bool is_input) {
  const Layout l = layout_of(a, is_input);
  // A blank row or column between two matrices.
  const Index height = l.outer_row.extent * (l.row.extent + 1) - 1,
              width = l.outer_column.extent * (l.column.extent + 1) - 1;
  plotting::HeatMap map{.title = a.name + " " + to_string(a.shape), .rows = {}};
  for (Index i = 0; i < height; ++i) {
    std::vector<double>& row = map.rows.emplace_back();
    for (Index j = 0; j < width; ++j) {
      const Index m = i % (l.row.extent + 1), n = j % (l.column.extent + 1);
      const Index at = i / (l.row.extent + 1) * l.outer_row.stride +
                       j / (l.column.extent + 1) * l.outer_column.stride + m * l.row.stride +
                       n * l.column.stride;
      const bool blank = m == l.row.extent || n == l.column.extent || at >= std::ssize(a.elements);
      row.push_back(blank ? nothing : a.elements[static_cast<std::size_t>(at)].error());
    }
  }
  return map;
}

}  // namespace

void draw(const std::filesystem::path& folder, const Request& request, const Checked& checked) {
  std::vector<plotting::HeatMap> maps;
  for (const CheckedArgument& a : checked.report.arguments)
    if (!a.elements.empty()) maps.push_back(map_of(a, maps.empty()));
  plotting::draw_heat_maps(folder / "figure_gradient_check_errors.png", maps,
                           describe(request) + ": error of each element, in units of its bound", "right",
                           "wrong");

  const StepCurve& c = checked.curve;
  // A logarithmic axis has no place for an error of 0: it stands where half a unit in the last place would.
  const double least = std::max(std::abs(c.value) * std::numeric_limits<double>::epsilon() / 2, 1e-18);
  const auto flat = [&](double error) { return std::vector(c.steps.size(), std::max(error, least)); };
  std::vector<double> central = c.central;
  for (double& error : central) error = std::max(error, least);
  std::vector<plotting::Series> series = {{"central differences", c.steps, central},
                                          {"dual numbers, against a right backward", c.steps, flat(c.dual)}};
  if (!checked.report.passed()) series.push_back({"backward as checked", c.steps, flat(c.backward)});
  plotting::draw_lines(folder / "figure_gradient_check_steps.png",
                       {{.title = c.element + ": error of its derivative",
                         .x_label = "step h",
                         .y_label = "error",
                         .series = series,
                         .x_range = {1e-14, 1e-1},
                         .x_logarithmic = true,
                         .y_logarithmic = true,
                         .legend = plotting::Legend::below}});
}

}  // namespace plaingrad::gradient_check
