#include "data/idx.hpp"

#include <algorithm>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace plaingrad {

namespace {

namespace fs = std::filesystem;
namespace io = boost::iostreams;

constexpr std::uint32_t images_magic = 2051, labels_magic = 2049;
constexpr std::uint32_t largest_extent = 4096;  // keeps count * height * width far from overflow
constexpr std::uint64_t deflate_ratio = 1032;   // gzip never packs more bytes than this into one

[[noreturn]] void fail(const fs::path& path, const std::string& expected, const std::string& found) {
  throw std::runtime_error(path.string() + ": expected " + expected + ", found " + found);
}

/// One open file, unpacked while it is read if it starts as gzip does.
class IdxFile {
 public:
  explicit IdxFile(const fs::path& path) : path_(path) {
    if (!fs::exists(path)) fail(path, "an IDX file", "no file");
    if (fs::is_directory(path)) fail(path, "an IDX file", "a directory");
    if (!fs::is_regular_file(path)) fail(path, "an IDX file", "something that is not a file");
    size_ = fs::file_size(path);
    if (size_ == 0) fail(path, "an IDX file", "an empty file");
    file_.open(path, std::ios::binary);
    if (!file_) fail(path, "a readable file", "no permission to read it");
    gzip_ = file_.get() == 0x1f && file_.get() == 0x8b;
    file_.clear();
    file_.seekg(0);
    if (gzip_) stream_.push(io::gzip_decompressor());
    stream_.push(file_);
  }

  /// The next four bytes, most significant first.
  std::uint32_t number(const std::string& what) {
    std::array<std::uint8_t, 4> bytes{};
    if (read(bytes) < bytes.size()) fail(path_, what, "the end of the file (truncated)");
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 |
           bytes[3];
  }

  /// The rest of the file, which must be exactly the `count` bytes that the header announces.
  std::vector<std::uint8_t> rest(std::uint64_t count, std::uint64_t header) {
    const std::string expected = std::to_string(count) + " bytes after the header, as its counts say";
    // The counts may be wrong: nothing is allocated that a file of this size cannot hold.
    if (!gzip_ && size_ != header + count) fail(path_, expected, std::to_string(size_ - header));
    if (gzip_ && count > deflate_ratio * size_)
      fail(path_, expected, "a gzip file of only " + std::to_string(size_) + " (truncated?)");
    std::vector<std::uint8_t> bytes(count);
    if (const std::size_t found = read(bytes); found < count)
      fail(path_, expected, std::to_string(found) + " (truncated)");
    std::array<std::uint8_t, 1> more{};
    if (read(more) > 0) fail(path_, expected, "more");  // reading on makes gzip verify its checksum
    return bytes;
  }

 private:
  /// Fills `bytes` as far as the file goes. @return how far
  std::size_t read(std::span<std::uint8_t> bytes) {
    try {
      const auto count = stream_.sgetn(reinterpret_cast<char*>(bytes.data()), std::ssize(bytes));
      return static_cast<std::size_t>(std::max<std::streamsize>(count, 0));
    } catch (const io::gzip_error&) {
      fail(path_, "a gzip file", "a corrupt or truncated one");
    } catch (const io::zlib_error&) {
      fail(path_, "a gzip file", "a corrupt or truncated one");
    }
  }

  fs::path path_;
  std::uintmax_t size_ = 0;
  bool gzip_ = false;
  std::ifstream file_;
  io::filtering_streambuf<io::input> stream_;
};

void require_magic(IdxFile& file, const fs::path& path, std::uint32_t magic, const std::string& kind) {
  const std::string expected = "the magic number " + std::to_string(magic) + " of " + kind;
  if (const std::uint32_t found = file.number(expected); found != magic)
    fail(path, expected, std::to_string(found));
}

void read_images(const fs::path& path, Dataset& dataset) {
  IdxFile file(path);
  require_magic(file, path, images_magic, "IDX images");
  const std::uint64_t count = file.number("the number of images");
  const std::uint64_t height = file.number("the height of the images");
  const std::uint64_t width = file.number("the width of the images");
  const auto sane = [](std::uint64_t extent) { return extent >= 1 && extent <= largest_extent; };
  if (count == 0) fail(path, "at least one image", "none");
  if (!sane(height) || !sane(width))
    fail(path, "images of 1 to " + std::to_string(largest_extent) + " pixels each way",
         std::to_string(height) + " x " + std::to_string(width));
  dataset.pixels = file.rest(count * height * width, 16);
  dataset.height = static_cast<Index>(height);
  dataset.width = static_cast<Index>(width);
}

void read_labels(const fs::path& path, Dataset& dataset) {
  IdxFile file(path);
  require_magic(file, path, labels_magic, "IDX labels");
  dataset.labels = file.rest(file.number("the number of labels"), 8);
  for (std::size_t i = 0; i < dataset.labels.size(); ++i)
    if (dataset.labels[i] > 9)
      fail(path, "labels from 0 to 9",
           std::to_string(dataset.labels[i]) + " at position " + std::to_string(i));
}

/// Writes the header's numbers, most significant byte first, then the bytes, all of it as gzip.
void write_file(const fs::path& path, std::initializer_list<std::size_t> header,
                const std::vector<std::uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + ": cannot be written");
  {
    io::filtering_ostream stream;
    stream.push(io::gzip_compressor(io::gzip_params(io::gzip::best_compression)));
    stream.push(file);
    for (std::size_t number : header)
      for (int shift = 24; shift >= 0; shift -= 8) stream.put(static_cast<char>(number >> shift & 0xff));
    stream.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  }  // only now is everything packed
  file.close();
  if (!file) throw std::runtime_error(path.string() + ": cannot be written (disk full?)");
}

}  // namespace

Dataset read_idx(const std::filesystem::path& images, const std::filesystem::path& labels) {
  Dataset dataset;
  read_images(images, dataset);
  read_labels(labels, dataset);
  const std::size_t count = dataset.pixels.size() / static_cast<std::size_t>(dataset.height * dataset.width);
  if (dataset.labels.size() != count)
    fail(labels, std::to_string(count) + " labels, one for each image of " + images.string(),
         std::to_string(dataset.labels.size()));
  return dataset;
}

void write_idx(const Dataset& dataset, const std::filesystem::path& images,
               const std::filesystem::path& labels) {
  if (std::ssize(dataset.pixels) != dataset.count() * dataset.height * dataset.width)
    throw std::invalid_argument("a data set of " + std::to_string(dataset.count()) +
                                " labels and images of " + std::to_string(dataset.height) + " x " +
                                std::to_string(dataset.width) + " has " +
                                std::to_string(dataset.pixels.size()) + " pixels");
  write_file(images,
             {images_magic, dataset.labels.size(), static_cast<std::size_t>(dataset.height),
              static_cast<std::size_t>(dataset.width)},
             dataset.pixels);
  write_file(labels, {labels_magic, dataset.labels.size()}, dataset.labels);
}

}  // namespace plaingrad
