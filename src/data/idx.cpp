#include "data/idx.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <streambuf>
#include <string>

#include "data/atomic_file.hpp"
#include "data/gzip.hpp"

namespace plaingrad {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t images_magic = 2051, labels_magic = 2049;
constexpr std::uint64_t most_images = 1'000'000, largest_extent = 256, most_pixels = 1 << 30;
constexpr std::uint64_t deflate_ratio = 1032;  // gzip never packs more bytes than this into one

[[noreturn]] void fail(const std::string& name, const std::string& expected, const std::string& found) {
  throw std::runtime_error(name + ": expected " + expected + ", found " + found);
}

/// The bytes of one IDX file, unpacked while they are read if they start as gzip does.
class IdxReader {
 public:
  /// @param source  the file's bytes, of which there are `size`
  /// @param name  what errors call it
  IdxReader(std::streambuf& source, std::uint64_t size, std::string name)
      : name_(std::move(name)), size_(size), source_(source) {
    if (size_ == 0) fail(name_, "an IDX file", "an empty file");
    const bool gzip = source_.sbumpc() == 0x1f && source_.sbumpc() == 0x8b;
    source_.pubseekpos(0, std::ios::in);
    if (gzip) gzip_ = std::make_unique<GzipReader>(source_);
  }

  /// The next four bytes, most significant first.
  std::uint32_t number(const std::string& what) {
    std::array<std::uint8_t, 4> bytes{};
    if (read(bytes) < bytes.size()) fail(name_, what, "the end of the file (truncated)");
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 |
           bytes[3];
  }

  /// The rest of the file, which must be exactly the `count` bytes that the header announces.
  std::vector<std::uint8_t> rest(std::uint64_t count, std::uint64_t header) {
    const std::string expected = std::to_string(count) + " bytes after the header, as its counts say";
    // The counts may be wrong: nothing is allocated that a file of this size cannot hold.
    if (!gzip_ && size_ != header + count) fail(name_, expected, std::to_string(size_ - header));
    if (gzip_ && count > deflate_ratio * size_)
      fail(name_, expected, "a gzip file of only " + std::to_string(size_) + " (truncated?)");
    std::vector<std::uint8_t> bytes(count);
    if (const std::size_t found = read(bytes); found < count)
      fail(name_, expected, std::to_string(found) + " (truncated)");
    std::array<std::uint8_t, 1> more{};
    if (read(more) > 0) fail(name_, expected, "more");  // reading on makes gzip verify its checksum
    return bytes;
  }

  const std::string& name() const { return name_; }

 private:
  /// Fills `bytes` as far as the file goes. @return how far
  std::size_t read(std::span<std::uint8_t> bytes) {
    try {
      if (gzip_) return gzip_->read(bytes);
      const auto count = source_.sgetn(reinterpret_cast<char*>(bytes.data()), std::ssize(bytes));
      return static_cast<std::size_t>(std::max<std::streamsize>(count, 0));
    } catch (const GzipError&) {
      fail(name_, "a gzip file", "a corrupt or truncated one");
    } catch (const std::ios_base::failure& error) {
      fail(name_, "a readable file", error.code().message());
    }
  }

  std::string name_;
  std::uint64_t size_;
  std::streambuf& source_;
  std::unique_ptr<GzipReader> gzip_;  // if it is gzip
};

void require_magic(IdxReader& file, std::uint32_t magic, const std::string& kind) {
  const std::string expected = "the magic number " + std::to_string(magic) + " of " + kind;
  if (const std::uint32_t found = file.number(expected); found != magic)
    fail(file.name(), expected, std::to_string(found));
}

void read_images(IdxReader& file, Dataset& dataset) {
  require_magic(file, images_magic, "IDX images");
  const std::uint64_t count = file.number("the number of images");
  const std::uint64_t height = file.number("the height of the images");
  const std::uint64_t width = file.number("the width of the images");
  const auto sane = [](std::uint64_t extent) { return extent >= 1 && extent <= largest_extent; };
  if (count == 0) fail(file.name(), "at least one image", "none");
  if (!sane(height) || !sane(width))
    fail(file.name(), "images of 1 to " + std::to_string(largest_extent) + " pixels each way",
         std::to_string(height) + " x " + std::to_string(width));
  if (count > most_images || count * height * width > most_pixels)
    fail(file.name(),
         "at most " + std::to_string(most_images) + " images and " + std::to_string(most_pixels) + " pixels",
         std::to_string(count) + " images, " + std::to_string(count * height * width) + " pixels");
  dataset.pixels = file.rest(count * height * width, 16);
  dataset.height = static_cast<Index>(height);
  dataset.width = static_cast<Index>(width);
}

void read_labels(IdxReader& file, Dataset& dataset) {
  require_magic(file, labels_magic, "IDX labels");
  const std::uint64_t count = file.number("the number of labels");
  if (count > most_images)
    fail(file.name(), "at most " + std::to_string(most_images) + " labels", std::to_string(count));
  dataset.labels = file.rest(count, 8);
  for (std::size_t i = 0; i < dataset.labels.size(); ++i)
    if (dataset.labels[i] > 9)
      fail(file.name(), "labels from 0 to 9",
           std::to_string(dataset.labels[i]) + " at position " + std::to_string(i));
}

void require_label_for_each_image(const Dataset& dataset, const std::string& images,
                                  const std::string& labels) {
  const std::size_t count = dataset.pixels.size() / static_cast<std::size_t>(dataset.height * dataset.width);
  if (dataset.labels.size() != count)
    fail(labels, std::to_string(count) + " labels, one for each image of " + images,
         std::to_string(dataset.labels.size()));
}

/// Bytes in memory as a stream. (std::spanbuf comes with C++23.)
class MemoryBuffer : public std::streambuf {
 public:
  explicit MemoryBuffer(std::span<const std::byte> bytes) {
    char* first = reinterpret_cast<char*>(const_cast<std::byte*>(bytes.data()));  // only read
    setg(first, first, first + bytes.size());
  }

