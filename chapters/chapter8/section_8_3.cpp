/// @file
/// Section 8.3: predictions of the trained network for two test images. Fig. 8.3.
#include <algorithm>
#include <cstdio>

#include "chapter8/common.hpp"
#include "chapter8/reading.hpp"
#include "chapter8/sections.hpp"

namespace plaingrad::chapter8 {

namespace {

/// The two of listing 11.1.1, counted from 0: the report's "1st and 500th".
const std::vector<Index> two_digits = {0, 499};

Tensor test_images(const Dataset& test, const std::vector<Index>& which) {
  Tensor images;
  gather_images(test, which, Real(1) / 255, 0, images);
  return images;
}

/// (1, height, width, channels) as (channels, height, width, 1): each channel a picture.
Tensor channels_as_images(const Tensor& maps) {
  const Index pixels = maps.extent(1) * maps.extent(2), channels = maps.extent(3);
  Tensor images({channels, maps.extent(1), maps.extent(2), 1});
  for (Index channel = 0; channel < channels; ++channel)
    for (Index i = 0; i < pixels; ++i) images[channel * pixels + i] = maps[i * channels + channel];
  return images;
}

/// Feature maps: the image after the first convolution and after the second.
void draw_feature_maps(const Options& options, Sequential& model, const Dataset& test) {
  const Tensor image = test_images(test, {two_digits[0]});
  plotting::draw_images(options.figure("figure_8_3_first_convolution.png"),
                        channels_as_images(model.forward_to(image, 1)), {}, 8,
                        "Test image 1 after the first convolution: 32 feature maps", {0, 0});
  plotting::draw_images(options.figure("figure_8_3_second_convolution.png"),
                        channels_as_images(model.forward_to(image, 3)), {}, 16,
                        "Test image 1 after the second convolution: 64 feature maps", {0, 0});
}

}  // namespace

std::vector<Job> jobs_8_3(Context& context, std::uint64_t seed) {
  return {cnn_job(context, cnn_on_mnist(context.options), seed)};
}

void section_8_3(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  std::printf("The network of section 8.4: %s.\n\n", describe_run(options, data).c_str());
  const CnnSettings settings = cnn_on_mnist(options);
  Sequential model = recorded_cnn(context, settings);
  const std::vector<std::uint8_t> all =
      recorded_predictions(context.record(cnn_training(context, settings, options.seed)), data.test);
  const Tensor p = probabilities(model, data.test, two_digits);

  Results results(options, "8.3");
  add_run(options, data, results);
  std::vector<std::string> captions;
  for (std::size_t i = 0; i < two_digits.size(); ++i) {
    const std::size_t position = static_cast<std::size_t>(two_digits[i]);
    const int truth = data.test.labels[position], predicted = all[position];
    std::printf("test image %3zu   true: %d   predicted: %d   probability %.4f\n", position + 1, truth,
                predicted, static_cast<double>(p[static_cast<Index>(i) * 10 + predicted]));
    captions.push_back("true: " + std::to_string(truth) + ", predicted: " + std::to_string(predicted));
    results.add("test image " + std::to_string(position + 1) + " predicted right", truth == predicted, true);
  }
  std::printf("\n");
  results.save();
  plotting::draw_images(options.figure("figure_8_3_predictions.png"), test_images(data.test, two_digits),
                        captions, 2, "Test images 1 and 500");
  draw_feature_maps(options, model, data.test);
  draw_reading(options, model, data.test, two_digits[0]);
}

}  // namespace plaingrad::chapter8
