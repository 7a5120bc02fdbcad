/// @file
/// A GAN on the real line: p_data and the noise z are Gaussian, generator and discriminator small dense
/// networks.
#pragma once

#include <vector>

#include "layers/sequential.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/sgd.hpp"
#include "training/gan_trainer.hpp"

namespace plaingrad::chapter6 {

/// Mean and standard deviation of p_data.
inline constexpr double data_mean = 1, data_deviation = 0.6;
/// Samples in a mini-batch, m in section 6.2.
inline constexpr Index m = 256;

/// Samples x of p_data.
Tensor sample_data(Index count, Random& random);
/// Samples z of p_z, Gaussian with mean 0 and standard deviation 1.
Tensor sample_noise(Index count, Random& random);

/// Density of a Gaussian.
double gaussian(double x, double mean, double deviation);

/// How the GAN is trained.
struct Config {
  int k = 1;  ///< steps of the discriminator for one of the generator
  GeneratorLoss loss = GeneratorLoss::non_saturating;
  bool plain_descent = false;   ///< the generator is trained by SGD (4.6), not by Adam
  double generator_start = -1;  ///< initial bias of the generator's last layer: where p_g lies
  std::uint64_t seed = 1;
};

/// Two networks with hidden layers of tanh, one in G and two in D, and an optimizer for each.
class ToyGan {
 public:
  explicit ToyGan(const Config& config);
  ToyGan(const ToyGan&) = delete;
  ToyGan& operator=(const ToyGan&) = delete;

  /// All five steps of section 6.2, once.
  void step();
  /// Steps 1 to 3 alone.
  void discriminator_step();

  /// G(z) for new noise.
  Tensor generate(Index count);
  /// D's logits for the given points.
  Tensor logits(const Tensor& x) { return D_.forward(x, Mode::inference); }
  /// The source of all samples.
  Random& random() { return random_; }

 private:
  Config config_;
  Random random_;
  Sequential G_, D_;
  Adam G_adam_, D_adam_;
  SGD G_sgd_;
  GanTrainer trainer_;
};

/// The state of the training at one step.
struct Snapshot {
  std::vector<double> x, p_data, p_g;  ///< densities over x, both seen through the same narrow kernel
  std::vector<double> D, best_D;   ///< the network, and p_data / (p_data + p_g); NaN where there is neither
  double V = 0;                    ///< (6.1), of D as it is, on samples
  double best_V = 0;               ///< (6.1) of the best D, integrated
  double mean = 0, deviation = 0;  ///< of generated samples
  double distance = 0;             ///< Wasserstein-1 distance of generated and real samples
  double D_real = 0, D_generated = 0;  ///< mean of D(x) and of D(G(z))
};
/// Restores the random state, so that a snapshot does not change the training.
Snapshot take_snapshot(ToyGan& gan);

}  // namespace plaingrad::chapter6
