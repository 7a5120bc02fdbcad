/// @file
/// Fuzzing gzip IDX files in memory, in two ways. If the first byte of the input is even, the rest is two
/// files as they are, which the fuzzer has to pack itself (the length of the first, two bytes; the first; the
/// second). If it is odd, the rest is packed here, so that what it changes gets through the check sum; the
/// second byte then damages one byte of what was packed, unless it is zero.
#include <boost/crc.hpp>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "data/idx.hpp"

using namespace plaingrad;

namespace {

using Bytes = std::span<const std::byte>;

/// As gzip, in one block that is not compressed: that is quick, and the reader sees no difference.
std::string packed(Bytes bytes) {
  boost::crc_32_type check_sum;
  check_sum.process_bytes(bytes.data(), bytes.size());
  const auto little_endian = [](std::uint32_t number, int count) {
    std::string result;
    for (int i = 0; i < count; ++i) result += static_cast<char>(number >> 8 * i & 0xff);
    return result;
  };
  const auto size = static_cast<std::uint32_t>(bytes.size());  // below 65,536
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\3\1", 11) + little_endian(size, 2) + little_endian(~size, 2) +
         std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) +
         little_endian(check_sum.checksum(), 4) + little_endian(size, 4);
}

void read(Bytes images, Bytes labels) {
  try {
    const Dataset dataset = read_idx(images, labels);
    if (std::ssize(dataset.pixels) != dataset.count() * dataset.height * dataset.width) std::abort();
    class_counts(dataset);
  } catch (const std::runtime_error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const bool pack = data[0] % 2 == 1;
  const std::size_t damage = data[1];
  const Bytes rest = std::as_bytes(std::span(data, size)).subspan(4);
  const std::size_t length = std::min<std::size_t>(data[2] + 256u * data[3], rest.size());
  const Bytes images = rest.first(length), labels = rest.subspan(length);
  if (!pack) {
    read(images, labels);
    return 0;
  }
  std::string packed_images = packed(images);
  const std::string packed_labels = packed(labels);
  if (damage > 0) packed_images[damage % packed_images.size()] ^= 0x55;
  read(std::as_bytes(std::span(packed_images)), std::as_bytes(std::span(packed_labels)));
  return 0;
}
