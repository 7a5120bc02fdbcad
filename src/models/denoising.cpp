#include "models/denoising.hpp"

#include <stdexcept>

#include "losses/gaussian_likelihood.hpp"
#include "models/autoencoder.hpp"

namespace plaingrad {

Sum denoising_loss(Sequential& autoencoder, const Tensor& x, double noise, double sigma, int draws,
                   Random& random) {
  if (draws < 1 || x.size() == 0)
    throw std::invalid_argument("denoising_loss: expected 1 draw or more and images, got " +
                                std::to_string(draws) + " draws and images of shape " + to_string(x.shape));
  //! [eq_5_2]
  Sum sum = 0;
  Tensor gradient;
  for (int draw = 0; draw < draws; ++draw) {
    const Tensor x_noisy = corrupt(x, noise, random);                 // x~ from C(x~ | x)
    const Tensor& r = autoencoder.forward(x_noisy, Mode::inference);  // g(h), h = f(x~)
    sum += gaussian_negative_log_likelihood(r, x, sigma, gradient);
  }
  return sum / static_cast<double>(draws * x.extent(0));  // (5.2)
  //! [eq_5_2]
}

}  // namespace plaingrad
