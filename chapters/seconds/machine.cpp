#include "seconds/machine.hpp"

#include <fstream>

#include "math/threads.hpp"

namespace plaingrad::seconds {
namespace {

/// The name that Linux reports on x86.
std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (const auto colon = line.find(": "); line.starts_with("model name") && colon != std::string::npos)
      return line.substr(colon + 2);
  return "a processor without a name";
}

constexpr const char* vectors() {
#if defined(__AVX512F__)
  return "AVX-512";
#elif defined(__AVX2__)
  return "AVX2";
#elif defined(__AVX__)
  return "AVX";
#else
  return "128-bit vectors";
#endif
}

}  // namespace

std::string machine() {
  const int threads = thread_count();
  return processor() + ", " + std::to_string(threads) + (threads == 1 ? " thread, " : " threads, ") +
         vectors();
}

}  // namespace plaingrad::seconds
