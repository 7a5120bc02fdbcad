/// @file
/// Is this backward pass right? For any function with a forward and a backward pass, of this library or not,
/// in float or in double:
///
///     GradientCheck check;
///     check.input("x", {5, 3}, x, dx);      // backward overwrites dx
///     check.parameter("W", {3, 2}, W, dW);  // backward adds to dW
///     std::cout << check.run([&] { return forward(); }, [&](const std::vector<double>& dy) { backward(dy);
///     });
///
/// The values may be anything that has data() and size(): std::vector, a Tensor, a matrix of Eigen's.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "math/random.hpp"
#include "math/tensor.hpp"

namespace plaingrad {

/// What GradientCheck does beyond what it is told.
struct GradientCheckSettings {
  std::uint64_t seed = 1;   ///< of all that is drawn
  bool draw_values = true;  ///< inputs and parameters are drawn, normally distributed; else left as they are
  Index max_elements = 10'000;  ///< of a larger tensor that many elements, drawn at random, are checked
};

/// One element of a gradient, by backward and by differences.
struct CheckedElement {
  Index index = 0;        ///< in the order of memory
  double analytic = 0;    ///< what backward gives
  double difference = 0;  ///< what differences of forward give
  double bound = 0;       ///< how far the two may be apart: the error of the differences, and rounding
  bool kink = false;      ///< there is no derivative: analytic may lie anywhere between the next two
  /// At a kink, the derivatives from the left and from the right. Where outputs have kinks of their own, each
  /// may be taken from its own side: then these are the sums of the least and of the greatest.
  double left = 0, right = 0;

  /// How far analytic is off, in bounds: right up to 1. Infinite for NaN.
  double error() const;
};

/// All that was checked of one input or parameter.
struct CheckedArgument {
  std::string name;
  Shape shape;
  std::vector<CheckedElement> elements;
  std::string guess;  ///< what the fault may be; empty if there is none
  /// If two or more elements are at a kink, all of these moved at once, and the sum of their gradients: each
  /// may be right by itself where not all can be together. Of two equal numbers either may be the maximum,
  /// but not both, and not neither.
  std::optional<CheckedElement> kinks_together = {};

  /// The element with the greatest error(). @throws std::logic_error if there is none
  const CheckedElement& worst() const;
  /// Number of elements whose error() is above 1: each by itself.
  Index wrong() const;
  /// Number of elements at a kink.
  Index kinks() const;
};

/// "W(2, 0)": the element whose position in memory is `index`.
std::string element_name(const CheckedArgument& argument, Index index);

/// What a check has found.
struct GradientReport {
  std::vector<CheckedArgument> arguments;

  /// Whether no element is wrong, nor those at a kink together.
  bool passed() const;
};

/// A line for each argument: how many elements are right, else the worst of them with both values, the bound
/// and the guess.
std::ostream& operator<<(std::ostream& out, const GradientReport& report);

/// Compares a backward pass with differences of the forward pass, element by element. With a random upstream
/// gradient U, L = sum U y is a number, and backward(U) must give its derivative. What the gradients hold
/// before is random too, so that one sees whether backward adds or overwrites.
class GradientCheck {
 public:
  /// For one run.
  explicit GradientCheck(const GradientCheckSettings& settings = {}) : settings_(settings) {}

  /// Something that forward reads and whose gradient backward *overwrites*. Both are referred to, and must
  /// stay until run() has returned.
  /// @param shape  extents, slowest first, as they lie in memory: for the report and the guess
  /// @param gradient  may be sized by backward
  template <class Values, class Gradient>
  void input(const std::string& name, const Shape& shape, Values& values, Gradient& gradient) {
    add(name, shape, false, values, gradient);
  }
  /// Something that forward reads and to whose gradient backward *adds*.
  /// @throws std::invalid_argument in run(), if the gradient has not as many values as the parameter
  template <class Values, class Gradient>
  void parameter(const std::string& name, const Shape& shape, Values& values, Gradient& gradient) {
    add(name, shape, true, values, gradient);
  }

  /// Checks all that was named. Values are as before when it returns, unless they were drawn.
  /// @param forward   returns y for the present values: anything that has data() and size(). It must return
  ///                  the same for the same values: a random layer draws the same mask again
  /// @param backward  takes U, as many numbers as y has, after a forward with the same values
  /// @throws std::invalid_argument if forward returns another y for the same values, a value that is not
  /// finite, or nothing; or if a number of values is not that of the shape
  template <class Forward, class Backward>
  GradientReport run(const Forward& forward, const Backward& backward) {
    return check(
        [&] {
          const auto& y = forward();
          note_precision<std::decay_t<decltype(*y.data())>>();
          return std::vector<double>(y.data(), y.data() + y.size());
        },
        backward);
  }

 private:
  // Values of some number type behind functions of double.
  struct Argument {
    std::string name;
    Shape shape;
    bool added;  // backward adds to its gradient
    std::function<Index()> size, gradient_size;
    std::function<double(Index)> value, gradient;
    std::function<void(Index, double)> set_value, set_gradient;
  };

  template <class Values, class Gradient>
  void add(const std::string& name, const Shape& shape, bool added, Values& values, Gradient& gradient) {
    using Number = std::decay_t<decltype(*values.data())>;
    using GradientNumber = std::decay_t<decltype(*gradient.data())>;
    note_precision<Number>();
    note_precision<GradientNumber>();
    arguments_.push_back(
        {.name = name,
         .shape = shape,
         .added = added,
         .size = [&] { return static_cast<Index>(values.size()); },
         .gradient_size = [&] { return static_cast<Index>(gradient.size()); },
         .value = [&](Index i) { return static_cast<double>(values.data()[i]); },
         .gradient = [&](Index i) { return static_cast<double>(gradient.data()[i]); },
         .set_value = [&](Index i, double v) { values.data()[i] = static_cast<Number>(v); },
         .set_gradient = [&](Index i, double v) { gradient.data()[i] = static_cast<GradientNumber>(v); }});
  }
  // The coarsest of all types decides.
  template <class Number>
  void note_precision() {
    const auto epsilon = static_cast<double>(std::numeric_limits<Number>::epsilon());
    if (epsilon > epsilon_) epsilon_ = epsilon;
  }

  using ForwardPass = std::function<std::vector<double>()>;
  using BackwardPass = std::function<void(const std::vector<double>&)>;
  // Of one argument: what backward has computed, and what was there before.
  struct Gradient {
    std::vector<double> analytic, earlier;
  };
  struct ArgumentCheck;

  void prepare(Random& random);
  std::vector<Gradient> gradients(const BackwardPass& backward, const std::vector<double>& U, Random& random);
  std::vector<double> noise_of(const ForwardPass& forward, std::size_t outputs, Random& random);
  GradientReport check(const ForwardPass& forward, const BackwardPass& backward);

  GradientCheckSettings settings_;
  std::vector<Argument> arguments_;
  double epsilon_ = 0;
};

}  // namespace plaingrad
