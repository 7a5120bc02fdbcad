/// @file
/// IDX files: what is written comes back, and nothing that is wrong with a file goes unnoticed.
#define BOOST_TEST_DYN_LINK
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <boost/test/unit_test.hpp>
#include <iterator>
#include <vector>

#include "data/idx.hpp"
#include "memory.hpp"
#include "temporary_folder.hpp"

using namespace plaingrad;

namespace {

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

/// Two images of 2 x 3, the pixels 0 ... 11.
std::string good_images() {
  std::string bytes = big_endian(2051) + big_endian(2) + big_endian(2) + big_endian(3);
  for (char pixel = 0; pixel < 12; ++pixel) bytes += pixel;
  return bytes;
}

std::string good_labels() {
  return big_endian(2049) + big_endian(2) + std::string("\7\3");
}

/// A folder with one images file and one labels file.
struct Files {
  Files() { write(good_images(), good_labels()); }

  void write(const std::string& image_bytes, const std::string& label_bytes) const {
    write_file(images, image_bytes);
    write_file(labels, label_bytes);
  }

  /// The message of the error that reading ends with; empty if there is none.
  std::string error() const {
    try {
      read_idx(images, labels);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder;
  std::filesystem::path images = folder.path / "images", labels = folder.path / "labels";
};

void require_words(const std::string& message, const std::vector<std::string>& words) {
  BOOST_TEST(!message.empty(), "no error was thrown");
  for (const std::string& word : words)
    BOOST_TEST(message.find(word) != std::string::npos, '"' << word << "\" is not in: " << message);
}

/// 2,000 images of 28 x 28 whose bytes do not pack well, so that the file has many blocks.
Dataset noisy() {
  Dataset dataset{28, 28, {}, {}};
  std::uint32_t state = 1;
  for (int i = 0; i < 2000 * 28 * 28; ++i) {
    state = state * 1664525 + 1013904223;
    dataset.pixels.push_back(static_cast<std::uint8_t>(state >> 24));
  }
  for (int i = 0; i < 2000; ++i) dataset.labels.push_back(static_cast<std::uint8_t>(i % 10));
  return dataset;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(idx)

BOOST_FIXTURE_TEST_CASE(raw_files_are_read, Files) {
  const Dataset dataset = read_idx(images, labels);
  BOOST_TEST(dataset.count() == 2);
  BOOST_TEST(dataset.height == 2);
  BOOST_TEST(dataset.width == 3);
  BOOST_TEST(dataset.pixels == (std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}),
             boost::test_tools::per_element());
  BOOST_TEST(dataset.labels == (std::vector<std::uint8_t>{7, 3}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(written_files_come_back_and_are_gzip, Files) {
  const Dataset dataset = noisy();
  write_idx(dataset, images, labels);
  BOOST_TEST(read_file(images).substr(0, 2) == "\x1f\x8b");
  BOOST_TEST(read_file(labels).substr(0, 2) == "\x1f\x8b");
  const Dataset again = read_idx(images, labels);
  BOOST_TEST(again.height == 28);
  BOOST_TEST(again.width == 28);
  BOOST_TEST((again.pixels == dataset.pixels));
  BOOST_TEST((again.labels == dataset.labels));
}

BOOST_FIXTURE_TEST_CASE(gzip_and_raw_give_the_same, Files) {
  const Dataset raw = read_idx(images, labels);
  write_idx(raw, images, labels);
  const Dataset packed = read_idx(images, labels);
  BOOST_TEST((packed.pixels == raw.pixels));
  BOOST_TEST((packed.labels == raw.labels));
}

BOOST_FIXTURE_TEST_CASE(missing, Files) {
  std::filesystem::remove(images);
  require_words(error(), {images.string(), "no file"});
  write_file(images, good_images());
  std::filesystem::remove(labels);
  require_words(error(), {labels.string(), "no file"});
}

BOOST_FIXTURE_TEST_CASE(a_directory, Files) {
  std::filesystem::remove(images);
  std::filesystem::create_directory(images);
  require_words(error(), {images.string(), "a directory"});
}

BOOST_FIXTURE_TEST_CASE(a_device, Files) {
  std::filesystem::remove(images);
  std::filesystem::create_symlink("/dev/zero", images);
  require_words(error(), {images.string(), "not a file"});
}

BOOST_FIXTURE_TEST_CASE(empty, Files) {
  write("", good_labels());
  require_words(error(), {images.string(), "empty"});
  write(good_images(), "");
  require_words(error(), {labels.string(), "empty"});
}

BOOST_FIXTURE_TEST_CASE(wrong_magic, Files) {
  write(good_labels(), good_labels());
  require_words(error(), {images.string(), "2051", "2049"});
  write(good_images(), good_images());
  require_words(error(), {labels.string(), "2049", "2051"});
  write("<!DOCTYPE html><html>not found</html>", good_labels());
  require_words(error(), {images.string(), "magic"});
}

BOOST_FIXTURE_TEST_CASE(truncated_anywhere, Files) {
  for (std::size_t length = 1; length < good_images().size(); ++length) {
    write(good_images().substr(0, length), good_labels());
    require_words(error(), {images.string(), "expected"});
  }
  for (std::size_t length = 1; length < good_labels().size(); ++length) {
    write(good_images(), good_labels().substr(0, length));
    require_words(error(), {labels.string(), "expected"});
  }
}

BOOST_FIXTURE_TEST_CASE(trailing_bytes, Files) {
  write(good_images() + "x", good_labels());
  require_words(error(), {images.string(), "expected 12 bytes", "found 13"});
  write(good_images(), good_labels() + "\1");
  require_words(error(), {labels.string(), "expected 2 bytes", "found 3"});
}

BOOST_FIXTURE_TEST_CASE(counts_that_differ_from_what_is_there, Files) {
  std::string more = good_images();
  more[7] = 3;
  write(more, good_labels());
  require_words(error(), {images.string(), "expected 18 bytes", "found 12"});
}

BOOST_FIXTURE_TEST_CASE(a_huge_count_is_refused_before_memory_is_taken, Files) {
  const std::uint32_t most = 0xffffffff, million = 1'000'000;
  const auto header = [](std::uint32_t count, std::uint32_t height, std::uint32_t width) {
    return big_endian(2051) + big_endian(count) + big_endian(height) + big_endian(width);
  };
  write(header(most, most, most), good_labels());
  require_words(error(), {images.string(), "1 to 256", "4294967295 x 4294967295"});
  write(header(1, 257, 1), good_labels());
  require_words(error(), {images.string(), "1 to 256", "257 x 1"});
  write(header(million + 1, 1, 1), good_labels());
  require_words(error(), {images.string(), "at most 1000000 images", "1000001 images"});
  write(header(16385, 256, 256), good_labels());  // one image more than 2^30 pixels
  require_words(error(), {images.string(), "1073741824 pixels", "1073807360 pixels"});
  write(header(16384, 256, 256), good_labels());
  require_words(error(), {images.string(), "expected 1073741824 bytes", "found 0"});
  write(good_images(), big_endian(2049) + big_endian(million + 1) + "\1");
  require_words(error(), {labels.string(), "at most 1000000 labels", "1000001"});
  write(good_images(), big_endian(2049) + big_endian(million) + "\1");
  require_words(error(), {labels.string(), "expected 1000000 bytes", "found 1"});
}

BOOST_FIXTURE_TEST_CASE(no_images, Files) {
  write(big_endian(2051) + big_endian(0) + big_endian(28) + big_endian(28), big_endian(2049) + big_endian(0));
  require_words(error(), {images.string(), "at least one image"});
}

BOOST_FIXTURE_TEST_CASE(images_without_pixels, Files) {
  write(big_endian(2051) + big_endian(2) + big_endian(0) + big_endian(28), good_labels());
  require_words(error(), {images.string(), "0 x 28"});
}

BOOST_FIXTURE_TEST_CASE(images_and_labels_of_different_number, Files) {
  write(good_images(), big_endian(2049) + big_endian(3) + std::string("\1\2\3"));
  require_words(error(), {labels.string(), images.string(), "2 labels", "found 3"});
}

BOOST_FIXTURE_TEST_CASE(a_label_above_9, Files) {
  write(good_images(), big_endian(2049) + big_endian(2) + std::string("\7\n"));
  require_words(error(), {labels.string(), "0 to 9", "found 10 at position 1"});
}

BOOST_FIXTURE_TEST_CASE(gzip_cut_short_anywhere, Files) {
  write_idx(read_idx(images, labels), images, labels);
  const std::string whole = read_file(images);
  for (std::size_t length = 1; length < whole.size(); ++length) {
    write_file(images, whole.substr(0, length));
    require_words(error(), {images.string(), "expected"});
  }
}

BOOST_FIXTURE_TEST_CASE(large_gzip_cut_short, Files) {
  write_idx(noisy(), images, labels);
  const std::string whole = read_file(images);
  for (std::size_t length : {whole.size() / 3, whole.size() / 2, whole.size() - 8, whole.size() - 1}) {
    write_file(images, whole.substr(0, length));
    require_words(error(), {images.string(), "expected"});
  }
}

// Whatever single byte is changed: gzip's checksum finds it. Not covered: the ten bytes of gzip's own
// header, which hold things like the time, and the last four, the length once more.
BOOST_FIXTURE_TEST_CASE(corrupt_gzip_anywhere, Files) {
  write_idx(read_idx(images, labels), images, labels);
  const std::string whole = read_file(images);
  for (std::size_t position = 10; position < whole.size() - 4; ++position) {
    std::string damaged = whole;
    damaged[position] = static_cast<char>(damaged[position] ^ 0x55);
    write_file(images, damaged);
    require_words(error(), {images.string(), "expected"});
  }
}

BOOST_FIXTURE_TEST_CASE(gzip_with_a_false_count, Files) {
  // A labels file of ten bytes that promises a million labels, packed.
  Dataset tiny{1, 1, {0, 0}, {1, 2}};
  write_idx(tiny, images, labels);
  std::string bytes = big_endian(2049) + big_endian(1'000'000) + "\1\2";
  // A stored (not packed) deflate block, so that no packer is needed here; its checksum is wrong, but comes
  // too late.
  const auto length = static_cast<char>(bytes.size());
  const std::string block = std::string("\1") + length + '\0' + static_cast<char>(~length) + '\xff' + bytes;
  write_file(labels, std::string("\x1f\x8b\x08\0\0\0\0\0\0\3", 10) + block + std::string(8, '\0'));
  require_words(error(), {labels.string(), "expected 1000000 bytes", "gzip file of only"});
}

// A gzip file of 3 MB that unpacks to 3 GB, whether its header says so or not: neither time nor memory goes
// into what an IDX file cannot hold.
BOOST_FIXTURE_TEST_CASE(a_gzip_bomb_is_refused_from_its_header, Files) {
  const auto bomb = [&](std::uint32_t count) {
    std::ofstream file(images, std::ios::binary);
    boost::iostreams::filtering_ostream packed;
    packed.push(boost::iostreams::gzip_compressor(boost::iostreams::gzip_params(1)));
    packed.push(file);
    packed << big_endian(2051) << big_endian(count) << big_endian(256) << big_endian(256);
    const std::string zeros(1 << 20, '\0');
    for (int megabyte = 0; megabyte < 300; ++megabyte) packed << zeros;
  };
  bomb(50'000);
  require_words(error(), {images.string(), "at most", "3276800000 pixels"});
  BOOST_TEST(peak_memory([&] { read_idx(images, labels); }) <=
             memory_bound(std::filesystem::file_size(images)));
  bomb(1);
  require_words(error(), {images.string(), "expected 65536 bytes", "found more"});
  BOOST_TEST(peak_memory([&] { read_idx(images, labels); }) <=
             memory_bound(std::filesystem::file_size(images)));
}

BOOST_FIXTURE_TEST_CASE(files_in_memory_give_the_same_and_fail_alike, Files) {
  const auto bytes = [](const std::string& text) { return std::as_bytes(std::span(text)); };
  const std::string raw_images = good_images(), raw_labels = good_labels();
  write_idx(read_idx(images, labels), images, labels);
  const std::string packed_images = read_file(images), packed_labels = read_file(labels);
  BOOST_TEST((read_idx(bytes(raw_images), bytes(raw_labels)).pixels == read_idx(images, labels).pixels));
  BOOST_TEST(
      (read_idx(bytes(packed_images), bytes(packed_labels)).labels == read_idx(images, labels).labels));
  for (const std::string& whole : {raw_images, packed_images})
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const std::string cut = whole.substr(0, length);
      BOOST_CHECK_EXCEPTION(
          read_idx(bytes(cut), bytes(raw_labels)), std::runtime_error,
          [](const auto& error) { return std::string(error.what()).starts_with("the images: expected "); });
    }
}

BOOST_FIXTURE_TEST_CASE(what_could_not_be_read_again_is_not_written, Files) {
  for (const Dataset& dataset : {Dataset{}, Dataset{257, 1, std::vector<std::uint8_t>(257), {1}},
                                 Dataset{1, 1, {1}, {10}}, Dataset{0, 1, {}, {1}}})
    BOOST_CHECK_THROW(write_idx(dataset, images, labels), std::invalid_argument);
  BOOST_TEST(read_file(images) == good_images());
}

BOOST_FIXTURE_TEST_CASE(writing_checks_its_arguments_and_the_disk, Files) {
  BOOST_CHECK_THROW(write_idx(Dataset{2, 2, {1, 2, 3}, {1}}, images, labels), std::invalid_argument);
  const Dataset good{1, 1, {1}, {1}};
  BOOST_CHECK_THROW(write_idx(good, folder.path / "no" / "such", labels), std::runtime_error);
  BOOST_CHECK_THROW(write_idx(good, "/dev/full", labels), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
