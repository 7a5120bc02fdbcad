#include <algorithm>

#include "gradient_court/family.hpp"
#include "math/random.hpp"

namespace plaingrad::gradient_court {
namespace {

constexpr std::size_t count = 20;
constexpr double rate = 0.3;

// 0 with probability rate, else 1 / (1 - rate): the same for every pass with one seed.
Numbers mask(std::uint64_t seed) {
  Random random(seed);
  Numbers m(count);
  for (double& value : m) value = random.uniform(0, 1) < rate ? 0 : 1 / (1 - rate);
  return m;
}

Numbers product(const Numbers& a, const Numbers& b) {
  Numbers result = a;
  for (std::size_t k = 0; k < a.size(); ++k) result[k] *= b[k];
  return result;
}

Subject subject() {
  return {{input("x", {4, 5}, 1)},
          [](const Values& v) { return product(v[0], mask(1)); },
          [](const Values&, const Numbers& U) -> Values { return {product(U, mask(1))}; }};
}

}  // namespace

Family dropout(ImageShape) {
  return {
      subject(),
      {{"mask forgotten", "dropped values have a gradient too", "", [](Pass& p) { p.gradients[0] = p.U; }},
       {"scale forgotten", "what is kept was divided by 1 - rate", "",
        [](Pass& p) { scale(p.gradients[0], 1 - rate); }},
       {"scaled twice", "divided by 1 - rate once more", "",
        [](Pass& p) { scale(p.gradients[0], 1 / (1 - rate)); }},
       {"rate for 1 - rate", "divided by the wrong one", "",
        [](Pass& p) { scale(p.gradients[0], (1 - rate) / rate); }},
       {"another mask on the way back", "it is drawn again", "",
        [](Pass& p) { p.gradients[0] = product(p.U, mask(2)); }}}};
}

// Many inputs are exactly zero, as they are after a ReLU.
Family dropout_of_zeros(ImageShape) {
  Subject right = subject();
  for (double& x : right.arguments[0].value) x = std::max(x, 0.0);
  return {right,
          {{"mask guessed from y = 0", "y / x, and 1 where x is zero, dropped or not", "kaldi-asr/kaldi#3890",
            [](Pass& p) {
              const Numbers &x = p.values[0], y = product(x, mask(1));
              for (std::size_t k = 0; k < count; ++k)
                p.gradients[0][k] = p.U[k] * (x[k] == 0 ? 1 : y[k] / x[k]);
            }}}};
}

}  // namespace plaingrad::gradient_court
