// What convolution.js asks of chapter 3: the output of a 3 x 3 filter or of a smaller one, the products
// behind one output, and where gradients go.
//
// An equation is "3.1", "3.2" or "3.3". The first two turn the kernel by half a turn; the last does not.
// A padding is "valid" or "same", as the layer has them, or "full", as (3.1) has it: every place that touches
// the image.
#include <emscripten/bind.h>

#include <string>

#include "convolution/convolution.hpp"
#include "convolution/filter_gradient.hpp"
#include "matrix.hpp"

using namespace plaingrad;
using emscripten::val;

namespace {

Tensor image_tensor(const Matrix& M) {
  return {{1, M.rows(), M.columns(), 1}, M.values()};
}

Tensor filter_tensor(const Matrix& M) {
  return {{M.rows(), M.columns(), 1, 1}, M.values()};
}

Matrix from_tensor(const Tensor& T, Index rows, Index columns) {
  Matrix M(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) M(i, j) = T[i * columns + j];
  return M;
}

/// Zeros, and `value` at (i, j): with it a linear function tells one of its terms.
Matrix single(Index rows, Index columns, Index i, Index j, Real value) {
  Matrix M(rows, columns);
  M(i, j) = value;
  return M;
}

/// One image, one filter as it lies on the image, and how it moves.
class Filtering {
 public:
  explicit Filtering(const val& setting)
      : X(matrix_of(setting["image"])),
        F(matrix_of(setting["kernel"])),
        equation_(setting["equation"].as<std::string>()),
        full_(setting["padding"].as<std::string>() == "full"),
        padding_(setting["padding"].as<std::string>() == "same" ? Padding::same : Padding::valid),
        stride_(setting["stride"].as<int>()) {
    if (turned()) F = flip(F);
  }

  bool turned() const { return equation_ != "3.3"; }
  /// What is indexed by the kernel's own rows and columns, from what is indexed as the filter lies.
  Matrix by_kernel(const Matrix& M) const { return turned() ? flip(M) : M; }

  /// Of a filter `filter` on an image `image`, of the shapes of F and X.
  Matrix output(const Matrix& image, const Matrix& filter) const {
    if (full_ && equation_ == "3.2") return convolve_commuted(image, flip(filter));
    if (full_) return convolve(image, flip(filter));
    if (plain()) return cross_correlate(image, filter);
    const Tensor Y =
        conv2d_definition(image_tensor(image), filter_tensor(filter), Tensor({1}), stride_, padding_);
    return from_tensor(Y, Y.extent(1), Y.extent(2));
  }

  Matrix filter_gradient(const Matrix& dY) const {
    if (full_) return flip(cross_correlate(dY, X));
    if (plain()) return plaingrad::filter_gradient(X, dY);
    return from_tensor(conv2d_kernel_gradient_definition(image_tensor(X), image_tensor(dY),
                                                         {F.rows(), F.columns(), 1, 1}, stride_, padding_),
                       F.rows(), F.columns());
  }

  Matrix image_gradient(const Matrix& dY) const {
    if (full_) return cross_correlate(dY, flip(F));
    if (plain()) return plaingrad::image_gradient(dY, F);
    return from_tensor(conv2d_input_gradient_definition(image_tensor(dY), filter_tensor(F),
                                                        {1, X.rows(), X.columns(), 1}, stride_, padding_),
                       X.rows(), X.columns());
  }

  /// Zeros above the image, or to the left of it.
  Index before(Index image, Index filter) const {
    return full_ ? filter - 1 : padding_before(image, filter, stride_, padding_);
  }

  const Matrix X;
  Matrix F;

 private:
  /// What (3.3)-(3.6) are written for; the layer's definition has them for any stride and padding.
  bool plain() const { return padding_ == Padding::valid && stride_ == 1; }

