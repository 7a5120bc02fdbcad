/// @file
/// Section 8.2: the data. Fig. 8.1, a digit; Fig. 8.2, how many of each there are; and whether that decides
/// which of them are recognised.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter8/sections.hpp"
#include "chapter8/seeds.hpp"
#include "evaluation/metrics.hpp"
#include "math/statistics.hpp"

namespace plaingrad::chapter8 {

namespace {

void draw_first_image(const Options& options, const Dataset& train) {
  const Dataset first = first_images(train, 1);
  plotting::draw_images(options.figure("figure_8_1_digit.png"), all_images(first),
                        {"training image 1: a " + std::to_string(first.labels[0])}, 1);
  std::printf("Fig. 8.1: the first training image, labelled %d.\n\n", first.labels[0]);
}

void draw_counts(const Options& options, const TrainAndTest& data, const std::array<Index, 10>& train,
                 const std::array<Index, 10>& test) {
  plotting::draw_bars(
      options.figure("figure_8_2_counts.png"),
      {.title = "Images of each digit",
       .x_label = "digit",
       .y_label = "images",
       .categories = {data.class_names.begin(), data.class_names.end()},
       .sets = {{"training", {train.begin(), train.end()}}, {"test", {test.begin(), test.end()}}},
       .stacked = true,
       .legend = plotting::Legend::outside_right});
}

/// The recall (1.1) of each digit: [digit][seed].
std::vector<std::vector<double>> recalls(const std::vector<Record>& records, const Dataset& test) {
  std::vector<std::vector<double>> result(10);
  for (const Record& record : records) {
    const ConfusionMatrix matrix = confusion_matrix(test, record);
    for (Index c = 0; c < 10; ++c) result[static_cast<std::size_t>(c)].push_back(recall(matrix, c));
  }
  return result;
}

/// Is the digit with the most images the easiest, and the one with the fewest the weakest?
void compare_with_recall(Context& context, const Dataset& test, Results& results) {
  const Options& options = context.options;
  const std::vector<Record> records =
      context.records(cnn_training(context, cnn_on_mnist(options), options.seed));
  const std::vector<std::vector<double>> all = recalls(records, test);
  plotting::BarPlot plot{
      .title = "Missed by the CNN of section 8.4: 1 - recall (1.1), least to greatest of " +
               seeds_text(records.size()),
      .x_label = "digit",
      .y_label = "%",
      .categories = {},
      .sets = {{"", {}}},
      .legend = plotting::Legend::none,
      .errors = {{}}};
  std::vector<double> means;
  for (std::size_t c = 0; c < all.size(); ++c) {
    means.push_back(mean(all[c]));
    if (std::isnan(means.back())) continue;  // no such test image
    const auto [least, greatest] = std::minmax_element(all[c].begin(), all[c].end());
    plot.categories.push_back(std::to_string(c));
    plot.sets[0].second.push_back(100 * (1 - means.back()));
    plot.errors[0].push_back({100 * (1 - *greatest), 100 * (1 - *least)});
  }
  plotting::draw_bars(options.figure("figure_8_2_recall.png"), plot);

  const auto less = [](double a, double b) { return !std::isnan(a) && (std::isnan(b) || a < b); };
  const auto easiest = std::max_element(means.begin(), means.end(), [](double a, double b) {
    return !std::isnan(b) && (std::isnan(a) || a < b);
  });
  const auto weakest = std::min_element(means.begin(), means.end(), less);
  std::printf(
      "Recall in section 8.4, mean over %s: the easiest digit is %td (%.2f %%), the weakest %td (%.2f %%).\n"
      "(The report expects 1, here %.2f %%, and 5, here %.2f %%.)\n\n",
      seeds_text(records.size()).c_str(), easiest - means.begin(), 100 * *easiest, weakest - means.begin(),
      100 * *weakest, 100 * means[1], 100 * means[5]);
  results.add("easiest digit", easiest - means.begin(), 1);
  results.add("weakest digit", weakest - means.begin(), 5);
  results.add("recall of each digit, mean over seeds", means);
  results.add("seeds", std::ssize(records));
}

}  // namespace

std::vector<Job> jobs_8_2(Context& context, std::uint64_t seed) {
  return {cnn_job(context, cnn_on_mnist(context.options), seed)};
}

void section_8_2(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  draw_first_image(options, data.train);

  const std::array<Index, 10> train = class_counts(data.train), test = class_counts(data.test);
  std::printf("%-6s%10s%10s%10s\n", "digit", "training", "test", "together");
  std::array<Index, 10> together;
  for (std::size_t c = 0; c < together.size(); ++c) {
    together[c] = train[c] + test[c];
    std::printf("%-6zu%10td%10td%10td\n", c, train[c], test[c], together[c]);
  }
  const auto [fewest, most] = std::minmax_element(together.begin(), together.end());
  std::printf("\nMost images: %td. Fewest: %td. (The report: 1 and 5.)\n\n", most - together.begin(),
              fewest - together.begin());
  draw_counts(options, data, train, test);

  Results results(options, "8.2");
  results.add("label of the first training image", data.train.labels.at(0), 5);
  results.add("training images of each digit", std::vector(train.begin(), train.end()));
  results.add("test images of each digit", std::vector(test.begin(), test.end()));
  results.add("most frequent digit", most - together.begin(), 1);
  results.add("least frequent digit", fewest - together.begin(), 5);
  compare_with_recall(context, data.test, results);
  results.save();
}

}  // namespace plaingrad::chapter8
