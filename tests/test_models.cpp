/// @file
/// The report's networks: names, shapes and numbers of their parameters.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

namespace {

struct NameAndShape {
  std::string name;
  Shape shape;
};

/// Names and shapes as Keras has them, in Keras's order: the weights of one are the weights of the other.
void check_parameters(Sequential& model, const std::vector<NameAndShape>& expected) {
  const std::vector<Parameter*>& parameters = model.parameters();
  BOOST_REQUIRE(parameters.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST(parameters[i]->name == expected[i].name);
    BOOST_TEST(to_string(parameters[i]->value.shape) == to_string(expected[i].shape), expected[i].name);
    BOOST_TEST(to_string(parameters[i]->gradient.shape) == to_string(expected[i].shape), expected[i].name);
  }
}

/// A batch of two gives what the summary promises.
void check_output(Sequential& model, Shape input, Shape output) {
  input.insert(input.begin(), 2);
  output.insert(output.begin(), 2);
  const Tensor x(input);
  BOOST_TEST(to_string(model.forward(x, Mode::inference).shape) == to_string(output));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(models)

BOOST_AUTO_TEST_CASE(cnn_has_241546_parameters) {
  Random random(1);
  Sequential cnn = make_cnn(random);
  BOOST_TEST(cnn.parameter_count() == 241'546);
  BOOST_TEST(cnn.trainable_parameter_count() == 241'546);
  check_parameters(cnn, {{"conv2d/kernel", {3, 3, 1, 32}},
                         {"conv2d/bias", {32}},
                         {"conv2d_1/kernel", {3, 3, 32, 64}},
                         {"conv2d_1/bias", {64}},
                         {"conv2d_2/kernel", {3, 3, 64, 128}},
                         {"conv2d_2/bias", {128}},
                         {"dense/kernel", {1152, 128}},
                         {"dense/bias", {128}},
                         {"dense_1/kernel", {128, 10}},
                         {"dense_1/bias", {10}}});
  check_output(cnn, {28, 28, 1}, {10});
}

// Section 8.6: without the third convolution the dense layer sees 5 x 5 x 64 values.
BOOST_AUTO_TEST_CASE(cnn_with_two_convolutions) {
  Random random(1);
  Sequential cnn = make_cnn(random, 2);
  BOOST_TEST(cnn.parameter_count() == 320 + 18'496 + (1600 * 128 + 128) + 1290);
  check_output(cnn, {28, 28, 1}, {10});
  for (const int convolutions : {-1, 0, 1, 4})
    BOOST_CHECK_THROW(make_cnn(random, convolutions), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(autoencoder_has_3217_parameters) {
  Random random(1);
  Sequential autoencoder = make_autoencoder(random);
  BOOST_TEST(autoencoder.parameter_count() == 3'217);
  BOOST_TEST(autoencoder.trainable_parameter_count() == 3'217);
  // Keras keeps the kernel of a transposed convolution as (height, width, output channels, input channels).
  check_parameters(autoencoder, {{"conv2d/kernel", {3, 3, 1, 16}},
                                 {"conv2d/bias", {16}},
                                 {"conv2d_1/kernel", {3, 3, 16, 8}},
                                 {"conv2d_1/bias", {8}},
                                 {"conv2d_transpose/kernel", {3, 3, 8, 8}},
                                 {"conv2d_transpose/bias", {8}},
                                 {"conv2d_transpose_1/kernel", {3, 3, 16, 8}},
                                 {"conv2d_transpose_1/bias", {16}},
                                 {"conv2d_2/kernel", {3, 3, 16, 1}},
                                 {"conv2d_2/bias", {1}}});
  check_output(autoencoder, {28, 28, 1}, {28, 28, 1});
}

// The code is under-complete: half as many numbers as the image has pixels.
BOOST_AUTO_TEST_CASE(autoencoder_code_is_7_by_7_by_8) {
  Random random(1);
  const Sequential autoencoder = make_autoencoder(random);
  BOOST_TEST(autoencoder.shape_after(autoencoder_encoder_layers - 1) == (Shape{7, 7, 8}), tt::per_element());
  BOOST_TEST(2 * element_count({7, 7, 8}) == element_count({28, 28, 1}));
}

BOOST_AUTO_TEST_CASE(generator_has_2330944_parameters) {
  Random random(1);
  Sequential generator = make_generator(random);
  BOOST_TEST(generator.parameter_count() == 2'330'944);
  BOOST_TEST(generator.trainable_parameter_count() == 2'305'472);
  check_parameters(generator, {{"dense/kernel", {100, 12544}},
                               {"batch_normalization/gamma", {12544}},
                               {"batch_normalization/beta", {12544}},
                               {"batch_normalization/moving_mean", {12544}},
                               {"batch_normalization/moving_variance", {12544}},
                               {"conv2d_transpose/kernel", {5, 5, 128, 256}},
                               {"batch_normalization_1/gamma", {128}},
                               {"batch_normalization_1/beta", {128}},
                               {"batch_normalization_1/moving_mean", {128}},
                               {"batch_normalization_1/moving_variance", {128}},
                               {"conv2d_transpose_1/kernel", {5, 5, 64, 128}},
                               {"batch_normalization_2/gamma", {64}},
                               {"batch_normalization_2/beta", {64}},
                               {"batch_normalization_2/moving_mean", {64}},
                               {"batch_normalization_2/moving_variance", {64}},
                               {"conv2d_transpose_2/kernel", {5, 5, 1, 64}}});
  check_output(generator, {gan_noise_size}, {28, 28, 1});
  for (const Parameter* parameter : generator.parameters())
    BOOST_TEST(parameter->trainable == (parameter->name.find("moving") == std::string::npos),
               parameter->name);
}

BOOST_AUTO_TEST_CASE(discriminator_has_212865_parameters) {
  Random random(1);
  Sequential discriminator = make_discriminator(random);
  BOOST_TEST(discriminator.parameter_count() == 212'865);
  BOOST_TEST(discriminator.trainable_parameter_count() == 212'865);
  check_parameters(discriminator, {{"conv2d/kernel", {5, 5, 1, 64}},
                                   {"conv2d/bias", {64}},
                                   {"conv2d_1/kernel", {5, 5, 64, 128}},
                                   {"conv2d_1/bias", {128}},
                                   {"dense/kernel", {6272, 1}},
                                   {"dense/bias", {1}}});
  check_output(discriminator, {28, 28, 1}, {1});
}

BOOST_AUTO_TEST_CASE(summaries_state_the_counts) {
  Random random(1);
  BOOST_TEST(make_cnn(random).summary().find("Total parameters: 241,546\n") != std::string::npos);
  const std::string autoencoder = make_autoencoder(random).summary();
  BOOST_TEST(autoencoder.find("Total parameters: 3,217\n") != std::string::npos);
  BOOST_TEST(autoencoder.find("conv2d_transpose_1 (Conv2DTranspose)") != std::string::npos);
  const std::string generator = make_generator(random).summary();
  BOOST_TEST(generator.find("Total parameters: 2,330,944\n") != std::string::npos);
  BOOST_TEST(generator.find("Trainable: 2,305,472, not trainable: 25,472") != std::string::npos);
  BOOST_TEST(make_discriminator(random).summary().find("Total parameters: 212,865\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
