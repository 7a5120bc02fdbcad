#include "data/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace plaingrad {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& reason) {
  throw std::runtime_error(path.string() + ": cannot be written: " + reason);
}

[[noreturn]] void fail(const fs::path& path, int error) {
  fail(path, std::generic_category().message(error));
}

/// The file itself if `path` is a link to one; refused if a file of that name must not be replaced.
fs::path destination(const fs::path& path) {
  std::error_code error, ignored;
  fs::path file = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, error) : path;
  if (error) fail(path, error.message());
  const fs::file_status status = fs::status(file, ignored);
  if (!fs::exists(status)) return file;
  if (!fs::is_regular_file(status))
    fail(path, fs::is_directory(status) ? "a folder of this name is in the way"
                                        : "something that is no file has this name");
  if (::access(file.c_str(), W_OK) != 0) fail(path, errno);
  return file;
}

/// An open file of its own until the end of the scope.
struct Descriptor {
  int number;
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

/// A file system that cannot flush says so by EINVAL.
bool flushed(int descriptor) {
  return ::fsync(descriptor) == 0 || errno == EINVAL;
}

}  // namespace

fs::path temporary_name(const fs::path& path) {
  static std::atomic<unsigned> count = 0;
  const std::string name = path.filename().string().substr(0, 200);  // names have 255 bytes at most
  return path.parent_path() /
         ("." + name + "." + std::to_string(::getpid()) + "." + std::to_string(count++) + ".tmp");
}

AtomicFile::AtomicFile(const std::filesystem::path& path) : path_(destination(path)) {
  // An earlier process with the same id may have left a file of this name: then the next name is tried.
  do {
    temporary_ = temporary_name(path_);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) fail(path_, errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) fail(path_, errno);
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void AtomicFile::commit() {
  const int status = ::close(std::exchange(descriptor_, -1));
  if (status != 0) fail(path_, errno);
  replace_file(temporary_, path_);
  temporary_.clear();
}

void write_atomically(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

namespace {

/// The process that a name from temporary_name() belongs to; 0: it is no such name.
pid_t owner_of(const fs::path& file) {
  const std::string name = file.filename().string();
  const fs::path numbers = file.stem();  // ".NAME.PROCESS.COUNT"
  if (!name.starts_with('.') || file.extension() != ".tmp") return 0;
  pid_t process = 0;
  for (const std::string& part : {numbers.extension().string(), numbers.stem().extension().string()}) {
    const char* end = part.data() + part.size();
    if (part.size() < 2) return 0;
    const auto [stop, error] = std::from_chars(part.data() + 1, end, process);
    if (error != std::errc() || stop != end || process < 0) return 0;
  }
  return process;
}

bool is_gone(pid_t process) {
  return process == ::getpid() || (::kill(process, 0) != 0 && errno == ESRCH);
}

}  // namespace

void remove_leftovers(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (const pid_t process = owner_of(entry.path()); process > 0 && is_gone(process))
      leftovers.push_back(entry.path());
  for (const fs::path& file : leftovers) fs::remove(file, ignored);
}

void replace_file(const fs::path& temporary, const fs::path& path) {
  const fs::path file = destination(path);
  {
    const Descriptor written(::open(temporary.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat old;
    if (written.number < 0 || !flushed(written.number)) fail(path, errno);
    if (::stat(file.c_str(), &old) == 0 && ::fchmod(written.number, old.st_mode & 07777) != 0)
      fail(path, errno);
  }
  if (::rename(temporary.c_str(), file.c_str()) != 0) fail(path, errno);
  // The new name, too, must outlive a power cut.
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const Descriptor names(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (names.number >= 0 && !flushed(names.number)) fail(path, errno);
}

}  // namespace plaingrad
