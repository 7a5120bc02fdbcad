#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::plotting {
namespace {

/// One picture as grey levels 0 ... 255 and the values that these two levels stand for.
struct GreyImage {
  std::vector<std::vector<int>> levels;
  Range grey;
};

GreyImage grey_image(const Tensor& images, Index position, Range grey) {
  const Index height = images.extent(1), width = images.extent(2);
  const Real* pixels = images.data() + position * height * width;
  if (grey.low == grey.high) {
    const auto [low, high] = std::minmax_element(pixels, pixels + height * width);
    grey = {static_cast<double>(*low), static_cast<double>(*high)};
  }
  const double span = grey.high == grey.low ? 1 : grey.high - grey.low;
  GreyImage result{{}, grey};
  for (Index i = 0; i < height; ++i) {
    auto& row = result.levels.emplace_back();
    for (Index j = 0; j < width; ++j) {
      const double level = 255 * (static_cast<double>(pixels[i * width + j]) - grey.low) / span;
      row.push_back(std::isfinite(level) ? static_cast<int>(std::lround(std::clamp(level, 0.0, 255.0))) : 0);
    }
  }
  return result;
}

void check(const Tensor& images, const std::vector<std::string>& captions, int columns) {
  if (images.shape.size() != 4 || images.extent(3) != 1 || images.size() == 0)
    throw std::invalid_argument("images must be (count, height, width, 1), not empty; they are " +
                                to_string(images.shape));
  if (!captions.empty() && static_cast<Index>(captions.size()) != images.extent(0))
    throw std::invalid_argument(std::to_string(captions.size()) + " captions for " +
                                std::to_string(images.extent(0)) + " images");
  if (columns < 1) throw std::invalid_argument(std::to_string(columns) + " columns of images");
}

/// Where everything stands on the sheet, in pixels.
struct Layout {
  int columns, rows, scale, gap, caption_height, title_height;
  int cell_width, cell_height;

  Layout(const Tensor& images, bool captions, bool title, int asked_columns, int target_width) {
    const int count = static_cast<int>(images.extent(0));
    const int height = static_cast<int>(images.extent(1)), width = static_cast<int>(images.extent(2));
    columns = std::min(asked_columns, count);
    rows = (count + columns - 1) / columns;
    gap = 10;
    scale = std::clamp((target_width - gap) / columns / std::max(1, width) - 0, 1, 8);
    while (scale > 1 && columns * (width * scale + gap) + gap > target_width) --scale;
    caption_height = captions ? 24 : 0;
    title_height = title ? 34 : 0;
    cell_width = width * scale;
    cell_height = height * scale;
  }
  int sheet_width() const { return columns * (cell_width + gap) + gap; }
  int sheet_height() const { return rows * (cell_height + caption_height + gap) + gap + title_height; }
  int x(int position) const { return gap + position % columns * (cell_width + gap); }
  int y(int position) const {
    return sheet_height() - title_height - (position / columns + 1) * (cell_height + caption_height + gap) +
           caption_height;
  }
};

Canvas image_sheet(const Tensor& images, const std::vector<std::string>& captions, const Layout& layout,
                   const std::string& title, Range grey, const std::string& csv_prefix, std::string& csv) {
  Canvas canvas(layout.sheet_width(), layout.sheet_height());
  if (!title.empty())
    canvas.text(canvas.width() / 2.0, canvas.height() - layout.title_height / 2.0 - 2, title, {.size = 13});
  for (int n = 0; n < static_cast<int>(images.extent(0)); ++n) {
    const GreyImage image = grey_image(images, n, grey);
    const std::string caption = captions.empty() ? "" : captions[static_cast<std::size_t>(n)];
    canvas.grey_levels(layout.x(n), layout.y(n), layout.scale, image.levels);
    canvas.rectangle(layout.x(n), layout.y(n), layout.cell_width, layout.cell_height, "", "#bbbbbb");
    if (!caption.empty())
      canvas.text(layout.x(n) + layout.cell_width / 2.0, layout.y(n) - layout.caption_height / 2.0, caption,
                  {.size = 11});
    csv += csv_prefix + std::to_string(n + 1) + "," + csv_field(caption) + "," + number(image.grey.low) +
           "," + number(image.grey.high);
    for (const auto& row : image.levels)
      for (int level : row) csv += "," + std::to_string(level);
    csv += "\n";
  }
  return canvas;
}

std::string csv_header(const Tensor& images, const std::string& prefix) {
  std::string header = prefix + "image,caption,black,white";
  for (Index i = 0; i < images.extent(1); ++i)
    for (Index j = 0; j < images.extent(2); ++j) header += ",p" + std::to_string(i) + "_" + std::to_string(j);
  return header + "\n";
}

}  // namespace

void draw_images(const Path& png, const Tensor& images, const std::vector<std::string>& captions, int columns,
                 const std::string& title, Range grey) {
  check(images, captions, columns);
  const Layout layout(images, !captions.empty(), !title.empty(), columns, 1000);
  std::string csv = csv_header(images, "");
  const Canvas canvas = image_sheet(images, captions, layout, title, grey, "", csv);
  write_picture(png, png_terminal(canvas.width(), canvas.height(), 12), canvas.script(), csv);
}

void animate_images(const Path& gif, const std::vector<Tensor>& frames,
                    const std::vector<std::string>& titles, int columns, Range grey, int delay) {
  if (frames.empty()) throw std::invalid_argument("animate_images: no frames for " + gif.string());
  if (titles.size() != frames.size())
    throw std::invalid_argument(std::to_string(titles.size()) + " titles for " +
                                std::to_string(frames.size()) + " frames");
  check(frames[0], {}, columns);
  const Layout layout(frames[0], false, true, columns, 500);
  std::string script, csv = csv_header(frames[0], "frame,title,");
  for (std::size_t f = 0; f < frames.size(); ++f) {
    require_shape(frames[f], frames[0].shape, "frame " + std::to_string(f + 1));
    const std::string prefix = std::to_string(f + 1) + "," + csv_field(titles[f]) + ",";
    script += image_sheet(frames[f], {}, layout, titles[f], grey, prefix, csv).script();
  }
  write_picture(gif, gif_terminal(layout.sheet_width(), layout.sheet_height(), 11, delay), script, csv);
}

}  // namespace plaingrad::plotting
