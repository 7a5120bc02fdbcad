/// @file
/// Convolution as the report defines it (sections 3.1, 3.3 and 3.4): nested loops and nothing else. The
/// trainable layer is layers/conv2d.hpp; src/engine/fast/ computes the same sums at speed.
#pragma once

#include "convolution/matrix.hpp"
#include "convolution/padding.hpp"
#include "math/tensor.hpp"

namespace plaingrad {

/// Convolution (section 3.1): S(i,j) = sum_m sum_n I(m,n) K(i-m, j-n), over every index with a term that is
/// not zero.
/// @param I  image (height, width)
/// @param K  kernel (kernel height, kernel width), used flipped as its arguments i-m, j-n say
/// @return (height + kernel height - 1, width + kernel width - 1)
/// @throws std::invalid_argument if either is empty
/// @eqimpl{3,1}
Matrix convolve(const Matrix& I, const Matrix& K);

/// The same with image and kernel changing places (section 3.1): S(i,j) = sum_m sum_n I(i-m, j-n) K(m,n).
/// @param I,K  as in convolve()
/// @return the same matrix as convolve()
/// @throws std::invalid_argument if either is empty
/// @eqimpl{3,2}
Matrix convolve_commuted(const Matrix& I, const Matrix& K);

/// The output of a filter (section 3.3): Y(i,j) = sum_m sum_n X(i+m, j+n) F(m,n), a cross-correlation. The
/// filter is not flipped and lies wholly inside the image. This is what Keras calls a convolution and what
/// Fig. 3.2 shows.
/// @param X  image (height, width)
/// @param F  filter (filter height, filter width)
/// @return (height - filter height + 1, width - filter width + 1)
/// @throws std::invalid_argument if either is empty or the filter is larger than the image
/// @eqimpl{3,3}
Matrix cross_correlate(const Matrix& X, const Matrix& F);

/// The matrix rotated by 180 degrees: element (i,j) goes to (rows - 1 - i, columns - 1 - j). A convolution is
/// a cross-correlation with the flipped kernel.
Matrix flip(const Matrix& K);

/// What a convolutional layer computes, for a batch, several channels, stride and padding (section 3.3):
/// cross_correlate() summed over the input channels, once for each filter, plus the filter's bias.
/// @param X  images (batch, height, width, input channels)
/// @param F  filters (filter height, filter width, input channels, output channels)
/// @param bias  (output channels)
/// @param stride  rows and columns from one window to the next, at least 1
/// @param padding  valid or same, see output_extent()
/// @return (batch, output height, output width, output channels)
/// @throws std::invalid_argument if the shapes do not go together, or as output_extent() does
Tensor conv2d_definition(const Tensor& X, const Tensor& F, const Tensor& bias, Index stride, Padding padding);

/// dL/dF of conv2d_definition() from dL/dY (section 3.4).
/// @param X  images (batch, height, width, input channels)
/// @param dY  dL/dY, of the shape that conv2d_definition() returns
/// @param filter_shape  (filter height, filter width, input channels, output channels)
/// @param stride,padding  as in conv2d_definition()
/// @return of `filter_shape`
/// @throws std::invalid_argument as conv2d_definition() does
Tensor conv2d_kernel_gradient_definition(const Tensor& X, const Tensor& dY, const Shape& filter_shape,
                                         Index stride, Padding padding);

/// dL/dX of conv2d_definition() from dL/dY (section 3.4). It is also the definition of the transposed
/// convolution, which takes `dY` for its input, and whose kernel in Keras, (height, width, output channels,
/// input channels), is `F` as it stands.
/// @param dY  dL/dY, of the shape that conv2d_definition() returns
/// @param F  filters (filter height, filter width, input channels, output channels)
/// @param input_shape  (batch, height, width, input channels)
/// @param stride,padding  as in conv2d_definition()
/// @return of `input_shape`
/// @throws std::invalid_argument as conv2d_definition() does
Tensor conv2d_input_gradient_definition(const Tensor& dY, const Tensor& F, const Shape& input_shape,
                                        Index stride, Padding padding);

}  // namespace plaingrad
