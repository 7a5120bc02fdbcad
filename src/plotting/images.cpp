#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plotting/canvas.hpp"
#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::plotting {
namespace {

const double title_size = 13, caption_size = 11;
const int gap = 10;

/// One picture as grey levels 0 ... 255, and the values that these two levels stand for.
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
    for (Index j = 0; j < width; ++j)
      row.push_back(grey_level(255 * (static_cast<double>(pixels[i * width + j]) - grey.low) / span));
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

/// Where everything stands on the sheet, in pixels. Every pixel of an image becomes a square of `scale`
/// pixels.
struct Layout {
  int columns, rows, scale, image_width, image_height, caption_height = 0, pitch_x, pitch_y, title_height = 0;
  int sheet_width, sheet_height;
  std::string title;

  Layout(const Tensor& images, const std::vector<std::string>& captions, const std::string& whole_title,
         int most_columns, int target_width) {
    const int count = static_cast<int>(images.extent(0));
    const int height = static_cast<int>(images.extent(1)), width = static_cast<int>(images.extent(2));
    columns = std::min(most_columns, count);
    rows = (count + columns - 1) / columns;
    const int available = (target_width - gap) / columns - gap;
    scale = std::clamp(available / std::max(width, height), 1, 280 / std::max(width, height) + 1);
    image_width = width * scale;
    image_height = height * scale;
    int widest = image_width;
    for (const std::string& whole_caption : captions) {
      if (whole_caption.empty()) continue;
      const std::string caption = wrapped(whole_caption, image_width, caption_size);
      widest = std::max(widest, static_cast<int>(widest_line(caption, caption_size)));
      caption_height = std::max(caption_height, static_cast<int>(text_height(caption, caption_size)) + 6);
    }
    pitch_x = widest + gap;
    pitch_y = image_height + caption_height + gap;
    sheet_width = std::max(columns * pitch_x + gap, 240);
    title = wrapped(whole_title, sheet_width - 2 * gap, title_size);
    if (!title.empty()) title_height = static_cast<int>(text_height(title, title_size)) + 12;
    sheet_height = rows * pitch_y + gap + title_height;
  }
  int x(int position) const {
    const int left = (sheet_width - columns * pitch_x + gap) / 2;
    return left + position % columns * pitch_x + (pitch_x - gap - image_width) / 2;
  }
  int y(int position) const {
    return sheet_height - title_height - gap - position / columns * pitch_y - image_height;
  }
};

/// @param csv  null for a frame of a GIF; else each image's caption and range are appended to it
Canvas image_sheet(const Tensor& images, const std::vector<std::string>& captions, const Layout& layout,
                   const std::string& title, Range grey, std::string* csv) {
  Canvas canvas(layout.sheet_width, layout.sheet_height);
  if (!title.empty())
    canvas.text(layout.sheet_width / 2, layout.sheet_height - (layout.title_height + 4) / 2, title,
                {.size = title_size});
  for (int n = 0; n < static_cast<int>(images.extent(0)); ++n) {
    const GreyImage image = grey_image(images, n, grey);
    const std::string caption = captions.empty() ? "" : captions[static_cast<std::size_t>(n)];
    canvas.grey_levels(layout.x(n), layout.y(n), layout.scale, image.levels, csv == nullptr);
    canvas.rectangle(layout.x(n), layout.y(n), layout.image_width, layout.image_height, "", "#bbbbbb");
    const std::string lines = wrapped(caption, layout.image_width, caption_size);
    canvas.text(layout.x(n) + layout.image_width / 2, layout.y(n) - 5 - text_height(lines, caption_size) / 2,
                lines, {.size = caption_size});
    if (csv == nullptr) continue;
    *csv += std::to_string(n + 1) + "," + csv_field(caption) + "," + number(image.grey.low) + "," +
            number(image.grey.high) + "\n";
  }
  return canvas;
}

}  // namespace

void draw_images(const Path& png, const Tensor& images, const std::vector<std::string>& captions, int columns,
                 const std::string& title, Range grey) {
  check(images, captions, columns);
  const Layout layout(images, captions, title, columns, 800);
  std::string csv = "image,caption,black,white\n";
  const Canvas canvas = image_sheet(images, captions, layout, layout.title, grey, &csv);
  write_picture(png, {canvas.width(), canvas.height(), caption_size}, canvas.script(), csv);
}

void animate_images(const Path& gif, const std::vector<Tensor>& frames,
                    const std::vector<std::string>& titles, int columns, Range grey, int delay) {
  if (frames.empty()) throw std::invalid_argument("animate_images: no frames for " + gif.string());
  if (titles.size() != frames.size())
    throw std::invalid_argument(std::to_string(titles.size()) + " titles for " +
                                std::to_string(frames.size()) + " frames");
  check(frames[0], {}, columns);
  const Layout layout(frames[0], {}, titles[0], columns, 500);
  std::string script;
  for (std::size_t f = 0; f < frames.size(); ++f) {
    require_shape(frames[f], frames[0].shape, "frame " + std::to_string(f + 1));
    script += image_sheet(frames[f], {}, layout, titles[f], grey, nullptr).script();
  }
  write_picture(gif, {layout.sheet_width, layout.sheet_height, caption_size, delay}, script);
}

}  // namespace plaingrad::plotting
