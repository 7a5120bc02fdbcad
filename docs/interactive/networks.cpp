/// @file
/// The figures train_cnn and denoising: the CNN of section 7.3.1, trained a piece at a time so that it can be
/// stopped and asked; the autoencoders of section 7.3.2; drawings.
#include <emscripten/bind.h>

#include <chrono>
#include <memory>
#include <numeric>
#include <optional>

#include "data/drawing.hpp"
#include "data/gzip.hpp"
#include "data/hash.hpp"
#include "data/idx.hpp"
#include "data/mini_batches.hpp"
#include "data/safetensors.hpp"
#include "evaluation/image_quality.hpp"
#include "evaluation/median_filter.hpp"
#include "losses/loss.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/one_cycle.hpp"
#include "seconds/rungs.hpp"
#include "training/checkpoint.hpp"
#include "training/fingerprint.hpp"
#include "training/fit.hpp"

namespace plaingrad {

// A browser unpacks files itself; the module has no Boost.Iostreams.
GzipReader::GzipReader(std::streambuf&) {
  throw GzipError("a gzip file, which the page was to unpack");
}
GzipReader::~GzipReader() = default;
std::size_t GzipReader::read(std::span<std::uint8_t>) {
  return 0;
}

}  // namespace plaingrad

using namespace plaingrad;
using emscripten::val;

namespace {

// ---- to JavaScript and back --------------------------------------------------------------------------------

val array(const Tensor& tensor) {
  return val(emscripten::typed_memory_view(tensor.values.size(), tensor.data())).call<val>("slice");
}

Tensor image(const val& pixels) {
  return Tensor({1, 28, 28, 1}, emscripten::convertJSArrayToNumberVector<Real>(pixels));
}

std::vector<std::uint8_t> bytes(const val& array) {
  return emscripten::convertJSArrayToNumberVector<std::uint8_t>(array);
}

std::string what(std::intptr_t error) {
  return reinterpret_cast<std::exception*>(error)->what();
}

// ---- data --------------------------------------------------------------------------------------------------

Dataset train_images, test_images;

/// Takes two IDX files as the images to learn from, or to test with. @return their number
int read_images(const std::string& part, const val& images, const val& labels) {
  const std::vector<std::uint8_t> image_file = bytes(images), label_file = bytes(labels);
  Dataset read = read_idx(std::as_bytes(std::span(image_file)), std::as_bytes(std::span(label_file)));
  if (read.height != 28 || read.width != 28)
    throw std::invalid_argument("the network takes images of 28 x 28 pixels, got " +
                                std::to_string(read.height) + " x " + std::to_string(read.width));
  (part == "train" ? train_images : test_images) = std::move(read);
  return static_cast<int>((part == "train" ? train_images : test_images).count());
}

val test_image(int position) {
  const std::vector<Index> positions{position};
  Tensor x;
  gather_images(test_images, positions, Real(1) / 255, 0, x);
  val result = val::object();
  result.set("pixels", array(x));
  result.set("label", test_images.labels[static_cast<std::size_t>(position)]);
  return result;
}

/// A square sheet as the network is to see it.
val drawn_image(const val& ink, int side, bool as_mnist) {
  const Tensor drawing({side, side}, emscripten::convertJSArrayToNumberVector<Real>(ink));
  return array(as_mnist ? mnist_image(drawing) : reduced_image(drawing));
}

// ---- the CNN -----------------------------------------------------------------------------------------------

/// From seed 1. As in chapter 8, with Adam and mini-batches of 32, as long as one likes: what
/// fit_classifier() does, which does not return before the end. Or quick, by the fastest rung of the page
/// `seconds`: what fit_steps() does.
struct Training {
  bool quick = false;
  const seconds::Rung& rung = seconds::fastest();
  Random random{1};
  Sequential cnn = make_cnn(random);
  Adam adam{AdamSettings{.beta2 = quick ? rung.beta2 : AdamSettings().beta2}};
  std::optional<MiniBatches> batches;  // of the epoch under way
  Index step = 0, tested = 0, seen = 0, correct = 0;
  double loss_sum = 0, test_loss_sum = 0, test_correct = 0;
  Epoch epoch;
  History history;

