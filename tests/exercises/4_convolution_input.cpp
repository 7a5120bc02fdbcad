// Exercise 4: convolution, the gradient of its input
//
// Read first: build/docs/html/chapter3.html, section 3.4, "The gradient of the image" and "From the equation
// to the layer".
//
// Output (i, j) sees the window that begins at row i stride - padding, column j stride - padding; where the
// window reaches beyond the image there are zeros. So
//
//   Y(i, j) = sum over (m, n) of X(i stride - padding + m, j stride - padding + n) F(m, n),
//
// and a pixel has a share in every output whose window covers it. dX stands for dL/dX, and so on. backward is
// given dY and overwrites dX, which the first line has set to zero.
//
// Missing: three lines, what the output element Y(b, i, j, k) contributes to dX. Write them, then
//
//   make exercise N=4
#include <string>

#include "exercises/exercise.hpp"

using namespace plaingrad;

namespace {

struct Convolution {
  int images, rows, columns, channels, filters, filter_rows, filter_columns, stride, padding;
  int out_rows = (rows + 2 * padding - filter_rows) / stride + 1;
  int out_columns = (columns + 2 * padding - filter_columns) / stride + 1;
  Array X{"X", {images, rows, columns, channels}}, F{"F", {filter_rows, filter_columns, channels, filters}};
  Array Y{"Y", {images, out_rows, out_columns, filters}};
  Array dX{"dX", X.extents()}, dY{"dY", Y.extents()};

  bool inside(int row, int column) const { return row >= 0 && row < rows && column >= 0 && column < columns; }

  void forward() {
    Y.fill(0);
    for (int b = 0; b < images; ++b)
      for (int i = 0; i < out_rows; ++i)
        for (int j = 0; j < out_columns; ++j)
          for (int k = 0; k < filters; ++k)
            for (int m = 0; m < filter_rows; ++m)
              for (int n = 0; n < filter_columns; ++n) {
                const int row = i * stride - padding + m, column = j * stride - padding + n;
                for (int c = 0; inside(row, column) && c < channels; ++c)
                  Y(b, i, j, k) += X(b, row, column, c) * F(m, n, c, k);
              }
  }

  void backward() {
    dX.fill(0);
    for (int b = 0; b < images; ++b)
      for (int i = 0; i < out_rows; ++i)
        for (int j = 0; j < out_columns; ++j)
          for (int k = 0; k < filters; ++k)
            for (int m = 0; m < filter_rows; ++m)
              for (int n = 0; n < filter_columns; ++n) {
                // Your lines here: the pixel under F(m, n), and what it gets in each channel.
                const int row = i * stride - padding + m, column = j * stride - padding + n;
                for (int c = 0; inside(row, column) && c < channels; ++c)
                  dX(b, row, column, c) += dY(b, i, j, k) * F(m, n, c, k);
                // End of your lines.
              }
  }
};

void check(Exercise& exercise, const std::string& note, Convolution layer) {
  draw(layer.F);
  exercise.check(
      note, {overwritten(layer.X, layer.dX, "the sum over all windows that cover a pixel")}, layer.Y,
      layer.dY, [&] { layer.forward(); }, [&] { layer.backward(); });
}

}  // namespace

int main() {
  Exercise exercise(4, "convolution, the gradient of its input",
                    "build/docs/html/chapter3.html#chapter3_4_image");
  // In each: images, rows, columns, channels; filters, their rows and columns, stride, padding.
  check(exercise, "a filter of 1 x 1", {1, 3, 4, 1, 1, 1, 1, 1, 0});
  check(exercise, "one image 5 x 4, one filter 3 x 2", {1, 5, 4, 1, 1, 3, 2, 1, 0});
  check(exercise, "two channels, three filters", {1, 4, 5, 2, 3, 2, 3, 1, 0});
  check(exercise, "stride 2, a row and a column left over", {1, 6, 8, 1, 2, 3, 3, 2, 0});
  check(exercise, "zeros around the image", {1, 4, 5, 1, 1, 3, 3, 1, 1});
  check(exercise, "a batch of three, stride 2, zeros around", {3, 6, 5, 2, 2, 3, 2, 2, 1});
  check(exercise, "stride 3, pixels that no window covers", {2, 7, 8, 1, 1, 2, 1, 3, 0});
  return exercise.verdict();
}
