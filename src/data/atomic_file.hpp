/// @file
/// Files that are whole or not there at all: written under a temporary name, flushed to disk, then renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace plaingrad {

/// A file in the making. What is written goes to a temporary name of this process's own in the same folder,
/// ".<name>.<process id>.<number>.tmp"; commit() puts it in the place of `path`. Until then, and whenever
/// anything fails, an older file of that name stays as it was, and the temporary one is removed.
///
/// Every error is a std::runtime_error of the path and the system's reason: "model.safetensors: cannot be
/// written: No space left on device". Where the size of files is limited (ulimit -f), the reason is seen only
/// by a process that ignores SIGXFSZ; the chapters' programs do.
class AtomicFile {
 public:
  /// @param path  where the file is to be; a symbolic link leads to the file that is replaced
  /// @throws std::runtime_error if the folder is not there or cannot be written, or if something that is no
  /// file, or a file without permission to write, has that name
  explicit AtomicFile(const std::filesystem::path& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Appends. @throws std::runtime_error (disk full ...)
  void write(std::string_view bytes);
  /// Appends. @throws std::runtime_error
  void write(std::span<const std::byte> bytes);
  /// Ends the file and gives it its name. It has the permissions of the file that it replaces. Nothing can be
  /// written after it. @throws std::runtime_error
  void commit();

 private:
  std::filesystem::path path_, temporary_;
  int descriptor_ = -1;
};

/// The whole file at once. @throws std::runtime_error as AtomicFile does
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

/// The second half of it, for a file that another program has written: flushes `temporary` to disk, gives it
/// the permissions of `path` if that is there, renames it to `path` and flushes the folder.
/// @throws std::runtime_error naming `path` and the reason; `temporary` then is still there
void replace_file(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// A name for the file that replace_file() is to take: beside `path`, and no other process's.
std::filesystem::path temporary_name(const std::filesystem::path& path);

/// Removes temporary files of processes that are gone, killed before they could do it themselves. To be
/// called before this process writes into the folder: until then, those with its own id are an earlier
/// process's.
void remove_leftovers(const std::filesystem::path& folder);

}  // namespace plaingrad
