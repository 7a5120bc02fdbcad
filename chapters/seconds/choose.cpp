#include "seconds/choose.hpp"

#include <algorithm>
#include <cstdio>

#include "math/decimal.hpp"
#include "math/statistics.hpp"
#include "seconds/rungs.hpp"
#include "training/stop.hpp"

namespace plaingrad::seconds {
namespace {

/// The fastest rung and its neighbours: one setting changed at a time.
std::vector<Rung> candidates() {
  std::vector<Rung> all = {fastest()};
  all[0].name = "the fastest rung";
  const auto add = [&](const std::string& name, const auto& change) {
    Rung rung = fastest();
    rung.name = name;
    change(rung);
    all.push_back(rung);
  };
  for (const Index batch_size : {32, 128})
    add("batch " + std::to_string(batch_size), [&](Rung& rung) { rung.batch_size = batch_size; });
  for (const double factor : {0.5, 0.75, 1.5})
    add("rate times " + significant(factor, 3), [&](Rung& rung) { rung.learning_rate *= factor; });
  for (const double beta2 : {0.9, 0.95, 0.99, 0.999})
    if (beta2 != fastest().beta2)
      add("beta2 " + significant(beta2, 3), [&](Rung& rung) { rung.beta2 = beta2; });
  for (const double smoothing : {0.0, 0.1, 0.3})
    add("smoothing " + significant(smoothing, 3), [&](Rung& rung) { rung.smoothing = smoothing; });
  for (const int white : {1, 2, 4})
    add("white at " + std::to_string(white), [&](Rung& rung) { rung.white = static_cast<Real>(white); });
  add("images moved by a pixel", [](Rung& rung) { rung.shift = 1; });
  return all;
}

}  // namespace

void choose(const Dataset& images, std::uint64_t first_seed, int seeds) {
  const auto [train_images, validation] = split_validation(images);
  std::printf(
      "Trained on the first %td images, judged by the last %td, %d seed%s: accuracies in "
      "%%\n\n%-28s%7s%9s%8s%10s%8s%8s%10s\n",
      train_images.count(), validation.count(), seeds, seeds == 1 ? "" : "s", "", "batch", "rate", "beta2",
      "images", "mean", "least", "greatest");
  for (const Rung& rung : candidates()) {
    std::vector<double> accuracies;
    Index seen = 0;
    for (int i = 0; i < seeds; ++i) {
      throw_if_stopped();
      const Trained trained = train(rung, images_seen(rung, images.count()), train_images, validation,
                                    first_seed + static_cast<std::uint64_t>(i));
      accuracies.push_back(trained.accuracy.back());
      seen = trained.images;
    }
    const auto [least, greatest] = std::minmax_element(accuracies.begin(), accuracies.end());
    std::printf("%-28s%7td%9g%8g%10td%8.2f%8.2f%10.2f\n", rung.name.c_str(), rung.batch_size,
                rung.learning_rate, rung.beta2, seen, 100 * mean(accuracies), 100 * *least, 100 * *greatest);
    std::fflush(stdout);
  }
}

}  // namespace plaingrad::seconds
