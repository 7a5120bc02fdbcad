/// @file
/// Drawings as images of MNIST: size, place, proportions, grey edges.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

#include "data/dataset.hpp"
#include "data/drawing.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

namespace {

/// A sheet with one filled rectangle.
Tensor sheet(Index height, Index width, Index top, Index left, Index bottom, Index right, Real ink = 1) {
  Tensor drawing({height, width});
  for (Index r = top; r < bottom; ++r)
    for (Index c = left; c < right; ++c) drawing[r * width + c] = ink;
  return drawing;
}

double mass(const Tensor& image) {
  return std::accumulate(image.values.begin(), image.values.end(), 0.0);
}

/// How much of pixel k lies between two edges.
double covered(double from, double to, Index k) {
  return std::max(0.0, std::min(to, static_cast<double>(k + 1)) - std::max(from, static_cast<double>(k)));
}

void check_rectangle(const Tensor& image, double top, double left, double bottom, double right) {
  BOOST_TEST(image.shape == (Shape{1, 28, 28, 1}), tt::per_element());
  for (Index i = 0; i < 28; ++i)
    for (Index j = 0; j < 28; ++j)
      BOOST_TEST(std::abs(image[i * 28 + j] - covered(top, bottom, i) * covered(left, right, j)) < 1e-6,
                 "pixel " << i << ' ' << j << " is " << image[i * 28 + j]);
}

/// The centre of mass, row and column: 14.5 is the middle of pixel 14.
std::pair<double, double> centre(const Tensor& image) {
  double row = 0, column = 0;
  for (Index i = 0; i < 28; ++i)
    for (Index j = 0; j < 28; ++j) {
      row += image[i * 28 + j] * (static_cast<double>(i) + 0.5);
      column += image[i * 28 + j] * (static_cast<double>(j) + 0.5);
    }
  return {row / mass(image), column / mass(image)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(drawing)

BOOST_AUTO_TEST_CASE(a_rectangle_fills_the_box_from_wherever_it_was_drawn) {
  for (const auto& [top, left] : {std::pair<Index, Index>{0, 0}, {33, 7}, {100, 230}})
    check_rectangle(mnist_image(sheet(200, 280, top, left, top + 100, left + 50)), 4.5, 9.5, 24.5, 19.5);
  check_rectangle(mnist_image(sheet(280, 280, 5, 100, 35, 220)), 12, 4.5, 17, 24.5);
  check_rectangle(mnist_image(sheet(28, 28, 2, 3, 7, 5)), 4.5, 10.5, 24.5, 18.5);  // made larger
}

// Pixels of 28 x 28 are too coarse for the last hundredth.
BOOST_AUTO_TEST_CASE(the_centre_of_mass_and_not_of_the_box_is_in_the_middle) {
  Tensor letter = sheet(280, 280, 40, 60, 200, 90);  // an L
  for (Index r = 170; r < 200; ++r)
    for (Index c = 60; c < 150; ++c) letter[r * 280 + c] = Real(0.7);
  const auto [row, column] = centre(mnist_image(letter));
  BOOST_TEST(std::abs(row - 14.5) < 0.03);
  BOOST_TEST(std::abs(column - 14.5) < 0.03);
  // A faint pixel counts for the box, and hardly for the mass.
  Tensor faint = sheet(100, 100, 0, 0, 10, 10);
  faint[99 * 100 + 9] = Real(1e-6);
  BOOST_TEST(mass(mnist_image(faint)) == 4, tt::tolerance(1e-3));  // 10 x 10 of 100 rows: 2 x 2
}

BOOST_AUTO_TEST_CASE(ink_is_neither_lost_nor_made) {
  // At a scale of 2/3 no edge falls on a pixel's.
  const Tensor image = mnist_image(sheet(90, 50, 11, 13, 41, 20, Real(0.5)));
  BOOST_TEST(mass(image) == 0.5 * 20 * (7.0 * 20 / 30), tt::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(nothing_drawn_is_black) {
  BOOST_TEST(mass(mnist_image(Tensor({50, 40}))) == 0);
  BOOST_TEST(mass(reduced_image(Tensor({50, 40}))) == 0);
}

BOOST_AUTO_TEST_CASE(the_sheet_as_it_is) {
  check_rectangle(reduced_image(sheet(280, 280, 20, 30, 70, 55)), 2, 3, 7, 5.5);
  check_rectangle(reduced_image(sheet(56, 28, 0, 0, 10, 28)), 0, 7, 5, 21);  // narrow: in the middle
}

BOOST_AUTO_TEST_CASE(what_is_not_a_drawing_is_refused) {
  for (const Shape& wrong : {Shape{28}, Shape{28, 28, 1}, Shape{0, 28}})
    for (const auto make : {mnist_image, reduced_image})
      BOOST_CHECK_THROW(make(Tensor(wrong)), std::invalid_argument);
  Tensor lacking({28, 28});
  lacking.values.pop_back();
  for (const auto make : {mnist_image, reduced_image})
    BOOST_CHECK_THROW(make(lacking), std::invalid_argument);
}

// MNIST's own images have their centre of mass there, and as much ink as they would get.
BOOST_AUTO_TEST_CASE(mnist_is_as_mnist_is) {
  const Tensor images = all_images(load_dataset(DatasetName::mnist, "tests/data").test);
  const auto count = static_cast<double>(images.extent(0));
  double mean_row = 0, mean_column = 0;
  for (Index n = 0; n < images.extent(0); ++n) {
    Tensor image = slice(images, n, 1);
    const auto [row, column] = centre(image);
    BOOST_TEST((row >= 14 && row <= 15 && column >= 14 && column <= 15));
    mean_row += row / count;
    mean_column += column / count;
    image.resize({28, 28});
    BOOST_TEST(mass(mnist_image(image)) == mass(slice(images, n, 1)), tt::tolerance(0.12));
  }
  BOOST_TEST(std::abs(mean_row - 14.5) < 0.05);
  BOOST_TEST(std::abs(mean_column - 14.5) < 0.05);
}

BOOST_AUTO_TEST_SUITE_END()
