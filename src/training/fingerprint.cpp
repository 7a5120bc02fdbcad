#include "training/fingerprint.hpp"

#include <numeric>
#include <span>
#include <stdexcept>

#include "data/hash.hpp"
#include "losses/loss.hpp"
#include "math/multiply_add.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"
#include "optimizers/adam.hpp"
#include "training/gan_trainer.hpp"

namespace plaingrad {
namespace {

constexpr Index batch_size = 32, image_count = 960;

// The images of a step, one mini-batch after the other and over again.
std::vector<Index> positions(int step) {
  std::vector<Index> result(batch_size);
  std::iota(result.begin(), result.end(), step * batch_size % image_count);
  return result;
}

Fingerprint train_cnn(const Dataset& digits, int steps) {
  Random random(1);
  Sequential model = make_cnn(random);
  Adam adam;
  Tensor x, gradient;
  std::vector<std::uint8_t> labels;
  for (int step = 0; step < steps; ++step) {
    gather_images(digits, positions(step), Real(1) / 255, 0, x);
    gather_labels(digits, positions(step), labels);
    softmax_cross_entropy(model.forward(x, Mode::training), labels, gradient);
    model.zero_gradients();
    model.backward(gradient);
    adam.step(model.parameters());
  }
  return {"CNN", steps, weights_hash(model)};
}

Fingerprint train_autoencoder(const Dataset& digits, int steps) {
  Random random(1);
  Sequential model = make_autoencoder(random);
  Adam adam;
  Tensor x, gradient;
  for (int step = 0; step < steps; ++step) {
    gather_images(digits, positions(step), Real(1) / 255, 0, x);
    const Tensor noisy = corrupt(x, 0.2, random);
    mean_squared_error(model.forward(noisy, Mode::training), x, gradient);
    model.zero_gradients();
    model.backward(gradient);
    adam.step(model.parameters());
  }
  return {"autoencoder", steps, weights_hash(model)};
}

std::vector<Fingerprint> train_gan(const Dataset& digits, int steps) {
  Random random(1);
  Sequential generator = make_generator(random), discriminator = make_discriminator(random);
  Adam generator_adam({.learning_rate = 1e-4}), discriminator_adam({.learning_rate = 1e-4});
  GanTrainer trainer(generator, discriminator, generator_adam, discriminator_adam);
  Tensor x, z({batch_size, gan_noise_size});
  for (int step = 0; step < steps; ++step) {
    gather_images(digits, positions(step), Real(1) / Real(127.5), -1, x);
    random.fill_normal(z);
    trainer.train_step(x, z);
  }
  return {{"generator", steps, weights_hash(generator)},
          {"discriminator", steps, weights_hash(discriminator)}};
}

}  // namespace

std::uint64_t weights_hash(const Sequential& model) {
  Hash hash;
  for (const Parameter* parameter : model.parameters())
    hash.add(std::as_bytes(std::span(parameter->value.values)));
  return hash.value();
}

std::vector<Fingerprint> fingerprints(const Dataset& digits, int steps, int gan_steps) {
  if (digits.count() < image_count)
    throw std::invalid_argument("fingerprints: expected " + std::to_string(image_count) +
                                " images or more, got " + std::to_string(digits.count()));
  std::vector<Fingerprint> all{train_cnn(digits, steps), train_autoencoder(digits, steps)};
  for (const Fingerprint& fingerprint : train_gan(digits, gan_steps)) all.push_back(fingerprint);
  return all;
}

std::vector<Fingerprint> expected_fingerprints() {
  if (has_fused_multiply_add)
    return {{"CNN", 100, 0x2debb0b240294ef3},
            {"autoencoder", 100, 0xaecf496ea818a61d},
            {"generator", 10, 0x81ffffda86a55219},
            {"discriminator", 10, 0xc35017144a45d477}};
  return {{"CNN", 100, 0x733e924150577917},
          {"autoencoder", 100, 0x7e2bcf12fd75a18c},
          {"generator", 10, 0x6bd8db63bcb57211},
          {"discriminator", 10, 0x704716bf839c1014}};
}

}  // namespace plaingrad
