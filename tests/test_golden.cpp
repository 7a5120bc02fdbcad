/// @file
/// Golden values from PyTorch: tests/golden/make_golden.py made the files, this test needs only them.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "layers/activation_layer.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/reshape.hpp"
#include "losses/loss.hpp"
#include "models/autoencoder.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"
#include "optimizers/adam.hpp"
#include "training/gan_trainer.hpp"

using namespace plaingrad;

namespace {

// The same formula as in the script.
Real value(Index i, Index salt) {
  return static_cast<Real>((i * 7919 + salt * 104729 + 12345) % 65536) / 65536 - Real(0.5);
}

Tensor formula(const Shape& shape, Index salt, double scale = 1, double offset = 0) {
  Tensor t(shape);
  for (Index i = 0; i < t.size(); ++i) t[i] = static_cast<Real>(scale * value(i, salt) + offset);
  return t;
}

// A golden file: for each name the number of values, three sums and eight of the values.
class Golden {
 public:
  explicit Golden(const std::string& name) {
    std::ifstream in("tests/golden/" + name);
    BOOST_REQUIRE_MESSAGE(in, "tests/golden/" << name << " cannot be read: run from the top folder");
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string key;
      words >> key;
      for (double number; words >> number;) entries_[key].push_back(number);
    }
  }

  void check(const std::string& name, const Tensor& t) {
    BOOST_TEST_CONTEXT(name) {
      const auto found = entries_.find(name);
      BOOST_REQUIRE(found != entries_.end());
      ++checked_;
      const std::vector<double>& golden = found->second;
      BOOST_REQUIRE(golden.size() == 12);
      BOOST_REQUIRE(t.size() == static_cast<Index>(golden[0]));
      double sum = 0, absolute = 0, weighted = 0;
      for (Index i = 0; i < t.size(); ++i) {
        sum += t[i];
        absolute += std::abs(t[i]);
        weighted += t[i] * value(i, 77);
      }
      const double scale =
          1e-10 * std::max(golden[2], 1e-3);  // sums of many values: relative to their absolute sum
      BOOST_TEST(std::abs(sum - golden[1]) < scale);
      BOOST_TEST(std::abs(absolute - golden[2]) < scale);
      BOOST_TEST(std::abs(weighted - golden[3]) < scale);
      for (Index i = 0; i < 8; ++i) {
        const double expected = golden[static_cast<std::size_t>(4 + i)];
        BOOST_TEST(std::abs(t[i * (t.size() - 1) / 7] - expected) <
                   1e-10 * std::max(std::abs(expected), 1e-2));
      }
    }
  }
  void check(const std::string& name, double number) {
    check(name, Tensor({1}, {static_cast<Real>(number)}));
  }
  // Every entry of the file was checked.
  void all_checked() { BOOST_TEST(checked_ == entries_.size()); }

 private:
  std::map<std::string, std::vector<double>> entries_;
  std::size_t checked_ = 0;
};

// Gives every trainable parameter the script's values: salt is its number, scale as listed there.
void set_parameters(Sequential& model, const std::function<Tensor(const Parameter&, Index)>& make) {
  Index i = 0;
  for (Parameter* p : model.parameters())
    if (p->trainable) p->value = make(*p, i++);
}

