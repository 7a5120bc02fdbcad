/// @file
/// One thread, two and three give the same bits: trained weights are compared value by value, in float.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <functional>

#include "data/dataset.hpp"
#include "losses/loss.hpp"
#include "math/threads.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"
#include "optimizers/adam.hpp"
#include "training/gan_trainer.hpp"

using namespace plaingrad;

namespace {

std::vector<Real> all_values(Sequential& model) {
  std::vector<Real> values;
  for (Parameter* p : model.parameters())
    values.insert(values.end(), p->value.values.begin(), p->value.values.end());
  return values;
}

// Runs `train` with 1, 2 and 3 threads and compares what it gives.
void require_same_bits(const std::function<std::vector<Real>()>& train) {
  const int before = thread_count();
  set_thread_count(1);
  const std::vector<Real> alone = train();
  for (int threads : {2, 3}) {
    set_thread_count(threads);
    BOOST_TEST((train() == alone), threads << " threads differ from one");
  }
  set_thread_count(before);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(cnn_same_bits) {
  require_same_bits([] {
    Random random(1);
    Sequential model = make_cnn(random);
    Adam adam;
    Tensor x({32, 28, 28, 1}), gradient;
    for (int step = 0; step < 3; ++step) {
      random.fill_uniform(x, 0, 1);
      const std::vector<std::uint8_t> labels(32, static_cast<std::uint8_t>(step));
      softmax_cross_entropy(model.forward(x, Mode::training), labels, gradient);
      model.zero_gradients();
      model.backward(gradient);
      adam.step(model.parameters());
    }
    return all_values(model);
  });
}

BOOST_AUTO_TEST_CASE(autoencoder_same_bits) {
  require_same_bits([] {
    Random random(2);
    Sequential model = make_autoencoder(random);
    Adam adam;
    Tensor x({33, 28, 28, 1}), gradient;
    random.fill_uniform(x, 0, 1);
    for (int step = 0; step < 3; ++step) {
      const Tensor noisy = corrupt(x, 0.2, random);
      mean_squared_error(model.forward(noisy, Mode::training), x, gradient);
      model.zero_gradients();
      model.backward(gradient);
      adam.step(model.parameters());
    }
    return all_values(model);
  });
}

BOOST_AUTO_TEST_CASE(gan_same_bits) {
  require_same_bits([] {
    Random random(3);
    Sequential G = make_generator(random), D = make_discriminator(random);
    Adam G_adam({.learning_rate = 1e-4}), D_adam({.learning_rate = 1e-4});
    GanTrainer trainer(G, D, G_adam, D_adam);
    Tensor x({24, 28, 28, 1}), z({24, gan_noise_size});
    for (int step = 0; step < 2; ++step) {
      random.fill_uniform(x, -1, 1);
      random.fill_normal(z);
      trainer.train_step(x, z);
    }
    std::vector<Real> values = all_values(G);
    const std::vector<Real> of_D = all_values(D);
    values.insert(values.end(), of_D.begin(), of_D.end());
    return values;
  });
}

BOOST_AUTO_TEST_SUITE_END()
