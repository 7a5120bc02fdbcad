/// @file
/// Matrices to JavaScript and back: {rows, columns, values}, row by row.
#pragma once

#include <emscripten/val.h>

#include <stdexcept>
#include <vector>

#include "convolution/matrix.hpp"
#include "math/random.hpp"

namespace plaingrad {

inline Matrix matrix_of(const emscripten::val& object) {
  Matrix M(object["rows"].as<int>(), object["columns"].as<int>());
  const std::vector<Real> values = emscripten::vecFromJSArray<Real>(object["values"]);
  if (values.size() != M.values().size()) throw std::invalid_argument("a matrix with values missing");
  for (Index i = 0; i < M.rows(); ++i)
    for (Index j = 0; j < M.columns(); ++j) M(i, j) = values[static_cast<std::size_t>(i * M.columns() + j)];
  return M;
}

inline emscripten::val object_of(const Matrix& M) {
  emscripten::val object = emscripten::val::object();
  object.set("rows", static_cast<int>(M.rows()));
  object.set("columns", static_cast<int>(M.columns()));
  object.set("values", emscripten::val::array(M.values()));
  return object;
}

/// Whole numbers from `low` to `high`, another set for each seed.
inline emscripten::val random_numbers(int rows, int columns, int low, int high, int seed) {
  Random random(static_cast<std::uint64_t>(seed));
  Matrix M(rows, columns);
  for (Index i = 0; i < M.rows(); ++i)
    for (Index j = 0; j < M.columns(); ++j) M(i, j) = static_cast<Real>(low + random.index(high - low + 1));
  return object_of(M);
}

}  // namespace plaingrad
