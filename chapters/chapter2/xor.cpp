#include "chapter2/xor.hpp"

namespace plaingrad::chapter2 {

using namespace six_neurons;

//! [training]
std::vector<double> train(Network& network, std::span<const Sample> samples, Real learning_rate,
                          const Form& form, int epochs) {
  std::vector<double> loss;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    Real sum = 0;
    for (const Sample& sample : samples) sum += learn(network, sample, learning_rate, form.back, form.update);
    loss.push_back(static_cast<double>(sum) / static_cast<double>(samples.size()));
  }
  return loss;
}
//! [training]

}  // namespace plaingrad::chapter2
