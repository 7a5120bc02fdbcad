/// @file
/// What stands before the gradient court: functions with a right backward pass, and faults to put into it.
/// All of it in plain numbers, so that a way to check needs no layers, and each fault is a line or two.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "math/tensor.hpp"

namespace plaingrad::gradient_court {

using Numbers = std::vector<double>;
/// One vector for each argument.
using Values = std::vector<Numbers>;

/// Something that the function depends on, and where it is checked.
struct Argument {
  std::string name;
  Shape shape;
  Numbers value;
  bool added;  ///< a parameter, to whose gradient backward adds; else an input, whose gradient it overwrites
};

/// What backward leaves where gradients are kept, from what it has computed and what was there before.
using Leave = std::function<Values(const Values& gradients, Values before)>;

/// A function and its backward pass.
struct Subject {
  std::vector<Argument> arguments;
  std::function<Numbers(const Values&)> forward;
  /// From the upstream gradient U = dL/dy: dL/da for each argument a.
  std::function<Values(const Values&, const Numbers& U)> gradients;
  Leave leave = {};  ///< empty: as each argument's `added` says

  /// What a caller finds where the gradients are kept, if `before` was there.
  Values backward(const Values& values, const Numbers& U, const Values& before) const;
  /// The same where zeros were before.
  Values backward(const Values& values, const Numbers& U) const;
  /// The arguments' values.
  Values values() const;
};

/// A pass that a fault is to be put into: what went in, and the right gradients.
struct Pass {
  const Values& values;
  const Numbers& U;
  Values& gradients;
};

/// Something that may be wrong with a backward pass.
struct Fault {
  std::string name;    ///< for the matrix
  std::string what;    ///< a sentence
  std::string source;  ///< a public report, or where the report prints it; empty: a mutation
  std::function<void(Pass&)> spoil = {};
  Leave leave = {};
};

/// A right function, and what may be wrong with it.
struct Family {
  Subject right;
  std::vector<Fault> faults;
};

/// The right function with the fault put in.
Subject spoiled(const Subject& right, const Fault& fault);

/// The images that a family is tried on: wider than high, as one who looks for trouble has them, or square.
enum class ImageShape { oblong, square };

/// A family by its name. Those without faults are there for false alarms.
struct NamedFamily {
  std::string name;
  std::function<Family(ImageShape)> make;
};

/// All of them, in the order of the matrix.
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
/// Right functions only: steep, large, small, close to a kink.
std::vector<NamedFamily> innocents();

}  // namespace plaingrad::gradient_court
