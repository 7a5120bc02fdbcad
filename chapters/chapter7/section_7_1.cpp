/// @file
/// Section 7.1: the two data sets.
#include <cstdio>
#include <string>
#include <vector>

#include "chapter7/sections.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter7 {

namespace {

/// The first `rows` images of each class: a row of the picture has one of each.
void draw_examples(const std::filesystem::path& png, const TrainAndTest& data, Index rows) {
  std::vector<Index> positions;
  std::vector<std::string> captions;
  for (Index row = 0; row < rows; ++row)
    for (std::size_t c = 0; c < data.class_names.size(); ++c) {
      Index seen = 0, position = 0;
      while (data.train.labels.at(static_cast<std::size_t>(position)) != c || seen++ < row) ++position;
      positions.push_back(position);
      captions.push_back(data.class_names[c]);
    }
  Tensor images;
  gather_images(data.train, positions, Real(1) / 255, 0, images);
  plotting::draw_images(png, images, captions, 10, "The first training images of each class");
}

void describe_data(const Options& options, const TrainAndTest& data, const std::string& title,
                   const std::string& file, Results& results) {
  std::printf("%s%s: %td training and %td test images of %td x %td pixels, one byte each\n\n", title.c_str(),
              data.sample ? " (the small sample)" : "", data.train.count(), data.test.count(),
              data.train.height, data.train.width);
  const auto train = class_counts(data.train), test = class_counts(data.test);
  std::printf("  %-13s%10s%8s\n", "class", "training", "test");
  for (std::size_t c = 0; c < train.size(); ++c)
    std::printf("  %zu %-11s%10td%8td\n", c,
                c < 10 && data.class_names[c].size() > 1 ? data.class_names[c].c_str() : "", train[c],
                test[c]);
  std::printf("\n");
  results.add(title + ": training images", data.train.count(), 60000);
  results.add(title + ": test images", data.test.count(), 10000);
  draw_examples(options.figure("figure_7_1_" + file + ".png"), data, 5);
}

}  // namespace

void section_7_1(const Options& options, const TrainAndTest& mnist, const TrainAndTest& fashion,
                 Results& results) {
  std::printf("7.1 Data set\n\n");
  describe_data(options, mnist, "MNIST", "mnist", results);
  describe_data(options, fashion, "Fashion-MNIST", "fashion_mnist", results);
}

}  // namespace plaingrad::chapter7
