#include "exercises/exercise.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <iostream>
#include <iterator>
#include <span>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "gradient_check/gradient_check.hpp"
#include "gradient_check/guess.hpp"
#include "math/decimal.hpp"
#include "math/random.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad {
namespace {

Shape shape_of(const std::vector<int>& extents) {
  return {extents.begin(), extents.end()};
}

std::string counted(Index count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// One gradient beside the other, for the guess.
WrongGradient wrong_gradient(const Shape& shape, const std::vector<CheckedElement>& elements) {
  WrongGradient wrong{
      .shape = shape, .analytic = {}, .correct = {}, .tolerance = 0, .earlier = {}, .added = false};
  for (const CheckedElement& e : elements) {
    wrong.analytic.push_back(e.analytic);
    wrong.correct.push_back(e.difference);
    wrong.tolerance = std::max({wrong.tolerance, 2 * e.bound, 1e-6 * std::abs(e.difference)});
  }
  return wrong;
}

// What backward does with what the gradients hold before, whatever else is wrong with it: the same number
// once after zeros, once after ones.
struct AfterZerosAndOnes {
  std::vector<double> zeros, ones;
};

std::string guess_from(const AfterZerosAndOnes& after, bool added) {
  bool adds = true, overwrites = true, untouched = true;
  for (std::size_t i = 0; i < after.ones.size(); ++i) {
    if (!std::isfinite(after.zeros[i])) return "";
    const double kept = after.ones[i] - after.zeros[i], rounding = 1e-9 * (1 + std::abs(after.zeros[i]));
    adds = adds && std::abs(kept - 1) <= rounding;
    overwrites = overwrites && std::abs(kept) <= rounding;
    untouched = untouched && after.zeros[i] == 0;
  }
  if (adds && untouched) return "";
  if (added && overwrites)
    return "overwritten: what was there before is lost, where backward should add to it";
  if (!added && adds) return "added: backward should overwrite what was there before";
  if (!adds && !overwrites) return "it depends on what the gradients held before";
  return "";
}

bool all_zero(const std::vector<CheckedElement>& elements) {
  return std::all_of(elements.begin(), elements.end(), [](const auto& e) { return e.analytic == 0; });
}

const char* const nothing_there = "all of it is zero: a line that is still missing, or that is never reached";
const char* const no_guess = "none of the usual faults";

// A single number has no pattern, but all wrong ones together may.
std::string guess_of_single_numbers(const GradientReport& report) {
  std::vector<CheckedElement> wrong;
  for (const CheckedArgument& a : report.arguments)
    if (a.wrong() > 0) wrong.push_back(a.elements[0]);
  if (all_zero(wrong)) return nothing_there;
  const std::string guess = guess_fault(wrong_gradient({}, wrong));
  return guess.starts_with("a constant factor") ? no_guess : guess;  // they share one that is wrong
}

std::string number(double value, int digits) {
  return std::isnan(value) ? "NaN" : significant(value + 0.0, digits);  // no -nan, no -0
}

// What is said of the first wrong element.
// @param guesses  one for each argument, or empty: then the pattern of the error tells
std::string describe(const GradientReport& report, const std::vector<std::string>& look_at,
                     const std::vector<std::string>& guesses) {
  const auto a = std::find_if(report.arguments.begin(), report.arguments.end(),
                              [](const CheckedArgument& argument) { return argument.wrong() > 0; });
  const auto e = std::find_if(a->elements.begin(), a->elements.end(),
                              [](const CheckedElement& element) { return element.error() > 1; });
  const auto k = static_cast<std::size_t>(a - report.arguments.begin());
  const bool single = a->shape.empty();
  const int digits = number(e->analytic, 9) == number(e->difference, 9) ? 15 : 9;
  std::ostringstream text;
  text << (single ? a->name : element_name(*a, e->index)) << " is " << number(e->analytic, digits)
       << " and should be ";
  if (e->kink)
    text << "between " << number(std::min(e->left, e->right), digits) << " and "
         << number(std::max(e->left, e->right), digits) << ".\n";
  else
    text << number(e->difference, digits) << ", to within " << number(e->bound, 2) << ".\n";
  if (!single)
    text << "  Wrong in " << a->name << ": " << a->wrong() << " of "
         << counted(std::ssize(a->elements), "element") << ".\n";
  std::string guess = guesses[k];
  if (guess.empty())
    guess = single ? guess_of_single_numbers(report) : all_zero(a->elements) ? nothing_there : a->guess;
  text << "  Look at: " << look_at[k] << ".\n  Perhaps: " << guess << ".\n";
  return text.str();
}

struct Counts {
  int elements = 0, wrong = 0;
};

// A difference that is not exact would let wrong elements pass.
void require_exact(const CheckedArgument& a) {
  if (a.wrong() > 0) return;
  for (const CheckedElement& e : a.elements)
    if (!(e.bound <= 1e-8))
      throw std::logic_error("the differences for " + a.name + " are exact to no more than " +
                             significant(e.bound, 2));
}

Counts count(const GradientReport& report) {
  Counts counts;
  for (const CheckedArgument& a : report.arguments) {
    require_exact(a);
    counts.elements += static_cast<int>(a.elements.size());
    counts.wrong += static_cast<int>(a.wrong());
  }
  return counts;
}

std::span<double> gradient_of(const Checked& a) {
  return {a.gradient, static_cast<std::size_t>(element_count(shape_of(a.extents)))};
}

std::vector<std::string> places_to_look(const auto& arguments) {
  std::vector<std::string> places;
  for (const auto& a : arguments) places.push_back(a.look_at);
  return places;
}

}  // namespace

// ---- arrays --------------------------------------------------------------------------------------------------------

Array::Array(std::string name, std::vector<int> extents)
    : name_(std::move(name)), extents_(std::move(extents)) {
  values_.resize(static_cast<std::size_t>(element_count(shape_of(extents_))));
}

void Array::fill(double value) {
  std::fill(values_.begin(), values_.end(), value);
}

std::size_t Array::position(const std::vector<int>& places) const {
  int position = 0;
  bool inside = places.size() == extents_.size();
  for (std::size_t axis = 0; inside && axis < places.size(); ++axis) {
    inside = places[axis] >= 0 && places[axis] < extents_[axis];
    position = position * extents_[axis] + places[axis];
  }
  if (!inside)
    throw std::out_of_range("there is no " + name_ + to_string(shape_of(places)) + ": the extents of " +
                            name_ + " are " + to_string(shape_of(extents_)) + ", and counting starts at 0");
  return static_cast<std::size_t>(position);
}

void draw(Array& numbers) {
  Random random(2);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers.data()[i] = random.normal();
}

// ---- exercises -----------------------------------------------------------------------------------------------------

Checked overwritten(Array& values, Array& gradient, const std::string& look_at) {
  return {gradient.name(), gradient.extents(), values.data(), gradient.data(), false, look_at};
}

Checked added(Array& values, Array& gradient, const std::string& look_at) {
  return {gradient.name(), gradient.extents(), values.data(), gradient.data(), true, look_at};
}

Checked overwritten(const std::string& name, double& value, double& gradient, const std::string& look_at) {
  return {name, {}, &value, &gradient, false, look_at};
}

Exercise::Exercise(int number, std::string title, std::string page)
    : number_(number), title_(std::move(title)), page_(std::move(page)) {
  std::cout << "Exercise " << number_ << ": " << title_ << "\n\n";
}

void Exercise::check(const std::string& note, const std::vector<Checked>& arguments, const Array& Y,
                     Array& dY, const std::function<void()>& forward, const std::function<void()>& backward) {
  run(
      note + ", " + Y.name() + " " + to_string(shape_of(Y.extents())), arguments,
      [&] {
        forward();
        return std::vector<double>(Y.data(), Y.data() + Y.size());
      },
      [&](const std::vector<double>& U) {
        std::copy(U.begin(), U.end(), dY.data());
        backward();
      });
}

void Exercise::check_loss(const std::string& note, const std::vector<Checked>& arguments, const double& L,
                          const std::function<void()>& forward, const std::function<void()>& backward) {
  run(
      note, arguments,
      [&] {
        forward();
        return std::vector<double>{L};
      },
      // The check multiplies L by U: so must we what backward gives, and leave what it has not touched.
      [&](const std::vector<double>& U) {
        std::vector<double> before;
        for (const Checked& a : arguments)
          for (double& g : gradient_of(a)) {
            before.push_back(g);
            g /= U[0];
          }
        backward();
        auto earlier = before.begin();
        for (const Checked& a : arguments)
          for (double& g : gradient_of(a)) {
            g = g == *earlier / U[0] ? *earlier : g * U[0];
            ++earlier;
          }
      });
}

void Exercise::run(const std::string& note, const std::vector<Checked>& arguments,
                   const std::function<std::vector<double>()>& forward,
                   const std::function<void(const std::vector<double>&)>& backward) {
  std::vector<std::span<double>> values, gradients;
  for (const Checked& a : arguments) {
    gradients.push_back(gradient_of(a));
    values.emplace_back(a.values, gradients.back().size());
  }
  GradientCheck gradient_check;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const Shape shape = shape_of(arguments[k].extents);
    if (arguments[k].added)
      gradient_check.parameter(arguments[k].name, shape, values[k], gradients[k]);
    else
      gradient_check.input(arguments[k].name, shape, values[k], gradients[k]);
  }
  try {
    const GradientReport report = gradient_check.run(forward, backward);
    const Counts counts = count(report);
    if (counts.wrong == 0) return note_case(note, counts.elements, 0, "");

    std::vector<AfterZerosAndOnes> after(arguments.size());
    const std::vector<double> U(forward().size(), 0.7);
    for (const double before : {0.0, 1.0}) {
      for (std::span<double>& g : gradients) std::fill(g.begin(), g.end(), before);
      backward(U);
      for (std::size_t k = 0; k < gradients.size(); ++k)
        (before == 0 ? after[k].zeros : after[k].ones).assign(gradients[k].begin(), gradients[k].end());
    }
    std::vector<std::string> guesses;
    for (std::size_t k = 0; k < arguments.size(); ++k)
      guesses.push_back(guess_from(after[k], arguments[k].added));
    note_case(note, counts.elements, counts.wrong, describe(report, places_to_look(arguments), guesses));
  } catch (const std::exception& error) {
    note_case(note, 0, 1, std::string("It stops: ") + error.what() + ".\n");
  }
}

