/// @file
/// Sections 3.1, 3.3 and 3.4: (3.1)-(3.6) against numbers worked out by hand, against each other and against
/// numerical differences.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <sstream>

#include "check_gradients.hpp"
#include "convolution/convolution.hpp"
#include "convolution/filter_gradient.hpp"
#include "layer_sums.hpp"
#include "math/random.hpp"

using namespace plaingrad;

namespace {

Matrix random_matrix(Index rows, Index columns, Random& random) {
  Matrix M(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) M(i, j) = random.normal();
  return M;
}

Real relative_error(Real a, Real b) {
  return std::abs(a - b) / std::max({std::abs(a), std::abs(b), Real(1)});
}

void check_close(const Matrix& a, const Matrix& b, Real tolerance = 1e-12) {
  BOOST_REQUIRE_EQUAL(a.rows(), b.rows());
  BOOST_REQUIRE_EQUAL(a.columns(), b.columns());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.columns(); ++j)
      BOOST_TEST(relative_error(a(i, j), b(i, j)) < tolerance,
                 "(" << i << ", " << j << "): " << a(i, j) << " and " << b(i, j));
}

/// Whether `analytic` is the derivative of `loss` with respect to `value`.
bool is_derivative(Real analytic, Real& value, const std::function<double()>& loss) {
  return check_gradient({&value, 1}, {&analytic, 1}, loss, "value").passed();
}

/// Every element of `gradient` against the numerical derivative with respect to the same element of
/// `variable`.
void check_gradient(const Tensor& gradient, Tensor& variable, const std::function<double()>& loss,
                    const std::string& what) {
  BOOST_REQUIRE(gradient.shape == variable.shape);
  const GradientReport report = plaingrad::check_gradient(variable.values, gradient.values, loss, what);
  BOOST_TEST(report.passed(), report);
}

Real dot(const Tensor& a, const Tensor& b) {
  BOOST_REQUIRE(a.shape == b.shape);
  Real sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Real dot(const Matrix& a, const Matrix& b) {
  Real sum = 0;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.columns(); ++j) sum += a(i, j) * b(i, j);
  return sum;
}

/// One geometry of conv2d_definition().
struct Case {
  Index height, width, filter_height, filter_width, stride;
  Padding padding;

  std::string text() const {
    std::ostringstream out;
    out << height << " x " << width << ", filter " << filter_height << " x " << filter_width << ", stride "
        << stride << (padding == Padding::same ? ", same" : ", valid");
    return out.str();
  }
};

