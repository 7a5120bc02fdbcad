/// @file
/// Splitting work over threads with OpenMP. The split depends on the work alone, never on the number of
/// threads, and no two pieces write to the same place: so every result has the same bits for any number of
/// threads.
#pragma once

#include <algorithm>

#include "math/floating_point.hpp"
#include "math/real.hpp"

namespace plaingrad {

/// Runs body(i) for i = 0 ... count - 1, shared out over the threads, each with the caller's floating-point
/// settings.
template <class Body>
void parallel_for(Index count, const Body& body) {
  const auto settings = CallersFloatingPoint::here();
#pragma omp parallel if (count > 1)
  {
    const CallersFloatingPoint same(settings);
#pragma omp for schedule(static) nowait
    for (Index i = 0; i < count; ++i) body(i);
  }
}

/// Runs body(first, last) for the blocks [0, block), [block, 2 block) ... of 0 ... count - 1.
template <class Body>
void parallel_blocks(Index count, Index block, const Body& body) {
  parallel_for((count + block - 1) / block,
               [&](Index b) { body(b * block, std::min(count, (b + 1) * block)); });
}

}  // namespace plaingrad