void Exercise::compare(const std::string& note, const std::vector<Compared>& arguments) {
  GradientReport report;
  for (const Compared& c : arguments) {
    const std::span<const double> found(c.found.data(), c.found.size()),
        right(c.right.data(), c.right.size());
    double greatest = 0;
    for (const double number : right) greatest = std::max(greatest, std::abs(number));
    CheckedArgument a{
        .name = c.found.name(), .shape = shape_of(c.found.extents()), .elements = {}, .guess = ""};
    for (std::size_t i = 0; i < right.size(); ++i) {
      CheckedElement e;
      e.index = static_cast<Index>(i);
      e.analytic = found[i];
      e.difference = right[i];
      e.bound = 1e-12 * greatest;
      a.elements.push_back(e);
    }
    a.guess = guess_fault(wrong_gradient(a.shape, a.elements));
    report.arguments.push_back(std::move(a));
  }
  const Counts counts = count(report);
  const std::vector<std::string> no_guesses(arguments.size());
  note_case(note, counts.elements, counts.wrong,
            counts.wrong > 0 ? describe(report, places_to_look(arguments), no_guesses) : "");
}

void Exercise::note_case(const std::string& note, int elements, int wrong, const std::string& first_wrong) {
  ++cases_;
  elements_ += elements;
  std::cout << (wrong > 0 ? "  wrong  " : "  right  ") << note << ": ";
  if (elements == 0)
    std::cout << "stops" << std::endl;
  else
    std::cout << (wrong > 0 ? std::to_string(wrong) + " of " : "") << counted(elements, "element")
              << std::endl;
  if (wrong == 0) return;
  if (++wrong_cases_ > 1) return;
  first_wrong_ = "The first that is wrong is: " + note + ".\n";
  if (cases_ > 1) first_wrong_ += "Those before it are right, so look at what is new in it.\n";
  first_wrong_ += "\n  " + first_wrong;
}

int Exercise::verdict() const {
  if (wrong_cases_ == 0) {
    std::cout << "\nAll " << elements_ << " elements are right, in all " << cases_ << " cases.\n";
    return 0;
  }
  std::cout << "\nNot yet: right in " << cases_ - wrong_cases_ << " of " << cases_ << " cases. "
            << first_wrong_ << "\nTo read: " << page_ << "\n";
  return 1;
}

// ---- Adam ----------------------------------------------------------------------------------------------------------

ReferenceAdam::ReferenceAdam(const Array& theta_0)
    : theta(theta_0),
      s("s", theta_0.extents()),
      v("v", theta_0.extents()),
      s_hat("s_hat", theta_0.extents()),
      v_hat("v_hat", theta_0.extents()) {}

void ReferenceAdam::step(const Array& g) {
  for (int i = 0; i < theta.extent(0); ++i) {
    const AdamState next =
        adam_step({.theta = theta(i), .s = s(i), .v = v(i), .t = t_, .s_hat = 0, .v_hat = 0}, g(i));
    theta(i) = next.theta;
    s(i) = next.s;
    v(i) = next.v;
    s_hat(i) = next.s_hat;
    v_hat(i) = next.v_hat;
  }
  ++t_;
}

}  // namespace plaingrad
