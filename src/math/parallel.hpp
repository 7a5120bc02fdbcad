/// @file
/// Splitting work over threads with OpenMP. The split depends on the work alone, never on the number of
/// threads, and no two pieces write to the same place: so every result has the same bits for any number of
/// threads.
#pragma once

#include <algorithm>
#include <cfenv>

#ifdef __SSE__
#include <xmmintrin.h>
#endif

#include "math/real.hpp"

namespace plaingrad {

/// In the threads of a parallel loop, which may be older than the loop and have settings from elsewhere:
/// those of the thread that began it, as long as this lives.
class CallersFloatingPoint {
 public:
#ifdef __SSE__
  /// Rounding, what is masked, and what becomes zero; not the flags of what has happened. Much faster to read
  /// than all of std::fenv_t.
  using Settings = unsigned;
  /// Those of the present thread.
  static Settings here() {
    return _mm_getcsr() & ~0x3fU;
  }
  /// Takes them over where they differ.
  explicit CallersFloatingPoint(Settings settings) : before_(here()), differ_(before_ != settings) {
    if (differ_) _mm_setcsr(settings);
  }
  ~CallersFloatingPoint() {
    if (differ_) _mm_setcsr(before_);
  }
#else
  /// Rounding, what is masked, and what becomes zero.
  using Settings = std::fenv_t;
  /// Those of the present thread.
  static Settings here() {
    Settings settings;
    std::fegetenv(&settings);
    return settings;
  }
  /// Takes them over.
  explicit CallersFloatingPoint(const Settings& settings) : before_(here()) {
    std::fesetenv(&settings);
  }
  ~CallersFloatingPoint() {
    std::fesetenv(&before_);
  }
#endif
  CallersFloatingPoint(const CallersFloatingPoint&) = delete;
  CallersFloatingPoint& operator=(const CallersFloatingPoint&) = delete;

 private:
  Settings before_;
#ifdef __SSE__
  bool differ_;
#endif
};

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

/// Values that a thread takes at a time where each is computed by itself.
inline constexpr Index parallel_block_size = 8192;

/// Runs body(first, last) for the blocks [0, block), [block, 2 block) ... of 0 ... count - 1.
template <class Body>
void parallel_blocks(Index count, Index block, const Body& body) {
  parallel_for((count + block - 1) / block,
               [&](Index b) { body(b * block, std::min(count, (b + 1) * block)); });
}

/// The same for blocks of parallel_block_size: for what has so little to do with every value that the size
/// does not matter.
template <class Body>
void parallel_blocks(Index count, const Body& body) {
  parallel_blocks(count, parallel_block_size, body);
}

}  // namespace plaingrad