/// Every small geometry that exists, most of which do not divide evenly.
std::vector<Case> small_cases() {
  std::vector<Case> cases;
  for (Index size : {1, 2, 3, 4, 5, 6, 7})
    for (Index filter : {1, 2, 3, 4})
      for (Index stride : {1, 2, 3})
        for (Padding padding : {Padding::valid, Padding::same})
          if (padding == Padding::same || filter <= size)
            cases.push_back({size, size + 1, filter, filter, stride, padding});
  cases.push_back({7, 6, 1, 3, 2, Padding::same});
  cases.push_back({6, 7, 3, 2, 1, Padding::valid});
  return cases;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(convolution)

BOOST_AUTO_TEST_CASE(eq_3_1_by_hand) {
  // (1 2; 3 4) * (5 6; 7 8), worked out on paper from (3.1).
  const Matrix expected{{5, 16, 12}, {22, 60, 40}, {21, 52, 32}};
  BOOST_TEST((convolve({{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}) == expected));
}

BOOST_AUTO_TEST_CASE(eq_3_1_of_an_impulse_is_the_kernel) {
  Matrix impulse(3, 4);
  impulse(1, 2) = 1;
  const Matrix K{{1, 2, 3}, {4, 5, 6}};
  const Matrix S = convolve(impulse, K);
  BOOST_TEST(S.rows() == 4);
  BOOST_TEST(S.columns() == 6);
  for (Index i = 0; i < S.rows(); ++i)
    for (Index j = 0; j < S.columns(); ++j) {
      const bool inside = i >= 1 && i < 3 && j >= 2 && j < 5;
      BOOST_TEST(S(i, j) == (inside ? K(i - 1, j - 2) : 0));
    }
}

BOOST_AUTO_TEST_CASE(eq_3_2_by_hand) {
  const Matrix expected{{5, 16, 12}, {22, 60, 40}, {21, 52, 32}};
  BOOST_TEST((convolve_commuted({{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}) == expected));
}

BOOST_AUTO_TEST_CASE(eq_3_2_equals_eq_3_1_on_odd_sizes) {
  Random random(31);
  for (Index height : {1, 2, 5})
    for (Index width : {1, 3, 4})
      for (Index kernel_height : {1, 2, 3})
        for (Index kernel_width : {1, 3, 6}) {
          const Matrix I = random_matrix(height, width, random);
          const Matrix K = random_matrix(kernel_height, kernel_width, random);
          check_close(convolve(I, K), convolve_commuted(I, K));
          check_close(convolve(I, K), convolve(K, I));  // commutative in the plain sense too
        }
}

BOOST_AUTO_TEST_CASE(eq_3_1_is_not_what_a_layer_computes) {
  const Matrix X{{1, 2, 3}, {4, 5, 6}, {7, 8, 10}}, F{{1, 2}, {3, 4}};
  const Matrix S = convolve(X, F), with_flipped = convolve(X, flip(F));
  const Matrix Y = cross_correlate(X, F);
  const Matrix inner{{S(1, 1), S(1, 2)}, {S(2, 1), S(2, 2)}};
  const Matrix inner_flipped{{with_flipped(1, 1), with_flipped(1, 2)},
                             {with_flipped(2, 1), with_flipped(2, 2)}};
  BOOST_TEST(!(Y == inner));
  BOOST_TEST(
      (Y == inner_flipped));  // a cross-correlation is a convolution with the flipped kernel, cut to size
}

BOOST_AUTO_TEST_CASE(flip_turns_by_half_a_turn) {
  BOOST_TEST((flip({{1, 2, 3}, {4, 5, 6}}) == Matrix{{6, 5, 4}, {3, 2, 1}}));
}

BOOST_AUTO_TEST_CASE(eq_3_3_by_hand) {
  const Matrix Y = cross_correlate({{1, 2, 0}, {0, 1, 3}, {2, 1, 1}}, {{1, -1}, {2, 1}});
  BOOST_TEST((Y == Matrix{{0, 7}, {4, 1}}));
}

BOOST_AUTO_TEST_CASE(eq_3_4_is_the_pixel_under_the_filter) {
  Random random(34);
  const Matrix X = random_matrix(4, 5, random);
  Matrix F = random_matrix(2, 3, random);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j)
      for (Index m = 0; m < 2; ++m)
        for (Index n = 0; n < 3; ++n) {
          const auto Y = [&] { return cross_correlate(X, F)(i, j); };
          BOOST_TEST(is_derivative(output_derivative(X, i, j, m, n), F(m, n), Y));
        }
}

BOOST_AUTO_TEST_CASE(eq_3_5_is_one_term_of_the_chain_rule) {
  Random random(35);
  const Matrix X = random_matrix(4, 4, random), dY = random_matrix(2, 3, random);
  Matrix F = random_matrix(3, 2, random);
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 3; ++j) {
      // A loss that only the output (i,j) takes part in: its gradient is that one term.
      const auto loss = [&] { return dY(i, j) * cross_correlate(X, F)(i, j); };
      BOOST_TEST(is_derivative(chain_rule_term(X, dY, i, j, 2, 1), F(2, 1), loss));
    }
}

BOOST_AUTO_TEST_CASE(eq_3_6_by_hand) {
  const Matrix dF = filter_gradient({{1, 2, 0}, {0, 1, 3}, {2, 1, 1}}, {{1, 2}, {-1, 3}});
  BOOST_TEST((dF == Matrix{{8, 10}, {3, 9}}));
}

BOOST_AUTO_TEST_CASE(eq_3_6_against_numerical_differences) {
  Random random(36);
  for (Index filter : {1, 2, 3, 5}) {
    const Matrix X = random_matrix(5, 7, random), T = random_matrix(6 - filter, 8 - filter, random);
    Matrix F = random_matrix(filter, filter, random);
    const auto loss = [&] {
      const Matrix Y = cross_correlate(X, F);
      return dot(Y, Y) / 2 - dot(Y, T);
    };
    Matrix dY = cross_correlate(X, F);  // dL/dY = Y - T
    for (Index i = 0; i < dY.rows(); ++i)
      for (Index j = 0; j < dY.columns(); ++j) dY(i, j) -= T(i, j);
    const Matrix dF = filter_gradient(X, dY);
    for (Index m = 0; m < filter; ++m)
      for (Index n = 0; n < filter; ++n) BOOST_TEST(is_derivative(dF(m, n), F(m, n), loss));
  }
}

BOOST_AUTO_TEST_CASE(eq_3_3_as_printed_fails) {
  // Without the sum, Y_ij = X_ij F_ij, each filter element would meet one output only: dL/dF_ij = dL/dY_ij
  // X_ij.
  Random random(37);
  const Matrix X = random_matrix(4, 4, random), dY = random_matrix(2, 2, random);
  Matrix F = random_matrix(3, 3, random);
  const auto loss = [&] { return dot(dY, cross_correlate(X, F)); };
  const Matrix dF = filter_gradient(X, dY);
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 2; ++j) {
      BOOST_TEST(!is_derivative(dY(i, j) * X(i, j), F(i, j), loss));
      BOOST_TEST(is_derivative(dF(i, j), F(i, j), loss));
    }
}

