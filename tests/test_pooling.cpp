/// @file
/// Sections 3.5 and 3.6: max pooling and its mask.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

#include "check_gradients.hpp"
#include "convolution/pooling.hpp"

using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(pooling)

BOOST_AUTO_TEST_CASE(section_3_5_max_pooling_by_hand) {
  const Matrix X{{1, 3, 2, 1}, {4, 2, 0, 5}, {-7, -8, 1, 1}, {-6, -9, 0, 9}};
  BOOST_TEST((max_pool(X, 2) == Matrix{{4, 5}, {-6, 9}}));
  BOOST_TEST((max_pool(X, 4) == Matrix{{9}}));
  BOOST_TEST((max_pool(X, 1) == X));
}

BOOST_AUTO_TEST_CASE(section_3_6_mask_by_hand) {
  const Matrix X{{1, 3, 2, 1}, {4, 2, 0, 5}, {-7, -8, 1, 1}, {-6, -9, 0, 9}};
  BOOST_TEST((max_pool_mask(X, 2) == Matrix{{0, 0, 0, 0}, {1, 0, 0, 1}, {0, 0, 0, 0}, {1, 0, 0, 1}}));
}

BOOST_AUTO_TEST_CASE(section_3_6_first_of_equal_values_is_marked) {
  BOOST_TEST((max_pool_mask({{5, 5}, {5, 5}}, 2) == Matrix{{1, 0}, {0, 0}}));
  BOOST_TEST((max_pool_mask({{1, 1}, {2, 2}}, 2) == Matrix{{0, 0}, {1, 0}}));
  BOOST_TEST((max_pool_mask({{1, 2}, {2, 1}}, 2) == Matrix{{0, 1}, {0, 0}}));
}

BOOST_AUTO_TEST_CASE(section_3_5_leftovers_are_dropped) {
  // The greatest values stand in the row and the column where no window fits.
  const Matrix X{{1, 2, 90}, {3, 4, 91}, {92, 93, 94}};
  BOOST_TEST((max_pool(X, 2) == Matrix{{4}}));
  BOOST_TEST((max_pool_mask(X, 2) == Matrix{{0, 0, 0}, {0, 1, 0}, {0, 0, 0}}));
  BOOST_TEST((max_pool_gradient(max_pool_mask(X, 2), {{7}}, 2) == Matrix{{0, 0, 0}, {0, 7, 0}, {0, 0, 0}}));
}

BOOST_AUTO_TEST_CASE(section_3_6_gradient_goes_where_the_mask_is) {
  const Matrix mask{{0, 0, 0, 1}, {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}};
  const Matrix expected{{0, 0, 0, 2}, {-1, 0, 0, 0}, {0, 3, 0, 0}, {0, 0, 4, 0}};
  BOOST_TEST((max_pool_gradient(mask, {{-1, 2}, {3, 4}}, 2) == expected));
}

BOOST_AUTO_TEST_CASE(section_3_6_gradient_against_numerical_differences) {
  Random random(36);
  for (Index size : {1, 2, 3})
    for (Index height : {3, 4, 7}) {
      const Index width = height + 1, batch = 2, channels = 3;
      Tensor X({batch, height, width, channels});
      random.fill_normal(X);
      Tensor dY({batch, height / size, width / size, channels});
      random.fill_normal(dY);
      const auto loss = [&] {
        const Tensor Y = max_pool_definition(X, size);
        BOOST_REQUIRE(Y.shape == dY.shape);
        double sum = 0;
        for (Index i = 0; i < Y.size(); ++i) sum += Y[i] * dY[i];
        return sum;
      };
      const Tensor dX = max_pool_gradient_definition(max_pool_argmax_definition(X, size), dY, X.shape, size);
      const GradientReport report = check_gradient(X.values, dX.values, loss, "X");
      BOOST_TEST(report.passed(), report);
    }
}

BOOST_AUTO_TEST_CASE(each_channel_of_each_image_is_pooled_by_itself) {
  // (2, 2, 2, 2): channel 1 is the negative of channel 0, image 1 is image 0 plus 10.
  const Tensor X({2, 2, 2, 2}, {1, -1, 2, -2, 4, -4, 3, -3, 11, 9, 12, 8, 14, 6, 13, 7});
  const Tensor Y = max_pool_definition(X, 2);
  BOOST_TEST((Y.shape == Shape{2, 1, 1, 2}));
  BOOST_TEST(Y.values == (std::vector<Real>{4, -1, 14, 9}), boost::test_tools::per_element());
  const std::vector<std::int32_t> argmax = max_pool_argmax_definition(X, 2);
  BOOST_TEST(argmax == (std::vector<std::int32_t>{2, 0, 2, 0}), boost::test_tools::per_element());
  const Tensor dX = max_pool_gradient_definition(argmax, Tensor({2, 1, 1, 2}, {5, 6, 7, 8}), X.shape, 2);
  const std::vector<Real> expected{0, 6, 0, 0, 5, 0, 0, 0, 0, 8, 0, 0, 7, 0, 0, 0};
  BOOST_TEST(dX.values == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused) {
  BOOST_CHECK_THROW(max_pool({{1, 2}}, 2), std::invalid_argument);
  BOOST_CHECK_THROW(max_pool({{1, 2}}, 0), std::invalid_argument);
  BOOST_CHECK_THROW(max_pool_mask(Matrix(), 1), std::invalid_argument);
  BOOST_CHECK_THROW(max_pool_gradient(Matrix(4, 4), Matrix(1, 2), 2), std::invalid_argument);
  BOOST_CHECK_THROW(max_pool_definition(Tensor({4, 4, 1}), 2), std::invalid_argument);
  BOOST_CHECK_THROW(max_pool_argmax_definition(Tensor({4, 4, 1}), 2), std::invalid_argument);
  BOOST_CHECK_THROW(max_pool_gradient_definition({0, 0}, Tensor({1, 2, 1, 1}), {1, 4, 4, 1}, 2),
                    std::invalid_argument);
  BOOST_CHECK_THROW(max_pool_gradient_definition({0, 0}, Tensor({1, 2, 2, 1}), {1, 4, 4, 1}, 2),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
