/// @file
/// Sums over a batch (gradients of parameters, sums of channels) by all threads. The batch is cut into slices
/// in a way that depends on the work alone; each slice is summed by itself, and the slices are added in their
/// order. So a sum has the same bits for any number of threads.
#pragma once

#include <algorithm>

#include "engine/fast/matrix_product.hpp"
#include "engine/fast/scratch.hpp"
#include "math/parallel.hpp"
#include "neuron/activation.hpp"

namespace plaingrad::fast {

/// A batch cut into slices, for forward passes and for sums.
class BatchSlices {
 public:
  /// @param batch  images
  /// @param count  slices wanted; never more than there are images
  /// @param group  images to take at a time, at most
  BatchSlices(Index batch, Index count, Index group)
      : batch_(batch), count_(std::min(batch, count)), group_(group) {}

  /// Number of slices.
  Index count() const { return count_; }
  /// Where a slice begins.
  Index first_image(Index slice) const { return slice * batch_ / count_; }
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

 private:
  Index batch_, count_, group_;
};

/// A row of sums for each slice.
class SliceSums {
 public:
  /// Takes memory for `slices` rows of `values` sums each; they hold whatever was there.
  void resize(Index slices, Index values);
  /// The sums of one slice.
  Real* of(Index slice) { return sums_.data() + slice * values_; }
  /// total[i] += sum number first + i of every slice, in the slices' order, for `count` of them; by all
  /// threads.
  void add_to(Real* total, Index first, Index count) const;

 private:
  Index slices_ = 0, values_ = 0;
  Scratch sums_;
};

/// dz = dy f'(z) from y = f(z), for `count` numbers. @return dy itself if f is linear, else this thread's
/// scratch buffer, which the next call overwrites
const Real* activation_backward(Activation f, const Real* y, const Real* dy, Index count);

/// M(i,j) += row[j]; by one thread.
void add_to_rows(const Real* row, Index rows, Index columns, Real* M);

/// sums[j] = sum over the rows i of M(i,j), or added to sums[j]; by one thread.
void column_sums(const Real* M, Index rows, Index columns, Accumulate accumulate, Real* sums);

}  // namespace plaingrad::fast
