/// @file
/// Accuracy against the number of training images, on both data sets.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "beyond/sections.hpp"
#include "chapter8/common.hpp"
#include "chapter8/seeds.hpp"
#include "data/mini_batches.hpp"
#include "math/decimal.hpp"
#include "math/statistics.hpp"

namespace plaingrad::beyond {

using namespace chapter8;

namespace {

/// How many images the network learns from. The last of them, all, is chapter 8's own training.
std::vector<Index> amounts(const Options& options, Index all) {
  std::vector<Index> result;
  for (const Index images :
       options.full ? std::vector<Index>{1000, 2000, 5000, 10000, 20000} : std::vector<Index>{250, 4000})
    if (images < all) result.push_back(images);
  return result;
}

//! [epochs]
/// As many epochs as in chapter 8; more if these would be very few steps.
int epochs_for(const Options& options, Index images) {
  if (options.epochs > 0) return options.epochs;
  const Index least_steps = options.full ? 3000 : 50, steps = mini_batch_count(images, 32);
  return std::max(epochs(options), static_cast<int>((least_steps + steps - 1) / steps));
}
//! [epochs]

CnnSettings settings_for(Context& context, DatasetName data, Index images) {
  const bool all = images == context.dataset(data).train.count();
  return {.data = data,
          .epochs = all ? epochs(context.options) : epochs_for(context.options, images),
          .images = all ? 0 : images};
}

/// The results of training on that many images, over the seeds.
struct Point {
  Index images;
  int epochs;
  std::vector<double> errors;  ///< on the test images, mean over the last five epochs, for each seed
};

std::vector<Point> points_of(Context& context, DatasetName data) {
  const Index all = context.dataset(data).train.count();
  std::vector<Index> counts = amounts(context.options, all);
  counts.push_back(all);
  std::vector<Point> points;
  for (const Index images : counts) {
    const CnnSettings settings = settings_for(context, data, images);
    const Training training = cnn_training(context, settings, context.options.seed);
    context.record(training);  // that of this seed must be there
    Point point{images, settings.epochs, over_seeds(context.records(training), &Summary::mean_of_last_five)};
    for (double& value : point.errors) value = 1 - value;
    points.push_back(point);
  }
  return points;
}

//! [slope]
/// The slope of the line that fits log(error) over log(images) best, by least squares. NaN if there are not
/// two points; a point without errors is left out, as zero has no logarithm.
double slope(const std::vector<Point>& points) {
  std::vector<double> x, y;
  for (const Point& point : points) {
    if (mean(point.errors) == 0) continue;
    x.push_back(std::log(static_cast<double>(point.images)));
    y.push_back(std::log(mean(point.errors)));
  }
  double xy = 0, xx = 0;  // both 0 if there are fewer than two
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean(x)) * (y[i] - mean(y));
    xx += (x[i] - mean(x)) * (x[i] - mean(x));
  }
  return xy / xx;
}
//! [slope]

void show(const std::string& name, const std::vector<Point>& points, Results& results) {
  std::printf("%s\n\n%12s%9s%9s%20s%24s\n", name.c_str(), "images", "epochs", "seeds", "test error, %",
              "slope since the last");
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& [images, epochs, errors] = points[i];
    const double since = i == 0 ? std::nan("") : slope({points[i - 1], points[i]});
    std::printf("%12td%9d%9zu%20s%24s\n", images, epochs, errors.size(), percent(spread(errors)).c_str(),
                std::isnan(since) ? "-" : fixed(since, 2).c_str());
    results.add(name + ", " + std::to_string(images) + " images: test error",
                std::map<std::string, double>{
                    {"mean", mean(errors)},
                    {"standard deviation", errors.size() > 1 ? standard_deviation(errors) : 0},
                    {"seeds", static_cast<double>(errors.size())}});
  }
  const double all = slope(points);
  std::printf("\n");
  if (std::isnan(all)) return;
  std::printf("Slope of the whole: %.2f. Twice the images leave %.0f %% of the errors.\n\n", all,
              100 * std::pow(2, all));
  results.add(name + ": slope", all);
}

plotting::Series series_of(const std::string& name, const std::vector<Point>& points) {
  plotting::Series series{name, {}, {}, plotting::Style::line_and_points};
  const bool several =
      std::any_of(points.begin(), points.end(), [](const Point& p) { return p.errors.size() > 1; });
  for (const Point& point : points) {
    const auto [least, greatest] = std::minmax_element(point.errors.begin(), point.errors.end());
    series.x.push_back(static_cast<double>(point.images));
    series.y.push_back(100 * mean(point.errors));
    if (!several) continue;
    series.low.push_back(100 * *least);
    series.high.push_back(100 * *greatest);
  }
  return series;
}

}  // namespace

std::vector<Job> data_jobs(Context& context, std::uint64_t seed) {
  std::vector<Job> jobs;
  for (const DatasetName data : {DatasetName::mnist, DatasetName::fashion_mnist}) {
    const Index all = context.dataset(data).train.count();
    for (const Index images : amounts(context.options, all))
      jobs.push_back(cnn_job(context, settings_for(context, data, images), seed));
    jobs.push_back(cnn_job(context, settings_for(context, data, all), seed));
  }
  return jobs;
}

void how_much_data(Context& context) {
  Results results(context.options, "how much data");
  const std::vector<Point> digits = points_of(context, DatasetName::mnist);
  const std::vector<Point> clothes = points_of(context, DatasetName::fashion_mnist);
  std::printf(
      "The network of section 7.3.1, Adam, batch 32; errors are the mean of the last five epochs.\n\n");
  show("MNIST", digits, results);
  show("Fashion-MNIST", clothes, results);
  results.save();
  const std::vector<plotting::Series> both = {series_of("MNIST", digits),
                                              series_of("Fashion-MNIST", clothes)};
  plotting::draw_lines(context.options.figure("figure_beyond_data.png"),
                       {{.title = "Error and number of training images",
                         .x_label = "training images",
                         .y_label = "test error, %",
                         .series = both,
                         .x_range = {0.8 * both[0].x.front(), 1.25 * both[0].x.back()},
                         .y_range = around_all(both),
                         .x_logarithmic = true,
                         .y_logarithmic = true}});
}

}  // namespace plaingrad::beyond
