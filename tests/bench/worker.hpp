/// @file
/// The protocol between run.py and what it measures. Each program, ours or a peer's, is started once, prints
/// its variants and waits for requests: so two programs can alternate without a new start, and the one that
/// waits costs nothing. A request is a line "SECONDS VARIANT": run that variant for at least this time. The
/// answer is a line of JSON: units of work done, the seconds they took, the processor time of all threads
/// (less where other programs run as well), and the least time of a unit. The program ends with its input.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace bench {

using Json = nlohmann::ordered_json;

/// Does a little work and returns how many units that was: images, steps, floating-point operations.
using Once = std::function<double()>;
/// Sets a variant up.
using Prepare = std::function<Once(const std::string& variant)>;

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The most memory this process has had, in MB (10^6 bytes).
inline double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

/// Runs for at least these seconds, and at least once. A warm-up comes first, unless `seconds` is 0: threads
/// that slept have to be scheduled on their processors again.
inline Json measure(const Once& once, double seconds) {
  double count = 0, elapsed = 0, least = std::numeric_limits<double>::infinity();
  auto start = std::chrono::steady_clock::now();
  while (seconds_since(start) < std::min(0.3, seconds)) once();
  const std::clock_t processor_start = std::clock();
  start = std::chrono::steady_clock::now();
  do {
    const double before = elapsed, units = once();
    elapsed = seconds_since(start);
    count += units;
    least = std::min(least, (elapsed - before) / units);
  } while (elapsed < seconds);
  const double processor = static_cast<double>(std::clock() - processor_start) / CLOCKS_PER_SEC;
  return {{"count", count},
          {"seconds", elapsed},
          {"processor seconds", processor},
          {"least", least},
          {"megabytes", peak_megabytes()}};
}

/// Answers requests until the input ends. A variant is prepared, and worked once to warm up, when it is first
/// asked for.
/// @param about  further facts for the first line
inline int serve(const std::vector<std::string>& variants, const Prepare& prepare,
                 Json about = Json::object()) {
  about["variants"] = variants;
  std::cout << about.dump() << std::endl;
  Once once;
  std::string line, prepared;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    double seconds = 0;
    std::string variant;
    words >> seconds >> std::ws;
    std::getline(words, variant);
    if (!once || variant != prepared) {
      once = nullptr;  // its memory first
      once = prepare(variant);
      prepared = variant;
    }
    std::cout << measure(once, seconds).dump() << std::endl;
  }
  return 0;
}

}  // namespace bench
