/// @file
/// A data set of one's own: pictures that a program draws. Quoted by docs/change_something.md.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

#include "check_gradients.hpp"
#include "data/dataset.hpp"
#include "data/idx.hpp"
#include "layers/conv2d.hpp"
#include "layers/dense.hpp"
#include "layers/reshape.hpp"
#include "layers/sequential.hpp"
#include "losses/loss.hpp"
#include "optimizers/adam.hpp"
#include "temporary_folder.hpp"
#include "training/fit.hpp"

using namespace plaingrad;

namespace {

//! [data]
/// Pictures of 28 x 28 pixels with one bar, grey on noise: 0 it lies, 1 it stands, 2 and 3 it leans.
Dataset draw_bars(Index count, Random& random) {
  Dataset bars{.height = 28, .width = 28, .pixels = {}, .labels = {}};
  for (Index n = 0; n < count; ++n) {
    const auto label = static_cast<std::uint8_t>(random.index(4));
    const Index middle_i = 10 + random.index(8), middle_j = 10 + random.index(8);
    for (Index i = 0; i < 28; ++i)
      for (Index j = 0; j < 28; ++j) {
        const Index down = i - middle_i, right = j - middle_j;
        const Index across[] = {down, right, down - right, down + right};  // 0 on the bar's axis
        const bool on_bar = std::abs(across[label]) <= 1 && std::abs(down) <= 8 && std::abs(right) <= 8;
        bars.pixels.push_back(static_cast<std::uint8_t>((on_bar ? 150 : 0) + random.index(100)));
      }
    bars.labels.push_back(label);
  }
  return bars;
}
//! [data]

//! [network]
/// A convolution, and one output for each of the four classes.
Sequential small_network(Random& random) {
  Sequential network("network", {28, 28, 1});
  network.add<Conv2D>(8, 5, ConvolutionOptions{.stride = 3, .activation = Activation::tanh});
  network.add<Flatten>();
  network.add<Dense>(4);
  network.build(random);
  return network;
}
//! [network]

}  // namespace

BOOST_AUTO_TEST_SUITE(change_something)

//! [check]
BOOST_AUTO_TEST_CASE(own_data_gradients_of_the_loss) {
  Random random(1);
  const Dataset bars = draw_bars(6, random);
  Sequential network = small_network(random);
  const Tensor x = all_images(bars);
  Tensor gradient;
  const auto loss = [&] {
    return softmax_cross_entropy(network.forward(x, Mode::training), bars.labels, gradient);
  };
  network.zero_gradients();
  loss();
  network.backward(gradient);
  for (Parameter* p : network.parameters()) {
    const Tensor computed = p->gradient;
    const GradientReport report = check_gradient(p->value.values, computed.values, loss, p->name);
    BOOST_TEST(report.passed(), report);
  }
}
//! [check]

//! [train]
BOOST_AUTO_TEST_CASE(own_data_can_be_learned) {
  Random random(1);
  const Dataset train = draw_bars(1000, random), test = draw_bars(100, random);
  Sequential network = small_network(random);
  Adam adam;
  const History history = fit_classifier(network, adam, train, test, {.epochs = 5, .batch_size = 8}, random);
  BOOST_TEST(history.back().validation_accuracy > 0.95);
}
//! [train]

//! [write]
BOOST_AUTO_TEST_CASE(own_data_as_files_for_the_chapters) {
  const TemporaryFolder folder;
  Random random(1);
  std::filesystem::create_directory(folder.path / "mnist");
  const auto write = [&](const Dataset& bars, const std::string& part) {
    write_idx(bars, folder.path / "mnist" / (part + "-images-idx3-ubyte"),
              folder.path / "mnist" / (part + "-labels-idx1-ubyte"));
  };
  const Dataset train = draw_bars(256, random);
  write(train, "train");
  write(draw_bars(100, random), "t10k");
  const TrainAndTest read = load_dataset(DatasetName::mnist, folder.path);
  BOOST_TEST((read.train.pixels == train.pixels && read.train.labels == train.labels));
}
//! [write]

BOOST_AUTO_TEST_SUITE_END()
