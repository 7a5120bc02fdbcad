/// @file
/// The matrices of Winograd's minimal filtering, from Lagrange's formula; computed when compiling.
///
/// Lagrange: a polynomial is known from its values at enough points a_0, a_1 ... For the powers of t,
///   t^q = sum_i a_i^q / N_i prod_{p != i} (t - a_p),  N_i = prod_{p != i} (a_i - a_p).
/// Both sides are sums of powers of t. Put the pixel x_l in the place of the power t^l, with q = k + j:
///   x_{k+j} = sum_i a_i^k  a_i^j (B x)_i,  B_il the coefficient of t^l in prod_{p != i} (t - a_p), over N_i.
/// Multiply by w_j and sum over j: the correlation of x and w is
///   y_k = sum_j w_j x_{k+j} = sum_i A_ik (G w)_i (B x)_i,  A_ik = a_i^k,  G_ij = a_i^j.
/// So m sums of r products each take n = m + r - 1 multiplications. The formula is right for q < n - 1 with
/// n - 1 points; t^(n-1) is the formula's sum plus the product of all (t - a_p), and that is the last row,
/// the point at infinity.
///
/// G and A do not depend on n, but for the last row. So a tile with one output less has the same transformed
/// kernel, without the last of the numbers a_i.
#pragma once

#include "math/real.hpp"

namespace plaingrad::fast {

/// A small matrix.
template <Index row_count, Index column_count>
struct Coefficients {
  static constexpr Index rows = row_count, columns = column_count;
  Real at[row_count][column_count] = {};

  /// Rows and columns exchanged.
  constexpr Coefficients<column_count, row_count> transposed() const {
    Coefficients<column_count, row_count> result;
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < columns; ++j) result.at[j][i] = at[i][j];
    return result;
  }
};

/// The points a_0, a_1 ... Small numbers lose the fewest digits.
inline constexpr double winograd_points[7] = {0, 1, -1, 2, -2, 0.5, -0.5};

/// The matrices for tiles of m outputs and kernels of r elements.
template <Index m, Index r>
struct WinogradMatrices {
  static constexpr Index n = m + r - 1;
  static_assert(n <= 8, "there are seven points");
  static constexpr const double (&a)[7] = winograd_points;

  //! [matrices]
  /// Powers of the points; the highest alone in the last row.
  template <Index count>
  static constexpr Coefficients<n, count> powers() {
    Coefficients<n, count> result;
    for (Index i = 0; i < n - 1; ++i) {
      double power = 1;
      for (Index k = 0; k < count; ++k, power *= a[i]) result.at[i][k] = static_cast<Real>(power);
    }
    result.at[n - 1][count - 1] = 1;
    return result;
  }

  /// Pixels: n x n.
  static constexpr Coefficients<n, n> B = [] {
    Coefficients<n, n> result;
    for (Index i = 0; i < n; ++i) {
      double product[n] = {1}, N = 1;  // coefficients of the product so far
      for (Index j = 0; j < n - 1; ++j) {
        if (j == i) continue;
        for (Index l = n - 1; l > 0; --l) product[l] = product[l - 1] - a[j] * product[l];
        product[0] *= -a[j];
        if (i < n - 1) N *= a[i] - a[j];
      }
      for (Index l = 0; l < n; ++l) result.at[i][l] = static_cast<Real>(product[l] / N);
    }
    return result;
  }();

  /// Kernel: n x r.
  static constexpr Coefficients<n, r> G = powers<r>();
  /// Outputs: n x m; y = A^T of the products.
  static constexpr Coefficients<n, m> A = powers<m>();
  //! [matrices]

  static constexpr auto B_transposed = B.transposed();
  static constexpr auto G_transposed = G.transposed();
  static constexpr auto A_transposed = A.transposed();
};

}  // namespace plaingrad::fast
