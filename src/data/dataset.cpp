#include "data/dataset.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "data/idx.hpp"

namespace plaingrad {

namespace {

namespace fs = std::filesystem;

/// What is fixed about each of the two data sets.
struct Description {
  std::string title;
  std::vector<std::string> folders;  ///< ours, then those that other tools make
  std::array<std::string, 10> class_names;
};

const Description& describe(DatasetName name) {
  static const Description mnist{
      "MNIST", {"mnist", "MNIST", "MNIST/raw"}, {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}};
  static const Description fashion{"Fashion-MNIST",
                                   {"fashion-mnist", "FashionMNIST", "FashionMNIST/raw"},
                                   {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                                    "Sneaker", "Bag", "Ankle boot"}};
  return name == DatasetName::mnist ? mnist : fashion;
}

constexpr std::array<const char*, 4> file_names = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                   "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/// The names a file is found under: as published, or with the dot that some unpackers put in it; raw or gzip.
std::vector<std::string> usual_names(const std::string& name) {
  std::string dotted = name;
  dotted[dotted.find("-idx")] = '.';
  return {name, name + ".gz", dotted, dotted + ".gz"};
}

/// The file, if it is there: in the folder, or in a folder of one of its names.
std::optional<fs::path> find_file(const fs::path& folder, const std::string& name) {
  for (const std::string& file : usual_names(name)) {
    if (!fs::is_directory(folder / file)) {
      if (fs::exists(folder / file)) return folder / file;
      continue;
    }
    for (const std::string& inside : usual_names(name))
      if (const fs::path path = folder / file / inside; fs::exists(path) && !fs::is_directory(path))
        return path;
  }
  return std::nullopt;
}

/// Training and test part, if all four files are in `folder`.
std::optional<TrainAndTest> read_folder(const fs::path& folder) {
  std::array<fs::path, 4> paths;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto path = find_file(folder, file_names[i]);
    if (!path) return std::nullopt;
    paths[i] = *path;
  }
  TrainAndTest data;
  data.train = read_idx(paths[0], paths[1]);
  data.test = read_idx(paths[2], paths[3]);
  if (data.train.height != data.test.height || data.train.width != data.test.width)
    throw std::runtime_error(folder.string() + ": expected training and test images of one size, found " +
                             to_string({data.train.height, data.train.width}) + " and " +
                             to_string({data.test.height, data.test.width}));
  return data;
}

/// Both data sets use the same file names. Fashion-MNIST has equally many images of every class and MNIST
/// does not: that tells apart files that are not in a folder of their own.
bool looks_like(DatasetName name, const TrainAndTest& data) {
  const std::array<Index, 10> counts = class_counts(data.train);
  const bool balanced = std::equal(counts.begin() + 1, counts.end(), counts.begin());
  return balanced == (name == DatasetName::fashion_mnist);
}

/// Where data sets are looked for.
struct DataFolder {
  fs::path path = "data";
  std::string named_by;  ///< how the user named it; empty: it is the default
};

/// The folder that the user named, or data. One that was named must be there.
DataFolder data_folder(const fs::path& asked) {
  DataFolder folder;
  if (const char* environment = std::getenv("PLAINGRAD_DATA"); !asked.empty())
    folder = {asked, "--data"};
  else if (environment != nullptr && *environment != '\0')
    folder = {environment, "the variable PLAINGRAD_DATA"};
  if (!folder.named_by.empty() && !fs::is_directory(folder.path))
    throw std::runtime_error(folder.path.string() + ": expected a folder with the data sets, found " +
                             (fs::exists(folder.path) ? "a file" : "nothing") + "; see " + folder.named_by);
  return folder;
}

std::optional<TrainAndTest> read_full(DatasetName name, const fs::path& folder) {
  for (const std::string& inside : describe(name).folders)
    if (auto data = read_folder(folder / inside)) return data;
  auto data = read_folder(folder);
  return data && looks_like(name, *data) ? data : std::nullopt;
}

/// What of the set is not where it is looked for first.
std::string missing_files(DatasetName name, const fs::path& folder) {
  const fs::path own = folder / describe(name).folders.front();
  std::string missing;
  for (const char* file : file_names)
    if (!find_file(own, file) && !find_file(folder, file))
      missing += (missing.empty() ? "" : ", ") + std::string(file);
  return missing.empty() ? "files of another data set" : "no " + missing;
}

TrainAndTest read_sample(DatasetName name, const fs::path& folder) {
  const auto& [title, folders, class_names] = describe(name);
  const fs::path full = folder / folders.front(), sample = fs::path("tests/data") / folders.front();
  auto data = read_folder(sample);
  std::error_code ignored;
  if (!data)
    throw std::runtime_error("no " + title + " in " + full.string() + ", and no sample of it in " +
                             sample.string() + ", seen from the folder " +
                             fs::current_path(ignored).string() +
                             "; start the program in the project's folder and run `make data` there, or give "
                             "the folder of the data by --data");
  data->sample = true;
  std::cerr << "NOTE: " << full.string() << " does not hold the full " << title << ". Using the sample in "
            << sample.string() << ": " << data->train.count() << " training and " << data->test.count()
            << " test images.\n      Results will be worse. Run `make data` to get all of it.\n";
  return *std::move(data);
}

}  // namespace

