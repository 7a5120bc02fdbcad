/// @file
/// Weights to and from other tools: docs/weights.py reads our files and writes its own.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "data/safetensors.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"
#include "temporary_folder.hpp"
#include "training/checkpoint.hpp"

using namespace plaingrad;

namespace {

/// Debian's NumPy is for Debian's Python.
std::string python() {
  return std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
}

/// Weights of `from` go through Python into `to`, which then computes the same.
void require_same_after_python(Sequential from, Sequential to) {
  const TemporaryFolder folder;
  const auto ours = folder.path / "ours.safetensors", theirs = folder.path / "theirs.safetensors";
  Checkpoint saved;
  saved.add("", from);
  save_checkpoint(ours, saved);
  const std::string command =
      python() + " docs/weights.py " + shell_quoted(ours) + " " + shell_quoted(theirs);
  BOOST_REQUIRE(std::system(command.c_str()) == 0);
  const Checkpoint loaded = load_checkpoint(theirs);
  BOOST_TEST(loaded.metadata.empty());
  loaded.restore("", to);
  for (std::size_t i = 0; i < from.parameters().size(); ++i)
    BOOST_TEST((to.parameters()[i]->value.values == from.parameters()[i]->value.values),
               from.parameters()[i]->name);
  Shape shape = from.shape_after(-1);
  shape.insert(shape.begin(), 2);
  Tensor x(shape);
  Random random(5);
  random.fill_normal(x);
  BOOST_TEST((from.forward(x, Mode::inference).values == to.forward(x, Mode::inference).values));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(other_tools)

BOOST_AUTO_TEST_CASE(weights_of_every_model_go_to_numpy_and_back) {
  Random first(1), second(2);
  require_same_after_python(make_cnn(first), make_cnn(second));
  require_same_after_python(make_cnn(first, 2), make_cnn(second, 2));
  require_same_after_python(make_autoencoder(first), make_autoencoder(second));
  require_same_after_python(make_generator(first), make_generator(second));
  require_same_after_python(make_discriminator(first), make_discriminator(second));
}

BOOST_AUTO_TEST_CASE(empty_tensors_and_scalars_go_to_numpy_and_back) {
  const TemporaryFolder folder;
  const auto ours = folder.path / "ours", theirs = folder.path / "theirs";
  const std::map<std::string, Tensor> tensors = {
      {"empty", Tensor({0, 3})}, {"scalar", Tensor({}, {2})}, {"\xc3\xa4 \"name\"", Tensor({2}, {1, 3})}};
  write_safetensors(ours, tensors, {{"text", "x"}});
  BOOST_REQUIRE(
      std::system(
          (python() + " docs/weights.py " + shell_quoted(ours) + " " + shell_quoted(theirs)).c_str()) == 0);
  const SafeTensors again = read_safetensors(theirs);
  for (const auto& [name, tensor] : tensors) {
    BOOST_TEST((again.tensors.at(name).shape == tensor.shape), name);
    BOOST_TEST((again.tensors.at(name).values == tensor.values), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