  Index batch_size() const { return quick ? rung.batch_size : 32; }
  Index quick_steps() const { return rung.images / rung.batch_size; }
  /// What a pixel of 1 becomes.
  Real white() const { return quick ? rung.white : 1; }
  /// Whether there are no more steps to take; the test images may still be to come.
  bool finished() const { return quick && adam.t() == quick_steps(); }

  /// The next mini-batch; after the last one, the next 128 test images.
  void advance() {
    if (!batches) begin_epoch();
    if (step < batches->count() && !finished())
      train_step(batches->at(++step));
    else
      test_slice();
  }

  void begin_epoch() {
    batches.emplace(train_images.count(), batch_size(), random);
    epoch = {.number = static_cast<int>(history.size()) + 1};
    step = tested = seen = correct = 0;
    loss_sum = test_loss_sum = test_correct = 0;
  }

  void train_step(std::span<const Index> batch) {
    Tensor x, gradient;
    gather_images(train_images, batch, white() / 255, 0, x);
    std::vector<std::uint8_t> labels;
    gather_labels(train_images, batch, labels);

    const Tensor& logits = cnn.forward(x, Mode::training);
    const double loss = smoothed_cross_entropy(logits, labels, quick ? rung.smoothing : 0, gradient);
    require_finite(loss, epoch.number, step, cnn, &x);
    cnn.zero_gradients();
    cnn.backward(gradient);
    if (quick) adam.set_learning_rate(one_cycle(adam.t() + 1, quick_steps(), rung.learning_rate));
    adam.step(cnn.parameters());

    const std::vector<Index> predicted = argmax(logits);
    for (std::size_t n = 0; n < labels.size(); ++n) correct += predicted[n] == labels[n];
    seen += std::ssize(batch);
    loss_sum += loss * static_cast<double>(batch.size());
    epoch.loss = loss_sum / static_cast<double>(seen);
    epoch.accuracy = static_cast<double>(correct) / static_cast<double>(seen);
  }

  void test_slice() {
    std::vector<Index> some(static_cast<std::size_t>(std::min<Index>(128, test_images.count() - tested)));
    std::iota(some.begin(), some.end(), tested);
    Tensor x;
    gather_images(test_images, some, white() / 255, 0, x);
    const auto count = std::ssize(some);
    const std::span labels =
        std::span(test_images.labels).subspan(static_cast<std::size_t>(tested), some.size());
    const Evaluation evaluation = evaluate_classifier(cnn, x, labels);
    test_loss_sum += evaluation.loss * static_cast<double>(count);
    test_correct += evaluation.accuracy * static_cast<double>(count);
    tested += count;
    if (tested < test_images.count()) return;
    epoch.validation_loss = test_loss_sum / static_cast<double>(tested);
    epoch.validation_accuracy = test_correct / static_cast<double>(tested);
    history.push_back(epoch);
    batches.reset();
  }
};

std::unique_ptr<Training> training = std::make_unique<Training>();

val to_object(const Epoch& epoch) {
  val result = val::object();
  result.set("number", epoch.number);
  result.set("loss", epoch.loss);
  result.set("accuracy", epoch.accuracy);
  result.set("validation_loss", epoch.validation_loss);
  result.set("validation_accuracy", epoch.validation_accuracy);
  return result;
}

/// A new network, which has learned nothing.
void start(bool quick) {
  training.reset(new Training{.quick = quick});
}

/// Goes on training for about so long. @return how far it is
val train(double milliseconds) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  };
  const std::size_t epochs = training->history.size();
  Index images = 0;
  do {
    const Index before = training->batches ? training->seen : 0;
    training->advance();
    images += training->seen - before;
  } while (elapsed() < milliseconds && training->history.size() == epochs);
  val result = val::object();
  result.set("epoch", to_object(training->epoch));
  result.set("epochs", training->history.size());
  result.set("step", training->step);
  result.set("steps", mini_batch_count(train_images.count(), training->batch_size()));
  result.set("finished", training->finished() && training->history.size() > epochs);
  result.set("tested", training->tested);
  result.set("images", images);
  result.set("seconds", elapsed() / 1000);
  return result;
}

