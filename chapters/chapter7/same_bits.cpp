/// @file
/// After section 7.3: a hash of the weights after a short training of each network, beside ours.
#include <cstdio>

#include "chapter7/sections.hpp"
#include "data/hash.hpp"
#include "engine/engine.hpp"
#include "training/fingerprint.hpp"

namespace plaingrad::chapter7 {

void same_bits(const Dataset& train, Results& results) {
  std::printf("The same bits\n\n");
  if (engine_name() != "fast") {
    std::printf("The plain engine adds in another order than the fast one: there is no hash to compare.\n");
    return;
  }
  std::printf(
      "A short training of each network on the first images, batch 32, and a hash of its weights:\n\n");
  std::printf("  %-16s%6s  %-18s  %-18s\n", "network", "steps", "here", "ours");
  bool same = true;
  const std::vector<Fingerprint> found = fingerprints(train), expected = expected_fingerprints();
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::printf("  %-16s%6d  %s    %s\n", found[i].network.c_str(), found[i].steps,
                hexadecimal(found[i].hash).c_str(), hexadecimal(expected[i].hash).c_str());
    same = same && found[i].hash == expected[i].hash;
  }
  std::printf("\n%s\n", same ? "Your installation computes what ours did, to the last bit."
                             : "This installation rounds differently from ours somewhere.");
  results.add("same bits", same);
}

}  // namespace plaingrad::chapter7
