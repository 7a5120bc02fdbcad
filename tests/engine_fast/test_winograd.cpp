/// @file
/// Winograd's minimal filtering: its matrices, and when the engine chooses it. That it computes the sums of
/// the definitions is tested through the layers.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <utility>

#include "engine/convolution.hpp"
#include "engine/fast/direct_convolution.hpp"
#include "engine/fast/winograd.hpp"
#include "engine/fast/winograd_matrices.hpp"
#include "engine/fast/winograd_tiling.hpp"
#include "geometries.hpp"
#include "layer_sums.hpp"

using namespace plaingrad;
using namespace plaingrad::fast;

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

bool worthwhile(const ConvolutionGeometry& g) {
  return WinogradTiling(g).worthwhile();
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

// A tile with one output less takes the same kernel, without the second to last point.
BOOST_AUTO_TEST_CASE(smaller_tiles_share_the_kernel) {
  using Large = WinogradMatrices<4, 3>;
  using Small = WinogradMatrices<3, 3>;
  for (Index j = 0; j < 3; ++j) {
    for (Index i = 0; i < 4; ++i) BOOST_TEST(Small::G.at[i][j] == Large::G.at[i][j]);
    BOOST_TEST(Small::G.at[4][j] == Large::G.at[5][j]);
  }
}

BOOST_AUTO_TEST_CASE(worthwhile_where_it_saves_multiplications) {
  for (const ConvolutionGeometry& g : many_channels_geometries) BOOST_TEST(worthwhile(g), to_string(g));
  for (const ConvolutionGeometry& g : network_geometries) BOOST_TEST(!worthwhile(g), to_string(g));
  BOOST_TEST(!worthwhile({13, 13, 32, 24, 3, 1, Padding::valid}));  // filters that fill no block
  BOOST_TEST(!worthwhile({14, 14, 16, 16, 3, 2, Padding::same}));   // phases with a window of two
  BOOST_TEST(!worthwhile({3, 3, 16, 16, 3, 1, Padding::valid}));    // a single position
}

// Every tile of a group has a row of its own, and the rows that have a point are just those of the tiles that
// have it.
BOOST_AUTO_TEST_CASE(tiles_are_sorted_by_the_points_they_have) {
  for (const ConvolutionGeometry& g : many_channels_geometries) {
    const WinogradTiling tiling(g);
    const Index images = 3, n = tiling.n();
    std::vector<WinogradTile> by_row(static_cast<std::size_t>(images * tiling.tiles()));
    std::vector<int> met(by_row.size(), 0);
    for (Index image = 0; image < images; ++image)
      for (Index t = 0; t < tiling.tiles(); ++t) {
        const WinogradTile tile = tiling.tile(t, image, images);
        by_row.at(static_cast<std::size_t>(tile.row)) = tile;
        ++met.at(static_cast<std::size_t>(tile.row));
        const Index m = tiling.m();
        BOOST_TEST(tile.height == (tile.y + m > g.out_height() ? m - 1 : m), to_string(g));
        BOOST_TEST(tile.width == (tile.x + m > g.out_width() ? m - 1 : m), to_string(g));
      }
    for (int count : met) BOOST_TEST(count == 1, to_string(g));
    for (Index p = 0; p < tiling.points(); ++p) {
      const auto [first, count] = tiling.rows_with_point(p, images);
      for (Index row = 0; row < images * tiling.tiles(); ++row) {
        const WinogradTile& tile = by_row[static_cast<std::size_t>(row)];
        const bool has_row = tile.height == tiling.m() || p / n != n - 2;
        const bool has_column = tile.width == tiling.m() || p % n != n - 2;
        BOOST_TEST((row >= first && row < first + count) == (has_row && has_column), to_string(g));
      }
    }
  }
}

namespace {

// What the four passes of one algorithm give: y, then dW, db and dx for all that can be wanted; the same of
// the adjoint. Gradients are added to what was there.
template <class Algorithm>
std::vector<Tensor> all_passes(const ConvolutionGeometry& g, Algorithm& algorithm, const Tensor& images,
                               const Tensor& maps, const Tensor& W) {
  std::vector<Tensor> results;
  const auto backward = [&](Index channels, const Tensor& in, const auto& pass) {
    for (const auto& [parameters, input] : {std::pair{true, true}, {true, false}, {false, true}}) {
      Tensor dW(W.shape), db({channels}), dx(in.shape);
      dW.fill(3);
      db.fill(5);
      pass(GradientTargets{parameters ? &dW : nullptr, parameters ? &db : nullptr, input ? &dx : nullptr});
      results.insert(results.end(), {dW, db, dx});
    }
  };
  // f' is 1 or 0.3, but 1 where the test puts a large gradient.
  Random random(3);
  const Activation f = Activation::leaky_relu;
  Tensor y = random_tensor(maps.shape, random), x = random_tensor(images.shape, random);
  for (Tensor* t : {&y, &x}) t->values.front() = t->values.back() = 1;
  const Tensor b = random_tensor({g.filters}, random), c = random_tensor({g.channels}, random);
  results.emplace_back(maps.shape);
  algorithm.forward(images, W, &b, f, results.back());
  backward(g.filters, images,
           [&](const GradientTargets& targets) { algorithm.backward(images, y, maps, W, f, targets); });
  results.emplace_back(images.shape);
  algorithm.adjoint_forward(maps, W, &c, f, results.back());
  backward(g.channels, maps, [&](const GradientTargets& targets) {
    algorithm.adjoint_backward(maps, x, images, W, f, targets);
  });
  return results;
}

}  // namespace

// An operand beyond the bound, in the first image or the last of several groups, in any pass: the direct
// sums, bit by bit, and nothing is added twice. What a pass does not read does not count.
BOOST_AUTO_TEST_CASE(an_operand_beyond_the_bound_takes_the_direct_sums) {
  const ConvolutionGeometry g{13, 13, 32, 64, 3, 1, Padding::valid};
  const Index batch = 25;
  Convolution engine(g);
  DirectConvolution direct(g);
  Winograd winograd(g, WinogradTiling(g));
  Random random(8);
  Tensor images = random_tensor({batch, g.height, g.width, g.channels}, random),
         maps = random_tensor({batch, g.out_height(), g.out_width(), g.filters}, random),
         W = random_tensor({g.kernel, g.kernel, g.channels, g.filters}, random);
  // What all_passes() gives for each direction, and which of its results come from a pass that multiplies W,
  // the pass's own input, and its output's gradient.
  enum { y, dW, db, dx, dW_alone, db_alone, dx_unwanted, dW_unwanted, db_unwanted, dx_alone, count };
  const auto of_W = [](int i) { return i != dW_alone && i != db_alone; };
  const auto of_input = [](int i) { return i != dx_alone; };
  const auto of_gradient = [](int i) { return i != y; };
  const auto require = [&](const auto& takes_direct) {
    const auto got = all_passes(g, engine, images, maps, W),
               by_direct = all_passes(g, direct, images, maps, W),
               by_winograd = all_passes(g, winograd, images, maps, W);
    BOOST_REQUIRE(std::ssize(got) == 2 * count);
    for (int i = 0; i < 2 * count; ++i) {
      const auto k = static_cast<std::size_t>(i);
      const bool is_direct = takes_direct(i % count, i >= count);
      BOOST_TEST((got[k].values == (is_direct ? by_direct : by_winograd)[k].values),
                 "result " << i << (is_direct ? ", expected the direct sums" : ", expected Winograd's"));
    }
  };
  const Real beyond = std::nextafter(winograd_bound, 2 * winograd_bound);
  images[0] = maps[0] = W[0] = winograd_bound;
  require([](int, bool) { return false; });
  for (const bool last : {false, true}) {
    const auto with = [&](Tensor& operand, const auto& takes_direct) {
      Real& value = operand[last ? operand.size() - 1 : 0];
      const Real good = std::exchange(value, beyond);
      require(takes_direct);
      value = good;
    };
    with(images, [&](int i, bool adjoint) { return adjoint ? of_gradient(i) : of_input(i); });
    with(maps, [&](int i, bool adjoint) { return adjoint ? of_input(i) : of_gradient(i); });
    with(W, [&](int i, bool) { return of_W(i); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
