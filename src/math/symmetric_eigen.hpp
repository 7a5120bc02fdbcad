/// @file
/// Eigenvalues of a symmetric matrix, in double whatever Real is: what the Fréchet distance of section 8.8
/// needs.
#pragma once

#include <vector>

#include "math/real.hpp"

namespace plaingrad {

/// A square matrix in double, row-major.
struct SquareMatrix {
  Index size;
  std::vector<double> values;

  /// Zeros. @throws std::invalid_argument if n is negative
  explicit SquareMatrix(Index n);
  /// The element of row i and column j; not checked.
  double& operator()(Index i, Index j) { return values[static_cast<std::size_t>(i * size + j)]; }
  /// The element of row i and column j; not checked.
  double operator()(Index i, Index j) const { return values[static_cast<std::size_t>(i * size + j)]; }
};

/// A B. @throws std::invalid_argument if the sizes differ
SquareMatrix product(const SquareMatrix& A, const SquareMatrix& B);

/// A = V diag(values) V^T, with the eigenvectors in the columns of V.
struct SymmetricEigen {
  std::vector<double> values;
  SquareMatrix vectors;
};

/// Jacobi's method: rotations that put one pair of off-diagonal elements to zero after another, until nothing
/// is left beside the diagonal.
/// @param A  symmetric; only the elements on and above the diagonal are read
/// @throws std::invalid_argument if an element is not finite
SymmetricEigen symmetric_eigen(SquareMatrix A);

/// The symmetric S with S S = A, for A without negative eigenvalues. Those that rounding leaves slightly
/// below zero count as zero.
SquareMatrix square_root(const SquareMatrix& A);

}  // namespace plaingrad
