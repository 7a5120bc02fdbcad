#include "engine/fast/batch_sums.hpp"

namespace plaingrad::fast {

void SliceSums::resize(Index slices, Index values) {
  slices_ = slices;
  values_ = values;
  scratch_at_least(sums_, slices * values);
}

void SliceSums::add_to(Real* total, Index first, Index count) const {
  parallel_blocks(count, 1024, [&](Index begin, Index end) {
    for (Index s = 0; s < slices_; ++s) {
      const Real* sums = sums_.data() + s * values_ + first;
#pragma omp simd
      for (Index i = begin; i < end; ++i) total[i] += sums[i];
    }
  });
}

const Real* activation_backward(Activation f, const Real* y, const Real* dy, Index count) {
  if (f == Activation::linear) return dy;
  static thread_local Scratch scratch;
  Real* dz = scratch_at_least(scratch, count);
  multiply_by_derivative(f, y, dy, dz, count);
  return dz;
}

void add_to_rows(const Real* row, Index rows, Index columns, Real* M) {
  for (Index i = 0; i < rows; ++i)
#pragma omp simd
    for (Index j = 0; j < columns; ++j) M[i * columns + j] += row[j];
}

void column_sums(const Real* M, Index rows, Index columns, Accumulate accumulate, Real* sums) {
  if (accumulate == Accumulate::no) std::fill_n(sums, columns, Real(0));
  constexpr Index rows_at_a_time = 4;  // so that a sum is loaded and stored less often
  Index i = 0;
  for (; i + rows_at_a_time <= rows; i += rows_at_a_time) {
    const Real* row = M + i * columns;
#pragma omp simd
    for (Index j = 0; j < columns; ++j)
      sums[j] += (row[j] + row[j + columns]) + (row[j + 2 * columns] + row[j + 3 * columns]);
  }
  for (; i < rows; ++i)
#pragma omp simd
    for (Index j = 0; j < columns; ++j) sums[j] += M[i * columns + j];
}

}  // namespace plaingrad::fast
