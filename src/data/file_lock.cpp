#include "data/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace plaingrad {

FileLock::FileLock(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0)
    throw std::runtime_error(path.string() + ": cannot be locked: " + std::strerror(errno));
}

FileLock::~FileLock() {
  ::close(descriptor_);
}

// They change no member, but the state of the file it refers to.
// NOLINTBEGIN(readability-make-member-function-const)
void FileLock::lock() {
  while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

bool FileLock::try_lock() {
  return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}
// NOLINTEND(readability-make-member-function-const)

}  // namespace plaingrad