BOOST_AUTO_TEST_CASE(image_gradient_is_a_convolution) {
  Random random(38);
  Matrix X = random_matrix(5, 4, random);
  const Matrix F = random_matrix(2, 3, random), dY = random_matrix(4, 2, random);
  const Matrix dX = image_gradient(dY, F);
  const auto loss = [&] { return dot(dY, cross_correlate(X, F)); };
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 4; ++j) BOOST_TEST(is_derivative(dX(i, j), X(i, j), loss));
}

BOOST_AUTO_TEST_CASE(filter_update_lowers_the_loss_and_the_printed_one_does_not) {
  const Matrix X{{1, 2}, {3, 4}};
  const auto loss = [&](const Matrix& F) { return std::pow(cross_correlate(X, F)(0, 0) - 1, 2) / 2; };
  const Matrix F{{1, 2}, {1, 0}};
  const Matrix dF = filter_gradient(X, Matrix{{cross_correlate(X, F)(0, 0) - 1}});
  BOOST_TEST((dF == Matrix{{7, 14}, {21, 28}}));
  BOOST_TEST((updated_filter(F, dF, 0.5) == Matrix{{-2.5, -5}, {-9.5, -14}}));
  Matrix printed = F;  // the gradient times the current filter and the learning rate, added to the filter
  for (Index m = 0; m < 2; ++m)
    for (Index n = 0; n < 2; ++n) printed(m, n) += 0.01 * F(m, n) * dF(m, n);
  BOOST_TEST(loss(updated_filter(F, dF, 0.01)) < loss(F));
  BOOST_TEST(loss(printed) > loss(F));
}

