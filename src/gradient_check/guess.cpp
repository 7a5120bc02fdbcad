#include "gradient_check/guess.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "math/decimal.hpp"

namespace plaingrad {
namespace {

using Numbers = std::vector<double>;

// Whether the gradient would be right if `repaired` were done to each of its elements.
bool right_if(const WrongGradient& w, const std::function<double(std::size_t)>& repaired) {
  for (std::size_t i = 0; i < w.correct.size(); ++i)
    if (!(std::abs(repaired(i) - w.correct[i]) <= w.tolerance)) return false;
  return true;
}

std::vector<Index> wrong_elements(const WrongGradient& w) {
  std::vector<Index> wrong;
  for (std::size_t i = 0; i < w.correct.size(); ++i)
    if (!(std::abs(w.analytic[i] - w.correct[i]) <= w.tolerance)) wrong.push_back(static_cast<Index>(i));
  return wrong;
}

bool all_of(const std::vector<Index>& elements, const std::function<bool(std::size_t)>& test) {
  return std::all_of(elements.begin(), elements.end(),
                     [&](Index i) { return test(static_cast<std::size_t>(i)); });
}

// The flat position with the order of two axes exchanged, the extents with them.
Index exchanged(const Shape& shape, std::size_t p, std::size_t q, Index flat) {
  Shape other = shape;
  std::swap(other[p], other[q]);
  Index position = 0;
  for (std::size_t a = 0; a < shape.size(); ++a) {
    const std::size_t from = a == p ? q : a == q ? p : a;
    position += index_along(shape, from, flat) * stride_along(other, a);
  }
  return position;
}

// The flat position with axis p counted from its other end.
Index mirrored(const Shape& shape, std::size_t p, Index flat) {
  return flat + (shape[p] - 1 - 2 * index_along(shape, p, flat)) * stride_along(shape, p);
}

std::string axis_name(std::size_t axis) {
  return "axis " + std::to_string(axis);
}

std::optional<std::string> transposed_or_turned(const WrongGradient& w) {
  const auto at = [&](Index i) { return w.analytic[static_cast<std::size_t>(i)]; };
  const std::size_t axes = w.shape.size();
  for (std::size_t p = 0; p < axes; ++p)
    for (std::size_t q = p + 1; q < axes; ++q) {
      if (right_if(w, [&](std::size_t i) { return at(exchanged(w.shape, p, q, static_cast<Index>(i))); }))
        return "transposed: " + axis_name(p) + " and " + axis_name(q) + " have changed places";
      if (right_if(w, [&](std::size_t i) {
            return at(mirrored(w.shape, q, mirrored(w.shape, p, static_cast<Index>(i))));
          }))
        return "turned by 180 degrees in " + axis_name(p) + " and " + axis_name(q) +
               ": a convolution where a cross-correlation belongs, or the reverse";
    }
  for (std::size_t p = 0; p < axes; ++p)
    if (right_if(w, [&](std::size_t i) { return at(mirrored(w.shape, p, static_cast<Index>(i))); }))
      return "mirrored: " + axis_name(p) + " runs from its end";
  return {};
}

std::optional<std::string> constant_factor(const WrongGradient& w) {
  const auto largest = std::max_element(w.correct.begin(), w.correct.end(),
                                        [](double a, double b) { return std::abs(a) < std::abs(b); });
  const double factor = w.analytic[static_cast<std::size_t>(largest - w.correct.begin())] / *largest;
  if (!std::isfinite(factor) || factor == 0) return {};
  if (!right_if(w, [&](std::size_t i) { return w.analytic[i] / factor; })) return {};
  if (std::abs(factor + 1) < 1e-4) return "the sign: every element is minus what it should be";
  return "a constant factor: every element is " + significant(factor, 6) +
         " times what it should be (1/batch, a 2, a derivative that is constant)";
}

// An axis at whose last (or first) place all wrong elements lie, though not all elements do.
std::optional<std::string> at_an_edge(const WrongGradient& w, const std::vector<Index>& wrong) {
  for (std::size_t axis = 0; axis < w.shape.size(); ++axis) {
    if (w.shape[axis] < 2) continue;
    for (const bool last : {true, false})
      if (all_of(wrong, [&](std::size_t i) {
            return index_along(w.shape, axis, static_cast<Index>(i)) == (last ? w.shape[axis] - 1 : 0);
          }))
        return std::string("only the ") + (last ? "last" : "first") + " place of " + axis_name(axis) +
               " is wrong: a loop's bound, or a stride that leaves a rest";
  }
  return {};
}

}  // namespace

std::string guess_fault(const WrongGradient& w) {
  const std::vector<Index> wrong = wrong_elements(w);
  if (wrong.empty())
    return "right to six digits: numbers of less precision on the way, or a small constant in the wrong "
           "place";
  if (!all_of(wrong, [&](std::size_t i) { return std::isfinite(w.analytic[i]); }))
    return "values that are NaN or infinite";
  if (!w.earlier.empty()) {
    if (w.added && right_if(w, [&](std::size_t i) { return w.analytic[i] + w.earlier[i]; }))
      return "overwritten: the gradient that was there is gone, where backward should add to it";
    if (!w.added && right_if(w, [&](std::size_t i) { return w.analytic[i] - w.earlier[i]; }))
      return "added: backward should overwrite what was there";
    if (!w.added && all_of(wrong, [&](std::size_t i) { return w.analytic[i] == w.earlier[i]; }))
      return "not written: what was there before backward is still there";
  }
  const auto is_zero = [&](std::size_t i) { return std::abs(w.analytic[i]) <= w.tolerance; };
  if (wrong.size() > 1 || w.correct.size() == 1) {
    if (const auto guess = constant_factor(w)) return *guess;
    if (const auto guess = transposed_or_turned(w)) return *guess;
  }
  if (wrong.size() < w.correct.size())
    if (const auto guess = at_an_edge(w, wrong)) return *guess;
  if (all_of(wrong, is_zero)) return "zero where it should not be: a mask, or a path that is not followed";
  if (all_of(wrong, [&](std::size_t i) { return std::abs(w.correct[i]) <= w.tolerance; }))
    return "not zero where it should be: a mask that is not applied";
  if (all_of(wrong, [&](std::size_t i) {
        return w.analytic[i] * w.correct[i] > 0 && std::abs(w.analytic[i]) > std::abs(w.correct[i]);
      }))
    return "too large, by a factor that differs from element to element: a derivative f' may be missing";
  return "none of the usual faults";
}

}  // namespace plaingrad
