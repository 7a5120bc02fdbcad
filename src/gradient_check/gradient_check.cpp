#include "gradient_check/gradient_check.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <ostream>
#include <stdexcept>

#include "gradient_check/difference.hpp"
#include "gradient_check/guess.hpp"
#include "math/decimal.hpp"

namespace plaingrad {
namespace {

void require_finite(const std::vector<double>& y) {
  if (y.empty()) throw std::invalid_argument("gradient check: forward returns no values");
  for (std::size_t i = 0; i < y.size(); ++i)
    if (!std::isfinite(y[i]))
      throw std::invalid_argument("gradient check: value " + std::to_string(i) + " that forward returns is " +
                                  std::to_string(y[i]));
}

void require_same(const std::vector<double>& first, const std::vector<double>& second) {
  if (first != second)
    throw std::invalid_argument(
        "gradient check: forward returns other values the second time; a random layer must draw the same "
        "mask again, and nothing may be kept from call to call");
}

void require_count(const std::string& what, Index expected, Index found) {
  if (expected != found)
    throw std::invalid_argument("gradient check: " + what + " has " + std::to_string(found) +
                                " values, expected " + std::to_string(expected));
}

double product(const std::vector<double>& U, const std::vector<double>& y) {
  return std::inner_product(U.begin(), U.end(), y.begin(), 0.0);
}

double magnitude(const std::vector<double>& numbers) {
  double largest = 0;
  for (const double number : numbers) largest = std::max(largest, std::abs(number));
  return largest;
}

// Below this an element is right, whatever its own bound says: the guess looks at all elements together.
double tolerance_of(const std::vector<CheckedElement>& elements) {
  double bound = 0, largest = 0;
  for (const CheckedElement& e : elements)
    if (!e.kink) {
      bound = std::max(bound, e.bound);
      largest = std::max(largest, std::abs(e.difference));
    }
  return std::max(2 * bound, 1e-6 * largest);
}

using Outputs = std::function<const std::vector<double>&(double step)>;

// How exact L = sum U y is, and each of its terms.
struct Precision {
  double epsilon, scale;
  std::vector<double> noise;  // how far rounding may move U y, output by output
  double noise_of_sum;        // and their sum