TrainAndTest load_dataset(DatasetName name, const std::filesystem::path& folder, bool sample) {
  const DataFolder chosen = data_folder(folder);
  auto full = read_full(name, chosen.path);
  if (!full && !sample && !chosen.named_by.empty())
    throw std::runtime_error(chosen.path.string() + ": expected the four files of " + describe(name).title +
                             " there or in " + (chosen.path / describe(name).folders.front()).string() +
                             ", found " + missing_files(name, chosen.path) + "; see " + chosen.named_by +
                             ", run `make data`, or go on with the small sample by --sample");
  TrainAndTest data = full ? *std::move(full) : read_sample(name, chosen.path);
  data.class_names = describe(name).class_names;
  return data;
}

//! [class_counts]
std::array<Index, 10> class_counts(const Dataset& dataset) {
  std::array<Index, 10> counts{};
  for (std::uint8_t label : dataset.labels) ++counts.at(label);
  return counts;
}
//! [class_counts]

namespace {

Dataset part(const Dataset& dataset, Index first, Index count) {
  const Index size = dataset.height * dataset.width;
  Dataset result{dataset.height, dataset.width, {}, {}};
  result.pixels.assign(dataset.pixels.begin() + first * size,
                       dataset.pixels.begin() + (first + count) * size);
  result.labels.assign(dataset.labels.begin() + first, dataset.labels.begin() + first + count);
  return result;
}

Index at_most(const Dataset& dataset, Index count, const std::string& name) {
  if (count < 0)
    throw std::invalid_argument(name + ": expected a count of 0 or more, got " + std::to_string(count));
  return std::min(count, dataset.count());
}

}  // namespace

Dataset first_images(const Dataset& dataset, Index count) {
  return part(dataset, 0, at_most(dataset, count, "first_images"));
}

Dataset last_images(const Dataset& dataset, Index count) {
  count = at_most(dataset, count, "last_images");
  return part(dataset, dataset.count() - count, count);
}

//! [part_of]
Dataset part_of(const Dataset& dataset, Index count, std::uint64_t n) {
  if (count < 1 || count > dataset.count())
    throw std::invalid_argument("part_of: expected a count from 1 to " + std::to_string(dataset.count()) +
                                ", got " + std::to_string(count));
  const auto parts = static_cast<std::uint64_t>(dataset.count() / count);
  return part(dataset, static_cast<Index>((n + parts - 1) % parts) * count, count);
}
//! [part_of]

