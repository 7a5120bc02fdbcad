/// @file
/// Section 7.3: the three networks layer by layer, and what a dense layer computes, (7.1).
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "chapter7/sections.hpp"
#include "layers/dense.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"

namespace plaingrad::chapter7 {

namespace {

/// From bytes to what the network is given.
void describe_preparation(const Dataset& train) {
  const Dataset first = first_images(train, 1000);
  const auto [least, greatest] = std::minmax_element(first.pixels.begin(), first.pixels.end());
  const Tensor images = all_images(first);
  const auto [low, high] = std::minmax_element(images.values.begin(), images.values.end());
  std::printf("The first 1000 images, %d to %d, become %s, %.0f to %.0f: each byte divided by 255.\n\n",
              *least, *greatest, to_string(images.shape).c_str(), static_cast<double>(*low),
              static_cast<double>(*high));
}

/// "3 x 3 x 32 x 64 + 64": where a layer's parameters come from.
std::string parameters_of(Layer& layer) {
  std::string text;
  for (const Parameter* parameter : layer.parameters()) {
    if (!text.empty()) text += " + ";
    for (std::size_t axis = 0; axis < parameter->value.shape.size(); ++axis)
      text += (axis ? " x " : "") + std::to_string(parameter->value.shape[axis]);
  }
  return text;
}

/// Layer by layer: what one sample becomes, and what is learned; then Keras's table.
void describe_layers(Sequential& model) {
  std::printf("  %-23s%-14s    %-14s%s\n", "layer", "from", "to", "kernel + bias");
  for (Index i = 0; i < model.layer_count(); ++i)
    std::printf("  %-23s%-14s -> %-14s%s\n", model.layer_names()[static_cast<std::size_t>(i)].c_str(),
                to_string(model.shape_after(i - 1)).c_str(), to_string(model.shape_after(i)).c_str(),
                parameters_of(model.layer(i)).c_str());
  std::printf("\n%s\n", model.summary().c_str());
}

// ---- (7.1) -----------------------------------------------------------------------------------------------

using Numbers = std::vector<Real>;

/// Equation (7.1) for one sample, as loops and nothing else.
/// @param kernel  (inputs, units), row after row
//! [eq_7_1]
Numbers dense_by_hand(Activation f, const Numbers& input, const Numbers& kernel, const Numbers& bias) {
  Numbers output(bias.size());
  for (std::size_t j = 0; j < output.size(); ++j) {
    Real sum = bias[j];
    for (std::size_t i = 0; i < input.size(); ++i) sum += input[i] * kernel[i * output.size() + j];
    output[j] = value(f, sum);  // (7.1)
  }
  return output;
}
//! [eq_7_1]

/// The numbers of the example, and the sum that f is taken of, for each unit.
void print_dense_example(const Numbers& input, const Numbers& kernel, const Numbers& bias) {
  const auto number = [](Real x) { return static_cast<double>(x); };
  std::printf("  input   kernel        bias\n");
  for (std::size_t i = 0; i < input.size(); ++i) {
    std::printf("  %5.1f   %4.1f  %4.1f", number(input[i]), number(kernel[2 * i]), number(kernel[2 * i + 1]));
    if (i == 0) std::printf("    %4.1f  %4.1f", number(bias[0]), number(bias[1]));
    std::printf("\n");
  }
  std::printf("\n");
  for (std::size_t j = 0; j < bias.size(); ++j) {
    std::printf("  unit %zu: f(", j + 1);
    for (std::size_t i = 0; i < input.size(); ++i)
      std::printf("%.1f * %.1f + ", number(input[i]), number(kernel[2 * i + j]));
    std::printf("%.1f)\n", number(bias[j]));
  }
  std::printf("\n");
}

void show_dense_layer(Results& results) {
  const Numbers input = {1, Real(-2), Real(0.5)};
  const Numbers kernel = {Real(0.2), Real(-0.4), Real(0.1), Real(0.3), Real(0.6), Real(-0.8)};
  const Numbers bias = {Real(0.1), Real(0.2)};
  const Numbers by_hand = dense_by_hand(Activation::sigmoid, input, kernel, bias);

  Random random(1);
  Dense layer(2, Activation::sigmoid);
  layer.build({3}, random);
  layer.parameters()[0]->value.values = kernel;
  layer.parameters()[1]->value.values = bias;
  const Tensor x({1, 3}, input);
  const Tensor& y = layer.forward(x, Mode::inference);

  std::printf("output = f(input * kernel + bias)  (7.1), for 3 inputs, 2 units, f the sigmoid function:\n\n");
  print_dense_example(input, kernel, bias);
  std::printf("  unit     (7.1) in loops     the layer Dense\n");
  for (std::size_t j = 0; j < by_hand.size(); ++j)
    std::printf("  %zu%22.6f%20.6f\n", j + 1, static_cast<double>(by_hand[j]),
                static_cast<double>(y.values[j]));
  std::printf("\n");
  for (std::size_t j = 0; j < by_hand.size(); ++j)
    results.add("(7.1), unit " + std::to_string(j + 1), y.values[j]);
}

}  // namespace

void section_7_3_1(const Options& options, const Dataset& train, Results& results) {
  std::printf("7.3.1 Convolutional Neural Network\n\n");
  describe_preparation(train);
  Random random(options.seed);
  Sequential model = make_cnn(random);
  std::printf("The network of 11.1.1, layer by layer: what one image becomes, and what is learned.\n\n");
  describe_layers(model);
  results.add("parameters of the CNN", model.parameter_count(), 241546);
  show_dense_layer(results);
}

void section_7_3_2(const Options& options, Results& results) {
  std::printf("7.3.2 Autoencoder\n\n");
  Random random(options.seed);
  Sequential model = make_autoencoder(random);
  std::printf("The network of 11.1.2: the first %td layers are the encoder, the others the decoder.\n\n",
              autoencoder_encoder_layers);
  describe_layers(model);
  results.add("parameters of the autoencoder", model.parameter_count(), 3217);
}

void section_7_3_3(const Options& options, Results& results) {
  std::printf("7.3.3 Generative Adversarial Network\n\n");
  Random random(options.seed);
  Sequential generator = make_generator(random), discriminator = make_discriminator(random);
  std::printf("The two networks of 11.1.3. The generator makes an image of %td numbers of noise:\n\n",
              gan_noise_size);
  describe_layers(generator);
  std::printf("The discriminator makes one number of an image, above zero for \"is real\":\n\n");
  describe_layers(discriminator);
  results.add("parameters of the generator", generator.parameter_count(), 2330944);
  results.add("trainable parameters of the generator", generator.trainable_parameter_count(), 2305472);
  results.add("parameters of the discriminator", discriminator.parameter_count(), 212865);
}

}  // namespace plaingrad::chapter7
