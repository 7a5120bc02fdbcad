/// @file
/// Functions of tensors, slice(), argmax() and all_finite(); and the mean of numbers.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "losses/loss.hpp"
#include "math/statistics.hpp"
#include "math/tensor.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(tensor)

BOOST_AUTO_TEST_CASE(strides_and_indices_are_row_major) {
  const Shape shape{2, 3, 4};
  BOOST_TEST(stride_along(shape, 0) == 12);
  BOOST_TEST(stride_along(shape, 1) == 4);
  BOOST_TEST(stride_along(shape, 2) == 1);
  Index position = 0;
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < 4; ++k, ++position) {
        BOOST_TEST(index_along(shape, 0, position) == i);
        BOOST_TEST(index_along(shape, 1, position) == j);
        BOOST_TEST(index_along(shape, 2, position) == k);
      }
  const auto names_both = [](const std::invalid_argument& error) {
    return error.what() == std::string("axis 3 of a shape (2, 3, 4)");
  };
  BOOST_CHECK_EXCEPTION(stride_along(shape, 3), std::invalid_argument, names_both);
  BOOST_CHECK_EXCEPTION(index_along(shape, 3, 0), std::invalid_argument, names_both);
  const Index large = Index(1) << 32;
  BOOST_TEST(stride_along({large, large, 3}, 1) == 3);
  BOOST_CHECK_THROW(stride_along({1, large, large}, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(counts_beyond_the_range_of_an_index_are_refused) {
  const Index large = Index(1) << 32, greatest = std::numeric_limits<Index>::max();
  BOOST_TEST(element_count({large, large / 2 - 1}) == large * (large / 2 - 1));
  BOOST_TEST(element_count({1, greatest, 1}) == greatest);
  for (const Shape& shape : {Shape{large, large, 0}, Shape{0, large, large}, Shape{large, 0, large}})
    BOOST_TEST(element_count(shape) == 0);
  for (const Shape& shape : {Shape{large, large}, Shape{2, greatest}, Shape{large, large / 2}})
    BOOST_CHECK_EXCEPTION(element_count(shape), std::invalid_argument,
                          [&](const std::invalid_argument& error) {
                            return error.what() == "a shape has too many values: " + to_string(shape);
                          });
}

BOOST_AUTO_TEST_CASE(a_slice_is_some_samples_in_order) {
  const Tensor batch({4, 1, 2}, {0, 1, 2, 3, 4, 5, 6, 7});
  const Tensor middle = slice(batch, 1, 2);
  BOOST_TEST(middle.shape == (Shape{2, 1, 2}), tt::per_element());
  BOOST_TEST(middle.values == (std::vector<Real>{2, 3, 4, 5}), tt::per_element());
  Tensor part({7, 7});
  slice(batch, 3, 1, part);
  BOOST_TEST(part.shape == (Shape{1, 1, 2}), tt::per_element());
  BOOST_TEST(part.values == (std::vector<Real>{6, 7}), tt::per_element());
  BOOST_TEST(slice(batch, 4, 0).size() == 0);
  BOOST_TEST(slice(Tensor({0, 3}), 0, 0).size() == 0);
}

BOOST_AUTO_TEST_CASE(a_slice_beyond_the_batch_is_refused) {
  const Tensor batch({4, 2});
  BOOST_CHECK_THROW(slice(batch, -1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(slice(batch, 0, -1), std::invalid_argument);
  BOOST_CHECK_THROW(slice(batch, 3, 2), std::invalid_argument);
  BOOST_CHECK_THROW(slice(batch, 5, 0), std::invalid_argument);
  BOOST_CHECK_THROW(slice(batch, 3, std::numeric_limits<Index>::max()), std::invalid_argument);
  BOOST_CHECK_THROW(slice(Tensor(), 0, 1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(argmax_is_the_first_greatest_of_each_row) {
  BOOST_TEST(argmax(Tensor({3, 3}, {1, 5, 5, -3, -2, -7, 9, 0, 0})) == (std::vector<Index>{1, 1, 0}),
             tt::per_element());
  BOOST_TEST(argmax(Tensor({2, 1}, {-1, 4})) == (std::vector<Index>{0, 0}), tt::per_element());
  BOOST_TEST(argmax(Tensor({0, 3})).empty());
  BOOST_CHECK_THROW(argmax(Tensor({3})), std::invalid_argument);
  BOOST_CHECK_THROW(argmax(Tensor({3, 0})), std::invalid_argument);
  for (const Index place : {0, 2, 3, 5}) {
    Tensor spoiled({2, 3});
    spoiled[place] = std::numeric_limits<Real>::quiet_NaN();
    const std::string where = "row " + std::to_string(place / 3) + ", column " + std::to_string(place % 3);
    BOOST_CHECK_EXCEPTION(argmax(spoiled), std::invalid_argument, [&](const std::invalid_argument& error) {
      return std::string(error.what()).find(where) != std::string::npos;
    });
  }
}

// The shape () would promise one value.
BOOST_AUTO_TEST_CASE(a_tensor_has_the_values_that_its_shape_says) {
  Tensor nothing;
  BOOST_TEST(nothing.size() == element_count(nothing.shape));
  Tensor scalar;
  scalar.resize({});
  BOOST_TEST(scalar.size() == 1);
  scalar.values.clear();
  scalar.resize({});
  BOOST_TEST(scalar.size() == 1);
  Tensor gradient;
  BOOST_TEST(mean_squared_error(Tensor({}, {3}), Tensor({}, {1}), gradient) == 4.0);
  BOOST_TEST(gradient.size() == 1);
  BOOST_CHECK_THROW(mean_squared_error(Tensor({}, {3}), nothing, gradient), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(one_value_that_is_not_finite_is_enough) {
  Tensor t({2, 2}, {1, std::numeric_limits<Real>::max(), -1, 0});
  BOOST_TEST(all_finite(t));
  for (const double bad : {HUGE_VAL, -HUGE_VAL, std::numeric_limits<double>::quiet_NaN()}) {
    t[3] = static_cast<Real>(bad);
    BOOST_TEST(!all_finite(t));
  }
}

// In blocks of 16,384 values, each of them by a thread of its own.
BOOST_AUTO_TEST_CASE(it_may_stand_anywhere) {
  Tensor t({40000});
  for (const Index place : {0, 1, 16383, 16384, 16385, 32767, 32768, 39998, 39999}) {
    t[place] = -2;
    BOOST_TEST(!all_within(t, 1.5), place);
    BOOST_TEST(all_within(t, 2), place);
    t[place] = 0;
  }
  BOOST_TEST(all_within(t, 0));
}

BOOST_AUTO_TEST_CASE(mean_by_hand) {
  BOOST_TEST(mean(std::vector<double>{1, 2, 6}) == 3.0);
  BOOST_TEST(mean(std::vector<float>(3, 0.1f)) == static_cast<double>(0.1f), tt::tolerance(1e-15));
  BOOST_CHECK_THROW(mean(std::vector<double>{}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