bool has(const Parameter& p, const char* what) {
  return p.name.find(what) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(cnn_forward_gradients_and_three_adam_steps) {
  Golden golden("cnn.txt");
  Random random(1);
  Sequential model = make_cnn(random);
  const std::vector<double> scales = {0.7, 0.1, 0.12, 0.1, 0.085, 0.1, 0.06, 0.1, 0.2, 0.1};
  set_parameters(model, [&](const Parameter& p, Index i) {
    return formula(p.value.shape, i, scales.at(static_cast<std::size_t>(i)));
  });
  const Tensor x = formula({4, 28, 28, 1}, 50, 1, 0.5);
  const std::vector<std::uint8_t> labels = {5, 0, 4, 1};
  Adam adam;
  Tensor gradient;
  for (int step = 0; step < 3; ++step) {
    const std::string prefix = "step" + std::to_string(step) + "/";
    const Tensor& logits = model.forward(x, Mode::training);
    golden.check(prefix + "logits", logits);
    golden.check(prefix + "loss", softmax_cross_entropy(logits, labels, gradient));
    model.zero_gradients();
    model.backward(gradient);
    if (step == 0)
      for (Parameter* p : model.parameters()) golden.check("gradient/" + p->name, p->gradient);
    adam.step(model.parameters());
    for (Parameter* p : model.parameters()) golden.check(prefix + p->name, p->value);
  }
  golden.all_checked();
}

BOOST_AUTO_TEST_CASE(layers_of_autoencoder_and_gan) {
  Golden golden("layers.txt");
  Random random(1);
  const auto check = [&](const std::string& name, Layer& layer, const Tensor& x) {
    Shape sample(x.shape.begin() + 1, x.shape.end());
    layer.build(sample, random);
    Index salt = 2;
    std::vector<Parameter*> trainable;
    for (Parameter* p : layer.parameters())
      if (p->trainable) {
        p->value = formula(p->value.shape, salt++, 1, p->name == "gamma" ? 1 : 0);
        trainable.push_back(p);
      }
    const Tensor y = layer.forward(x, Mode::training);
    golden.check(name + "/y", y);
    golden.check(name + "/dx", layer.backward(formula(y.shape, 60)));
    for (Parameter* p : trainable) golden.check(name + "/d" + p->name, p->gradient);
  };
  for (Index stride : {1, 2}) {
    const ConvolutionOptions options{.stride = stride, .padding = Padding::same};
    Conv2D conv(4, 5, options);
    check("conv2d_same_stride" + std::to_string(stride), conv, formula({2, 14, 14, 3}, 1));
    Conv2DTranspose transpose(4, 5, options);
    check("conv2d_transpose_stride" + std::to_string(stride), transpose, formula({2, 7, 7, 3}, 1));
  }
  Conv2DTranspose to_28(16, 3, {.stride = 2, .padding = Padding::same});
  check("conv2d_transpose_28", to_28, formula({2, 14, 14, 8}, 1));
  BatchNormalization normalization;
  check("batch_normalization", normalization, formula({3, 4, 5, 6}, 1));
  LeakyReLU leaky;
  check("leaky_re_lu", leaky, formula({3, 10}, 1));

  const Tensor x = formula({3, 10}, 1);
  Tensor scaled = x, gradient;
  for (Real& v : scaled.values) v *= 3;
  ActivationLayer tanh(Activation::tanh);
  tanh.build({10}, random);
  golden.check("tanh/y", tanh.forward(scaled, Mode::training));
  Tensor dx = tanh.backward(formula({3, 10}, 60));
  for (Real& v : dx.values) v *= 3;
  golden.check("tanh/dx", dx);

  // The losses: the script's upstream gradient is value(0, 60), a number.
  const auto check_loss = [&](const std::string& name, double loss, double inner) {
    golden.check(name + "/y", loss);
    for (Real& g : gradient.values) g *= value(0, 60) * static_cast<Real>(inner);
    golden.check(name + "/dx", gradient);
  };
  check_loss("mean_squared_error", mean_squared_error(x, formula({3, 10}, 4), gradient), 1);
  scaled = x;
  for (Real& v : scaled.values) v *= 20;
  check_loss("binary_cross_entropy_1", binary_cross_entropy(scaled, 1, gradient), 20);
  check_loss("binary_cross_entropy_0", binary_cross_entropy(scaled, 0, gradient), 20);
  golden.all_checked();
}

BOOST_AUTO_TEST_CASE(autoencoder_forward_and_gradients) {
  Golden golden("autoencoder.txt");
  Random random(1);
  Sequential model = make_autoencoder(random);
  set_parameters(model, [](const Parameter& p, Index i) {
    return formula(p.value.shape, i, 0.6, has(p, "bias") ? 0.1 : 0);
  });
  const Tensor x = formula({2, 28, 28, 1}, 50, 1, 0.5);
  golden.check("code", model.forward_to(x, autoencoder_encoder_layers));
  Tensor gradient;
  const Tensor& r = model.forward(x, Mode::training);
  golden.check("reconstruction", r);
  golden.check("loss", mean_squared_error(r, formula(x.shape, 51, 1, 0.5), gradient));
  model.zero_gradients();
  model.backward(gradient);
  for (Parameter* p : model.parameters()) golden.check("gradient/" + p->name, p->gradient);
  golden.all_checked();
}

BOOST_AUTO_TEST_CASE(gan_train_step) {
  Golden golden("gan.txt");
  Random random(1);
  Sequential G = make_generator(random);
  const std::vector<double> g_scales = {0.3, 1, 0.2, 0.05, 1, 0.2, 0.1, 1, 0.2, 0.2};
  set_parameters(G, [&](const Parameter& p, Index i) {
    return formula(p.value.shape, i, g_scales.at(static_cast<std::size_t>(i)), has(p, "gamma") ? 1 : 0);
  });
  // make_discriminator without its dropout, whose mask is random.
  Sequential D("discriminator", {28, 28, 1});
  const ConvolutionOptions half{.stride = 2, .padding = Padding::same};
  D.add<Conv2D>(64, 5, half);
  D.add<LeakyReLU>();
  D.add<Conv2D>(128, 5, half);
  D.add<LeakyReLU>();
  D.add<Flatten>();
  D.add<Dense>(1);
  D.build(random);
  const std::vector<double> d_scales = {0.4, 0.1, 0.1, 0.1, 0.1, 0.1};
  set_parameters(D, [&](const Parameter& p, Index i) {
    return formula(p.value.shape, i, d_scales.at(static_cast<std::size_t>(i)));
  });
  const Tensor x = formula({2, 28, 28, 1}, 50, 2), z = formula({2, 100}, 51, 3);

  golden.check("generated", G.forward(z, Mode::training));
  golden.check("real_logits", D.forward(x, Mode::training));
  golden.check("fake_logits", D.forward(G.forward(z, Mode::training), Mode::training));
  Adam G_adam({.learning_rate = 1e-4}), D_adam({.learning_rate = 1e-4});
  GanTrainer trainer(G, D, G_adam, D_adam);
  const GanLosses losses = trainer.train_step(x, z);
  golden.check("discriminator_loss", losses.discriminator);
  golden.check("generator_loss", losses.generator);
  for (auto* model : {&G, &D})
    for (Parameter* p : model->parameters())
      if (p->trainable) {
        golden.check(model->name() + "/gradient/" + p->name, p->gradient);
        golden.check(model->name() + "/after/" + p->name, p->value);
      }
  golden.all_checked();
}

BOOST_AUTO_TEST_SUITE_END()
