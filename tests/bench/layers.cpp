// Where a training step's time goes, layer by layer.
#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <map>

#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"
#include "optimizers/adam.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

using namespace plaingrad;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Json layer_times(const std::string& network, Index batch, Index steps) {
  const std::map<std::string, std::function<Sequential(Random&)>> networks{
      {"cnn", [](Random& random) { return make_cnn(random); }},
      {"autoencoder", make_autoencoder},
      {"generator", make_generator},
      {"discriminator", make_discriminator}};
  Random random(1);
  Sequential model = networks.at(network)(random);
  Adam adam;
  Shape shape = model.shape_after(-1);
  shape.insert(shape.begin(), batch);
  Tensor x(shape), dy;
  random.fill_normal(x);

  // The least of all steps: whatever disturbs a measurement makes it longer.
  const Index layers = model.layer_count();
  constexpr double none_yet = std::numeric_limits<double>::infinity();
  std::vector<double> forward(static_cast<std::size_t>(layers), none_yet), backward = forward;
  double optimizer = none_yet;
  for (Index step = 0; step < steps; ++step) {
    const Tensor* y = &x;
    for (Index i = 0; i < layers; ++i) {
      double& least = forward[static_cast<std::size_t>(i)];
      least = std::min(least, seconds_of([&] { y = &model.layer(i).forward(*y, Mode::training); }));
    }
    dy.resize(y->shape);
    random.fill_normal(dy, 0, Real(1e-3));
    const double zeroing = seconds_of([&] { model.zero_gradients(); });
    const Tensor* gradient = &dy;
    for (Index i = layers - 1; i >= 0; --i) {
      const Gradients wanted = i > 0 ? Gradients::all : Gradients::parameters;
      double& least = backward[static_cast<std::size_t>(i)];
      least = std::min(least, seconds_of([&] { gradient = &model.layer(i).backward(*gradient, wanted); }));
    }
    optimizer = std::min(optimizer, zeroing + seconds_of([&] { adam.step(model.parameters()); }));
  }
  return {{"layers", model.layer_names()},
          {"forward", forward},
          {"backward", backward},
          {"optimizer", optimizer}};
}

}  // namespace bench
