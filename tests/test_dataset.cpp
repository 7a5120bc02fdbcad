/// @file
/// Data sets: where they are searched for, the samples in tests/data, and the batches made of them.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <iostream>
#include <set>
#include <sstream>

#include "data/dataset.hpp"
#include "data/idx.hpp"
#include "errors.hpp"
#include "small_network.hpp"
#include "temporary_folder.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

/// Three images of 1 x 2.
Dataset three() {
  return {1, 2, {0, 255, 51, 102, 1, 254}, {4, 4, 9}};
}

void write_set(const std::filesystem::path& folder, const Dataset& train, const Dataset& test) {
  std::filesystem::create_directories(folder);
  write_idx(train, folder / "train-images-idx3-ubyte.gz", folder / "train-labels-idx1-ubyte.gz");
  write_idx(test, folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz");
}

/// One image of each class: balanced, as Fashion-MNIST is.
Dataset balanced() {
  return {1, 1, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}};
}

/// Without PLAINGRAD_DATA, and with stderr caught.
struct Loading {
  Loading() : stderr_buffer(std::cerr.rdbuf(errors.rdbuf())) {
    if (const char* value = std::getenv("PLAINGRAD_DATA")) before = value;
    unsetenv("PLAINGRAD_DATA");
  }
  ~Loading() {
    std::cerr.rdbuf(stderr_buffer);
    if (before.empty())
      unsetenv("PLAINGRAD_DATA");
    else
      setenv("PLAINGRAD_DATA", before.c_str(), 1);
  }

