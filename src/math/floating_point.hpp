/// @file
/// The processor's floating-point settings: how it rounds, and whether numbers below the normal range become
/// zero. Other code of a program may change them: fesetround, or a library that was linked with -ffast-math.
/// Networks (build, forward, backward), random tensors and all that trains or evaluates a network set them
/// for themselves, so that their numbers stay the same; a training loop of one's own begins with `const
/// FloatingPointSettings standard;` to have its losses and its optimizer's steps do so too.
#pragma once

#include <cfenv>

namespace plaingrad {

/// While it lives, this thread rounds to the nearest number and keeps those below the normal range;
/// afterwards it has the settings from before.
class FloatingPointSettings {
 public:
  FloatingPointSettings() {
    std::fegetenv(&before_);
    std::fesetenv(FE_DFL_ENV);
  }
  ~FloatingPointSettings() { std::fesetenv(&before_); }
  FloatingPointSettings(const FloatingPointSettings&) = delete;
  FloatingPointSettings& operator=(const FloatingPointSettings&) = delete;

 private:
  std::fenv_t before_{};
};

}  // namespace plaingrad
