// The three networks at work, through the functions that the chapters' programs call.
#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

#include "data/idx.hpp"
#include "layers/conv2d.hpp"
#include "layers/dense.hpp"
#include "layers/max_pooling2d.hpp"
#include "layers/reshape.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/one_cycle.hpp"
#include "products.hpp"
#include "seconds/rungs.hpp"
#include "training/fit.hpp"
#include "training/fit_reconstruction.hpp"
#include "training/gan_trainer.hpp"
#include "workloads.hpp"

namespace bench {

using namespace plaingrad;

namespace {

constexpr Index inference_images = 10000;

// Real digits, those of the sample again and again: what an image shows does not matter to the time.
Dataset digits(Index count) {
  static const Dataset sample =
      read_idx("tests/data/mnist/train-images-idx3-ubyte.gz", "tests/data/mnist/train-labels-idx1-ubyte.gz");
  const Index size = sample.height * sample.width;
  Dataset all{sample.height, sample.width, {}, {}};
  for (Index n = 0; n < count; ++n) {
    const auto image = sample.pixels.begin() + n % sample.count() * size;
    all.pixels.insert(all.pixels.end(), image, image + size);
    all.labels.push_back(sample.labels[static_cast<std::size_t>(n % sample.count())]);
  }
  return all;
}

// The same with images of another size: every pixel that of the digit below it.
Dataset enlarged_digits(Index count, Index size) {
  const Dataset small = digits(count);
  Dataset large{size, size, {}, small.labels};
  for (Index n = 0; n < count; ++n)
    for (Index y = 0; y < size; ++y)
      for (Index x = 0; x < size; ++x)
        large.pixels.push_back(small.pixels[static_cast<std::size_t>(
            (n * small.height + y * small.height / size) * small.width + x * small.width / size)]);
  return large;
}

// The layers of make_cnn for images of any size; the first dense layer grows with them.
void add_cnn_layers(Sequential& model) {
  model.add<Conv2D>(32, 3, ConvolutionOptions{.activation = Activation::relu});
  model.add<MaxPooling2D>(2);
  model.add<Conv2D>(64, 3, ConvolutionOptions{.activation = Activation::relu});
  model.add<MaxPooling2D>(2);
  model.add<Conv2D>(128, 3, ConvolutionOptions{.activation = Activation::relu});
  model.add<Flatten>();
  model.add<Dense>(128, Activation::relu);
  model.add<Dense>(10);
}

struct Classifier {
  Classifier(Index size, Index images, Index batch)
      : train(enlarged_digits(images, size)), model("cnn", {size, size, 1}) {
    add_cnn_layers(model);
    model.build(random);
    if (size == 28 && model.summary() != make_cnn(random).summary())
      throw std::logic_error("the CNN that is measured is not make_cnn's");
    options.batch_size = batch;
  }
  double epoch() {
    fit_classifier(model, adam, train, one, options, random);
    return static_cast<double>(train.count());
  }
  Dataset train, one = first_images(train, 1);  // the validation, which is not what is measured
  Random random{1};
  Sequential model;
  Adam adam;
  FitOptions options;
};

struct Autoencoder {
  double epoch() {
    fit_reconstruction(model, adam, {noisy, clean}, {one, one}, {}, random);
    return static_cast<double>(clean.extent(0));
  }
  Random random{1};
  Sequential model = make_autoencoder(random);
  Adam adam;
  Tensor clean = all_images(digits(6400)), noisy = corrupt(clean, 0.2, random);
  Tensor one{Shape{1, 28, 28, 1}};  // the validation
};

struct Gan {
  double step() {
    std::vector<Index> positions;
    for (Index i = 0; i < 256; ++i) positions.push_back(random.index(real.count()));
    gather_images(real, positions, Real(1) / Real(127.5), -1, x);
    random.fill_normal(z);
    trainer.train_step(x, z);
    return 1;
  }
  Random random{1};
  Sequential G = make_generator(random), D = make_discriminator(random);
  Adam G_adam{{.learning_rate = 1e-4}}, D_adam{{.learning_rate = 1e-4}};
  GanTrainer trainer{G, D, G_adam, D_adam};
  Dataset real = digits(1000);
  Tensor x, z{Shape{256, gan_noise_size}};
};

struct Inference {
  Inference() {  // biases that are not zero, so that a peer that forgets them fails the comparison
    for (Parameter* parameter : model.parameters())
      if (parameter->value.shape.size() == 1) random.fill_uniform(parameter->value, -0.1, 0.1);
  }
  double all(Index batch) {
    const Index size = images.size() / inference_images;
    for (Index first = 0; first < inference_images; first += batch) {
      const Index m = std::min(batch, inference_images - first);
      x.resize({m, 28, 28, 1});
      std::copy_n(images.data() + first * size, m * size, x.data());
      const Tensor& y = model.forward(x, Mode::inference);
      std::copy_n(y.data(), y.size(), logits.data() + first * 10);
    }
    return static_cast<double>(inference_images);
  }
  Random random{1};
  Sequential model = make_cnn(random);
  Tensor images = all_images(digits(inference_images)), x, logits{Shape{inference_images, 10}};
};

Index number_in(const std::string& variant) {
  return std::stol(variant.substr(variant.find_last_of(' ') + 1));
}

std::vector<std::string> batches(const std::vector<Index>& sizes) {
  std::vector<std::string> variants;
  for (Index size : sizes) variants.push_back("batch " + std::to_string(size));
  return variants;
}

// About a hundred steps, fewer if that makes too many images.
Index images_for(Index batch, Index size) {
  const Index most = std::max(3200 * 28 * 28 / (size * size), 4 * batch);
  return std::min(100 * batch, most / batch * batch);
}

void write_floats(const std::filesystem::path& path, const std::vector<const Tensor*>& tensors) {
  std::ofstream file(path, std::ios::binary);
  for (const Tensor* tensor : tensors)
    file.write(reinterpret_cast<const char*>(tensor->data()),
               static_cast<std::streamsize>(tensor->values.size() * sizeof(Real)));
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

// Checks the shapes of products.hpp, written down by hand, against the layers of the network.
void require_products_of(Sequential& model, const std::vector<Product>& products, Index batch) {
  for (const Product& p : products) {
    const auto& names = model.layer_names();
    const Index i = std::find(names.begin(), names.end(), p.layer) - names.begin();
    Layer& layer = model.layer(i);
    Index from = batch * element_count(model.shape_after(i - 1)),
          to = batch * element_count(model.shape_after(i));
    if (p.kind == "input gradient") std::swap(from, to);
    const bool adjoint = (layer.type() == "Conv2DTranspose") != (p.kind == "input gradient");
    const Index kernel = layer.parameters().front()->value.size();
    const bool matches = p.kind == "kernel gradient"
                             ? p.rows * p.columns == kernel
                             : p.inner * p.columns == kernel &&
                                   (adjoint ? p.rows * p.inner == from : p.rows * p.columns == to);
    if (!matches) throw std::logic_error("not a product of " + model.name() + ": " + p.name());
  }
}

}  // namespace

void require_products_of_the_networks() {
  Random random(1);
  Sequential cnn = make_cnn(random), autoencoder = make_autoencoder(random);
  Sequential generator = make_generator(random), discriminator = make_discriminator(random);
  require_products_of(cnn, cnn_products(32), 32);
  require_products_of(autoencoder, autoencoder_products(32), 32);
  require_products_of(generator, generator_products(256), 256);
  require_products_of(discriminator, discriminator_products(256), 256);
}

Workload cnn_training() {
  return {batches({1, 2, 4, 8, 16, 32, 64, 128, 256, 512}), [](const std::string& variant) -> Once {
            const Index batch = number_in(variant);
            auto classifier = std::make_shared<Classifier>(28, images_for(batch, 28), batch);
            return [=] { return classifier->epoch(); };
          }};
}

Workload cnn_training_by_size() {
  return {image_sizes, [](const std::string& variant) -> Once {
            const Index size = number_in(variant);
            auto classifier = std::make_shared<Classifier>(size, images_for(32, size), 32);
            return [=] { return classifier->epoch(); };
          }};
}

Workload cnn_seconds() {
  return {{"fastest"}, [](const std::string&) -> Once {
            auto images = std::make_shared<Dataset>(digits(60000));
            return [images] {
              const seconds::Rung& rung = seconds::fastest();
              return static_cast<double>(
                  seconds::train(rung, rung.images, *images, first_images(*images, 1), 1).images);
            };
          }};
}

Json fastest_rung() {
  const seconds::Rung& rung = seconds::fastest();
  return {{"images", rung.images}, {"batch size", rung.batch_size}, {"rate", rung.learning_rate},
          {"beta2", rung.beta2},   {"smoothing", rung.smoothing},   {"white", rung.white},
          {"rise", one_cycle_rise}};
}

Workload cnn_inference() {
  return {batches({16, 32, 64, 128, 256}), [](const std::string& variant) -> Once {
            auto inference = std::make_shared<Inference>();
            return [inference, batch = number_in(variant)] { return inference->all(batch); };
          }};
}

Workload autoencoder_training() {
  return {{"batch 32"}, [](const std::string&) -> Once {
            auto autoencoder = std::make_shared<Autoencoder>();
            return [=] { return autoencoder->epoch(); };
          }};
}

Workload gan_step() {
  return {{"batch 256"}, [](const std::string&) -> Once {
            auto gan = std::make_shared<Gan>();
            return [=] { return gan->step(); };
          }};
}

Json cnn_run() {
  Random random(1);
  Sequential model = make_cnn(random);
  Adam adam;
  const Dataset train = digits(60000), validation = digits(10000);
  const History history = fit_classifier(model, adam, train, validation, {}, random);
  return {{"count", train.count()}, {"seconds", history.back().seconds}, {"megabytes", peak_megabytes()}};
}

void export_cnn(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  Inference inference;
  inference.all(100);
  std::vector<const Tensor*> parameters;
  for (const Parameter* parameter : inference.model.parameters()) parameters.push_back(&parameter->value);
  write_floats(folder / "parameters.bin", parameters);
  write_floats(folder / "images.bin", {&inference.images});
  write_floats(folder / "logits.bin", {&inference.logits});
}

}  // namespace bench
