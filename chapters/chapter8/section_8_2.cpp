/// @file
/// Section 8.2: the data. Fig. 8.1, a digit; Fig. 8.2, how many of each there are.
#include <algorithm>
#include <cstdio>

#include "chapter8/common.hpp"
#include "chapter8/sections.hpp"

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

}  // namespace

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
  results.save();
}

}  // namespace plaingrad::chapter8
