/// @file
/// Dual numbers: a value and its derivative, carried through every operation together. Where Real is one, the
/// library differentiates whatever it computes, exactly and without a step size. The tests, some
/// of the programs and the documentation do so: training has its own backward passes.
#pragma once

#include <cmath>
#include <compare>
#include <limits>
#include <type_traits>

namespace plaingrad {

/// value + derivative epsilon, where epsilon^2 = 0. Every rule below is the chain rule for one operation.
/// Comparisons look at the value alone, so that the program takes the branch that it would take without the
/// derivative. Nothing turns a Dual into a double but value_of(): no derivative is lost unnoticed.
struct Dual {
  double value = 0, derivative = 0;

  constexpr Dual() = default;
  /// A constant: its derivative is 0.
  template <class Number>
  requires std::is_arithmetic_v<Number>
  constexpr Dual(Number constant) : value(static_cast<double>(constant)) {}
  /// A number that changes at the given rate.
  constexpr Dual(double v, double rate) : value(v), derivative(rate) {}

  //! [rules]
  /// (-a)' = -a'
  friend constexpr Dual operator-(Dual a) { return {-a.value, -a.derivative}; }
  /// (a + b)' = a' + b'
  friend constexpr Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.derivative + b.derivative}; }
  /// (a - b)' = a' - b'
  friend constexpr Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.derivative - b.derivative}; }
  /// (a b)' = a' b + a b'
  friend constexpr Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, a.derivative * b.value + a.value * b.derivative};
  }
  /// (a / b)' = (a' - a / b b') / b
  friend constexpr Dual operator/(Dual a, Dual b) {
    const double quotient = a.value / b.value;
    return {quotient, (a.derivative - quotient * b.derivative) / b.value};
  }
  //! [rules]
  /// a = a + b
  constexpr Dual& operator+=(Dual b) { return *this = *this + b; }
  /// a = a - b
  constexpr Dual& operator-=(Dual b) { return *this = *this - b; }
  /// a = a b
  constexpr Dual& operator*=(Dual b) { return *this = *this * b; }
  /// a = a / b
  constexpr Dual& operator/=(Dual b) { return *this = *this / b; }
  /// By value; false of a NaN.
  friend constexpr bool operator==(Dual a, Dual b) { return a.value == b.value; }
  /// By value; false of a NaN.
  friend constexpr auto operator<=>(Dual a, Dual b) { return a.value <=> b.value; }
};

/// The value of a dual number: what is left where a number is only printed or checked.
constexpr double value_of(Dual x) {
  return x.value;
}

//! [functions]
/// (e^x)' = e^x x'
inline Dual exp(Dual x) {
  return {std::exp(x.value), std::exp(x.value) * x.derivative};
}
/// (log x)' = x' / x
inline Dual log(Dual x) {
  return {std::log(x.value), x.derivative / x.value};
}
/// (log(1 + x))' = x' / (1 + x)
inline Dual log1p(Dual x) {
  return {std::log1p(x.value), x.derivative / (1 + x.value)};
}
/// (sqrt x)' = x' / (2 sqrt x): at 0, where there is no derivative, infinite or NaN.
inline Dual sqrt(Dual x) {
  return {std::sqrt(x.value), x.derivative / (2 * std::sqrt(x.value))};
}
/// (tanh x)' = (1 - tanh^2 x) x' = x' / cosh^2 x
inline Dual tanh(Dual x) {
  return {std::tanh(x.value), x.derivative / std::cosh(x.value) / std::cosh(x.value)};
}
/// |x|' = -x' below zero; from zero on, x'.
inline Dual abs(Dual x) {
  return x < 0 ? -x : x;
}
/// a b + c, its value rounded once.
inline Dual fma(Dual a, Dual b, Dual c) {
  return {std::fma(a.value, b.value, c.value), (a * b + c).derivative};
}
//! [functions]
/// Whether the value is a finite number.
inline bool isfinite(Dual x) {
  return std::isfinite(x.value);
}
/// Whether the value is NaN.
inline bool isnan(Dual x) {
  return std::isnan(x.value);
}

}  // namespace plaingrad

/// The limits of its value.
template <>
struct std::numeric_limits<plaingrad::Dual> : std::numeric_limits<double> {};
