/// @file
/// Prints the hashes of short trainings (training/fingerprint.hpp), for one thread and for two. `make
/// test-arm` compares what this processor prints with what a 64-bit ARM does.
///
/// Usage: short_trainings IMAGES LABELS STEPS GAN_STEPS. The two are IDX files, not packed: unpacking takes
/// Boost.Iostreams, which cross compilers have not.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "data/hash.hpp"
#include "math/multiply_add.hpp"
#include "math/threads.hpp"
#include "training/fingerprint.hpp"

using namespace plaingrad;

namespace {

std::vector<std::uint8_t> without_header(const char* file, std::ptrdiff_t header) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  bytes.erase(bytes.begin(), bytes.begin() + std::min(std::ssize(bytes), header));
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const Dataset digits{28, 28, without_header(argv[1], 16), without_header(argv[2], 8)};
  std::printf("fused multiply-add: %s\n", has_fused_multiply_add ? "yes" : "no");
  for (const int threads : {1, 2}) {
    set_thread_count(threads);
    for (const Fingerprint& f : fingerprints(digits, std::atoi(argv[3]), std::atoi(argv[4])))
      std::printf("%d thread(s), %-14s %3d steps: %s\n", threads, f.network.c_str(), f.steps,
                  hexadecimal(f.hash).c_str());
  }
}
