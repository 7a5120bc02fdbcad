#include "convolution/pooling.hpp"

#include <stdexcept>
#include <string>

#include "convolution/padding.hpp"

namespace plaingrad {

namespace {

Index window_count(Index extent, Index size) {
  return output_extent(extent, size, size, Padding::valid);
}

/// A position in a matrix.
struct Position {
  Index row, column;
};

/// The position of the greatest element of window (i,j), the first of equal ones.
Position window_argmax(const Matrix& X, Index i, Index j, Index size) {
  //! [window_argmax]
  Position best{i * size, j * size};
  for (Index m = 0; m < size; ++m)
    for (Index n = 0; n < size; ++n) {
      const Position p{i * size + m, j * size + n};
      if (is_new_maximum(X(p.row, p.column), X(best.row, best.column))) best = p;
    }
  //! [window_argmax]
  return best;
}

}  // namespace

Matrix max_pool(const Matrix& X, Index size) {
  //! [max_pool]
  Matrix Y(window_count(X.rows(), size), window_count(X.columns(), size));
  for (Index i = 0; i < Y.rows(); ++i)
    for (Index j = 0; j < Y.columns(); ++j) {
      const Position p = window_argmax(X, i, j, size);
      Y(i, j) = X(p.row, p.column);
    }
  //! [max_pool]
  return Y;
}

Matrix max_pool_mask(const Matrix& X, Index size) {
  //! [max_pool_mask]
  Matrix mask(X.rows(), X.columns());
  for (Index i = 0; i < window_count(X.rows(), size); ++i)
    for (Index j = 0; j < window_count(X.columns(), size); ++j) {
      const Position p = window_argmax(X, i, j, size);
      mask(p.row, p.column) = 1;
    }
  //! [max_pool_mask]
  return mask;
}

Matrix max_pool_gradient(const Matrix& mask, const Matrix& dY, Index size) {
  const Index rows = window_count(mask.rows(), size), columns = window_count(mask.columns(), size);
  if (dY.rows() != rows || dY.columns() != columns)
    throw std::invalid_argument("gradient of the pooled map: expected " + std::to_string(rows) + " x " +
                                std::to_string(columns) + ", got " + std::to_string(dY.rows()) + " x " +
                                std::to_string(dY.columns()));
  //! [max_pool_gradient]
  Matrix dX(mask.rows(), mask.columns());
  for (Index i = 0; i < rows * size; ++i)
    for (Index j = 0; j < columns * size; ++j) dX(i, j) = mask(i, j) * dY(i / size, j / size);
  //! [max_pool_gradient]
  return dX;
}

namespace {

/// One channel of one image of a batch (batch, height, width, channels).
Matrix channel_of(const Tensor& X, Index image, Index channel) {
  Matrix M(X.extent(1), X.extent(2));
  for (Index i = 0; i < M.rows(); ++i)
    for (Index j = 0; j < M.columns(); ++j)
      M(i, j) = X[((image * M.rows() + i) * M.columns() + j) * X.extent(3) + channel];
  return M;
}

void set_channel(Tensor& X, Index image, Index channel, const Matrix& M) {
  for (Index i = 0; i < M.rows(); ++i)
    for (Index j = 0; j < M.columns(); ++j)
      X[((image * M.rows() + i) * M.columns() + j) * X.extent(3) + channel] = M(i, j);
}

Shape pooled_shape(const Shape& X, Index size) {
  if (X.size() != 4)
    throw std::invalid_argument("max pooling: expected (batch, height, width, channels), got " +
                                to_string(X));
  return {X[0], window_count(X[1], size), window_count(X[2], size), X[3]};
}

/// The number of window (i,j) of channel c of image b among all values of Y.
std::size_t window_number(const Shape& Y, Index b, Index i, Index j, Index c) {
  return static_cast<std::size_t>(((b * Y[1] + i) * Y[2] + j) * Y[3] + c);
}

}  // namespace

//! [max_pool_definition]
Tensor max_pool_definition(const Tensor& X, Index size) {
  Tensor Y(pooled_shape(X.shape, size));
  for (Index b = 0; b < X.extent(0); ++b)
    for (Index c = 0; c < X.extent(3); ++c) set_channel(Y, b, c, max_pool(channel_of(X, b, c), size));
  return Y;
}

std::vector<std::int32_t> max_pool_argmax_definition(const Tensor& X, Index size) {
  const Shape Y = pooled_shape(X.shape, size);
  std::vector<std::int32_t> elements(static_cast<std::size_t>(element_count(Y)));
  for (Index b = 0; b < Y[0]; ++b)
    for (Index c = 0; c < Y[3]; ++c) {
      const Matrix M = channel_of(X, b, c);
      for (Index i = 0; i < Y[1]; ++i)
        for (Index j = 0; j < Y[2]; ++j) {
          const Position p = window_argmax(M, i, j, size);
          const Index element = (p.row - i * size) * size + p.column - j * size;
          elements[window_number(Y, b, i, j, c)] = static_cast<std::int32_t>(element);
        }
    }
  return elements;
}

Tensor max_pool_gradient_definition(const std::vector<std::int32_t>& elements, const Tensor& dY,
                                    const Shape& X_shape, Index size) {
  const Shape Y = pooled_shape(X_shape, size);
  require_shape(dY, Y, "gradient of the pooled maps");
  if (elements.size() != dY.values.size())
    throw std::invalid_argument("mask of the pooled maps: expected " + std::to_string(dY.size()) +
                                " windows, got " + std::to_string(elements.size()));
  Tensor dX(X_shape);
  for (Index b = 0; b < Y[0]; ++b)
    for (Index c = 0; c < Y[3]; ++c) {
      Matrix mask(X_shape[1], X_shape[2]);
      for (Index i = 0; i < Y[1]; ++i)
        for (Index j = 0; j < Y[2]; ++j) {
          const Index element = elements[window_number(Y, b, i, j, c)];
          mask(i * size + element / size, j * size + element % size) = 1;
        }
      set_channel(dX, b, c, max_pool_gradient(mask, channel_of(dY, b, c), size));
    }
  return dX;
}
//! [max_pool_definition]

}  // namespace plaingrad