  DifferencePrecision of_sum() const { return {.epsilon = epsilon, .noise = noise_of_sum, .scale = scale}; }
  DifferencePrecision of_output(std::size_t n) const {
    return {.epsilon = epsilon, .noise = noise[n], .scale = scale};
  }
};

// Outputs are rounded independently of each other, so their errors grow as the root of their number.
// @param measured  how far rounding moves each y: four times as far is taken to be possible
Precision precision_of(const std::vector<double>& U, const std::vector<double>& measured, double epsilon) {
  Precision precision{.epsilon = epsilon, .scale = 1, .noise = {}, .noise_of_sum = 0};
  double squares = 0;
  for (std::size_t n = 0; n < U.size(); ++n) {
    precision.noise.push_back(4 * std::abs(U[n]) * measured[n]);
    squares += precision.noise.back() * precision.noise.back();
  }
  precision.noise_of_sum = std::sqrt(squares);
  return precision;
}

//! [widened]
// Where outputs have kinks, backward may take any slope between its two at each of them. If some bend up and
// others down, L = sum U y may go beyond its own two slopes, or show no kink at all. Kinks too small to be
// seen in an output are within its bound.
Difference widened(Difference d, const Outputs& y, const std::vector<double>& U, const Precision& precision) {
  if (!d.kink) d.left = d.derivative;
  d.right = d.left;
  double bounds = 0;
  for (std::size_t n = 0; n < U.size(); ++n) {
    const Difference one =
        difference_at_zero([&](double step) { return U[n] * y(step)[n]; }, precision.of_output(n));
    d.kink = d.kink || one.kink;
    d.left += std::min(one.right - one.left, 0.0);
    d.right += std::max(one.right - one.left, 0.0);
    bounds += one.bound;
  }
  if (d.kink) d.bound += bounds;
  return d;
}
//! [widened]

Difference difference_of(const std::function<std::vector<double>(double)>& forward,
                         const std::vector<double>& U, const Precision& precision) {
  std::map<double, std::vector<double>> known;  // the sum and every output ask for the same steps
  const Outputs y = [&](double step) -> const std::vector<double>& {
    const auto found = known.find(step);
    return found != known.end() ? found->second : known[step] = forward(step);
  };
  const Difference d =
      difference_at_zero([&](double step) { return product(U, y(step)); }, precision.of_sum());
  return widened(d, y, U, precision);
}

}  // namespace

double CheckedElement::error() const {
  const double low = kink ? std::min(left, right) : difference;
  const double high = kink ? std::max(left, right) : difference;
  const double off = std::max({low - analytic, analytic - high, 0.0});
  if (!std::isfinite(analytic) || std::isnan(bound)) return std::numeric_limits<double>::infinity();
  return off == 0 ? 0 : off / bound;  // the bound itself is 0 where all is zero
}

const CheckedElement& CheckedArgument::worst() const {
  if (elements.empty()) throw std::logic_error("gradient check: " + name + " has no elements");
  return *std::max_element(elements.begin(), elements.end(),
                           [](const auto& a, const auto& b) { return a.error() < b.error(); });
}

std::string element_name(const CheckedArgument& argument, Index index) {
  std::string places;
  for (auto extent = argument.shape.rbegin(); extent != argument.shape.rend(); ++extent) {
    places = std::to_string(index % *extent) + (places.empty() ? "" : ", ") + places;
    index /= *extent;
  }
  return argument.name + "(" + places + ")";
}

Index CheckedArgument::wrong() const {
  return std::count_if(elements.begin(), elements.end(), [](const auto& e) { return e.error() > 1; });
}

Index CheckedArgument::kinks() const {
  return std::count_if(elements.begin(), elements.end(), [](const auto& e) { return e.kink; });
}

bool GradientReport::passed() const {
  return std::all_of(arguments.begin(), arguments.end(), [](const auto& a) {
    return a.wrong() == 0 && !(a.kinks_together && a.kinks_together->error() > 1);
  });
}

std::ostream& operator<<(std::ostream& out, const GradientReport& report) {
  for (const CheckedArgument& a : report.arguments) {
    out << a.name << ' ' << to_string(a.shape) << ": ";
    if (a.elements.empty()) {
      out << "no elements\n";
      continue;
    }
    const CheckedElement& worst = a.worst();
    if (a.wrong() == 0)
      out << a.elements.size() << " elements agree, the worst to " << significant(worst.error(), 2)
          << " of its bound";
    else
      out << a.wrong() << " of " << a.elements.size()
          << " elements are wrong. Worst: " << element_name(a, worst.index) << " is "
          << significant(worst.analytic, 9) << " by backward, " << significant(worst.difference, 9)
          << " by differences, which are exact to " << significant(worst.bound, 2);
    if (a.kinks() > 0) out << "; at a kink: " << a.kinks();
    if (a.kinks_together && a.kinks_together->error() > 1)
      out << ". Together these are wrong: the sum of their gradients is "
          << significant(a.kinks_together->analytic, 9) << " by backward";
    out << '\n';
    if (!a.guess.empty()) out << "  " << a.guess << '\n';
  }
  return out;
}

// How far rounding moves each y along a random direction of everything, at steps so small that y has no other
// bends. Where they do not change y, longer ones are tried: forward may have rounded away more than half of
// its digits.
std::vector<double> GradientCheck::noise_of(const ForwardPass& forward, std::size_t outputs, Random& random) {
  std::vector<std::vector<double>> kept(arguments_.size()), direction(arguments_.size());
  for (std::size_t k = 0; k < arguments_.size(); ++k)
    for (Index i = 0; i < arguments_[k].size(); ++i) {
      kept[k].push_back(arguments_[k].value(i));
      direction[k].push_back(random.normal());
    }
  const auto move = [&](double step) {
    for (std::size_t k = 0; k < arguments_.size(); ++k)
      for (std::size_t i = 0; i < kept[k].size(); ++i)
        arguments_[k].set_value(static_cast<Index>(i), kept[k][i] + step * direction[k][i]);
  };
  std::vector<double> noise(outputs);
  for (const double power : {0.5, 0.375, 0.25}) {
    // At equal steps the values of a sum that is rounded may lie on a line by chance, as if they were exact.
    std::vector<double> steps;
    std::vector<std::vector<double>> values(outputs);
    for (int i = 0; i < 32; ++i) {
      steps.push_back((i + random.uniform(0, 1)) * std::pow(epsilon_, power));
      move(steps.back());
      const std::vector<double> y = forward();
      for (std::size_t n = 0; n < y.size(); ++n) values[n].push_back(y[n]);
    }
    for (std::size_t n = 0; n < noise.size(); ++n)
      if (noise[n] == 0) noise[n] = noise_in(steps, values[n]);
    if (std::count(noise.begin(), noise.end(), 0.0) == 0) break;
  }
  move(0);  // put back
  return noise;
}

void GradientCheck::prepare(Random& random) {
  for (const Argument& a : arguments_) {
    require_count(a.name + " of shape " + to_string(a.shape), element_count(a.shape), a.size());
    if (a.added) require_count("the gradient of " + a.name, a.size(), a.gradient_size());
    for (Index i = 0; settings_.draw_values && i < a.size(); ++i) a.set_value(i, random.normal());
  }
}

// All gradients are read before the differences: their forward passes may write to the same place.
std::vector<GradientCheck::Gradient> GradientCheck::gradients(const BackwardPass& backward,
                                                              const std::vector<double>& U, Random& random) {
  std::vector<Gradient> all(arguments_.size());
  // backward finds rubbish where it is to add or to write.
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Argument& a = arguments_[k];
    for (Index i = 0; a.gradient_size() == a.size() && i < a.size(); ++i) {
      a.set_gradient(i, random.normal());
      all[k].earlier.push_back(a.gradient(i));
    }
  }
  backward(U);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Argument& a = arguments_[k];
    require_count("the gradient of " + a.name, a.size(), a.gradient_size());
    for (Index i = 0; i < a.size(); ++i)
      all[k].analytic.push_back(a.gradient(i) - (a.added ? all[k].earlier[static_cast<std::size_t>(i)] : 0));
  }
  return all;
}

