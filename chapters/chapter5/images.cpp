/// @file
/// The images of chapter 5.
#include "chapter5/sections.hpp"
#include "data/dataset.hpp"
#include "losses/loss.hpp"

namespace plaingrad::chapter5 {

Images::Images(const Options& options) {
  const TrainAndTest mnist = load_dataset(DatasetName::mnist, options.data, options.sample);
  const TrainAndTest clothes = load_dataset(DatasetName::fashion_mnist, options.data, options.sample);
  const Index test_count = options.full ? 10000 : 1000;
  train = all_images(first_images(mnist.train, options.full ? 60000 : 10000));
  test = all_images(first_images(mnist.test, test_count));
  fashion = all_images(first_images(clothes.test, test_count));
  if (options.full) epochs = 10;
  digit.assign(mnist.test.labels.begin(), mnist.test.labels.begin() + test.extent(0));
  for (Index n = 0; n < fashion.extent(0); ++n)
    fashion_names.push_back(clothes.class_names[clothes.test.labels[static_cast<std::size_t>(n)]]);
}

double error_of(const Tensor& r, const Tensor& x) {
  Tensor gradient;
  return mean_squared_error(r, x, gradient);
}

}  // namespace plaingrad::chapter5
