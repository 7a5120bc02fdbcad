/// @file
/// The fast engine's matrix product against three loops.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

#include "compare.hpp"
#include "engine/fast/matrix_product.hpp"
#include "math/random.hpp"

using namespace plaingrad;
using namespace plaingrad::fast;

BOOST_AUTO_TEST_SUITE(matrix_product_of_the_fast_engine)

// C = A B by three plain loops, on sizes around those of the tiles, with and without bias and sum.
BOOST_AUTO_TEST_CASE(matrix_product_is_three_loops) {
  Random random(4);
  for (Index rows : {1, 2, 7, 9, 70, 130, 300})
    for (Index inner : {0, 1, 3, 383, 385, 769})
      for (Index columns : {0, 1, 3, 4, 9, 16, 33, 71}) {
        Tensor A({rows, inner}), B({inner, columns}), bias({columns}), C({rows, columns});
        for (Tensor* t : {&A, &B, &bias, &C}) random.fill_normal(*t);
        const std::vector<Index> row = regular_offsets(rows, inner), column = regular_offsets(inner, 1);
        const std::vector<Index> C_row = regular_offsets(rows, columns);
        const OffsetMatrix view{A.data(), row.data(), column.data(), rows, inner};
        Tensor zero = C, added = C, with_bias = C, parallel = C;
        matrix_product(view, B.data(), columns, columns, {zero.data(), C_row.data()});
        matrix_product(view, B.data(), columns, columns, {added.data(), C_row.data()}, Accumulate::yes);
        matrix_product(view, B.data(), columns, columns, {with_bias.data(), C_row.data()}, Accumulate::no,
                       bias.data());
        parallel_matrix_product(view, B.data(), columns, columns, {parallel.data(), C_row.data()},
                                Accumulate::no, bias.data());
        // Not the same bits: in a tile of one row the compiler may round a product before it is added.
        BOOST_TEST(greatest_difference(parallel, with_bias) < 1e-11);
        double worst = 0;
        for (Index i = 0; i < rows; ++i)
          for (Index j = 0; j < columns; ++j) {
            double sum = 0;
            for (Index k = 0; k < inner; ++k) sum += A[i * inner + k] * B[k * columns + j];
            const Index at = i * columns + j;
            worst = std::max({worst, std::abs(zero[at] - sum), std::abs(added[at] - C[at] - sum),
                              std::abs(with_bias[at] - bias[j] - sum)});
          }
        BOOST_TEST(worst < 1e-11, rows << " x " << inner << " x " << columns << ": " << worst);
      }
}

BOOST_AUTO_TEST_CASE(transpose_exchanges_rows_and_columns) {
  Random random(5);
  for (Index rows : {1, 5, 16, 33})
    for (Index columns : {1, 7, 16, 40}) {
      Tensor M({rows, columns}), T({columns, rows});
      random.fill_normal(M);
      transpose(M.data(), rows, columns, T.data());
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < columns; ++j) BOOST_TEST(T[j * rows + i] == M[i * columns + j]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
