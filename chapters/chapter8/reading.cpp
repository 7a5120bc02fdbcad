#include "chapter8/reading.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace plaingrad::chapter8 {

namespace {

using plotting::Diagram;

// In pixels: the diagram is about as wide as its contents.
constexpr double digit_width = 176, digit_height = 206, map_width = 90, map_height = 116, maps_left = 236;
constexpr double bars_left = 656, bar_length = 66, row_height = 22.5;
constexpr Index maps_in_a_row = 4;
// As they stand in chapter 3 and in src/convolution/convolution.cpp.
const std::string equation = "Y(i, j) = \u2211\u2098 \u2211\u2099 X(i + m, j + n) F(m, n)     (3.3)";
const std::string line_of_code = "Y(i, j) += X(i + m, j + n) * F(m, n);  // (3.3)";

/// Channel `channel` of (1, height, width, channels), from its least value, black, to its greatest, white.
Tensor channel_as_picture(const Tensor& maps, Index channel) {
  const Index channels = maps.extent(3);
  Tensor picture({maps.extent(1), maps.extent(2)});
  for (Index i = 0; i < picture.size(); ++i) picture[i] = maps[i * channels + channel];
  const auto [least, greatest] = std::minmax_element(picture.values.begin(), picture.values.end());
  const Real low = *least, range = *greatest - low;
  for (Real& value : picture.values) value = range > 0 ? (value - low) / range : 0;
  return picture;
}

void add_text(Diagram& diagram, double x, double y, const std::string& text) {
  diagram.nodes.push_back({x, y, text, 1, 1, -1});
}

/// The channels with the largest sums, in their own order: the others respond hardly at all.
std::vector<Index> brightest_channels(const Tensor& maps, Index count) {
  const Index channels = maps.extent(3);
  std::vector<double> sums(static_cast<std::size_t>(channels));
  for (Index i = 0; i < maps.size(); ++i)
    sums[static_cast<std::size_t>(i % channels)] += static_cast<double>(maps[i]);
  std::vector<Index> order(sums.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return sums[static_cast<std::size_t>(a)] > sums[static_cast<std::size_t>(b)];
  });
  order.resize(static_cast<std::size_t>(count));
  std::sort(order.begin(), order.end());
  return order;
}

/// Two rows of feature maps with their numbers, counted from 1.
void add_maps(Diagram& diagram, const Tensor& maps) {
  const std::vector<Index> shown = brightest_channels(maps, 2 * maps_in_a_row);
  for (Index place = 0; place < 2 * maps_in_a_row; ++place) {
    const double x = maps_left + map_width * (static_cast<double>(place % maps_in_a_row) + 0.5);
    const double y = map_height * (0.5 - static_cast<double>(place / maps_in_a_row));
    const Index channel = shown[static_cast<std::size_t>(place)];
    diagram.nodes.push_back({x, y, std::to_string(channel + 1), map_width - 2, map_height - 2, 0,
                             channel_as_picture(maps, channel)});
  }
}

/// A bar for each class, and the probability beside it.
void add_bars(Diagram& diagram, const Tensor& p) {
  const Index predicted = argmax(p)[0];
  for (Index c = 0; c < p.extent(1); ++c) {
    const double probability = static_cast<double>(p[c]), length = std::max(1.0, bar_length * probability);
    const double y = row_height * (4.5 - static_cast<double>(c));
    char text[16];
    std::snprintf(text, sizeof text, "%.4f", probability);
    add_text(diagram, bars_left, y, std::to_string(c));
    diagram.nodes.push_back({bars_left + 14 + length / 2, y, "", length, 14, c == predicted ? 1 : 0});
    add_text(diagram, bars_left + bar_length + 46, y, text);
  }
}

}  // namespace

void draw_reading(const Options& options, Sequential& model, const Dataset& test, Index position) {
  Tensor image;
  gather_images(test, std::vector<Index>{position}, Real(1) / 255, 0, image);
  Diagram diagram;
  diagram.pixel_width = 840;
  diagram.pixel_height = 0;  // in proportion
  diagram.nodes.push_back({digit_width / 2, 0, "test image " + std::to_string(position + 1), digit_width,
                           digit_height, 0, Tensor({test.height, test.width}, image.values)});
  add_maps(diagram, model.forward_to(image, 1));
  add_bars(diagram, probabilities(model, test, {position}));
  // What the arrows join: the digit and the maps, the maps and the prediction.
  const double maps_right = maps_left + map_width * static_cast<double>(maps_in_a_row),
               middle = (maps_left + maps_right) / 2;
  const int first = static_cast<int>(diagram.nodes.size());
  for (const double x : {digit_width, maps_left, maps_right, bars_left - 10}) add_text(diagram, x, 0, "");
  diagram.arrows = {{first, first + 1, ""}, {first + 2, first + 3, ""}};

  const double below = -map_height - 16;
  add_text(diagram, middle, below,
           std::to_string(2 * maps_in_a_row) + " of its " + std::to_string(model.shape_after(0)[2]) +
               " feature maps");
  add_text(diagram, bars_left + 60, below, "prediction");
  add_text(diagram, middle, below - 40, equation);
  diagram.nodes.push_back({middle, below - 74, "", 470, 30, 1});
  add_text(diagram, middle, below - 74, line_of_code);
  add_text(diagram, bars_left + 150, 0, "");  // room for the probabilities
  plotting::draw_diagram(options.figure("figure_8_3_reading.png"), diagram);
}

}  // namespace plaingrad::chapter8
