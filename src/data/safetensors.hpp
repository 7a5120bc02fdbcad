/// @file
/// The safetensors format: eight bytes for the length of a header, the header in JSON, then the numbers of
/// all tensors, little-endian. What a file means is not known here (training/checkpoint.hpp).
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "math/tensor.hpp"

namespace plaingrad {

/// What a file holds: named tensors, and texts under "__metadata__".
struct SafeTensors {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Reads a file that lies in memory. Numbers of single and of double precision (F32, F64) become Real.
///
/// Nothing is believed: the header must be the one object that the format describes, every name unique, every
/// shape and offset a whole number, the tensors side by side without overlap, gap or excess. The header has
/// at most 8 MB and 100,000 names, a shape at most 32 extents, so that no file takes more memory than four
/// times its size and 64 MB.
/// @param name  what errors call the file
/// @throws std::runtime_error with the name and what is wrong
SafeTensors read_safetensors(std::span<const std::byte> file, const std::string& name);

/// The same from a path. @throws std::runtime_error with the path and what is wrong
SafeTensors read_safetensors(const std::filesystem::path& path);

/// The bytes of a file that read_safetensors() reads.
/// @throws std::invalid_argument naming what could not be read again: a tensor called "__metadata__", one
/// whose values are not as many as its shape says, a text that is not UTF-8, more than the limits above
std::string safetensors_bytes(const std::map<std::string, Tensor>& tensors,
                              const std::map<std::string, std::string>& metadata);

/// Writes them to a path as AtomicFile does. @throws std::invalid_argument as above, std::runtime_error with
/// the path if it cannot be written (the old file, if any, stays)
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors,
                       const std::map<std::string, std::string>& metadata);

}  // namespace plaingrad
