// What generator_walk.js asks of section 8.8's generator.
#include <emscripten/bind.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "chapter8/slerp.hpp"
#include "models/gan.hpp"

using namespace plaingrad;
using emscripten::val;

namespace {

class Walk {
 public:
  /// The values of one parameter: whole numbers of 8 bits times `scale`, or with a scale of 0 Reals.
  void load(const std::string& name, const std::string& bytes, double scale) {
    for (Parameter* p : generator_.parameters()) {
      if (p->name != name) continue;
      const auto n = static_cast<std::size_t>(p->value.size());
      if (bytes.size() != (scale == 0 ? n * sizeof(Real) : n))
        throw std::invalid_argument(name + " has " + std::to_string(bytes.size()) + " bytes");
      if (scale == 0) std::memcpy(p->value.data(), bytes.data(), bytes.size());
      for (std::size_t i = 0; scale != 0 && i < n; ++i)
        p->value.values[i] = static_cast<Real>(scale) * static_cast<Real>(static_cast<std::int8_t>(bytes[i]));
      return;
    }
    throw std::invalid_argument("the generator has no " + name);
  }

  /// The digit at t between the noises of two seeds: 784 values in [-1, 1].
  val digit(int seed_a, int seed_b, double t) {
    const Tensor a = noise(seed_a), b = noise(seed_b);
    Tensor z({1, gan_noise_size});
    if (seed_a == seed_b)
      z = a;
    else
      chapter8::slerp(a.data(), b.data(), t, z.data());
    return val::array(generator_.forward(z, Mode::inference).values);
  }

 private:
  static Tensor noise(int seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Tensor z({1, gan_noise_size});
    random.fill_normal(z);
    return z;
  }

  Random random_{1};
  Sequential generator_ = make_generator(random_);
};

}  // namespace

EMSCRIPTEN_BINDINGS(generator_walk) {
  emscripten::class_<Walk>("Walk")
      .constructor<>()
      .function("load", &Walk::load)
      .function("digit", &Walk::digit);
}
