#include "gradient_court/family.hpp"

#include <algorithm>

#include "math/random.hpp"

namespace plaingrad::gradient_court {
namespace {

Argument drawn(const std::string& name, const Shape& shape, std::uint64_t seed, bool added) {
  Random random(seed);
  Numbers value(static_cast<std::size_t>(element_count(shape)));
  for (double& v : value) v = random.normal();
  return {name, shape, value, added};
}

}  // namespace

Values Subject::backward(const Values& values, const Numbers& U, const Values& before) const {
  Values found = gradients(values, U);
  if (leave) return leave(found, before);
  for (std::size_t k = 0; k < found.size(); ++k)
    if (arguments[k].added) add(found[k], before[k]);
  return found;
}

Values Subject::backward(const Values& values, const Numbers& U) const {
  Values zeros = values;
  for (Numbers& numbers : zeros) std::fill(numbers.begin(), numbers.end(), 0);
  return backward(values, U, zeros);
}

Values Subject::values() const {
  Values all;
  for (const Argument& argument : arguments) all.push_back(argument.value);
  return all;
}

Subject with_fault(const Subject& right, const Fault& fault) {
  Subject wrong = right;
  if (fault.apply)
    wrong.gradients = [right, fault](const Values& values, const Numbers& U) {
      Values gradients = right.gradients(values, U);
      Pass pass{values, U, gradients};
      fault.apply(pass);
      return gradients;
    };
  wrong.leave = fault.leave;
  return wrong;
}

Argument input(const std::string& name, const Shape& shape, std::uint64_t seed) {
  return drawn(name, shape, seed, false);
}

Argument parameter(const std::string& name, const Shape& shape, std::uint64_t seed) {
  return drawn(name, shape, seed, true);
}

void add(Numbers& a, const Numbers& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
}

void scale(Numbers& a, double factor) {
  for (double& number : a) number *= factor;
}

const std::vector<NamedFamily>& all_families() {
  static const std::vector<NamedFamily> all = [] {
    std::vector<NamedFamily> families = {{"dense layer, tanh", dense},
                                         {"dense layer, ReLU at zero", dense_relu_at_zero},
                                         {"convolution", convolution},
                                         {"convolution, stride 2", strided_convolution},
                                         {"transposed convolution, stride 2", transposed_convolution},
                                         {"max pooling", max_pooling},
                                         {"max pooling of equal values", max_pooling_with_ties},
                                         {"batch normalisation", batch_normalization},
                                         {"dropout", dropout},
                                         {"dropout of zeros", dropout_of_zeros},
                                         {"sigmoid", sigmoid_neurons},
                                         {"tanh", tanh_neurons},
                                         {"ReLU", relu_neurons},
                                         {"ReLU at zero", relu_at_zero},
                                         {"leaky ReLU", leaky_relu_neurons},
                                         {"softmax", softmax},
                                         {"cross-entropy from logits", cross_entropy},
                                         {"cross-entropy of each sample", cross_entropy_by_sample},
                                         {"binary cross-entropy", binary_cross_entropy},
                                         {"mean squared error", mean_squared_error},
                                         {"generator's loss", generator_loss},
                                         {"six neurons", six_neurons},
                                         {"step of SGD", sgd_step},
                                         {"step of Adam", adam_step}};
    for (const NamedFamily& family : correct_functions()) families.push_back(family);
    return families;
  }();
  return all;
}

}  // namespace plaingrad::gradient_court