  std::ostringstream errors;
  std::streambuf* stderr_buffer;
  std::string before;
  TemporaryFolder folder;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(dataset)

BOOST_AUTO_TEST_CASE(gather_scales_each_byte) {
  Tensor batch;
  gather_images(three(), std::vector<Index>{2, 0}, Real(1) / 255, 0, batch);
  BOOST_TEST((batch.shape == Shape{2, 1, 2, 1}));
  const std::vector<double> expected = {1 / 255.0, 254 / 255.0, 0, 1};
  for (Index i = 0; i < 4; ++i) BOOST_CHECK_SMALL(batch[i] - expected[static_cast<std::size_t>(i)], 1e-15);

  gather_images(three(), std::vector<Index>{1, 0}, Real(1) / Real(127.5), -1, batch);
  const std::vector<double> signed_values = {-0.6, -0.2, -1, 1};
  for (Index i = 0; i < 4; ++i)
    BOOST_CHECK_SMALL(batch[i] - signed_values[static_cast<std::size_t>(i)], 1e-15);
}

BOOST_AUTO_TEST_CASE(gather_resizes_and_may_repeat) {
  Tensor batch(Shape{5, 3});
  gather_images(three(), std::vector<Index>{1, 1, 1}, 1, 0, batch);
  BOOST_TEST((batch.shape == Shape{3, 1, 2, 1}));
  BOOST_TEST(batch.values == (std::vector<Real>{51, 102, 51, 102, 51, 102}),
             boost::test_tools::per_element());
  gather_images(three(), std::vector<Index>{}, 1, 0, batch);
  BOOST_TEST(batch.size() == 0);
}

BOOST_AUTO_TEST_CASE(labels_are_gathered_in_the_order_of_positions) {
  const std::vector<std::uint8_t> all = three().labels;
  std::vector<std::uint8_t> labels{9, 9, 9, 9};
  gather_labels(three(), std::vector<Index>{2, 0, 2}, labels);
  BOOST_TEST(labels == (std::vector<std::uint8_t>{all[2], all[0], all[2]}), boost::test_tools::per_element());
  gather_labels(three(), std::vector<Index>{}, labels);
  BOOST_TEST(labels.empty());
}

BOOST_AUTO_TEST_CASE(gather_refuses_positions_outside) {
  Tensor batch;
  BOOST_CHECK_THROW(gather_images(three(), std::vector<Index>{0, 3}, 1, 0, batch), std::out_of_range);
  BOOST_CHECK_THROW(gather_images(three(), std::vector<Index>{-1}, 1, 0, batch), std::out_of_range);
  std::vector<std::uint8_t> labels{7};
  BOOST_CHECK_THROW(gather_labels(three(), std::vector<Index>{0, 3}, labels), std::out_of_range);
  BOOST_CHECK_THROW(gather_labels(three(), std::vector<Index>{-1}, labels), std::out_of_range);
  BOOST_TEST(labels == std::vector<std::uint8_t>{7}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(all_images_are_in_order) {
  const Tensor images = all_images(three(), 1, 0);
  BOOST_TEST((images.shape == Shape{3, 1, 2, 1}));
  BOOST_TEST(images.values == (std::vector<Real>{0, 255, 51, 102, 1, 254}), boost::test_tools::per_element());
  BOOST_TEST(all_images(three())[1] == Real(1));
}

BOOST_AUTO_TEST_CASE(first_images_keep_pixels_and_labels_together) {
  const Dataset two = first_images(three(), 2);
  BOOST_TEST(two.pixels == (std::vector<std::uint8_t>{0, 255, 51, 102}), boost::test_tools::per_element());
  BOOST_TEST(two.labels == (std::vector<std::uint8_t>{4, 4}), boost::test_tools::per_element());
  BOOST_TEST(two.height == 1);
  BOOST_TEST(two.width == 2);
  BOOST_TEST(first_images(three(), 99).count() == 3);
  BOOST_TEST(first_images(three(), 0).count() == 0);
  BOOST_CHECK_THROW(first_images(three(), -1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(parts_come_one_after_another_and_around) {
  const Dataset all = three();
  const auto is = [&](const Dataset& part, Index first, Index count) {
    const Dataset expected = last_images(first_images(all, first + count), count);
    return part.pixels == expected.pixels && part.labels == expected.labels;
  };
  for (std::uint64_t n = 1; n <= 7; ++n)
    BOOST_TEST(is(part_of(all, 1, n), static_cast<Index>((n - 1) % 3), 1), n);
  BOOST_TEST(is(part_of(all, 1, 0), 2, 1));
  for (std::uint64_t n = 0; n <= 3; ++n) {
    BOOST_TEST(is(part_of(all, 2, n), 0, 2), n);  // the third image makes no whole part
    BOOST_TEST(is(part_of(all, 3, n), 0, 3), n);
  }
  BOOST_CHECK_THROW(part_of(all, 0, 1), std::invalid_argument);
  BOOST_CHECK_THROW(part_of(all, 4, 1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(first_and_last_images_are_all_of_them) {
  const Dataset all = three();
  for (Index count = 0; count <= 3; ++count) {
    Dataset both = first_images(all, 3 - count);
    const Dataset last = last_images(all, count);
    BOOST_TEST(last.count() == count);
    both.pixels.insert(both.pixels.end(), last.pixels.begin(), last.pixels.end());
    both.labels.insert(both.labels.end(), last.labels.begin(), last.labels.end());
    BOOST_TEST((both.pixels == all.pixels && both.labels == all.labels), count);
  }
  BOOST_TEST(last_images(all, 99).count() == 3);
  BOOST_CHECK_THROW(last_images(all, -1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(class_counts_count) {
  const auto counts = class_counts(three());
  BOOST_TEST(counts == (std::array<Index, 10>{0, 0, 0, 0, 2, 0, 0, 0, 0, 1}),
             boost::test_tools::per_element());
}

// The samples are the first images of the real sets, so these counts and labels are facts about those.
BOOST_FIXTURE_TEST_CASE(mnist_sample, Loading) {
  const TrainAndTest data = load_dataset(DatasetName::mnist, folder.path, true);
  BOOST_TEST(data.sample);
  BOOST_TEST(data.train.height == 28);
  BOOST_TEST(data.train.width == 28);
  BOOST_TEST(class_counts(data.train) == (std::array<Index, 10>{97, 116, 99, 93, 105, 92, 94, 117, 87, 100}),
             boost::test_tools::per_element());
  BOOST_TEST(class_counts(data.test) == (std::array<Index, 10>{42, 67, 55, 45, 55, 50, 43, 49, 40, 54}),
             boost::test_tools::per_element());
  BOOST_TEST(data.train.labels[0] == 5);  // the report's figure 8.1
  BOOST_TEST(data.test.labels[0] == 7);
  BOOST_TEST(data.class_names[5] == "5");
  BOOST_TEST(contains(errors.str(), "make data"));
  BOOST_TEST(contains(errors.str(), "1000 training and 500 test images"));
}

BOOST_FIXTURE_TEST_CASE(fashion_sample, Loading) {
  const TrainAndTest data = load_dataset(DatasetName::fashion_mnist, folder.path, true);
  BOOST_TEST(data.sample);
  BOOST_TEST(
      class_counts(data.train) == (std::array<Index, 10>{107, 104, 86, 92, 95, 100, 100, 115, 102, 99}),
      boost::test_tools::per_element());
  BOOST_TEST(class_counts(data.test) == (std::array<Index, 10>{55, 52, 65, 46, 57, 39, 47, 47, 44, 48}),
             boost::test_tools::per_element());
  BOOST_TEST(data.class_names[9] == "Ankle boot");
}

BOOST_FIXTURE_TEST_CASE(full_data_is_taken_and_nothing_said, Loading) {
  write_set(folder.path / "mnist", three(), first_images(three(), 1));
  write_set(folder.path / "fashion-mnist", balanced(), first_images(balanced(), 2));
  const TrainAndTest digits = load_dataset(DatasetName::mnist, folder.path);
  BOOST_TEST(!digits.sample);
  BOOST_TEST(digits.train.count() == 3);
  BOOST_TEST(digits.test.count() == 1);
  const TrainAndTest clothes = load_dataset(DatasetName::fashion_mnist, folder.path);
  BOOST_TEST(clothes.train.count() == 10);
  BOOST_TEST(clothes.test.count() == 2);
  BOOST_TEST(errors.str() == "");
}

BOOST_FIXTURE_TEST_CASE(environment_names_the_folder, Loading) {
  write_set(folder.path / "mnist", three(), three());
  setenv("PLAINGRAD_DATA", folder.path.c_str(), 1);
  BOOST_TEST(load_dataset(DatasetName::mnist, {}).train.count() == 3);
  TemporaryFolder other;  // --data goes first
  BOOST_TEST(load_dataset(DatasetName::mnist, other.path, true).sample);
}

// Where a folder was named, the sample is not taken in its place unless one asked for that, too.
BOOST_FIXTURE_TEST_CASE(a_folder_that_was_named_and_holds_no_whole_set_is_an_error, Loading) {
  const auto refused = [&](const fs::path& asked, const std::vector<std::string>& words) {
    BOOST_CHECK_EXCEPTION(
        load_dataset(DatasetName::mnist, asked, false), std::runtime_error, [&](const auto& error) {
          return std::all_of(words.begin(), words.end(),
                             [&](const auto& word) { return contains(error.what(), word); });
        });
    BOOST_TEST(errors.str() == "");
  };
  const std::string own = (folder.path / "mnist").string();
  refused(folder.path,
          {folder.path.string(), own, "MNIST", "--data", "--sample", "make data", "train-images-idx3-ubyte"});
  write_set(folder.path / "mnist", three(), three());
  fs::remove(folder.path / "mnist" / "t10k-labels-idx1-ubyte.gz");
  refused(folder.path, {own, "found no t10k-labels-idx1-ubyte;"});
  setenv("PLAINGRAD_DATA", folder.path.c_str(), 1);
  refused({}, {own, "the variable PLAINGRAD_DATA", "--sample"});
  BOOST_TEST(load_dataset(DatasetName::mnist, {}, true).sample);
  errors.str("");
  write_set(folder.path / "mnist", three(), three());
  BOOST_TEST(!load_dataset(DatasetName::mnist, {}, false).sample);
  write_set(folder.path, balanced(), balanced());  // four files, of Fashion-MNIST
  fs::remove_all(folder.path / "mnist");
  refused(folder.path, {"files of another data set"});
}

// "data" is where `make data` puts them; without it the programs run all the same.
BOOST_FIXTURE_TEST_CASE(the_default_folder_may_be_empty, Loading) {
  if (!fs::exists("data")) BOOST_TEST(load_dataset(DatasetName::mnist, {}, false).sample);
}

BOOST_FIXTURE_TEST_CASE(names_that_unpackers_give_are_found, Loading) {
  write_set(folder.path / "packed", three(), three());
  const auto move = [&](const fs::path& to, const std::string& file, const std::string& name) {
    fs::create_directories((to / name).parent_path());
    fs::copy_file(folder.path / "packed" / (file + ".gz"), to / name);
  };
  int number = 0;
  for (const std::string ending : {"", ".gz"}) {
    for (const char* place : {"", "mnist", "MNIST", "MNIST/raw"}) {
      for (const std::string kind :
           {"as published", "dotted", "folder", "folder and dotted", "dotted folder"}) {
        const fs::path data = folder.path / std::to_string(number++), to = data / place;
        for (const std::string file : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                       "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
          std::string dotted = file;
          dotted[dotted.find("-idx")] = '.';
          const bool inside = contains(kind, "folder"), dot = contains(kind, "dotted");
          const std::string name = (dot ? dotted : file) + ending;
          move(to, file, inside ? (kind == "dotted folder" ? dotted : file) + "/" + name : name);
        }
        BOOST_TEST(load_dataset(DatasetName::mnist, data, false).train.count() == 3, kind << " in " << place);
      }
    }
  }
  fs::create_directories(folder.path / "empty" / "train-images-idx3-ubyte");
  BOOST_CHECK_THROW(load_dataset(DatasetName::mnist, folder.path / "empty", false), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(files_in_the_folder_itself_are_told_apart, Loading) {
  write_set(folder.path, three(), three());
  BOOST_TEST(load_dataset(DatasetName::mnist, folder.path).train.count() == 3);
  BOOST_TEST(load_dataset(DatasetName::fashion_mnist, folder.path, true).sample);
  write_set(folder.path, balanced(), balanced());
  BOOST_TEST(load_dataset(DatasetName::fashion_mnist, folder.path).train.count() == 10);
  BOOST_TEST(load_dataset(DatasetName::mnist, folder.path, true).sample);
}

BOOST_FIXTURE_TEST_CASE(raw_files_go_before_gzip, Loading) {
  write_set(folder.path / "mnist", three(), three());
  std::filesystem::create_directory(folder.path / "raw");
  write_set(folder.path / "raw", first_images(three(), 2), three());
  for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"})
    std::filesystem::copy_file(folder.path / "raw" / (std::string(name) + ".gz"),
                               folder.path / "mnist" / name);
  BOOST_TEST(load_dataset(DatasetName::mnist, folder.path).train.count() == 2);
}

BOOST_FIXTURE_TEST_CASE(an_incomplete_set_is_not_taken, Loading) {
  write_set(folder.path / "mnist", three(), three());
  std::filesystem::remove(folder.path / "mnist" / "t10k-labels-idx1-ubyte.gz");
  BOOST_TEST(load_dataset(DatasetName::mnist, folder.path, true).sample);
  BOOST_TEST(contains(errors.str(), (folder.path / "mnist").string()));
}

BOOST_FIXTURE_TEST_CASE(damaged_files_are_an_error_not_a_reason_for_the_sample, Loading) {
  write_set(folder.path / "mnist", three(), three());
  const std::filesystem::path file = folder.path / "mnist" / "t10k-labels-idx1-ubyte.gz";
  write_file(file, read_file(file).substr(0, 15));
  BOOST_CHECK_EXCEPTION(load_dataset(DatasetName::mnist, folder.path), std::runtime_error,
                        [&](const auto& error) { return contains(error.what(), file.string()); });
}

BOOST_FIXTURE_TEST_CASE(training_and_test_images_must_be_of_one_size, Loading) {
  write_set(folder.path / "mnist", three(), balanced());
  BOOST_CHECK_EXCEPTION(load_dataset(DatasetName::mnist, folder.path), std::runtime_error,
                        [&](const auto& error) {
                          return contains(error.what(), "(1, 2)") && contains(error.what(), "(1, 1)");
                        });
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_was_named_must_be_there, Loading) {
  const std::filesystem::path nowhere = folder.path / "nowhere";
  const auto names_it = [&](const auto& error) { return contains(error.what(), nowhere.string()); };
  BOOST_CHECK_EXCEPTION(load_dataset(DatasetName::mnist, nowhere), std::runtime_error, names_it);
  setenv("PLAINGRAD_DATA", nowhere.c_str(), 1);
  BOOST_CHECK_EXCEPTION(load_dataset(DatasetName::mnist, {}), std::runtime_error, names_it);
}

BOOST_AUTO_TEST_CASE(shifted_images_come_from_the_other_side) {
  const Dataset two{2, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {8, 9}};
  const auto pixels = [&](Index down, Index right) {
    const Dataset moved = shifted(two, down, right);
    BOOST_TEST(moved.height == 2);
    BOOST_TEST(moved.width == 3);
    BOOST_TEST((moved.labels == two.labels));
    return std::vector<int>(moved.pixels.begin(), moved.pixels.end());
  };
  using Pixels = std::vector<int>;
  BOOST_TEST((pixels(0, 0) == Pixels{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  BOOST_TEST((pixels(1, 0) == Pixels{0, 0, 0, 1, 2, 3, 0, 0, 0, 7, 8, 9}));
  BOOST_TEST((pixels(-1, 0) == Pixels{4, 5, 6, 0, 0, 0, 10, 11, 12, 0, 0, 0}));
  BOOST_TEST((pixels(0, 2) == Pixels{0, 0, 1, 0, 0, 4, 0, 0, 7, 0, 0, 10}));
  BOOST_TEST((pixels(0, -2) == Pixels{3, 0, 0, 6, 0, 0, 9, 0, 0, 12, 0, 0}));
  BOOST_TEST((pixels(1, -1) == Pixels{0, 0, 0, 2, 3, 0, 0, 0, 0, 8, 9, 0}));
  for (const auto& [down, right] : {std::pair<Index, Index>{2, 0}, {-5, 0}, {0, 3}, {0, -30}})
    BOOST_TEST((pixels(down, right) == Pixels(12, 0)));
}

// Pixels that belong to no label are none of the images.
BOOST_AUTO_TEST_CASE(as_many_images_are_shifted_as_there_are_labels) {
  const Dataset two{1, 2, {1, 2, 3, 4, 5, 6}, {7, 8}};
  BOOST_TEST(shifted(two, 0, 0).pixels == (std::vector<std::uint8_t>{1, 2, 3, 4, 0, 0}), boost::test_tools::per_element());
}

// Each image by two numbers of its own, drawn in turn; every shift of -1, 0, 1 comes up.
BOOST_AUTO_TEST_CASE(each_image_is_shifted_as_drawn) {
  const Dataset images = random_images(40, 3, 2);
  Tensor x = all_images(images);
  Random random(7), same(7);
  shift_each(x, 1, random);
  std::set<std::pair<Index, Index>> drawn;
  for (Index n = 0; n < images.count(); ++n) {
    const Index down = same.index(3) - 1, right = same.index(3) - 1;
    drawn.emplace(down, right);
    const Tensor expected = slice(all_images(shifted(images, down, right)), n, 1), found = slice(x, n, 1);
    BOOST_TEST(found.values == expected.values, "image " << n);
  }
  BOOST_TEST(drawn.size() == 9u);
  BOOST_TEST(random.state() == same.state());
  BOOST_CHECK_THROW(shift_each(x, -1, random), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(each_image_is_mirrored_as_drawn) {
  const Dataset images = random_images(40, 3, 5);
  const Tensor before = all_images(images);
  Tensor x = before;
  Random random(7), same(7);
  mirror_each(x, random);
  Index mirrored = 0;
  for (Index n = 0; n < 40; ++n) {
    const bool is_mirrored = same.uniform(0, 1) < 0.5;
    mirrored += is_mirrored;
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 5; ++j)
        BOOST_TEST(x[(n * 3 + i) * 5 + j] == before[(n * 3 + i) * 5 + (is_mirrored ? 4 - j : j)]);
  }
  BOOST_TEST(mirrored > 10);
  BOOST_TEST(mirrored < 30);
  BOOST_TEST(random.state() == same.state());
}

BOOST_AUTO_TEST_CASE(what_is_no_batch_of_grey_images_is_neither_shifted_nor_mirrored) {
  Random random(7);
  for (const Shape& shape : {Shape{}, Shape{3}, Shape{2, 3, 3}, Shape{2, 3, 3, 2}, Shape{2, 3, 3, 1, 1}}) {
    Tensor x(shape);
    x.fill(1);
    const auto says_so = [&](const auto& error) {
      return contains(error.what(), "expected (count, height, width, 1), got " + to_string(shape));
    };
    BOOST_CHECK_EXCEPTION(shift_each(x, 1, random), std::invalid_argument, says_so);
    BOOST_CHECK_EXCEPTION(mirror_each(x, random), std::invalid_argument, says_so);
    BOOST_TEST(x.values == std::vector<Real>(x.values.size(), 1));
  }
  Tensor short_of_values({2, 3, 3, 1});
  short_of_values.values.pop_back();
  const auto says_so = [](const auto& error) { return contains(error.what(), "needs 18 values, got 17"); };
  BOOST_CHECK_EXCEPTION(shift_each(short_of_values, 1, random), std::invalid_argument, says_so);
  BOOST_CHECK_EXCEPTION(mirror_each(short_of_values, random), std::invalid_argument, says_so);
  BOOST_TEST(random.state() == Random(7).state());
}

BOOST_AUTO_TEST_SUITE_END()