// One argument, its gradient by backward, and what the differences need.
struct GradientCheck::ArgumentCheck {
  const Argument& a;
  const Gradient& gradient;
  const ForwardPass& forward;
  const std::vector<double>& U;
  const Precision& precision;

  // Elements that are moved by one step, all of them at once.
  CheckedElement compare(const std::vector<Index>& moved) const {
    std::vector<double> kept;
    double sum = 0;
    Precision here = precision;
    for (const Index i : moved) {
      kept.push_back(a.value(i));
      sum += gradient.analytic[static_cast<std::size_t>(i)];
      here.scale = std::max(here.scale, std::abs(kept.back()));
    }
    const auto move = [&](double step) {
      for (std::size_t m = 0; m < moved.size(); ++m) a.set_value(moved[m], kept[m] + step);
    };
    const Difference d = difference_of(
        [&](double step) {
          move(step);
          return forward();
        },
        U, here);
    move(0);
    const double largest = magnitude(gradient.analytic) + (a.added ? magnitude(gradient.earlier) : 0);
    return {.index = moved.front(),
            .analytic = sum,
            .difference = d.derivative,
            .bound = d.bound + 32 * precision.epsilon * largest,
            .kink = d.kink,
            .left = d.left,
            .right = d.right};
  }

  // @param elements  all of the argument, compared
  std::string guess(const std::vector<CheckedElement>& elements) const {
    std::vector<double> correct;
    for (const CheckedElement& e : elements)
      correct.push_back(e.kink && e.error() <= 1 ? e.analytic : e.difference);
    return guess_fault({.shape = a.shape,
                        .analytic = gradient.analytic,
                        .correct = correct,
                        .tolerance = tolerance_of(elements),
                        .earlier = gradient.earlier,
                        .added = a.added});
  }

  // Of a large argument that many elements, drawn at random.
  CheckedArgument run(Index max_elements, Random& random) const {
    CheckedArgument checked{.name = a.name, .shape = a.shape, .elements = {}, .guess = ""};
    std::vector<Index> order = random.permutation(a.size());
    const bool all = a.size() <= max_elements;
    if (!all) order.resize(static_cast<std::size_t>(max_elements));
    std::sort(order.begin(), order.end());
    std::vector<Index> at_kinks;
    for (const Index i : order) {
      checked.elements.push_back(compare({i}));
      if (checked.elements.back().kink) at_kinks.push_back(i);
    }
    if (at_kinks.size() > 1) checked.kinks_together = compare(at_kinks);
    if (checked.wrong() > 0 && all) checked.guess = guess(checked.elements);
    return checked;
  }
};

GradientReport GradientCheck::check(const ForwardPass& forward, const BackwardPass& backward) {
  Random random(settings_.seed);
  prepare(random);
  const std::vector<double> y = forward();
  require_finite(y);
  require_same(y, forward());
  std::vector<double> U(y.size());
  for (double& u : U) u = random.normal();
  const std::vector<Gradient> by_backward = gradients(backward, U, random);
  // Measured, since a y whose terms cancel is rounded more than its own size tells.
  const Precision precision = precision_of(U, noise_of(forward, y.size(), random), epsilon_);
  GradientReport report;
  for (std::size_t k = 0; k < arguments_.size(); ++k) {
    const ArgumentCheck argument{arguments_[k], by_backward[k], forward, U, precision};
    report.arguments.push_back(argument.run(settings_.max_elements, random));
  }
  forward();
  return report;
}

}  // namespace plaingrad
