/// @file
/// Section 8.7 beyond the report: accuracy, PSNR and SSIM of restored images over all amounts of noise, with
/// baselines.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "chapter8/denoising.hpp"
#include "evaluation/image_quality.hpp"
#include "math/statistics.hpp"
#include "models/autoencoder.hpp"

namespace plaingrad::chapter8 {

namespace {

/// What is measured of a set of restored images.
struct Quality {
  double accuracy = 0, psnr = 0, ssim = 0;
};

/// One of the three measures: what it is called and how it is printed.
struct Measure {
  const char *name, *unit, *file;
  double Quality::*value;
  double factor;  ///< from the value to the unit
  int decimals;
};
constexpr Measure measures[] = {{"accuracy of the CNN", "%", "accuracy", &Quality::accuracy, 100, 2},
                                {"PSNR", "dB", "psnr", &Quality::psnr, 1, 2},
                                {"SSIM", "", "ssim", &Quality::ssim, 1, 3}};

std::string title_of(const Measure& measure) {
  return std::string(measure.name) + (*measure.unit ? std::string(", ") + measure.unit : "");
}

std::string one_decimal(double value) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

/// quality[restorer][noise].
using Table = std::vector<std::vector<Quality>>;

Table measure_all(const Tensor& test, std::span<const std::uint8_t> labels, Sequential& cnn,
                  const std::vector<Restorer>& restorers, const std::vector<double>& noises, Random& random) {
  Table table(restorers.size());
  for (const double noise : noises) {
    const Tensor noisy = corrupt(test, noise, random);
    for (std::size_t i = 0; i < restorers.size(); ++i) {
      const Tensor restored = restorers[i].restore(noisy);
      table[i].push_back({evaluate_classifier(cnn, restored, labels).accuracy,
                          mean(peak_signal_to_noise(restored, test)),
                          mean(structural_similarity(restored, test))});
    }
  }
  return table;
}

void print_table(const Measure& measure, const std::vector<Restorer>& restorers,
                 const std::vector<double>& noises, const Table& table) {
  std::printf("%s\n%6s", title_of(measure).c_str(), "noise");
  for (const Restorer& restorer : restorers) std::printf("%22s", restorer.name.c_str());
  std::printf("\n");
  for (std::size_t k = 0; k < noises.size(); ++k) {
    std::printf("%6.1f", noises[k]);
    for (const auto& row : table)
      std::printf("%22.*f", measure.decimals, measure.factor * (row[k].*measure.value));
    std::printf("\n");
  }
  std::printf("\n");
}

plotting::LinePlot curves_of(const Measure& measure, const std::vector<Restorer>& restorers,
                             const std::vector<double>& noises, const Table& table) {
  using plotting::Style;
  plotting::LinePlot plot{.title = measure.name,
                          .x_label = "noise of the test images",
                          .y_label = title_of(measure),
                          .series = {}};
  for (std::size_t i = 0; i < restorers.size(); ++i) {
    plotting::Series series{restorers[i].name, noises, {}, i < 2 ? Style::dashed : Style::line_and_points};
    for (const Quality& quality : table[i]) {
      const double value = measure.factor * (quality.*measure.value);
      series.y.push_back(std::isfinite(value) ? value
                                              : NAN);  // without noise the PSNR of "not restored" is infinite
    }
    plot.series.push_back(series);
  }
  return plot;
}

/// A row for each restorer from `first` on, a column for every 0.2 of noise, so that the numbers have room.
void draw_matrix_of(const Options& options, const Measure& measure, std::size_t first,
                    const std::vector<Restorer>& restorers, const std::vector<double>& noises,
                    const Table& table) {
  plotting::MatrixPlot plot{.title = title_of(measure) + ", by noise and restorer",
                            .x_label = "noise of the test images",
                            .y_label = "",
                            .column_names = {},
                            .row_names = {},
                            .rows = {},
                            .decimals = 1};
  const std::size_t stride = options.full ? 2 : 1;
  for (std::size_t k = 0; k < noises.size(); k += stride) plot.column_names.push_back(one_decimal(noises[k]));
  for (std::size_t i = first; i < restorers.size(); ++i) {
    plot.row_names.push_back(restorers[i].name);
    plot.rows.emplace_back();
    for (std::size_t k = 0; k < noises.size(); k += stride)
      plot.rows.back().push_back(measure.factor * (table[i][k].*measure.value));
  }
  plotting::draw_matrix(options.figure(std::string("figure_8_7_matrix_") + measure.file + ".png"), plot);
}

}  // namespace

void noise_curves(const Options& options, const Tensor& test, std::span<const std::uint8_t> labels,
                  Sequential& cnn, const std::vector<Restorer>& restorers, Results& results) {
  std::vector<double> noises;
  for (int k = 0; k <= 15; k += options.full ? 1 : 2) noises.push_back(0.1 * k);
  Random random(options.seed + 1);
  const Table table = measure_all(test, labels, cnn, restorers, noises, random);
  std::vector<plotting::LinePlot> plots;
  for (const Measure& measure : measures) {
    print_table(measure, restorers, noises, table);
    plots.push_back(curves_of(measure, restorers, noises, table));
    for (std::size_t i = 0; i < restorers.size(); ++i) {
      std::map<std::string, double> values;
      for (std::size_t k = 0; k < noises.size(); ++k)
        values[one_decimal(noises[k])] = table[i][k].*measure.value;
      results.add(std::string(measure.name) + " over noise, " + restorers[i].name, values);
    }
  }
  plotting::draw_lines(options.figure("figure_8_7_curves.png"), plots, 1);
  draw_matrix_of(options, measures[0], 0, restorers, noises, table);
  draw_matrix_of(options, measures[1], 1, restorers, noises, table);  // not restored: infinite without noise
}

void draw_restorers(const Options& options, const Tensor& test, const std::vector<Restorer>& restorers) {
  const Index side = test.extent(1);
  const Tensor x = slice(test, 0, 1);
  Random random(options.seed + 2);
  Tensor pictures({0, side, side, 1});
  std::vector<std::string> captions;
  const auto add = [&](const Tensor& image, const std::string& caption) {
    pictures.values.insert(pictures.values.end(), image.values.begin(), image.values.end());
    ++pictures.shape[0];
    captions.push_back(caption);
  };
  for (const double noise : {0.2, 0.6, 1.0}) {
    const Tensor noisy = corrupt(x, noise, random);
    for (const Restorer& restorer : restorers)
      add(restorer.restore(noisy),
          &restorer == restorers.data() ? "noise " + one_decimal(noise) : restorer.name);
    add(x, "clean");
  }
  plotting::draw_images(options.figure("figure_8_7_restorers.png"), pictures, captions,
                        static_cast<int>(restorers.size()) + 1,
                        "One digit, three noises, and what each restorer makes of it");
}

}  // namespace plaingrad::chapter8
