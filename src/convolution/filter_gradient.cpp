#include "convolution/filter_gradient.hpp"

#include <stdexcept>
#include <string>

#include "convolution/convolution.hpp"
#include "convolution/padding.hpp"

namespace plaingrad {

//! [eq_3_4]
Real output_derivative(const Matrix& X, Index i, Index j, Index m, Index n) {
  return X(i + m, j + n);  // (3.4)
}

Real chain_rule_term(const Matrix& X, const Matrix& dY, Index i, Index j, Index m, Index n) {
  return dY(i, j) * output_derivative(X, i, j, m, n);  // (3.5)
}
//! [eq_3_4]

Matrix filter_gradient(const Matrix& X, const Matrix& dY) {
  //! [eq_3_6]
  Matrix dF(output_extent(X.rows(), dY.rows(), 1, Padding::valid),
            output_extent(X.columns(), dY.columns(), 1, Padding::valid));
  for (Index m = 0; m < dF.rows(); ++m)
    for (Index n = 0; n < dF.columns(); ++n)
      for (Index i = 0; i < dY.rows(); ++i)
        for (Index j = 0; j < dY.columns(); ++j)
          dF(m, n) += chain_rule_term(X, dY, i, j, m, n);  // (3.6), k runs over all (i, j)
  //! [eq_3_6]
  return dF;
}

//! [image_gradient]
Matrix image_gradient(const Matrix& dY, const Matrix& F) {
  return convolve(dY, F);
}
//! [image_gradient]

Matrix updated_filter(const Matrix& F, const Matrix& dF, Real epsilon) {
  if (F.rows() != dF.rows() || F.columns() != dF.columns())
    throw std::invalid_argument("filter is " + std::to_string(F.rows()) + " x " +
                                std::to_string(F.columns()) + ", its gradient " + std::to_string(dF.rows()) +
                                " x " + std::to_string(dF.columns()));
  //! [filter_update]
  Matrix updated = F;
  for (Index m = 0; m < F.rows(); ++m)
    for (Index n = 0; n < F.columns(); ++n) updated(m, n) -= epsilon * dF(m, n);
  //! [filter_update]
  return updated;
}

}  // namespace plaingrad
