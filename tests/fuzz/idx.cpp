/// @file
/// Fuzzing IDX files in memory, those that are not gzip (gzip_idx.cpp). The input is the length of the images
/// file, two bytes, little-endian; that file; the labels file.
#include <cstdlib>
#include <stdexcept>

#include "data/idx.hpp"

using namespace plaingrad;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto is_gzip = [](std::span<const std::byte> file) {
    return file.size() > 1 && file[0] == std::byte{0x1f} && file[1] == std::byte{0x8b};
  };
  if (size < 2) return 0;
  const auto rest = std::as_bytes(std::span(data, size)).subspan(2);
  const std::size_t length = std::min<std::size_t>(data[0] + 256u * data[1], rest.size());
  if (is_gzip(rest.first(length)) || is_gzip(rest.subspan(length))) return 0;
  try {
    const Dataset dataset = read_idx(rest.first(length), rest.subspan(length));
    if (std::ssize(dataset.pixels) != dataset.count() * dataset.height * dataset.width) std::abort();
    class_counts(dataset);  // throws what is not expected here if a label is no class
  } catch (const std::runtime_error&) {
  }
  return 0;
}
