/// @file
/// A hash of bytes: whether two things are the same can then be told from 64 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

namespace plaingrad {

/// Under this name a record and a checkpoint keep the hash of everything else in them.
inline constexpr const char* digest_key = "digest";

/// A hash as its 16 digits: "00000000000000ff" is 255.
inline std::string hexadecimal(std::uint64_t hash) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

/// The hash FNV-1a of 64 bits. It notices accidents, not intent.
class Hash {
 public:
  /// These bytes, after all that came before.
  Hash& add(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) value_ = (value_ ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3;
    return *this;
  }
  /// A text with its length in front: "ab", "c" is not "a", "bc".
  Hash& add(const std::string& text) {
    const std::uint64_t length = text.size();
    return add(std::as_bytes(std::span(&length, 1))).add(std::as_bytes(std::span(text)));
  }
  /// The hash of all bytes so far.
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace plaingrad
