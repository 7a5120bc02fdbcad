/// @file
/// An epoch of each trainer, replayed by hand: the order of the images, the mini-batches (the last one is
/// smaller), the noise, each loss and its gradient as a formula, and how the losses of mini-batches become
/// that of the epoch. The networks have batch normalisation and dropout, the images are not square.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "models/gan.hpp"
#include "optimizers/adam.hpp"
#include "small_network.hpp"
#include "training/fit_reconstruction.hpp"
#include "training/fit_steps.hpp"
#include "training/gan_run.hpp"

using namespace plaingrad;
namespace tt = boost::test_tools;

namespace {

/// Positions 0-3, 4-7, 8-10 of the order.
std::vector<std::vector<Index>> mini_batches(const std::vector<Index>& order, std::size_t size) {
  std::vector<std::vector<Index>> batches;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i % size == 0) batches.emplace_back();
    batches.back().push_back(order[i]);
  }
  return batches;
}

Tensor images_at(const Dataset& data, const std::vector<Index>& positions, double scale, double offset) {
  const Index size = data.height * data.width;
  Tensor x({std::ssize(positions), data.height, data.width, 1});
  for (Index n = 0; n < std::ssize(positions); ++n)
    for (Index i = 0; i < size; ++i)
      x[n * size + i] =
          data.pixels[static_cast<std::size_t>(positions[static_cast<std::size_t>(n)] * size + i)] * scale +
          offset;
  return x;
}

void require_same_parameters(const Sequential& found, const Sequential& expected) {
  double moved = 0;
  for (std::size_t p = 0; p < expected.parameters().size(); ++p) {
    const Parameter &a = *found.parameters()[p], &b = *expected.parameters()[p];
    double greatest = 0;
    for (std::size_t i = 0; i < b.value.values.size(); ++i)
      greatest = std::max(greatest, std::abs(a.value.values[i] - b.value.values[i]));
    BOOST_TEST(greatest < 1e-10, a.name << " differs by " << greatest);
    moved += std::abs(b.value.values[0]);
  }
  BOOST_TEST(moved > 0);
}

/// Mean of -log p(label), its gradient, and how many are right.
struct CrossEntropy {
  double sum = 0;
  int correct = 0;
  Tensor gradient;

  CrossEntropy(const Tensor& logits, const std::vector<int>& labels) : gradient(logits.shape) {
    const Index m = logits.extent(0), classes = logits.extent(1);
    for (Index n = 0; n < m; ++n) {
      double total = 0;
      Index best = 0;
      for (Index c = 0; c < classes; ++c) {
        total += std::exp(logits[n * classes + c]);
        if (logits[n * classes + c] > logits[n * classes + best]) best = c;
      }
      const int label = labels[static_cast<std::size_t>(n)];
      for (Index c = 0; c < classes; ++c)
        gradient[n * classes + c] =
            (std::exp(logits[n * classes + c]) / total - (c == label)) / static_cast<double>(m);
      sum -= std::log(std::exp(logits[n * classes + label]) / total);
      correct += best == label;
    }
  }
};