//! [shift_each]
namespace {

/// One image. What comes in from beyond its edges is what `moved` holds before.
template <class Pixel>
void shift(const Pixel* image, Index height, Index width, Index down, Index right, Pixel* moved) {
  for (Index i = std::max<Index>(0, down); i < std::min(height, height + down); ++i)
    for (Index j = std::max<Index>(0, right); j < std::min(width, width + right); ++j)
      moved[i * width + j] = image[(i - down) * width + j - right];
}

void require_grey_images(const Tensor& images, const std::string& what) {
  if (images.shape.size() != 4 || images.extent(3) != 1)
    throw std::invalid_argument(what + ": expected (count, height, width, 1), got " +
                                to_string(images.shape));
  require_shape(images, images.shape, what);
}

}  // namespace

void shift_each(Tensor& images, Index most, Random& random) {
  if (most < 0)
    throw std::invalid_argument("shift_each: most = " + std::to_string(most) + ", expected 0 or more");
  require_grey_images(images, "shift_each");
  const Index height = images.extent(1), width = images.extent(2);
  Tensor image({height, width});
  for (Index n = 0; n < images.extent(0); ++n) {
    Real* pixels = images.data() + n * height * width;
    std::copy_n(pixels, height * width, image.data());
    std::fill_n(pixels, height * width, Real(0));
    const Index down = random.index(2 * most + 1) - most, right = random.index(2 * most + 1) - most;
    shift(image.data(), height, width, down, right, pixels);
  }
}
//! [shift_each]

void mirror_each(Tensor& images, Random& random) {
  require_grey_images(images, "mirror_each");
  const Index height = images.extent(1), width = images.extent(2);
  for (Index n = 0; n < images.extent(0); ++n) {
    if (random.uniform(0, 1) >= 0.5) continue;
    for (Index i = 0; i < height; ++i) {
      Real* row = images.data() + (n * height + i) * width;
      std::reverse(row, row + width);
    }
  }
}

Dataset shifted(const Dataset& dataset, Index down, Index right) {
  const Index height = dataset.height, width = dataset.width, size = height * width;
  Dataset moved{height, width, std::vector<std::uint8_t>(dataset.pixels.size()), dataset.labels};
  for (Index n = 0; n < dataset.count(); ++n)
    shift(dataset.pixels.data() + n * size, height, width, down, right, moved.pixels.data() + n * size);
  return moved;
}

namespace {

void require_positions(const char* what, const Dataset& dataset, std::span<const Index> positions) {
  for (const Index position : positions)
    if (position < 0 || position >= dataset.count())
      throw std::out_of_range(std::string(what) + ": position " + std::to_string(position) +
                              " in a data set of " + std::to_string(dataset.count()) + " images");
}

}  // namespace

//! [gather_images]
void gather_images(const Dataset& dataset, std::span<const Index> positions, Real scale, Real offset,
                   Tensor& out) {
  require_positions("gather_images", dataset, positions);
  out.resize({std::ssize(positions), dataset.height, dataset.width, 1});
  const Index size = dataset.height * dataset.width;
  Real* to = out.data();
  for (Index position : positions) {
    const std::uint8_t* from = dataset.pixels.data() + position * size;
    for (Index i = 0; i < size; ++i) to[i] = static_cast<Real>(from[i]) * scale + offset;
    to += size;
  }
}
//! [gather_images]

void gather_labels(const Dataset& dataset, std::span<const Index> positions, std::vector<std::uint8_t>& out) {
  require_positions("gather_labels", dataset, positions);
  out.clear();
  for (const Index position : positions) out.push_back(dataset.labels[static_cast<std::size_t>(position)]);
}

Tensor all_images(const Dataset& dataset, Real scale, Real offset) {
  std::vector<Index> positions(dataset.labels.size());
  std::iota(positions.begin(), positions.end(), Index{0});
  Tensor images;
  gather_images(dataset, positions, scale, offset, images);
  return images;
}

}  // namespace plaingrad
