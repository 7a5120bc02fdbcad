/// @file
/// Scratch memory of the engine: kept from call to call, and aligned. A vector register's worth of numbers
/// then lies within one cache line; across two lines each load is two loads, and a product takes up to a
/// tenth longer.
#pragma once

#include <new>
#include <vector>

#include "math/real.hpp"

namespace plaingrad::fast {

/// Memory that begins at a cache line.
template <class T>
struct CacheLineAllocator {
  using value_type = T;  ///< as the standard library asks of an allocator, like the rest
  static constexpr std::align_val_t cache_line{64};

  CacheLineAllocator() = default;
  /// From the allocator of another type: there is no state to copy.
  template <class Other>
  CacheLineAllocator(const CacheLineAllocator<Other>&) {}
  /// Memory for `count` values. @throws std::bad_alloc
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), cache_line)); }
  /// Gives it back.
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, cache_line); }
  /// Memory of one can be given back to any other.
  bool operator==(const CacheLineAllocator&) const = default;
};

/// A scratch buffer.
using Scratch = std::vector<Real, CacheLineAllocator<Real>>;

/// At least `count` values of a scratch buffer, whatever they hold. A larger count than before may move them.
inline Real* scratch_at_least(Scratch& scratch, Index count) {
  if (static_cast<Index>(scratch.size()) < count) scratch.resize(static_cast<std::size_t>(count));
  return scratch.data();
}

}  // namespace plaingrad::fast
