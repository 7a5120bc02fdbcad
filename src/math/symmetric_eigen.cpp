#include "math/symmetric_eigen.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace plaingrad {

SquareMatrix::SquareMatrix(Index n) : size(n) {
  if (n < 0) throw std::invalid_argument("a matrix cannot have " + std::to_string(n) + " rows");
  values.assign(static_cast<std::size_t>(n * n), 0);
}

SquareMatrix product(const SquareMatrix& A, const SquareMatrix& B) {
  if (A.size != B.size)
    throw std::invalid_argument("product: matrices of size " + std::to_string(A.size) + " and " +
                                std::to_string(B.size));
  SquareMatrix C(A.size);
  for (Index i = 0; i < A.size; ++i)
    for (Index k = 0; k < A.size; ++k)
      for (Index j = 0; j < A.size; ++j) C(i, j) += A(i, k) * B(k, j);
  return C;
}

namespace {

double sum_of_squares_off_diagonal(const SquareMatrix& A) {
  double sum = 0;
  for (Index p = 0; p < A.size; ++p)
    for (Index q = p + 1; q < A.size; ++q) sum += A(p, q) * A(p, q);
  return sum;
}

// Of the largest |element| = m 2^exponent with 1/2 <= m < 1; 0 of zeros, or if it is infinite.
int exponent_of_largest(const SquareMatrix& A) {
  double largest = 0;
  for (const double a : A.values) largest = std::max(largest, std::abs(a));
  int exponent = 0;
  if (std::isfinite(largest)) std::frexp(largest, &exponent);
  return exponent;
}

// Turns the plane of the axes p and q so that A(p, q) becomes zero: A <- J^T A J, V <- V J. A and V^T are
// kept as rows, so every loop runs along memory but the one over A's columns.
void rotate(SquareMatrix& A, SquareMatrix& V_transposed, Index p, Index q) {
  const double cotangent = (A(q, q) - A(p, p)) / (2 * A(p, q));  // of twice the angle
  const double t = std::copysign(1 / (std::abs(cotangent) + std::hypot(cotangent, 1.0)), cotangent);
  const double c = 1 / std::hypot(t, 1.0), s = t * c;
  const auto turn = [c, s](double& a, double& b) {
    const double old = a;
    a = c * old - s * b;
    b = s * old + c * b;
  };
  for (Index k = 0; k < A.size; ++k) turn(A(p, k), A(q, k));
  for (Index k = 0; k < A.size; ++k) turn(A(k, p), A(k, q));
  for (Index k = 0; k < A.size; ++k) turn(V_transposed(p, k), V_transposed(q, k));
}

}  // namespace

SymmetricEigen symmetric_eigen(SquareMatrix A) {
  for (Index i = 0; i < A.size; ++i)
    for (Index j = i; j < A.size; ++j) A(j, i) = A(i, j);
  // By a power of two, which changes no digit: squares of elements far from 1 would overflow or vanish.
  const int exponent = exponent_of_largest(A);
  const bool far_from_1 = std::abs(exponent) > 400;
  if (far_from_1)
    for (double& a : A.values) a = std::ldexp(a, -exponent);
  double scale = 0;
  for (Index i = 0; i < A.size; ++i)
    for (Index j = i; j < A.size; ++j) scale += A(i, j) * A(i, j);
  if (!std::isfinite(scale)) throw std::invalid_argument("symmetric_eigen: an element is not finite");

  SquareMatrix V_transposed(A.size);
  for (Index i = 0; i < A.size; ++i) V_transposed(i, i) = 1;
  // Each sweep about squares what is left, so a dozen suffice; the bound guards against an endless loop.
  constexpr int most_sweeps = 60;
  for (int sweep = 0; sweep < most_sweeps && sum_of_squares_off_diagonal(A) > 1e-30 * scale; ++sweep)
    for (Index p = 0; p < A.size; ++p)
      for (Index q = p + 1; q < A.size; ++q)
        if (A(p, q) != 0) rotate(A, V_transposed, p, q);

  SymmetricEigen eigen{{}, SquareMatrix(A.size)};
  for (Index i = 0; i < A.size; ++i)
    eigen.values.push_back(far_from_1 ? std::ldexp(A(i, i), exponent) : A(i, i));
  for (Index i = 0; i < A.size; ++i)
    for (Index j = 0; j < A.size; ++j) eigen.vectors(i, j) = V_transposed(j, i);
  return eigen;
}

SquareMatrix square_root(const SquareMatrix& A) {
  const auto [values, V] = symmetric_eigen(A);
  SquareMatrix scaled(A.size), V_transposed(A.size);
  for (Index i = 0; i < A.size; ++i)
    for (Index j = 0; j < A.size; ++j) {
      scaled(i, j) = V(i, j) * std::sqrt(std::max(0.0, values[static_cast<std::size_t>(j)]));
      V_transposed(j, i) = V(i, j);
    }
  return product(scaled, V_transposed);
}

}  // namespace plaingrad
