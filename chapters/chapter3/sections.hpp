/// @file
/// The sections of chapter 3. Each prints what it works out, draws its figures and adds its numbers to the
/// results.
#pragma once

#include <string>
#include <vector>

#include "convolution/matrix.hpp"
#include "plotting/plot.hpp"
#include "program.hpp"

namespace plaingrad::chapter3 {

/// Convolutions: (3.1), (3.2) and cross-correlation on one small example.
void section_3_1();
/// Architecture: Fig. 3.1 for the CNN of section 7.3.1, with the shapes of each stage.
void section_3_2(const Options& options);
/// The first image of the training set. @throws std::runtime_error as load_dataset()
Matrix first_digit(const Options& options);
/// Forward propagation: Fig. 3.2 as numbers, then filters on a real digit.
void section_3_3(const Options& options, const Matrix& digit);
/// Backpropagation: (3.3)-(3.6) against numerical differences, the filter's update, cross-entropy (3.7).
void section_3_4(Results& results);
/// Max pooling, Fig. 3.3, and its mask, Fig. 3.4, on the same numbers.
void section_3_5_and_3_6(const Options& options);

/// A matrix and the name that stands above it.
struct NamedMatrix {
  std::string name;
  Matrix matrix;
};
/// Prints whole numbers, matrices beside each other.
void print_matrices(const std::vector<NamedMatrix>& matrices);

/// The matrix as a grid to draw; `shade` gives the colour of the cells, empty: none.
plotting::NumberGrid grid_of(const std::string& title, const Matrix& M, const Matrix& shade = {});

}  // namespace plaingrad::chapter3