std::vector<int> labels_at(const Dataset& data, const std::vector<Index>& positions) {
  std::vector<int> labels;
  for (const Index position : positions) labels.push_back(data.labels[static_cast<std::size_t>(position)]);
  return labels;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(replay)

BOOST_AUTO_TEST_CASE(an_epoch_of_the_classifier) {
  const Dataset data = random_images(11, 3, 2);
  Random random(5), same(5);
  Sequential trained = make_small_network(false, random), model = make_small_network(false, same);
  Adam adam, by_hand;
  const Epoch epoch = fit_classifier(trained, adam, data, data, {.epochs = 1, .batch_size = 4}, random).at(0);

  double loss = 0, correct = 0;
  for (const std::vector<Index>& batch : mini_batches(same.permutation(11), 4)) {
    const Tensor x = images_at(data, batch, 1 / 255.0, 0);
    const CrossEntropy result(model.forward(x, Mode::training), labels_at(data, batch));
    model.zero_gradients();
    model.backward(result.gradient);
    by_hand.step(model.parameters());
    loss += result.sum;
    correct += result.correct;
  }
  BOOST_TEST(by_hand.t() == 3);
  require_same_parameters(trained, model);
  BOOST_TEST(epoch.loss == loss / 11, tt::tolerance(1e-12));
  BOOST_TEST(epoch.accuracy == correct / 11, tt::tolerance(1e-12));
  BOOST_TEST(random.state() == same.state());

  const std::vector<Index> all = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const Tensor x = images_at(data, all, 1 / 255.0, 0);
  const CrossEntropy validation(model.forward(x, Mode::inference), labels_at(data, all));
  BOOST_TEST(epoch.validation_loss == validation.sum / 11, tt::tolerance(1e-9));
  BOOST_TEST(epoch.validation_accuracy == validation.correct / 11.0, tt::tolerance(1e-12));
}

// Five steps of 4, 4, 3 and, in a new order, 4, 4 images, each moved and then perhaps mirrored, with white at
// 3 and smoothed labels; each step has a rate of its own.
BOOST_AUTO_TEST_CASE(five_steps_of_the_classifier) {
  const StepsOptions usual;
  BOOST_TEST(usual.steps == 1);
  BOOST_TEST(usual.batch_size == 64);
  BOOST_TEST(usual.smoothing == 0);
  BOOST_TEST(usual.white == 1);
  BOOST_TEST(usual.shift == 0);
  BOOST_TEST(!usual.mirror);
  const Dataset data = random_images(11, 3, 2);
  const auto rate = [](Index k) { return 0.01 / static_cast<double>(k); };
  Random random(5), same(5);
  Sequential trained = make_small_network(false, random), model = make_small_network(false, same);
  Adam adam, by_hand;
  std::vector<std::pair<Index, double>> losses;
  const StepsOptions options{.steps = 5,
                             .batch_size = 4,
                             .learning_rate = rate,
                             .smoothing = 0.2,
                             .white = 3,
                             .shift = 1,
                             .mirror = true,
                             .after_step = [&](Index k, double loss) { losses.emplace_back(k, loss); }};
  const Index seen = fit_steps(trained, adam, data, options, random);
  BOOST_TEST(seen == 19);

  Index k = 0;
  for (int epoch = 1; epoch <= 2; ++epoch)
    for (const std::vector<Index>& batch : mini_batches(same.permutation(11), 4)) {
      if (++k > 5) break;
      Tensor x = images_at(data, batch, 3 / 255.0, 0);
      shift_each(x, 1, same);
      mirror_each(x, same);
      const std::vector<int> labels = labels_at(data, batch);
      const Tensor logits = model.forward(x, Mode::training);
      CrossEntropy result(logits, labels);
      double loss = result.sum / static_cast<double>(batch.size());
      for (Index n = 0; n < std::ssize(batch); ++n)
        for (Index c = 0; c < 10; ++c) {
          loss += 0.02 * (logits[n * 10 + labels[static_cast<std::size_t>(n)]] - logits[n * 10 + c]) /
                  static_cast<double>(batch.size());
          result.gradient[n * 10 + c] +=
              (0.2 * (c == labels[static_cast<std::size_t>(n)]) - 0.02) / static_cast<double>(batch.size());
        }
      BOOST_TEST(losses.at(static_cast<std::size_t>(k - 1)).first == k);
      BOOST_TEST(losses.at(static_cast<std::size_t>(k - 1)).second == loss, tt::tolerance(1e-12));
      model.zero_gradients();
      model.backward(result.gradient);
      by_hand.set_learning_rate(rate(k));
      by_hand.step(model.parameters());
    }
  BOOST_TEST(adam.t() == 5);
  BOOST_TEST(losses.size() == 5u);
  require_same_parameters(trained, model);
  BOOST_TEST(random.state() == same.state());
}

BOOST_AUTO_TEST_CASE(an_epoch_of_the_autoencoder) {
  const Dataset data = random_images(11, 3, 2);
  const Tensor clean = all_images(data);
  Tensor noisy = clean;
  for (Index i = 0; i < noisy.size(); ++i) noisy[i] = std::abs(noisy[i] - 0.125);
  Random random(6), same(6);
  Sequential trained = make_small_network(true, random), model = make_small_network(true, same);
  Adam adam, by_hand;
  const Epoch epoch = fit_reconstruction(trained, adam, {noisy, clean}, {noisy, clean},
                                         {.epochs = 1, .batch_size = 4}, random)
                          .at(0);

  double squares = 0;
  for (const std::vector<Index>& batch : mini_batches(same.permutation(11), 4)) {
    const Tensor target = images_at(data, batch, 1 / 255.0, 0);
    Tensor x = target;
    for (Index i = 0; i < x.size(); ++i) x[i] = std::abs(x[i] - 0.125);
    const Tensor& y = model.forward(x, Mode::training);
    Tensor gradient(y.shape);
    for (Index i = 0; i < y.size(); ++i) {
      squares += (y[i] - target[i]) * (y[i] - target[i]);
      gradient[i] = 2 * (y[i] - target[i]) / static_cast<double>(y.size());
    }
    model.zero_gradients();
    model.backward(gradient);
    by_hand.step(model.parameters());
  }
  require_same_parameters(trained, model);
  BOOST_TEST(epoch.loss == squares / (11 * 6), tt::tolerance(1e-12));
  BOOST_TEST(random.state() == same.state());

  const Tensor& y = model.forward(noisy, Mode::inference);
  double error = 0;
  for (Index i = 0; i < y.size(); ++i) error += (y[i] - clean[i]) * (y[i] - clean[i]);
  BOOST_TEST(epoch.validation_loss == error / (11 * 6), tt::tolerance(1e-9));
}

namespace {

double sigmoid_of(double a) {
  return 1 / (1 + std::exp(-a));
}

/// Mean of -t log D - (1 - t) log(1 - D), D = sigmoid(a), and its gradient.
double binary_loss(const Tensor& logits, double target, Tensor& gradient) {
  const auto m = static_cast<double>(logits.size());
  gradient = Tensor(logits.shape);
  double loss = 0;
  for (Index i = 0; i < logits.size(); ++i) {
    const double D = sigmoid_of(logits[i]);
    loss -= (target * std::log(D) + (1 - target) * std::log(1 - D)) / m;
    gradient[i] = (D - target) / m;
  }
  return loss;
}

// Mini-batches of 4 and 3 images meet 4 and 3 noises; the epoch's losses are means over the steps.
void replay_gan_epoch(const GanSettings& settings) {
  const Dataset data = random_images(7, 28, 28);
  GanRun run(settings);
  const GanEpoch epoch = run.run_epoch(data);

  Random random(settings.seed), any(1);
  Sequential G = make_generator(random), D = make_discriminator(random), average = make_generator(any);
  const AdamSettings adam{.learning_rate = settings.learning_rate, .beta1 = settings.beta1};
  Adam G_adam(adam), D_adam({.learning_rate = settings.learning_rate * settings.discriminator_rate,
                             .beta1 = settings.beta1});
  Tensor digit_noise({2, gan_noise_size});
  random.fill_normal(digit_noise);
  double D_loss = 0, G_loss = 0;
  int step = 0;
  for (const std::vector<Index>& batch : mini_batches(random.permutation(7), 4)) {
    Tensor z({std::ssize(batch), gan_noise_size}), gradient;
    random.fill_normal(z);
    const Tensor x = images_at(data, batch, 1 / 127.5, -1), generated = G.forward(z, Mode::training);
    D.zero_gradients();
    D_loss += binary_loss(D.forward(x, Mode::training), settings.real_target, gradient) / 2;
    D.backward(gradient, Gradients::parameters);
    const Tensor logits = D.forward(generated, Mode::training);
    D_loss += binary_loss(logits, 0, gradient) / 2;
    D.backward(gradient, Gradients::parameters);
    G_loss += binary_loss(logits, 1, gradient) / 2;
    G.zero_gradients();
    G.backward(D.backward(gradient, Gradients::input));
    G_adam.step(G.parameters());
    D_adam.step(D.parameters());
    const double share = ++step == 1 ? 1 : std::max(0.5, 1 - settings.average);
    for (std::size_t p = 0; p < G.parameters().size(); ++p)
      for (std::size_t i = 0; i < G.parameters()[p]->value.values.size(); ++i) {
        Real& a = average.parameters()[p]->value.values[i];
        a += share * (G.parameters()[p]->value.values[i] - a);
      }
  }
  Sequential& drawing = settings.average > 0 ? average : G;
  require_same_parameters(run.drawing_generator(), drawing);
  require_same_parameters(run.generator(), G);
  require_same_parameters(run.discriminator(), D);
  BOOST_TEST(epoch.discriminator_loss == D_loss, tt::tolerance(1e-12));
  BOOST_TEST(epoch.generator_loss == G_loss, tt::tolerance(1e-12));
  BOOST_TEST((run.digit_noise().values == digit_noise.values));
  const Tensor& digits = drawing.forward(digit_noise, Mode::inference);
  BOOST_REQUIRE(run.digits().size() == 1u);
  for (Index i = 0; i < digits.size(); ++i) BOOST_REQUIRE_SMALL(run.digits()[0][i] - digits[i], 1e-9);
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_epoch_of_the_gan) {
  const GanSettings listing{.batch_size = 4, .digits = 2, .seed = 3};
  BOOST_TEST(GanSettings().batch_size == 256);
  BOOST_TEST(GanSettings().digits == 20);
  BOOST_TEST(GanSettings().seed == 1u);
  BOOST_TEST(listing.learning_rate == 1e-4);
  BOOST_TEST(listing.discriminator_rate == 1);
  BOOST_TEST(listing.beta1 == 0.9);
  BOOST_TEST(listing.real_target == 1);
  replay_gan_epoch(listing);
}

// The mean of both steps' weights; then one in which the second has more than half.
BOOST_AUTO_TEST_CASE(an_epoch_of_the_gan_beyond_the_listing) {
  for (const double average : {0.9, 0.3})
    replay_gan_epoch({.batch_size = 4,
                      .learning_rate = 2e-4,
                      .discriminator_rate = 4,
                      .beta1 = 0.5,
                      .real_target = 0.9,
                      .average = average,
                      .digits = 2,
                      .seed = 3});
}

BOOST_AUTO_TEST_SUITE_END()