 private:
  pos_type seekpos(pos_type position, std::ios::openmode) override {
    setg(eback(), eback() + static_cast<off_type>(position), egptr());
    return position;
  }
};

/// Calls read(IdxReader&) for the file.
template <class Read>
void with_file(const fs::path& path, const Read& read) {
  const std::string name = path.string();
  if (!fs::exists(path)) fail(name, "an IDX file", "no file");
  if (fs::is_directory(path)) fail(name, "an IDX file", "a directory");
  if (!fs::is_regular_file(path)) fail(name, "an IDX file", "something that is not a file");
  const std::uint64_t size = fs::file_size(path);
  std::filebuf bytes;
  if (!bytes.open(path, std::ios::in | std::ios::binary))
    fail(name, "a readable file", "no permission to read it");
  IdxReader file(bytes, size, name);
  read(file);
}

/// The same for bytes in memory.
template <class Read>
void with_bytes(std::span<const std::byte> file, const std::string& name, const Read& read) {
  if (file.empty()) fail(name, "an IDX file", "an empty file");
  MemoryBuffer bytes(file);
  IdxReader reader(bytes, file.size(), name);
  read(reader);
}

/// The header's numbers, most significant byte first, then the bytes, all of it as gzip.
std::string packed(std::initializer_list<std::size_t> header, const std::vector<std::uint8_t>& bytes) {
  std::string file;
  for (std::size_t number : header)
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(number >> shift & 0xff);
  file.append(bytes.begin(), bytes.end());
  return pack_gzip(file);
}

}  // namespace

Dataset read_idx(const std::filesystem::path& images, const std::filesystem::path& labels) {
  Dataset dataset;
  with_file(images, [&](IdxReader& file) { read_images(file, dataset); });
  with_file(labels, [&](IdxReader& file) { read_labels(file, dataset); });
  require_label_for_each_image(dataset, images.string(), labels.string());
  return dataset;
}

Dataset read_idx(std::span<const std::byte> images, std::span<const std::byte> labels) {
  Dataset dataset;
  with_bytes(images, "the images", [&](IdxReader& file) { read_images(file, dataset); });
  with_bytes(labels, "the labels", [&](IdxReader& file) { read_labels(file, dataset); });
  require_label_for_each_image(dataset, "the images", "the labels");
  return dataset;
}

void write_idx(const Dataset& dataset, const std::filesystem::path& images,
               const std::filesystem::path& labels) {
  const std::string what = "a data set of " + std::to_string(dataset.count()) + " labels and images of " +
                           std::to_string(dataset.height) + " x " + std::to_string(dataset.width);
  if (std::ssize(dataset.pixels) != dataset.count() * dataset.height * dataset.width)
    throw std::invalid_argument(what + " has " + std::to_string(dataset.pixels.size()) + " pixels");
  const auto sane = [](Index extent) { return extent >= 1 && extent <= static_cast<Index>(largest_extent); };
  if (dataset.labels.empty() || dataset.labels.size() > most_images || dataset.pixels.size() > most_pixels ||
      !sane(dataset.height) || !sane(dataset.width) ||
      *std::max_element(dataset.labels.begin(), dataset.labels.end()) > 9)
    throw std::invalid_argument(what + " could not be read again");
  const std::string packed_images =
      packed({images_magic, dataset.labels.size(), static_cast<std::size_t>(dataset.height),
              static_cast<std::size_t>(dataset.width)},
             dataset.pixels);
  const std::string packed_labels = packed({labels_magic, dataset.labels.size()}, dataset.labels);
  write_atomically(images, packed_images);
  write_atomically(labels, packed_labels);
}

}  // namespace plaingrad
