/// @file
/// The IDX format of MNIST: a big-endian magic number (2051 images, 2049 labels), the counts, then bytes.
/// Read through Boost.Iostreams' gzip filter if the file starts as gzip does, raw otherwise.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "data/dataset.hpp"

namespace plaingrad {

/// Reads images and their labels.
/// @throws std::runtime_error with the path, what was expected and what was found: missing, a directory,
/// empty, wrong magic number, truncated, more bytes than the counts say, corrupt gzip, images and labels of
/// different number, a label above 9
Dataset read_idx(const std::filesystem::path& images, const std::filesystem::path& labels);

/// Writes a data set as gzip IDX files (used to make the test sample).
void write_idx(const Dataset& dataset, const std::filesystem::path& images,
               const std::filesystem::path& labels);

}  // namespace plaingrad
