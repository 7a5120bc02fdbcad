/// @file
/// What several sections of chapter 3 print and draw with.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter3/sections.hpp"

namespace plaingrad::chapter3 {

namespace {

constexpr int cell_width = 4;

/// The text that stands in row `line` of one matrix: the name, then the rows.
std::string line_of(const NamedMatrix& named, Index line) {
  const Matrix& M = named.matrix;
  const auto width = std::max(static_cast<std::size_t>(M.columns() * cell_width), named.name.size() + 2);
  std::string text = line == 0 ? "  " + named.name : "";
  for (Index j = 0; line >= 1 && line <= M.rows() && j < M.columns(); ++j) {
    char cell[32];
    std::snprintf(cell, sizeof cell, "%*.0f", cell_width, static_cast<double>(M(line - 1, j)) + 0.0);
    text += cell;
  }
  text.resize(width, ' ');
  return text;
}

}  // namespace

void print_matrices(const std::vector<NamedMatrix>& matrices) {
  Index rows = 0;
  for (const NamedMatrix& named : matrices) rows = std::max(rows, named.matrix.rows());
  for (Index line = 0; line <= rows; ++line) {
    std::string text;
    for (const NamedMatrix& named : matrices) text += line_of(named, line) + "   ";
    std::printf("%s\n", text.erase(text.find_last_not_of(' ') + 1).c_str());
  }
  std::printf("\n");
}

plotting::NumberGrid grid_of(const std::string& title, const Matrix& M, const Matrix& shade) {
  plotting::NumberGrid grid;
  grid.title = title;
  for (Index i = 0; i < M.rows(); ++i) {
    auto& row = grid.rows.emplace_back();
    for (Index j = 0; j < M.columns(); ++j) row.push_back(static_cast<double>(M(i, j)) + 0.0);  // no -0
  }
  for (Index i = 0; i < shade.rows(); ++i) {
    auto& row = grid.shade.emplace_back();
    for (Index j = 0; j < shade.columns(); ++j) row.push_back(static_cast<int>(shade(i, j)));
  }
  return grid;
}

}  // namespace plaingrad::chapter3
