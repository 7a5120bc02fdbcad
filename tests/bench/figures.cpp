// figures BENCH.JSON FOLDER: how cost grows, drawn from what run.py measured, with the linear law beside.
#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "plotting/plot.hpp"

namespace {

using nlohmann::json;
using plaingrad::plotting::LinePlot;
using plaingrad::plotting::Path;
using plaingrad::plotting::Series;
using plaingrad::plotting::Style;

// Medians of {"28": [seconds, seconds ...], ...}, by number, times `scale`.
Series medians(const json& measured, const std::string& name, double scale) {
  std::vector<std::pair<double, double>> points;
  for (const auto& [key, rounds] : measured.items()) {
    auto values = rounds.get<std::vector<double>>();
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    const double median = values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    points.emplace_back(std::stod(key), median * scale);
  }
  std::sort(points.begin(), points.end());
  Series series{name, {}, {}, Style::line_and_points};
  for (const auto& [x, y] : points) series.x.push_back(x), series.y.push_back(y);
  return series;
}

// A law y(x) = y0 cost(x) / cost(x0) through the measured point number `through`.
template <class Cost>
Series law(const Series& measured, const std::string& name, std::size_t through, const Cost& cost) {
  Series series{name, measured.x, {}, Style::dashed};
  for (double x : measured.x) series.y.push_back(measured.y[through] * cost(x) / cost(measured.x[through]));
  return series;
}

void draw(const Path& png, LinePlot plot) {
  plaingrad::plotting::draw_lines(png, {std::move(plot)});
}

void draw_batch(const json& bench, const Path& folder) {
  const Series measured = medians(bench.at("batch"), "measured", 1e6);
  draw(folder / "figure_speed_batch.png",
       {.title = "CNN training: time for an image, by batch size",
        .x_label = "images in a mini-batch",
        .y_label = "microseconds for an image",
        .series = {measured, law(measured, "linear: a step costs as many times more as it has images",
                                 measured.x.size() - 1, [](double) { return 1.0; })},
        .x_logarithmic = true,
        .y_logarithmic = true});
}

void draw_threads(const json& bench, const Path& folder) {
  const Series measured = medians(bench.at("threads"), "measured", 1e6);
  draw(folder / "figure_speed_threads.png",
       {.title = "CNN training at batch 32: time for an image, by threads",
        .x_label = "threads",
        .y_label = "microseconds for an image",
        .series = {measured, law(measured, "linear: twice the threads, half the time", 0,
                                 [](double x) { return 1 / x; })},
        .x_range = {0.5, measured.x.back() + 0.5},
        .y_range = {0, 1.15 * *std::max_element(measured.y.begin(), measured.y.end())}});
}

void draw_size(const json& bench, const Path& folder) {
  const Series measured = medians(bench.at("size"), "measured", 1e6);
  const json& operations = bench.at("operations per image").at("cnn by size");
  draw(folder / "figure_speed_size.png",
       {.title = "CNN training at batch 32: time for an image, by its size",
        .x_label = "height and width of an image",
        .y_label = "microseconds for an image",
        .series = {measured,
                   law(measured, "linear in the multiply-adds", 0,
                       [&](double x) {
                         return operations.at(std::to_string(static_cast<int>(x))).get<double>();
                       }),
                   law(measured, "linear in the pixels", 0, [](double x) { return x * x; })},
        .x_range = {20, 120},
        .y_logarithmic = true,
        .legend = plaingrad::plotting::Legend::top_left});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::invalid_argument("usage: figures BENCH.JSON FOLDER");
    std::ifstream file(argv[1]);
    if (!file) throw std::runtime_error(std::string("cannot read ") + argv[1]);
    const json bench = json::parse(file);
    draw_batch(bench, argv[2]);
    draw_threads(bench, argv[2]);
    draw_size(bench, argv[2]);
  } catch (const std::exception& problem) {
    std::cerr << "figures: " << problem.what() << "\n";
    return 1;
  }
  return 0;
}
