// Exercise 5: max pooling
//
// Read first: build/docs/html/chapter3.html, sections 3.5 and 3.6.
//
// Each window of size x size elements becomes one, the greatest; windows do not overlap, and rows and columns
// that fill no window are dropped. The gradient of a window goes to the element that was the greatest. Of
// equal ones, which are the rule where an image is black, one gets all of it, say the first. dX stands for
// dL/dX, and so on. backward is given dY and overwrites dX, which the first line has set to zero.
//
// Missing: five lines, where the greatest element of a window is, and what it gets. Write them, then
//
//   make exercise N=5
#include <algorithm>
#include <string>

#include "exercises/exercise.hpp"

using namespace plaingrad;

namespace {

struct MaxPooling {
  int images, rows, columns, channels, size;
  int out_rows = rows / size, out_columns = columns / size;
  Array X{"X", {images, rows, columns, channels}}, Y{"Y", {images, out_rows, out_columns, channels}};
  Array dX{"dX", X.extents()}, dY{"dY", Y.extents()};

  void forward() {
    for (int b = 0; b < images; ++b)
      for (int i = 0; i < out_rows; ++i)
        for (int j = 0; j < out_columns; ++j)
          for (int c = 0; c < channels; ++c) {
            double greatest = X(b, i * size, j * size, c);
            for (int m = 0; m < size; ++m)
              for (int n = 0; n < size; ++n)
                greatest = std::max(greatest, X(b, i * size + m, j * size + n, c));
            Y(b, i, j, c) = greatest;
          }
  }

  void backward() {
    dX.fill(0);
    for (int b = 0; b < images; ++b)
      for (int i = 0; i < out_rows; ++i)
        for (int j = 0; j < out_columns; ++j)
          for (int c = 0; c < channels; ++c) {
            // Your lines here: the row and the column of the greatest element, and its gradient.
            // End of your lines.
          }
  }
};

void check(Exercise& exercise, const std::string& note, MaxPooling p) {
  exercise.check(
      note, {overwritten(p.X, p.dX, "the place of the greatest element")}, p.Y, p.dY, [&] { p.forward(); },
      [&] { p.backward(); });
}

// Where all elements of a window are one number, that number's derivative is the sum of theirs.
void check_equal(Exercise& exercise, const std::string& note, MaxPooling p) {
  Array value("window", p.Y.extents()), sum("the sum of dX in window", p.Y.extents());
  const auto for_all = [&](const auto& use) {
    for (int b = 0; b < p.images; ++b)
      for (int row = 0; row < p.out_rows * p.size; ++row)
        for (int column = 0; column < p.out_columns * p.size; ++column)
          for (int c = 0; c < p.channels; ++c) use(b, row, column, c, row / p.size, column / p.size);
  };
  exercise.check(
      note, {overwritten(value, sum, "equal elements: only one of them gets the gradient")}, p.Y, p.dY,
      [&] {
        for_all([&](int b, int row, int column, int c, int i, int j) {
          p.X(b, row, column, c) = value(b, i, j, c);
        });
        p.forward();
      },
      [&] {
        p.backward();
        sum.fill(0);
        for_all([&](int b, int row, int column, int c, int i, int j) {
          sum(b, i, j, c) += p.dX(b, row, column, c);
        });
      });
}

}  // namespace

int main() {
  Exercise exercise(5, "max pooling", "build/docs/html/chapter3.html#chapter3_6");
  // In each: images, rows, columns, channels; size of a window.
  check(exercise, "one image 4 x 6", {1, 4, 6, 1, 2});
  check(exercise, "a row and two columns left over", {1, 7, 8, 1, 3});
  check(exercise, "a batch of three, two channels", {3, 5, 4, 2, 2});
  check_equal(exercise, "all elements of a window are equal", {2, 4, 6, 2, 2});
  return exercise.verdict();
}
