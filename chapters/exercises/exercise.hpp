/// @file
/// What the exercises share: arrays that check their indices, and the check of an answer, case by case. It
/// includes little, so that an exercise compiles in a second.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace plaingrad {

/// Numbers with a name, and a place for each: X(1, 0, 2) is an element, the last index runs fastest in
/// memory.
class Array {
 public:
  /// All elements are 0. @param extents  one number, at least 1, for each index
  Array(std::string name, std::vector<int> extents);

  /// The element at a place.
  /// @throws std::out_of_range naming it if there is no such place
  template <class... Places>
  double& operator()(Places... places) {
    return values_[position({places...})];
  }
  /// The same to read.
  template <class... Places>
  double operator()(Places... places) const {
    return values_[position({places...})];
  }
  /// Sets every element.
  void fill(double value);

  /// Number of places of index `axis`, counted from 0.
  int extent(int axis) const { return extents_[static_cast<std::size_t>(axis)]; }
  /// What it is called.
  const std::string& name() const { return name_; }
  /// All extents.
  const std::vector<int>& extents() const { return extents_; }
  /// The numbers as they lie in memory.
  double* data() { return values_.data(); }
  /// The same to read.
  const double* data() const { return values_.data(); }
  /// How many there are.
  std::size_t size() const { return values_.size(); }

 private:
  std::size_t position(const std::vector<int>& places) const;

  std::string name_;
  std::vector<int> extents_;
  std::vector<double> values_;
};

/// Something whose gradient is checked.
struct Checked {
  std::string name;          ///< of the gradient
  std::vector<int> extents;  ///< none for a single number
  double *values, *gradient;
  bool added;           ///< backward adds to the gradient; else it overwrites it
  std::string look_at;  ///< where to look if it is wrong
};

/// Normally distributed numbers, the same every time.
void draw(Array& numbers);

/// A gradient that backward overwrites.
Checked overwritten(Array& values, Array& gradient, const std::string& look_at);
/// A gradient to which backward adds.
Checked added(Array& values, Array& gradient, const std::string& look_at);
/// The gradient of a single number, overwritten.
Checked overwritten(const std::string& name, double& value, double& gradient, const std::string& look_at);

/// What an answer has computed, beside what it should have.
struct Compared {
  const Array &found, &right;
  std::string look_at;  ///< where to look if they differ
};

/// An exercise. Every check is one case, and prints a line: right or wrong, and of what size. The verdict
/// shows the first wrong element of the first wrong case.
class Exercise {
 public:
  /// @param number  N of `make exercise N=`
  /// @param page  where to read, an address of the book
  Exercise(int number, std::string title, std::string page);

  /// Checks a backward pass against differences of the forward pass, each element of each gradient, for
  /// random values and a random dY.
  /// @param note  what is special about this case
  /// @param arguments  in the order in which they are computed
  /// @param forward  computes Y from the values
  /// @param backward  computes the gradients from dY
  void check(const std::string& note, const std::vector<Checked>& arguments, const Array& Y, Array& dY,
             const std::function<void()>& forward, const std::function<void()>& backward);

  /// The same for a loss, the number L: nothing comes from above.
  void check_loss(const std::string& note, const std::vector<Checked>& arguments, const double& L,
                  const std::function<void()>& forward, const std::function<void()>& backward);

  /// Compares numbers with those that they should be, to twelve digits.
  void compare(const std::string& note, const std::vector<Compared>& arguments);

  /// Prints what came of it. @return the exit status: 0 if every element of every case is right
  int verdict() const;

 private:
  void run(const std::string& note, const std::vector<Checked>& arguments,
           const std::function<std::vector<double>()>& forward,
           const std::function<void(const std::vector<double>&)>& backward);
  void note_case(const std::string& note, int elements, int wrong, const std::string& first_wrong);

  int number_;
  std::string title_, page_;
  int cases_ = 0, wrong_cases_ = 0, elements_ = 0;
  std::string first_wrong_;  // what is said of the first wrong case
};

/// Adam by the book (section 4.4), to compare with.
class ReferenceAdam {
 public:
  /// Step 1, for parameters that start at theta.
  explicit ReferenceAdam(const Array& theta);
  /// Steps 2 to 8 for the gradient g.
  void step(const Array& g);

  Array theta, s, v, s_hat, v_hat;

 private:
  int t_ = 0;
};

}  // namespace plaingrad
