/// @file
/// Data sets (report, sections 7.1 and 8.2): images with labels, as bytes, and the mini-batches made of them.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "math/random.hpp"
#include "math/tensor.hpp"

namespace plaingrad {

/// Grey images of one size with a class label 0 ... 9 each.
struct Dataset {
  Index height = 0, width = 0;
  std::vector<std::uint8_t> pixels;  ///< (count, height, width), 0 black ... 255 white
  std::vector<std::uint8_t> labels;  ///< (count)

  /// Number of images.
  Index count() const { return static_cast<Index>(labels.size()); }
};

/// The two data sets of the report.
enum class DatasetName { mnist, fashion_mnist };

/// Training and test part, as loaded.
struct TrainAndTest {
  Dataset train, test;
  bool sample = false;  ///< true: not the full data but the small sample of tests/data
  std::array<std::string, 10> class_names;
};

/// Looks for the four files of the full data in `folder`/mnist or `folder`/fashion-mnist, in the folders that
/// PyTorch makes (`folder`/MNIST/raw, `folder`/FashionMNIST/raw), and in `folder` itself: raw IDX or gzip, as
/// train-images-idx3-ubyte or train-images.idx3-ubyte, or in a folder of such a name. Where they are not, it
/// takes the sample kept with the tests, and says so on stderr.
/// @param folder  --data; empty: the environment variable PLAINGRAD_DATA, else "data"
/// @param sample  --sample: whether the sample will do where a folder was named, by --data or by
/// PLAINGRAD_DATA, and does not hold the whole set; in the folder "data" it always will
/// @throws std::runtime_error naming the path and what is wrong if a file is there but damaged, if nothing is
/// there, or if the sample will not do
TrainAndTest load_dataset(DatasetName name, const std::filesystem::path& folder, bool sample = false);

/// Number of images of each class (report, section 8.2). @throws std::out_of_range if a label is above 9
std::array<Index, 10> class_counts(const Dataset& dataset);

/// The first `count` images (all, if there are fewer). @throws std::invalid_argument if count is negative
Dataset first_images(const Dataset& dataset, Index count);
/// The last `count` images, likewise.
Dataset last_images(const Dataset& dataset, Index count);
/// The n-th part of `count` images: part 1 has the first ones, part 2 the next, and after the last whole part
/// comes the first again; part 0 is the last. @throws std::invalid_argument if count is not 1 ...
/// dataset.count()
Dataset part_of(const Dataset& dataset, Index count, std::uint64_t n);

/// Every image moved down and to the right by whole pixels (up and to the left, if negative): what leaves is
/// lost, what comes in is black. A shift of the image's size or more leaves it all black.
Dataset shifted(const Dataset& dataset, Index down, Index right);

/// The images at `positions` as (positions, height, width, 1), each byte p as p * scale + offset: 1/255 and 0
/// give [0, 1], 1/127.5 and -1 give [-1, 1]. `out` is resized.
/// @throws std::out_of_range if a position is not in the data set
void gather_images(const Dataset& dataset, std::span<const Index> positions, Real scale, Real offset,
                   Tensor& out);
/// The labels at `positions`, in this order. `out` is resized.
/// @throws std::out_of_range as gather_images()
void gather_labels(const Dataset& dataset, std::span<const Index> positions, std::vector<std::uint8_t>& out);
/// Moves every image by whole pixels, as shifted() does, each by two numbers of its own: down and to the
/// right by what is drawn from -most ... most.
/// @param images  (count, height, width, 1)
/// @throws std::invalid_argument if `most` is negative, or the images have another shape
void shift_each(Tensor& images, Index most, Random& random);
/// Exchanges left and right in about half of the images, each by a number of its own: uniform in [0, 1),
/// below 1/2. @param images  (count, height, width, 1) @throws std::invalid_argument if they have another
/// shape
void mirror_each(Tensor& images, Random& random);
/// All images in order, scaled so.
Tensor all_images(const Dataset& dataset, Real scale = Real(1) / 255, Real offset = 0);

}  // namespace plaingrad
