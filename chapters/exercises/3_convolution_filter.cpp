// Exercise 3: convolution, the gradient of the filter
//
// Read first: build/docs/html/chapter3.html, section 3.4, up to "The gradient of the image".
//
//   dL/dF(m, n) = sum over (i, j) of dL/dY(i, j) X(i + m, j + n)                                  (3.6)
//
// Here for a batch of images with several channels, several filters, and windows that are `stride` apart:
// filter k has the elements F(m, n, c, k), and output (i, j) sees the window that begins at row i stride,
// column j stride. dF stands for dL/dF, and so on. backward is given dY and adds to dF.
//
// Missing: four lines, what the output element Y(b, i, j, k) contributes to dF. Write them, then
//
//   make exercise N=3
#include <string>

#include "exercises/exercise.hpp"

using namespace plaingrad;

namespace {

struct Convolution {
  int images, rows, columns, channels, filters, filter_rows, filter_columns, stride;
  int out_rows = (rows - filter_rows) / stride + 1, out_columns = (columns - filter_columns) / stride + 1;
  Array X{"X", {images, rows, columns, channels}}, F{"F", {filter_rows, filter_columns, channels, filters}};
  Array Y{"Y", {images, out_rows, out_columns, filters}};
  Array dF{"dF", F.extents()}, dY{"dY", Y.extents()};

  void forward() {
    Y.fill(0);
    for (int b = 0; b < images; ++b)
      for (int i = 0; i < out_rows; ++i)
        for (int j = 0; j < out_columns; ++j)
          for (int k = 0; k < filters; ++k)
            for (int m = 0; m < filter_rows; ++m)
              for (int n = 0; n < filter_columns; ++n)
                for (int c = 0; c < channels; ++c)
                  Y(b, i, j, k) += X(b, i * stride + m, j * stride + n, c) * F(m, n, c, k);
  }

  //! [backward]
  void backward() {
    for (int b = 0; b < images; ++b)
      for (int i = 0; i < out_rows; ++i)
        for (int j = 0; j < out_columns; ++j)
          for (int k = 0; k < filters; ++k) {
            // Your lines here: what Y(b, i, j, k) adds to each element of filter k.
            // End of your lines.
          }
  }
  //! [backward]
};

void check(Exercise& exercise, const std::string& note, Convolution layer) {
  draw(layer.X);
  exercise.check(
      note, {added(layer.F, layer.dF, "(3.6)")}, layer.Y, layer.dY, [&] { layer.forward(); },
      [&] { layer.backward(); });
}

}  // namespace

int main() {
  Exercise exercise(3, "convolution, the gradient of the filter", "build/docs/html/chapter3.html#chapter3_4");
  // In each: images, rows, columns, channels; filters, their rows and columns, stride.
  check(exercise, "a filter of 1 x 1", {1, 3, 4, 1, 1, 1, 1, 1});
  check(exercise, "one image 5 x 4, one filter 3 x 2", {1, 5, 4, 1, 1, 3, 2, 1});
  check(exercise, "two channels, three filters", {1, 4, 5, 2, 3, 2, 3, 1});
  check(exercise, "stride 2", {1, 7, 5, 1, 1, 3, 3, 2});
  check(exercise, "stride 2, a row and a column left over", {1, 6, 8, 1, 2, 3, 3, 2});
  check(exercise, "a batch of three, stride 3", {3, 7, 8, 2, 2, 2, 1, 3});
  return exercise.verdict();
}
