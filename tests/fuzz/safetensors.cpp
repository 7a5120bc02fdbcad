/// @file
/// Fuzzing safetensors files in memory. The input's first eight bytes, the length of the header, are not
/// taken as they are if they say more than there is: then the header is what comes before the first zero
/// byte.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "data/safetensors.hpp"

using namespace plaingrad;

namespace {

/// What was read can be written, and read again as the same.
void require_round_trip(const SafeTensors& file) {
  const std::string bytes = safetensors_bytes(file.tensors, file.metadata);
  const SafeTensors again = read_safetensors(std::as_bytes(std::span(bytes)), "again");
  if (again.metadata != file.metadata || again.tensors.size() != file.tensors.size()) std::abort();
  for (const auto& [name, tensor] : file.tensors) {
    const Tensor& other = again.tensors.at(name);
    if (other.shape != tensor.shape || other.values.size() != tensor.values.size()) std::abort();
    const std::size_t size = tensor.values.size() * sizeof(Real);
    if (size > 0 && std::memcmp(other.data(), tensor.data(), size) != 0) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  std::uint64_t length = 0;
  if (size >= sizeof length) {
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > size - sizeof length)
      length = std::min(bytes.find('\0', sizeof length), size) - sizeof length;
    std::memcpy(bytes.data(), &length, sizeof length);
  }
  try {
    require_round_trip(read_safetensors(std::as_bytes(std::span(bytes)), "file"));
  } catch (const std::runtime_error&) {
  }
  return 0;
}
