/// @file
/// gzip, packed and unpacked by Boost.Iostreams.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <streambuf>
#include <string>

namespace plaingrad {

/// What was to be unpacked is corrupt or truncated.
struct GzipError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A gzip file, unpacked while it is read.
class GzipReader {
 public:
  /// @param packed  the file's bytes; it must live as long as the reader
  explicit GzipReader(std::streambuf& packed);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Fills `bytes` as far as the file goes. @return how far
  /// @throws GzipError if it is corrupt or truncated. The checksum stands after the last byte: only a read
  /// beyond that verifies it.
  std::size_t read(std::span<std::uint8_t> bytes);

 private:
  std::unique_ptr<std::streambuf> unpacked_;
};

/// These bytes as a gzip file, packed as tightly as it goes.
std::string pack_gzip(const std::string& bytes);

}  // namespace plaingrad
