/// @file
/// Sums over a batch (gradients of parameters, means of channels) by all threads. The batch is cut into
/// slices in a way that depends on the work alone; each slice is summed by itself, and the slices are added
/// in their order. So a sum has the same bits for any number of threads.
#pragma once

#include <algorithm>
#include <vector>

#include "math/matrix_product.hpp"
#include "math/parallel.hpp"
#include "neuron/activation.hpp"

namespace plaingrad {

/// A batch cut into slices, for forward passes and for sums.
class BatchSlices {
 public:
  /// @param batch  images
  /// @param count  slices wanted; if there are fewer images, there are so many slices
  /// @param group  images to take at a time, at most
  BatchSlices(Index batch, Index count, Index group)
      : batch_(batch), count_(std::min(batch, count)), group_(group) {}

  /// Number of slices.
  Index count() const { return count_; }
  /// Calls body(slice, first image, number of images) for all groups of images, slices shared out over the
  /// threads.
  template <class Body>
  void for_each_group(const Body& body) const {
    parallel_for(count_, [&](Index slice) {
      const Index end = first_image(slice + 1);
      for (Index first = first_image(slice); first < end; first += group_)
        body(slice, first, std::min(group_, end - first));
    });
  }
  /// Where a slice begins.
  Index first_image(Index slice) const { return slice * batch_ / count_; }

 private:
  Index batch_, count_, group_;
};

/// At least `count` values of scratch memory, which is kept; whatever they hold. More than before may lie
/// elsewhere.
inline Real* room(std::vector<Real>& scratch, Index count) {
  if (static_cast<Index>(scratch.size()) < count) scratch.resize(static_cast<std::size_t>(count));
  return scratch.data();
}

/// A sum of each slice, `values` numbers each.
class SliceSums {
 public:
  /// Makes room; the numbers are whatever was there.
  void resize(Index slices, Index values);
  /// The sums of one slice.
  Real* of(Index slice) { return sums_.data() + slice * values_; }
  /// total[i] += the sums number first + i of all slices, in the slices' order, for `count` of them; by all
  /// threads.
  void add_to(Real* total, Index first, Index count) const;

 private:
  Index slices_ = 0, values_ = 0;
  std::vector<Real> sums_;
};

/// dz = dy f'(z) from y = f(z), for `count` numbers. @return dy itself if f is linear, else this thread's
/// scratch, which the next call overwrites
const Real* activation_backward(Activation f, const Real* y, const Real* dy, Index count);

/// M(i, j) += row[j]; by one thread.
void add_to_rows(const Real* row, Index rows, Index columns, Real* M);

/// sums[j] = start + sum over the rows i of M(i, j); by one thread.
void column_sums(const Real* M, Index rows, Index columns, Start start, Real* sums);

/// sums[j] += sum over the rows i of value(i columns + j, j), in slices by all threads.
template <class Value>
void add_column_sums(Index rows, Index columns, std::vector<Real>& sums, const Value& value) {
  constexpr Index slices = 16;
  static thread_local std::vector<Real> scratch;
  Real* partial = room(scratch, slices * columns);
  parallel_for(slices, [&](Index s) {
    Real* sum = partial + s * columns;
    std::fill_n(sum, columns, Real(0));
    for (Index i = s * rows / slices; i < (s + 1) * rows / slices; ++i)
#pragma omp simd
      for (Index j = 0; j < columns; ++j) sum[j] += value(i * columns + j, j);
  });
  column_sums(partial, slices, columns, Start::previous, sums.data());
}

}  // namespace plaingrad
