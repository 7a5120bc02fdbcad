/// @file
/// A lock between processes, also between those of several machines on one file system.
#pragma once

#include <filesystem>

namespace plaingrad {

/// A lock that one process at a time can have. It ends with the object, or with the process, whatever ends
/// that; the empty file that stands for it stays. Where the file system knows no locks every process has it.
class FileLock {
 public:
  /// Not locked yet. @param path  the file, made if it is not there
  /// @throws std::runtime_error with the path and the reason if it cannot be opened
  explicit FileLock(const std::filesystem::path& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  /// Waits until no other process has it.
  void lock();
  /// @return false if another process has it
  bool try_lock();

 private:
  int descriptor_;
};

}  // namespace plaingrad
