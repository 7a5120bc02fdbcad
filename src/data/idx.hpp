/// @file
/// The IDX format of MNIST: a big-endian magic number (2051 images, 2049 labels), the counts, then bytes.
/// Read through Boost.Iostreams' gzip filter if the file starts as gzip does, raw otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "data/dataset.hpp"

namespace plaingrad {

/// Reads images and their labels. A set has at most 10^6 images of at most 256 x 256 pixels, 2^30 pixels in
/// all; what claims more is refused before memory is taken.
/// @throws std::runtime_error with the path, what was expected and what was found: missing, a directory,
/// empty, wrong magic number, truncated, more bytes than the counts say, corrupt gzip, images and labels of
/// different number, a label above 9
Dataset read_idx(const std::filesystem::path& images, const std::filesystem::path& labels);

/// The same for two files that lie in memory; errors call them "the images" and "the labels".
Dataset read_idx(std::span<const std::byte> images, std::span<const std::byte> labels);

/// Writes a data set as gzip IDX files (used to make the test sample). @throws std::invalid_argument if
/// pixels and labels do not belong together, std::runtime_error if a file cannot be written
void write_idx(const Dataset& dataset, const std::filesystem::path& images,
               const std::filesystem::path& labels);

}  // namespace plaingrad
