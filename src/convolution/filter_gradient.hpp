/// @file
/// How a filter learns (report, section 3.4), for one image of one channel: the chain rule as the report
/// takes it, step by step. The same for batches, channels, stride and padding is
/// conv2d_kernel_gradient_definition().
#pragma once

#include "convolution/matrix.hpp"

namespace plaingrad {

/// dY(i,j)/dF(m,n), the derivative of one output of cross_correlate() with respect to one element of the
/// filter: the pixel that the two have in common.
/// @param X  image (height, width)
/// @param i,j  the output; at most (height, width) minus the filter's extents (not checked)
/// @param m,n  the element of the filter
/// @eqimpl{3,4}
Real output_derivative(const Matrix& X, Index i, Index j, Index m, Index n);

/// One term of the chain rule: what the output (i,j) alone adds to dL/dF(m,n).
/// @param X  image (height, width)
/// @param dY  dL/dY (output height, output width)
/// @param i,j  the output (not checked)
/// @param m,n  the element of the filter (not checked)
/// @eqimpl{3,5}
Real chain_rule_term(const Matrix& X, const Matrix& dY, Index i, Index j, Index m, Index n);

/// dL/dF: for each element of the filter the chain rule summed over all outputs, because every one of them
/// used it.
/// @param X  image (height, width)
/// @param dY  dL/dY (output height, output width)
/// @return of the filter's shape, (height - output height + 1, width - output width + 1)
/// @throws std::invalid_argument if either is empty or dY is larger than X
/// @eqimpl{3,6}
Matrix filter_gradient(const Matrix& X, const Matrix& dY);

/// dL/dX, passed on to the layer before: each output hands its gradient back to the pixels under its window.
/// It is the convolution (3.1) of dL/dY with the filter.
/// @param dY  dL/dY (output height, output width)
/// @param F  filter (filter height, filter width)
/// @return (output height + filter height - 1, output width + filter width - 1)
/// @throws std::invalid_argument if either is empty
Matrix image_gradient(const Matrix& dY, const Matrix& F);

/// One step of learning: F - epsilon dL/dF.
/// @param F,dF  the filter and dL/dF, of one shape
/// @param epsilon  learning rate
/// @throws std::invalid_argument if the two differ in shape
Matrix updated_filter(const Matrix& F, const Matrix& dF, Real epsilon);

}  // namespace plaingrad
