// What line_gan.js asks of chapter 6's GAN on the real line.
#include <emscripten/bind.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "chapter6/toy_gan.hpp"

using namespace plaingrad;
using emscripten::val;

namespace {

chapter6::Config config(int k, bool saturating, bool plain_descent, double generator_start, int seed) {
  return {.k = k,
          .loss = saturating ? GeneratorLoss::saturating : GeneratorLoss::non_saturating,
          .plain_descent = plain_descent,
          .generator_start = generator_start,
          .seed = static_cast<std::uint64_t>(seed)};
}

class Training {
 public:
  Training(int k, bool saturating, bool plain_descent, double generator_start, int seed)
      : gan_(config(k, saturating, plain_descent, generator_start, seed)) {}

  void step(int count) {
    for (int i = 0; i < count; ++i) gan_.step();
  }
  void discriminator_step(int count) {
    for (int i = 0; i < count; ++i) gan_.discriminator_step();
  }

  val snapshot() {
    const chapter6::Snapshot now = chapter6::take_snapshot(gan_);
    val result = val::object();
    result.set("x", val::array(now.x));
    result.set("p_data", val::array(now.p_data));
    result.set("p_g", val::array(now.p_g));
    result.set("D", val::array(now.D));
    result.set("best_D", val::array(now.best_D));
    result.set("V", now.V);
    result.set("best_V", now.best_V);
    result.set("mean", now.mean);
    result.set("deviation", now.deviation);
    result.set("distance", now.distance);
    result.set("D_real", now.D_real);
    result.set("D_generated", now.D_generated);
    return result;
  }

 private:
  chapter6::ToyGan gan_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(line_gan) {
  emscripten::class_<Training>("Training")
      .constructor<int, bool, bool, double, int>()
      .function("step", &Training::step)
      .function("discriminator_step", &Training::discriminator_step)
      .function("snapshot", &Training::snapshot);
  emscripten::constant("minus_log_4", -std::log(4.0));
}
