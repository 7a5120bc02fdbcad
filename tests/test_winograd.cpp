/// @file
/// Winograd's minimal filtering: its matrices, and that it gives the sums of the definitions.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "compare.hpp"
#include "convolution/convolution.hpp"
#include "gradient_check.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/winograd.hpp"
#include "layers/winograd_matrices.hpp"

using namespace plaingrad;

namespace {

// y_k = sum_j w_j x_(k+j) against A^T ((G w) * (B x)).
template <Index m, Index r>
void check_matrices() {
  using Matrices = WinogradMatrices<m, r>;
  constexpr Index n = m + r - 1;
  Random random(7);
  double x[n], w[r];
  for (double& value : x) value = random.normal();
  for (double& value : w) value = random.normal();
  for (Index k = 0; k < m; ++k) {
    double direct = 0, by_points = 0;
    for (Index j = 0; j < r; ++j) direct += w[j] * x[k + j];
    for (Index i = 0; i < n; ++i) {
      double pixels = 0, kernel = 0;
      for (Index l = 0; l < n; ++l) pixels += Matrices::B.at[i][l] * x[l];
      for (Index j = 0; j < r; ++j) kernel += Matrices::G.at[i][j] * w[j];
      by_points += Matrices::A.at[i][k] * kernel * pixels;
    }
    BOOST_TEST(std::abs(direct - by_points) < 1e-12, "m " << m << ", r " << r << ", result " << k);
  }
}

struct Geometry {
  Index height, width, channels, filters, kernel, stride;
  Padding padding;
};

// Windows of every kind that takes this way, tiles that stand out over the border, and odd sizes.
const std::vector<Geometry> geometries = {
    {13, 13, 32, 64, 3, 1, Padding::valid}, {5, 5, 16, 32, 3, 1, Padding::valid},
    {10, 9, 16, 16, 3, 1, Padding::valid},  {9, 10, 16, 16, 3, 1, Padding::same},
    {11, 6, 48, 16, 3, 1, Padding::valid},  {7, 7, 16, 32, 5, 1, Padding::same},
    {12, 9, 16, 16, 5, 1, Padding::valid},  {14, 14, 16, 16, 5, 2, Padding::same},
    {15, 11, 16, 48, 5, 2, Padding::valid}, {16, 14, 16, 16, 6, 2, Padding::same},
    {24, 23, 16, 16, 8, 3, Padding::valid}, {8, 8, 32, 16, 3, 1, Padding::same},
    {7, 7, 16, 16, 3, 1, Padding::valid},   {7, 14, 16, 16, 3, 1, Padding::valid},
    {14, 7, 16, 16, 3, 1, Padding::valid},  {8, 11, 16, 16, 5, 1, Padding::valid},
    {4, 4, 16, 16, 3, 1, Padding::valid},   {7, 4, 16, 16, 3, 1, Padding::valid},
    {4, 7, 16, 16, 3, 1, Padding::valid},   {5, 5, 16, 128, 3, 1, Padding::valid},
};

bool taken(const Geometry& g) {
  return Winograd(g.height, g.width, g.channels, g.filters, g.kernel, g.stride, g.padding).pays();
}

std::string to_string(const Geometry& g) {
  std::ostringstream text;
  text << g.height << "x" << g.width << "x" << g.channels << " filters " << g.filters << " kernel "
       << g.kernel << " stride " << g.stride << (g.padding == Padding::same ? " same" : " valid");
  return text.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(winograd)

BOOST_AUTO_TEST_CASE(matrices_give_the_correlation) {
  check_matrices<2, 3>();
  check_matrices<3, 3>();
  check_matrices<4, 3>();
  check_matrices<5, 3>();
  check_matrices<6, 3>();
  check_matrices<3, 5>();
  check_matrices<4, 5>();
  check_matrices<1, 1>();
}

// The matrices for tiles of two and kernels of three that Lavin and Gray (2016) print: up to factors of the
// rows of A, B and G, whose product counts.
BOOST_AUTO_TEST_CASE(matrices_for_two_and_three_are_the_published_ones) {
  using Matrices = WinogradMatrices<2, 3>;
  const Real B[4][4] = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
  const Real G[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
  const Real A[4][2] = {{1, 0}, {1, 1}, {1, -1}, {0, -1}};
  for (Index i = 0; i < 4; ++i)
    for (Index k = 0; k < 2; ++k)
      for (Index j = 0; j < 3; ++j)
        for (Index l = 0; l < 4; ++l)
          BOOST_TEST(Matrices::A.at[i][k] * Matrices::G.at[i][j] * Matrices::B.at[i][l] ==
                     A[i][k] * G[i][j] * B[i][l]);
}

// A tile with one result less takes the same kernel, without the last but one point.
BOOST_AUTO_TEST_CASE(smaller_tiles_share_the_kernel) {
  using Large = WinogradMatrices<4, 3>;
  using Small = WinogradMatrices<3, 3>;
  for (Index j = 0; j < 3; ++j) {
    for (Index i = 0; i < 4; ++i) BOOST_TEST(Small::G.at[i][j] == Large::G.at[i][j]);
    BOOST_TEST(Small::G.at[4][j] == Large::G.at[5][j]);
  }
}

BOOST_AUTO_TEST_CASE(taken_where_it_saves_multiplications) {
  for (const Geometry& g : geometries) BOOST_TEST(taken(g), to_string(g));
  BOOST_TEST(!taken({28, 28, 1, 32, 3, 1, Padding::valid}));   // a single channel
  BOOST_TEST(!taken({13, 13, 32, 24, 3, 1, Padding::valid}));  // filters that fill no strip
  BOOST_TEST(!taken({14, 14, 16, 16, 3, 2, Padding::same}));   // seen by phases, a window of two
  BOOST_TEST(!taken({3, 3, 16, 16, 3, 1, Padding::valid}));    // one position
}

BOOST_AUTO_TEST_CASE(conv2d_is_its_definition) {
  Random random(1);
  for (const Geometry& g : geometries)
    for (Index batch : {1, 2, 7, 21}) {
      Conv2D layer(g.filters, g.kernel, {.stride = g.stride, .padding = g.padding});
      layer.build({g.height, g.width, g.channels}, random);
      Tensor &W = layer.parameters()[0]->value, &bias = layer.parameters()[1]->value;
      random.fill_normal(W);
      random.fill_normal(bias);
      Tensor x({batch, g.height, g.width, g.channels});
      random.fill_normal(x);
      const Tensor& y = layer.forward(x, Mode::training);
      const double forward = greatest_difference(y, conv2d_definition(x, W, bias, g.stride, g.padding));
      BOOST_TEST(forward < 1e-10, to_string(g) << ": forward " << forward);
      Tensor dy(y.shape);
      random.fill_normal(dy);
      const double input = greatest_difference(
          layer.backward(dy), conv2d_input_gradient_definition(dy, W, x.shape, g.stride, g.padding));
      BOOST_TEST(input < 1e-10, to_string(g) << ": input gradient " << input);
      const double kernel =
          greatest_difference(layer.parameters()[0]->gradient,
                              conv2d_kernel_gradient_definition(x, dy, W.shape, g.stride, g.padding));
      BOOST_TEST(kernel < 1e-10, to_string(g) << ": kernel gradient " << kernel);
    }
}

BOOST_AUTO_TEST_CASE(conv2d_transpose_is_the_adjoint) {
  Random random(2);
  for (const Geometry& g : geometries)
    for (Index batch : {1, 3, 48}) {  // 48: more than a group
      if (g.padding == Padding::valid) continue;
      const Index small_height = g.height / g.stride, small_width = g.width / g.stride;
      Conv2DTranspose layer(g.channels, g.kernel,
                            {.stride = g.stride, .padding = Padding::same, .use_bias = false});
      layer.build({small_height, small_width, g.filters}, random);
      Tensor& W = layer.parameters()[0]->value;
      Tensor x({batch, small_height, small_width, g.filters});
      random.fill_normal(x);
      random.fill_normal(W);
      const Tensor& y = layer.forward(x, Mode::training);
      const double forward =
          greatest_difference(y, conv2d_input_gradient_definition(x, W, y.shape, g.stride, Padding::same));
      BOOST_TEST(forward < 1e-10, to_string(g) << ": forward " << forward);
      Tensor dy(y.shape);
      random.fill_normal(dy);
      const double input = greatest_difference(
          layer.backward(dy), conv2d_definition(dy, W, Tensor({g.filters}), g.stride, Padding::same));
      BOOST_TEST(input < 1e-10, to_string(g) << ": input gradient " << input);
      const double kernel =
          greatest_difference(layer.parameters()[0]->gradient,
                              conv2d_kernel_gradient_definition(dy, x, W.shape, g.stride, Padding::same));
      BOOST_TEST(kernel < 1e-10, to_string(g) << ": kernel gradient " << kernel);
    }
}

BOOST_AUTO_TEST_CASE(gradients) {
  for (const Geometry& g : geometries) {
    Random random(3);
    const ConvolutionOptions options{
        .stride = g.stride, .padding = g.padding, .activation = Activation::tanh};
    Conv2D down(g.filters, g.kernel, options);
    down.build({g.height, g.width, g.channels}, random);
    Tensor x({2, g.height, g.width, g.channels});
    random.fill_normal(x);
    const GradientError worst = check_gradients(down, x, Mode::training, random);
    BOOST_TEST(worst.error < 1e-7, to_string(g) << ": " << worst);
    if (g.padding == Padding::valid) continue;
    Conv2DTranspose up(g.channels, g.kernel, options);
    up.build({g.height / g.stride, g.width / g.stride, g.filters}, random);
    Tensor y({2, g.height / g.stride, g.width / g.stride, g.filters});
    random.fill_normal(y);
    const GradientError transposed = check_gradients(up, y, Mode::training, random);
    BOOST_TEST(transposed.error < 1e-7, to_string(g) << ", transposed: " << transposed);
  }
}

BOOST_AUTO_TEST_CASE(images_without_channels_are_refused) {
  Random random(1);
  Conv2D down(16, 3);
  BOOST_CHECK_THROW(down.build({13, 13, 0}, random), std::invalid_argument);
  Conv2DTranspose up(16, 3, {.padding = Padding::same});
  BOOST_CHECK_THROW(up.build({13, 13, 0}, random), std::invalid_argument);
}

// A batch of none has nothing to add to the gradients, whatever the step before left behind.
BOOST_AUTO_TEST_CASE(a_batch_of_none) {
  Random random(1);
  Conv2D layer(16, 3);
  layer.build({13, 13, 16}, random);
  for (Index batch : {0, 3, 0}) {
    for (Parameter* p : layer.parameters()) p->gradient.fill(0);
    Tensor x({batch, 13, 13, 16});
    random.fill_normal(x);
    layer.backward(layer.forward(x, Mode::training));
    const std::vector<Real>& dW = layer.parameters()[0]->gradient.values;
    const bool nothing = std::all_of(dW.begin(), dW.end(), [](Real value) { return value == 0; });
    BOOST_TEST(nothing == (batch == 0), "batch " << batch);
  }
}

BOOST_AUTO_TEST_SUITE_END()
