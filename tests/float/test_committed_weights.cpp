/// @file
/// The weights of figures/runs that the book's pages load: what the network says of the first test images, as
/// in tests/expected/cnn_logits.txt. The page in a browser is held to the same file (docs/check/figures).
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "data/dataset.hpp"
#include "math/decimal.hpp"
#include "models/cnn.hpp"
#include "training/checkpoint.hpp"

using namespace plaingrad;

namespace {

std::filesystem::path weights_file() {
  for (const auto& entry : std::filesystem::directory_iterator("figures/runs"))
    if (const std::string name = entry.path().filename().string();
        name.starts_with("cnn-mnist-adam-seed1-") && name.ends_with(".safetensors"))
      return entry.path();
  throw std::runtime_error("figures/runs has no weights of the CNN");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(committed_weights)

// Without fused multiply-add the last digits are others: a hundred-thousandth of an image's greatest logit.
BOOST_AUTO_TEST_CASE(the_cnn_says_what_is_expected_of_five_digits) {
  Random replaced(1);
  Sequential cnn = make_cnn(replaced);
  load_checkpoint(weights_file()).restore("", cnn);
  const Tensor images = all_images(first_images(load_dataset(DatasetName::mnist, "tests/data").test, 5));
  const Tensor& logits = cnn.forward(images, Mode::inference);
  std::ifstream expected("tests/expected/cnn_logits.txt");
  std::string found;
  for (Index n = 0; n < 5; ++n) {
    const Real* row = logits.data() + n * 10;
    const auto greatest = std::abs(static_cast<double>(
        *std::max_element(row, row + 10, [](Real a, Real b) { return std::abs(a) < std::abs(b); })));
    for (Index c = 0; c < 10; ++c) {
      double want = NAN;
      expected >> want;
      const auto have = static_cast<double>(row[c]);
      BOOST_TEST(std::abs(have - want) <= 1e-5 * greatest, "image " << n << ", class " << c << ": " << have);
      found += fixed(have, 6) + (c < 9 ? " " : "\n");
    }
  }
  std::string more;
  BOOST_TEST(!(expected >> more));
  BOOST_TEST_MESSAGE("tests/expected/cnn_logits.txt would be\n" << found);  // --log_level=message
}

BOOST_AUTO_TEST_SUITE_END()
