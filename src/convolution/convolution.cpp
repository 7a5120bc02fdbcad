#include "convolution/convolution.hpp"

#include <stdexcept>

namespace plaingrad {

namespace {

void require_not_empty(const Matrix& image, const Matrix& kernel) {
  if (image.empty() || kernel.empty())
    throw std::invalid_argument("cannot convolve an image of " + std::to_string(image.rows()) + " x " +
                                std::to_string(image.columns()) + " with a kernel of " +
                                std::to_string(kernel.rows()) + " x " + std::to_string(kernel.columns()));
}

/// Outside of the matrix there are zeros: that is how (3.1) sums over all m and n.
Real zero_outside(const Matrix& M, Index i, Index j) {
  return i >= 0 && i < M.rows() && j >= 0 && j < M.columns() ? M(i, j) : Real(0);
}

}  // namespace

Matrix convolve(const Matrix& I, const Matrix& K) {
  require_not_empty(I, K);
  //! [eq_3_1]
  Matrix S(I.rows() + K.rows() - 1, I.columns() + K.columns() - 1);
  for (Index i = 0; i < S.rows(); ++i)
    for (Index j = 0; j < S.columns(); ++j)
      for (Index m = 0; m < I.rows(); ++m)
        for (Index n = 0; n < I.columns(); ++n) {
          S(i, j) += I(m, n) * zero_outside(K, i - m, j - n);  // (3.1)
        }
  //! [eq_3_1]
  return S;
}

Matrix convolve_commuted(const Matrix& I, const Matrix& K) {
  require_not_empty(I, K);
  //! [eq_3_2]
  Matrix S(I.rows() + K.rows() - 1, I.columns() + K.columns() - 1);
  for (Index i = 0; i < S.rows(); ++i)
    for (Index j = 0; j < S.columns(); ++j)
      for (Index m = 0; m < K.rows(); ++m)
        for (Index n = 0; n < K.columns(); ++n) {
          S(i, j) += zero_outside(I, i - m, j - n) * K(m, n);  // (3.2)
        }
  //! [eq_3_2]
  return S;
}

Matrix cross_correlate(const Matrix& X, const Matrix& F) {
  require_not_empty(X, F);
  //! [eq_3_3]
  Matrix Y(output_extent(X.rows(), F.rows(), 1, Padding::valid),
           output_extent(X.columns(), F.columns(), 1, Padding::valid));
  for (Index i = 0; i < Y.rows(); ++i)
    for (Index j = 0; j < Y.columns(); ++j)
      for (Index m = 0; m < F.rows(); ++m)
        for (Index n = 0; n < F.columns(); ++n) {
          Y(i, j) += X(i + m, j + n) * F(m, n);  // (3.3)
        }
  //! [eq_3_3]
  return Y;
}

Matrix flip(const Matrix& K) {
  Matrix flipped(K.rows(), K.columns());
  for (Index i = 0; i < K.rows(); ++i)
    for (Index j = 0; j < K.columns(); ++j) flipped(K.rows() - 1 - i, K.columns() - 1 - j) = K(i, j);
  return flipped;
}

namespace {

/// All extents of one convolution of a batch.
struct Geometry {
  Index batch, height, width, inputs;    ///< of X
  Index filter_height, filter_width;     ///< of F
  Index out_height, out_width, outputs;  ///< of Y
  Index stride, top, left;               ///< zeros above and to the left of the image

  Shape output_shape() const { return {batch, out_height, out_width, outputs}; }
};

Geometry geometry_of(const Shape& X, const Shape& F, Index stride, Padding padding) {
  if (X.size() != 4 || F.size() != 4 || X[3] != F[2])
    throw std::invalid_argument(
        "images (batch, height, width, channels) and filters (height, width, channels, "
        "filters) do not go together: " +
        to_string(X) + " and " + to_string(F));
  return {.batch = X[0],
          .height = X[1],
          .width = X[2],
          .inputs = X[3],
          .filter_height = F[0],
          .filter_width = F[1],
          .out_height = output_extent(X[1], F[0], stride, padding),
          .out_width = output_extent(X[2], F[1], stride, padding),
          .outputs = F[3],
          .stride = stride,
          .top = padding_before(X[1], F[0], stride, padding),
          .left = padding_before(X[2], F[1], stride, padding)};
}

/// Calls visit(y, x, f) for every product X[x] F[f] in the sum that makes Y[y]: flat positions in the three
/// tensors.
template <typename Visit>
void for_each_product(const Geometry& g, Visit visit) {
  //! [conv2d_loops]
  for (Index b = 0; b < g.batch; ++b)
    for (Index i = 0; i < g.out_height; ++i)
      for (Index j = 0; j < g.out_width; ++j)
        for (Index m = 0; m < g.filter_height; ++m)
          for (Index n = 0; n < g.filter_width; ++n) {
            const Index row = i * g.stride + m - g.top;
            const Index column = j * g.stride + n - g.left;
            if (row < 0 || row >= g.height || column < 0 || column >= g.width)
              continue;  // a zero of the border
            for (Index c = 0; c < g.inputs; ++c)
              for (Index o = 0; o < g.outputs; ++o)
                visit(((b * g.out_height + i) * g.out_width + j) * g.outputs + o,
                      ((b * g.height + row) * g.width + column) * g.inputs + c,
                      ((m * g.filter_width + n) * g.inputs + c) * g.outputs + o);
          }
  //! [conv2d_loops]
}

}  // namespace

//! [conv2d_definition]
Tensor conv2d_definition(const Tensor& X, const Tensor& F, const Tensor& bias, Index stride,
                         Padding padding) {
  const Geometry g = geometry_of(X.shape, F.shape, stride, padding);
  require_shape(bias, {g.outputs}, "bias of a convolution");
  Tensor Y(g.output_shape());
  for (Index y = 0; y < Y.size(); ++y) Y[y] = bias[y % g.outputs];
  for_each_product(g, [&](Index y, Index x, Index f) { Y[y] += X[x] * F[f]; });  // (3.3)
  return Y;
}

Tensor conv2d_kernel_gradient_definition(const Tensor& X, const Tensor& dY, const Shape& filter_shape,
                                         Index stride, Padding padding) {
  const Geometry g = geometry_of(X.shape, filter_shape, stride, padding);
  require_shape(dY, g.output_shape(), "gradient of a convolution's output");
  Tensor dF(filter_shape);
  for_each_product(g, [&](Index y, Index x, Index f) { dF[f] += dY[y] * X[x]; });  // (3.6)
  return dF;
}

Tensor conv2d_input_gradient_definition(const Tensor& dY, const Tensor& F, const Shape& input_shape,
                                        Index stride, Padding padding) {
  const Geometry g = geometry_of(input_shape, F.shape, stride, padding);
  require_shape(dY, g.output_shape(), "gradient of a convolution's output");
  Tensor dX(input_shape);
  for_each_product(g, [&](Index y, Index x, Index f) { dX[x] += dY[y] * F[f]; });
  return dX;
}
//! [conv2d_definition]

}  // namespace plaingrad
