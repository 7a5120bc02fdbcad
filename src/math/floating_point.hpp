/// @file
/// The processor's floating-point settings: how it rounds, and whether numbers below the normal range become
/// zero. Other code of a program may change them: fesetround, or a library that was linked with -ffast-math.
/// Networks (build, forward, backward), random tensors and all that trains or evaluates a network set them
/// for themselves, so that their numbers stay the same; a training loop of one's own begins with `const
/// FloatingPointSettings standard;` to have its losses and its optimizer's steps do so too.
#pragma once

#include <cfenv>

#ifdef __SSE__
#include <xmmintrin.h>
#endif

namespace plaingrad {

/// While it lives, this thread has the given settings, and afterwards those from before: by default to round
/// to the nearest number and to keep those below the normal range.
class FloatingPointSettings {
 public:
  /// Takes the settings; those from before come back at the end.
  explicit FloatingPointSettings(const std::fenv_t& settings = *FE_DFL_ENV) {
    std::fegetenv(&before_);
    std::fesetenv(&settings);
  }
  ~FloatingPointSettings() { std::fesetenv(&before_); }
  FloatingPointSettings(const FloatingPointSettings&) = delete;
  FloatingPointSettings& operator=(const FloatingPointSettings&) = delete;

 private:
  std::fenv_t before_{};
};

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

}  // namespace plaingrad
