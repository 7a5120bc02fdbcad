/// @file
/// How much memory a piece of work takes at most, asked of the system in a process of its own.
#pragma once

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <stdexcept>

#include "math/threads.hpp"

namespace plaingrad {

/// What reading a file of `file_size` bytes may take: four times as much, and 64 MB.
inline std::int64_t memory_bound(std::size_t file_size) {
  const std::int64_t bound = 4 * static_cast<std::int64_t>(file_size) + (std::int64_t{64} << 20);
#ifdef __SANITIZE_ADDRESS__
  return bound + (std::int64_t{1} << 30);  // the sanitizer keeps what was freed, and surrounds what is not
#else
  return bound;
#endif
}

/// Peak of the memory in use, as the system sees it, over what is in use now.
/// @param work  called in a child of this process; what it throws is forgotten
/// @return bytes
template <class Work>
std::int64_t peak_memory(const Work& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    set_thread_count(1);  // the threads of this process have stayed behind
    const auto resident = [] {
      rusage usage{};
      getrusage(RUSAGE_SELF, &usage);
      return std::int64_t{usage.ru_maxrss} * 1024;
    };
    malloc_trim(0);
    const std::int64_t before = resident();
    try {
      work();
    } catch (const std::exception&) {
    }
    const std::int64_t more = resident() - before;
    const bool sent = write(ends[1], &more, sizeof more) == sizeof more;
    _exit(sent ? 0 : 1);
  }
  close(ends[1]);
  std::int64_t bytes = -1;
  const bool received = read(ends[0], &bytes, sizeof bytes) == sizeof bytes;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!received || status != 0) throw std::runtime_error("the work ended without an answer");
  return bytes;
}

}  // namespace plaingrad