/// Takes weights of a file, as chapter 8 keeps them.
void load_cnn(const val& file) {
  auto loaded = std::make_unique<Training>();
  const std::vector<std::uint8_t> safetensors = bytes(file);
  const Checkpoint checkpoint{
      .tensors = read_safetensors(std::as_bytes(std::span(safetensors)), "the weights").tensors};
  checkpoint.restore("", loaded->cnn);
  training = std::move(loaded);
}

/// The share of the test images that the network takes for what they are.
double test_accuracy() {
  return evaluate_classifier(training->cnn, all_images(test_images, training->white() / 255),
                             test_images.labels)
      .accuracy;
}

/// @param x  from 0 to 1
val classify(Tensor x) {
  for (Real& pixel : x.values) pixel *= training->white();
  const Tensor& logits = training->cnn.forward(x, Mode::inference);
  Tensor probabilities;
  softmax(logits, probabilities);
  val result = val::object();
  result.set("logits", array(logits));
  result.set("probabilities", array(probabilities));
  result.set("predicted", argmax(logits)[0]);
  return result;
}

val classify_image(const val& pixels) {
  return classify(image(pixels));
}

/// What the first convolution makes of an image: (26, 26, 32).
val feature_maps(const val& pixels) {
  Tensor x = image(pixels);
  for (Real& pixel : x.values) pixel *= training->white();
  return array(training->cnn.forward_to(x, 1));
}

// ---- the same bits -----------------------------------------------------------------------------------------

/// Chapter 7's short trainings, and the hashes that it promises.
val same_bits() {
  val result = val::array();
  const std::vector<Fingerprint> expected = expected_fingerprints();
  for (const Fingerprint& found : fingerprints(train_images)) {
    val row = val::object();
    row.set("network", found.network);
    row.set("steps", found.steps);
    row.set("here", hexadecimal(found.hash));
    row.set("ours", hexadecimal(expected[result["length"].as<std::size_t>()].hash));
    result.call<void>("push", row);
  }
  return result;
}

// ---- the autoencoders --------------------------------------------------------------------------------------

std::vector<Sequential> autoencoders;

/// One more, with weights of a file.
void add_autoencoder(const val& file) {
  const std::vector<std::uint8_t> safetensors = bytes(file);
  const Checkpoint checkpoint{
      .tensors = read_safetensors(std::as_bytes(std::span(safetensors)), "the weights").tensors};
  Random replaced(1);
  Sequential autoencoder = make_autoencoder(replaced);
  checkpoint.restore("", autoencoder);
  autoencoders.push_back(std::move(autoencoder));
}

/// An image; with noise; after the median filter; after each autoencoder. Beside each how close it is to the
/// first, and what the CNN takes it for, if that is asked for.
/// @param draw  another number, another noise
val denoise(const val& pixels, double noise, int draw, bool ask_cnn) {
  const Tensor x = image(pixels);
  Random random(static_cast<std::uint64_t>(draw));
  const Tensor noisy = corrupt(x, noise, random);
  std::vector<Tensor> images{x, noisy, median_filter(noisy)};
  for (Sequential& autoencoder : autoencoders) images.push_back(autoencoder.forward(noisy, Mode::inference));
  val result = val::array();
  for (Tensor& shown : images) {
    val row = val::object();
    row.set("pixels", array(shown));
    row.set("psnr", peak_signal_to_noise(shown, x)[0]);
    if (ask_cnn) row.set("cnn", classify(shown));
    result.call<void>("push", row);
  }
  return result;
}

}  // namespace

EMSCRIPTEN_BINDINGS(networks) {
  emscripten::function("what", &what);
  emscripten::function("read_images", &read_images);
  emscripten::function("test_image", &test_image);
  emscripten::function("drawn_image", &drawn_image);
  emscripten::function("start", &start);
  emscripten::function("train", &train);
  emscripten::function("load_cnn", &load_cnn);
  emscripten::function("test_accuracy", &test_accuracy);
  emscripten::function("classify", &classify_image);
  emscripten::function("feature_maps", &feature_maps);
  emscripten::function("same_bits", &same_bits);
  emscripten::function("add_autoencoder", &add_autoencoder);
  emscripten::function("denoise", &denoise);
}
