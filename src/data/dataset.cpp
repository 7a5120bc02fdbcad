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
  std::string title, folder;
  std::array<std::string, 10> class_names;
};

const Description& describe(DatasetName name) {
  static const Description mnist{"MNIST", "mnist", {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}};
  static const Description fashion{"Fashion-MNIST",
                                   "fashion-mnist",
                                   {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                                    "Sneaker", "Bag", "Ankle boot"}};
  return name == DatasetName::mnist ? mnist : fashion;
}

constexpr std::array<const char*, 4> file_names = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                   "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/// The file, raw or gzip, if it is there.
std::optional<fs::path> find_file(const fs::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"})
    if (const fs::path path = folder / (name + ending); fs::exists(path)) return path;
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

/// The folder that the user named, which must exist, or data.
fs::path data_folder(const fs::path& named) {
  const char* environment = std::getenv("PLAINGRAD_DATA");
  const bool from_environment = named.empty() && environment != nullptr && *environment != '\0';
  const fs::path folder = from_environment ? fs::path(environment) : named;
  if (folder.empty()) return "data";
  if (!fs::is_directory(folder))
    throw std::runtime_error(folder.string() + ": expected a folder with the data sets, found " +
                             (fs::exists(folder) ? "a file" : "nothing") + "; see " +
                             (from_environment ? "the variable PLAINGRAD_DATA" : "--data"));
  return folder;
}

std::optional<TrainAndTest> read_full(DatasetName name, const fs::path& folder) {
  if (auto data = read_folder(folder / describe(name).folder)) return data;
  auto data = read_folder(folder);
  return data && looks_like(name, *data) ? data : std::nullopt;
}

TrainAndTest read_sample(DatasetName name, const fs::path& folder) {
  const std::string& title = describe(name).title;
  const fs::path full = folder / describe(name).folder,
                 sample = fs::path("tests/data") / describe(name).folder;
  auto data = read_folder(sample);
  if (!data)
    throw std::runtime_error("no " + title + " in " + full.string() + ", and no sample of it in " +
                             sample.string() + "; run `make data`, or give the folder by --data");
  data->sample = true;
  std::cerr << "NOTE: " << full.string() << " does not hold the full " << title << ". Using the sample in "
            << sample.string() << ": " << data->train.count() << " training and " << data->test.count()
            << " test images.\n      Results will be worse. Run `make data` to get all of it.\n";
  return *std::move(data);
}

}  // namespace

TrainAndTest load_dataset(DatasetName name, const std::filesystem::path& named) {
  const fs::path folder = data_folder(named);
  auto full = read_full(name, folder);
  TrainAndTest data = full ? *std::move(full) : read_sample(name, folder);
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

Dataset first_images(const Dataset& dataset, Index count) {
  if (count < 0)
    throw std::invalid_argument("first_images: expected a count of 0 or more, got " + std::to_string(count));
  count = std::min(count, dataset.count());
  Dataset first{dataset.height, dataset.width, {}, {}};
  first.pixels.assign(dataset.pixels.begin(),
                      dataset.pixels.begin() + count * dataset.height * dataset.width);
  first.labels.assign(dataset.labels.begin(), dataset.labels.begin() + count);
  return first;
}

//! [gather_images]
void gather_images(const Dataset& dataset, std::span<const Index> positions, Real scale, Real offset,
                   Tensor& out) {
  for (Index position : positions)
    if (position < 0 || position >= dataset.count())
      throw std::out_of_range("gather_images: position " + std::to_string(position) + " in a data set of " +
                              std::to_string(dataset.count()) + " images");
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

Tensor all_images(const Dataset& dataset, Real scale, Real offset) {
  std::vector<Index> positions(dataset.labels.size());
  std::iota(positions.begin(), positions.end(), Index{0});
  Tensor images;
  gather_images(dataset, positions, scale, offset, images);
  return images;
}

}  // namespace plaingrad
