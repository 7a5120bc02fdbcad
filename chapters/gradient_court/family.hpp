/// @file
/// The test cases of the gradient court: functions with a right backward pass, and faults to inject into it.
/// They work on plain numbers, so that a checker needs no layers and each fault takes only a line or two.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "math/tensor.hpp"

namespace plaingrad::gradient_court {

using Numbers = std::vector<double>;
/// One vector for each argument.
using Values = std::vector<Numbers>;

/// An argument of the function, and the value at which it is checked.
struct Argument {
  std::string name;
  Shape shape;
  Numbers value;
  bool added;  ///< a parameter, to whose gradient backward adds; else an input, whose gradient it overwrites
};

/// What backward leaves in the gradient buffers, given what it has computed and what they held before.
using Leave = std::function<Values(const Values& gradients, Values before)>;

/// A function and its backward pass.
struct Subject {
  std::vector<Argument> arguments;
  std::function<Numbers(const Values&)> forward;
  /// From the upstream gradient U = dL/dy: dL/da for each argument a.
  std::function<Values(const Values&, const Numbers& U)> gradients;
  Leave leave = {};  ///< empty: as each argument's `added` says

  /// What the gradient buffers hold afterwards, if they held `before`.
  Values backward(const Values& values, const Numbers& U, const Values& before) const;
  /// The same for buffers that held zeros.
  Values backward(const Values& values, const Numbers& U) const;
  /// The arguments' values.
  Values values() const;
};

/// A backward pass into which a fault is injected: its inputs, and the right gradients, to be changed.
struct Pass {
  const Values& values;
  const Numbers& U;
  Values& gradients;
};

/// A fault that a backward pass may have.
struct Fault {
  std::string name;    ///< in the matrix
  std::string what;    ///< a short description
  std::string source;  ///< a public bug report, or where the report prints it; empty: made up
  std::function<void(Pass&)> apply = {};
  Leave leave = {};
};

/// A function with a right backward pass, and the faults it may have.
struct Family {
  Subject right;
  std::vector<Fault> faults;
};

/// The right function with the fault injected.
Subject with_fault(const Subject& right, const Fault& fault);

/// The images that a family is checked on: wider than high, which exposes more faults, or square.
enum class ImageShape { oblong, square };

/// A family and its name. Families without faults test for false alarms.
struct NamedFamily {
  std::string name;
  std::function<Family(ImageShape)> make;
};

/// All families, in the order of the matrix.
const std::vector<NamedFamily>& all_families();

/// An argument whose values are normally distributed, drawn with `seed`.
Argument input(const std::string& name, const Shape& shape, std::uint64_t seed);
Argument parameter(const std::string& name, const Shape& shape, std::uint64_t seed);

/// a += b, a *= factor, for all numbers.
void add(Numbers& a, const Numbers& b);
void scale(Numbers& a, double factor);

// One file each.
Family dense(ImageShape);
Family dense_relu_at_zero(ImageShape);
Family convolution(ImageShape);
Family strided_convolution(ImageShape);
Family transposed_convolution(ImageShape);
Family max_pooling(ImageShape);
Family max_pooling_with_ties(ImageShape);
Family batch_normalization(ImageShape);
Family dropout(ImageShape);
Family dropout_of_zeros(ImageShape);
Family sigmoid_neurons(ImageShape);
Family tanh_neurons(ImageShape);
Family relu_neurons(ImageShape);
Family relu_at_zero(ImageShape);
Family leaky_relu_neurons(ImageShape);
Family softmax(ImageShape);
Family cross_entropy(ImageShape);
Family cross_entropy_by_sample(ImageShape);
Family binary_cross_entropy(ImageShape);
Family mean_squared_error(ImageShape);
Family generator_loss(ImageShape);
Family six_neurons(ImageShape);
Family sgd_step(ImageShape);
Family adam_step(ImageShape);
/// Functions with a right backward pass only, at difficult places: steep, large, small, close to a kink.
std::vector<NamedFamily> correct_functions();

}  // namespace plaingrad::gradient_court
