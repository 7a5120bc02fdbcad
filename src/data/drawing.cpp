#include "data/drawing.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace plaingrad {
namespace {

constexpr Index side = 28;
constexpr double box = 20, mnist_middle = 14.5;

/// Where the strokes are: the rows or columns `first` ... `last`, and the centre of their mass, counted from
/// the edge of row or column 0.
struct Extent {
  Index first = 0, last = -1;
  double centre = 0, mass = 0;

  void add(Index position, Real ink) {
    if (mass == 0) first = position;
    last = position;
    centre += ink * (static_cast<double>(position) + 0.5);
    mass += ink;
  }
  double size() const { return static_cast<double>(last - first + 1); }
};

void require_drawing(const Tensor& drawing) {
  if (drawing.shape.size() != 2 || drawing.size() == 0)
    throw std::invalid_argument("expected a drawing of (height, width), got " + to_string(drawing.shape));
  require_shape(drawing, drawing.shape, "a drawing");
}

/// How much of pixel k lies between two places.
double overlap(double from, double to, Index k) {
  return std::max(0.0, std::min(to, static_cast<double>(k + 1)) - std::max(from, static_cast<double>(k)));
}

/// The drawing `scale` times as large, with the given place of it at `middle` both ways.
Tensor resampled(const Tensor& drawing, double scale, double middle, double centre_row,
                 double centre_column) {
  Tensor image({1, side, side, 1});
  const Index height = drawing.extent(0), width = drawing.extent(1);
  const auto place = [&](double centre, Index i) {
    return centre + (static_cast<double>(i) - middle) / scale;
  };
  const auto pixel = [](double at, Index end) { return std::clamp<Index>(static_cast<Index>(at), 0, end); };
  for (Index i = 0; i < side; ++i)
    for (Index j = 0; j < side; ++j) {
      const double top = place(centre_row, i), bottom = place(centre_row, i + 1);
      const double left = place(centre_column, j), right = place(centre_column, j + 1);
      double ink = 0;
      for (Index r = pixel(top, height); r < pixel(std::ceil(bottom), height); ++r)
        for (Index c = pixel(left, width); c < pixel(std::ceil(right), width); ++c)
          ink +=
              overlap(top, bottom, r) * overlap(left, right, c) * static_cast<double>(drawing[r * width + c]);
      image[i * side + j] = static_cast<Real>(std::min(1.0, ink * scale * scale));
    }
  return image;
}

}  // namespace

Tensor mnist_image(const Tensor& drawing) {
  require_drawing(drawing);
  const Index height = drawing.extent(0), width = drawing.extent(1);
  Extent rows, columns;
  for (Index r = 0; r < height; ++r)
    for (Index c = 0; c < width; ++c)
      if (const Real ink = drawing[r * width + c]; ink != 0) rows.add(r, ink);
  for (Index c = 0; c < width; ++c)
    for (Index r = 0; r < height; ++r)
      if (const Real ink = drawing[r * width + c]; ink != 0) columns.add(c, ink);
  if (rows.mass == 0) return Tensor({1, side, side, 1});
  return resampled(drawing, box / std::max(rows.size(), columns.size()), mnist_middle,
                   rows.centre / rows.mass, columns.centre / columns.mass);
}

Tensor reduced_image(const Tensor& drawing) {
  require_drawing(drawing);
  const double height = static_cast<double>(drawing.extent(0)),
               width = static_cast<double>(drawing.extent(1));
  return resampled(drawing, side / height, side / 2, height / 2, width / 2);
}

}  // namespace plaingrad