// ---- batches, channels, stride, padding ------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(padding_as_keras_has_it) {
  BOOST_TEST(output_extent(28, 3, 1, Padding::valid) == 26);
  BOOST_TEST(output_extent(11, 2, 2, Padding::valid) == 5);  // the last row is left over
  BOOST_TEST(output_extent(28, 3, 2, Padding::same) == 14);
  BOOST_TEST(output_extent(14, 3, 2, Padding::same) == 7);
  BOOST_TEST(output_extent(7, 3, 2, Padding::same) == 4);
  BOOST_TEST(padding_before(28, 3, 2, Padding::same) == 0);  // one zero in all, after the last row
  BOOST_TEST(padding_before(7, 3, 2, Padding::same) == 1);
  BOOST_TEST(padding_before(28, 3, 1, Padding::same) == 1);
  BOOST_TEST(padding_before(28, 5, 2, Padding::same) == 1);  // three in all, the odd one after
  BOOST_TEST(padding_before(4, 1, 2, Padding::same) == 0);   // never less than none
  BOOST_TEST(padding_before(28, 3, 1, Padding::valid) == 0);
  BOOST_CHECK_THROW(output_extent(2, 3, 1, Padding::valid), std::invalid_argument);
  BOOST_TEST(output_extent(2, 3, 1, Padding::same) == 2);
  BOOST_CHECK_THROW(output_extent(0, 1, 1, Padding::same), std::invalid_argument);
  BOOST_CHECK_THROW(output_extent(1, 0, 1, Padding::same), std::invalid_argument);
  BOOST_CHECK_THROW(output_extent(1, 1, 0, Padding::same), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(conv2d_by_hand_with_channels_bias_stride_and_padding) {
  // Two channels: the second is ten times the first. Filter 0 sums the window, filter 1 takes its lower right
  // corner. Three columns at stride 2 under `same` have one column of zeros on either side, as have the rows.
  Tensor X({1, 3, 3, 2}), F({3, 3, 2, 2});
  for (Index i = 0; i < 9; ++i) {
    X[2 * i] = Real(i + 1);
    X[2 * i + 1] = Real(10 * (i + 1));
  }
  for (Index f = 0; f < 9; ++f) F[(f * 2 + 0) * 2 + 0] = F[(f * 2 + 1) * 2 + 0] = 1;
  F[(8 * 2 + 0) * 2 + 1] = 1;
  const Tensor Y = conv2d_definition(X, F, Tensor({2}, {0.5, -1}), 2, Padding::same);
  const std::vector<Real> expected{11 * (1 + 2 + 4 + 5) + 0.5, 5 - 1, 11 * (2 + 3 + 5 + 6) + 0.5, -1,
                                   11 * (4 + 5 + 7 + 8) + 0.5, -1,    11 * (5 + 6 + 8 + 9) + 0.5, -1};
  BOOST_TEST((Y.shape == Shape{1, 2, 2, 2}));
  BOOST_TEST(Y.values == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(conv2d_of_one_channel_is_the_cross_correlation) {
  Random random(40);
  const Matrix X = random_matrix(6, 5, random), F = random_matrix(3, 2, random),
               dY = random_matrix(4, 4, random);
  const Tensor x({1, 6, 5, 1}, X.values()), f({3, 2, 1, 1}, F.values()), dy({1, 4, 4, 1}, dY.values());
  const Tensor y = conv2d_definition(x, f, Tensor({1}), 1, Padding::valid);
  const Tensor df = conv2d_kernel_gradient_definition(x, dy, f.shape, 1, Padding::valid);
  const Tensor dx = conv2d_input_gradient_definition(dy, f, x.shape, 1, Padding::valid);
  const auto same = [](const Tensor& tensor, const Matrix& M) {
    for (Index i = 0; i < tensor.size(); ++i)
      BOOST_TEST(relative_error(tensor[i], M.values()[std::size_t(i)]) < 1e-12);
  };
  same(y, cross_correlate(X, F));
  same(df, filter_gradient(X, dY));
  same(dx, image_gradient(dY, F));
}

BOOST_AUTO_TEST_CASE(eq_3_6_conv2d_gradients_on_every_small_geometry) {
  Random random(41);
  for (const Case& c : small_cases()) {
    Tensor X = random_tensor({2, c.height, c.width, 2}, random);
    Tensor F = random_tensor({c.filter_height, c.filter_width, 2, 3}, random);
    const Tensor bias = random_tensor({3}, random);
    const auto forward = [&] { return conv2d_definition(X, F, bias, c.stride, c.padding); };
    const Tensor dY = random_tensor(forward().shape, random);
    const auto loss = [&] { return dot(dY, forward()); };
    check_gradient(conv2d_kernel_gradient_definition(X, dY, F.shape, c.stride, c.padding), F, loss,
                   c.text() + ", dL/dF");
    check_gradient(conv2d_input_gradient_definition(dY, F, X.shape, c.stride, c.padding), X, loss,
                   c.text() + ", dL/dX");
  }
}

BOOST_AUTO_TEST_CASE(eq_3_6_conv2d_gradients_from_28_to_14_to_7) {
  // The autoencoder's geometry: 28 -> 14 -> 7 with a 3 x 3 filter at stride 2, where the zeros are on one
  // side only.
  Random random(42);
  for (Index size : {28, 14}) {
    Tensor X = random_tensor({1, size, size, 1}, random), F = random_tensor({3, 3, 1, 2}, random);
    const auto forward = [&] { return conv2d_definition(X, F, Tensor({2}), 2, Padding::same); };
    BOOST_TEST((forward().shape == Shape{1, size / 2, size / 2, 2}));
    const Tensor dY = random_tensor(forward().shape, random);
    const auto loss = [&] { return dot(dY, forward()); };
    check_gradient(conv2d_kernel_gradient_definition(X, dY, F.shape, 2, Padding::same), F, loss, "dL/dF");
    check_gradient(conv2d_input_gradient_definition(dY, F, X.shape, 2, Padding::same), X, loss, "dL/dX");
  }
}

BOOST_AUTO_TEST_CASE(conv2d_input_gradient_is_the_adjoint) {
  Random random(43);
  for (const Case& c : small_cases()) {
    const Tensor x = random_tensor({1, c.height, c.width, 2}, random);
    const Tensor F = random_tensor({c.filter_height, c.filter_width, 2, 2}, random);
    const Tensor conv_x = conv2d_definition(x, F, Tensor({2}), c.stride, c.padding);
    const Tensor y = random_tensor(conv_x.shape, random);
    const Tensor conv_t_y = conv2d_input_gradient_definition(y, F, x.shape, c.stride, c.padding);
    BOOST_TEST(relative_error(dot(conv_x, y), dot(x, conv_t_y)) < 1e-12, c.text());
  }
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused) {
  const auto refused = [](const auto& call) { BOOST_CHECK_THROW(call(), std::invalid_argument); };
  refused([] { return convolve(Matrix(), {{1}}); });
  refused([] { return convolve_commuted({{1}}, Matrix(0, 3)); });
  refused([] { return cross_correlate({{1, 2}}, {{1}, {2}}); });
  refused([] { return filter_gradient({{1, 2}}, {{1}, {2}}); });
  refused([] { return updated_filter({{1, 2}}, {{1}, {2}}, 1); });
  refused([] { return Matrix{{1, 2}, {3}}; });
  refused([] { return Matrix(-1, 3); });
  refused([] { return Matrix(3, -1); });
  BOOST_TEST(Matrix(0, 3).values().empty());
  BOOST_TEST(Matrix(3, 0).values().empty());
  const Tensor X({1, 4, 4, 2}), F({3, 3, 2, 5}), bias({5}), dY({1, 2, 2, 5});
  refused([&] { return conv2d_definition(X, Tensor({3, 3, 1, 5}), bias, 1, Padding::valid); });
  refused([&] { return conv2d_definition(X, F, Tensor({4}), 1, Padding::valid); });
  refused([&] { return conv2d_definition(X, F, bias, 0, Padding::valid); });
  refused([&] { return conv2d_definition(Tensor({4, 4, 2}), F, bias, 1, Padding::valid); });
  refused([&] { return conv2d_definition(X, Tensor({5, 5, 2, 5}), bias, 1, Padding::valid); });
  refused([&] { return conv2d_kernel_gradient_definition(X, dY, F.shape, 1, Padding::same); });
  refused([&] { return conv2d_input_gradient_definition(dY, F, {1, 5, 4, 2}, 1, Padding::valid); });
}

BOOST_AUTO_TEST_SUITE_END()
