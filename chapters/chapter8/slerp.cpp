#include "chapter8/slerp.hpp"

#include <cmath>

#include "models/gan.hpp"

namespace plaingrad::chapter8 {

//! [slerp]
void slerp(const Real* a, const Real* b, double t, Real* z) {
  double aa = 0, bb = 0, ab = 0;
  for (Index i = 0; i < gan_noise_size; ++i) {
    aa += static_cast<double>(a[i] * a[i]);
    bb += static_cast<double>(b[i] * b[i]);
    ab += static_cast<double>(a[i] * b[i]);
  }
  const double angle = std::acos(ab / std::sqrt(aa * bb));
  const double of_a = std::sin((1 - t) * angle) / std::sin(angle),
               of_b = std::sin(t * angle) / std::sin(angle);
  for (Index i = 0; i < gan_noise_size; ++i)
    z[i] = static_cast<Real>(of_a * static_cast<double>(a[i]) + of_b * static_cast<double>(b[i]));
}
//! [slerp]

}  // namespace plaingrad::chapter8