  std::string equation_;
  bool full_;
  Padding padding_;
  Index stride_;
};

/// {Y, filter, top, left}: the output, the kernel as it lies on the image, and the zeros before the image.
val forward(const val& setting) {
  const Filtering f(setting);
  val result = val::object();
  result.set("Y", object_of(f.output(f.X, f.F)));
  result.set("filter", object_of(f.F));
  result.set("top", static_cast<int>(f.before(f.X.rows(), f.F.rows())));
  result.set("left", static_cast<int>(f.before(f.X.columns(), f.F.columns())));
  return result;
}

/// {pixels, products, sum} of the output (i, j): the pixels under the filter, (3.4), and each times its
/// element.
val output_terms(const val& setting, int i, int j) {
  const Filtering f(setting);
  const Matrix Y = f.output(f.X, f.F);
  Matrix products(f.F.rows(), f.F.columns());
  for (Index m = 0; m < f.F.rows(); ++m)
    for (Index n = 0; n < f.F.columns(); ++n)
      products(m, n) = f.output(f.X, single(f.F.rows(), f.F.columns(), m, n, f.F(m, n)))(i, j);
  val result = val::object();
  result.set("pixels", object_of(f.filter_gradient(single(Y.rows(), Y.columns(), i, j, 1))));
  result.set("products", object_of(products));
  result.set("sum", Y(i, j));
  return result;
}

/// {dK, dX} from dY = dL/dY.
val backward(const val& setting, const val& dY) {
  const Filtering f(setting);
  val result = val::object();
  result.set("dK", object_of(f.by_kernel(f.filter_gradient(matrix_of(dY)))));
  result.set("dX", object_of(f.image_gradient(matrix_of(dY))));
  return result;
}

/// {pixels, products} for the kernel's element (m, n), both of the output's shape: the pixel that output k
/// meets it with, (3.4), and that times dL/dY_k, (3.5).
val kernel_terms(const val& setting, const val& upstream, int m, int n) {
  const Filtering f(setting);
  const Matrix dY = matrix_of(upstream);
  const Matrix element = f.by_kernel(single(f.F.rows(), f.F.columns(), m, n, 1));
  Matrix products(dY.rows(), dY.columns());
  for (Index i = 0; i < dY.rows(); ++i)
    for (Index j = 0; j < dY.columns(); ++j)
      products(i, j) = f.by_kernel(f.filter_gradient(single(dY.rows(), dY.columns(), i, j, dY(i, j))))(m, n);
  val result = val::object();
  result.set("pixels", object_of(f.output(f.X, element)));
  result.set("products", object_of(products));
  return result;
}

/// {reached, weights, products} for the pixel (r, t), all of the output's shape: 1 where an output's window
/// holds the pixel, the filter's element that meets it there, and that times dL/dY.
val pixel_terms(const val& setting, const val& upstream, int r, int t) {
  const Filtering f(setting);
  const Matrix dY = matrix_of(upstream), pixel = single(f.X.rows(), f.X.columns(), r, t, 1);
  Matrix ones(f.F.rows(), f.F.columns());
  for (Index m = 0; m < ones.rows(); ++m)
    for (Index n = 0; n < ones.columns(); ++n) ones(m, n) = 1;
  Matrix products(dY.rows(), dY.columns());
  for (Index i = 0; i < dY.rows(); ++i)
    for (Index j = 0; j < dY.columns(); ++j)
      products(i, j) = f.image_gradient(single(dY.rows(), dY.columns(), i, j, dY(i, j)))(r, t);
  val result = val::object();
  result.set("reached", object_of(f.output(pixel, ones)));
  result.set("weights", object_of(f.output(pixel, f.F)));
  result.set("products", object_of(products));
  return result;
}

}  // namespace

EMSCRIPTEN_BINDINGS(convolution) {
  emscripten::function("forward", &forward);
  emscripten::function("outputTerms", &output_terms);
  emscripten::function("backward", &backward);
  emscripten::function("kernelTerms", &kernel_terms);
  emscripten::function("pixelTerms", &pixel_terms);
  emscripten::function("randomNumbers", &random_numbers);
}
