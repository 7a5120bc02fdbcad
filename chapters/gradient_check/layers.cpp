#include "gradient_check/layers.hpp"

#include <functional>
#include <map>

#include "layers/activation_layer.hpp"
#include "layers/batch_normalization.hpp"
#include "layers/conv2d.hpp"
#include "layers/conv2d_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/max_pooling2d.hpp"
#include "layers/reshape.hpp"

namespace plaingrad::gradient_check {
namespace {

using Make = std::function<std::unique_ptr<Layer>(const Request&)>;

ConvolutionOptions options(const Request& r) {
  return {.stride = r.stride, .padding = r.padding, .activation = r.activation};
}

const std::map<std::string, Make>& makers() {
  static const std::map<std::string, Make> all = {
      {"activation", [](const Request& r) { return std::make_unique<ActivationLayer>(r.activation); }},
      {"batch_normalization", [](const Request&) { return std::make_unique<BatchNormalization>(); }},
      {"conv2d", [](const Request& r) { return std::make_unique<Conv2D>(r.filters, r.kernel, options(r)); }},
      {"conv2d_transpose",
       [](const Request& r) { return std::make_unique<Conv2DTranspose>(r.filters, r.kernel, options(r)); }},
      {"dense", [](const Request& r) { return std::make_unique<Dense>(r.filters, r.activation); }},
      {"dropout", [](const Request&) { return std::make_unique<Dropout>(0.3); }},
      {"flatten", [](const Request&) { return std::make_unique<Flatten>(); }},
      {"max_pooling2d", [](const Request& r) { return std::make_unique<MaxPooling2D>(r.kernel); }}};
  return all;
}

bool is_convolution(const std::string& layer) {
  return layer == "conv2d" || layer == "conv2d_transpose";
}

std::string extents(const Shape& size) {
  std::string text;
  for (const Index extent : size) text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text;
}

}  // namespace

const std::vector<std::string>& layer_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, make] : makers()) all.push_back(name);
    return all;
  }();
  return names;
}

std::unique_ptr<Layer> make_layer(const Request& request) {
  std::unique_ptr<Layer> layer = makers().at(request.layer)(request);
  Random random(request.seed);
  layer->build(request.size, random);
  return layer;
}

LayerAtWork::LayerAtWork(const Request& request) : layer(make_layer(request)), mask_(0) {
  Shape shape = request.size;
  shape.insert(shape.begin(), request.batch);
  x = Tensor(shape);
  if (auto* dropout = dynamic_cast<Dropout*>(layer.get())) mask_ = dropout->random();
}

std::vector<Tensor*> LayerAtWork::arguments() {
  std::vector<Tensor*> all = {&x};
  for (Parameter* p : layer->parameters())
    if (p->trainable) all.push_back(&p->value);
  return all;
}

const Tensor& LayerAtWork::forward() {
  if (auto* dropout = dynamic_cast<Dropout*>(layer.get())) dropout->random() = mask_;
  return layer->forward(x, Mode::training);
}

std::vector<Request> all_requests(std::uint64_t seed) {
  std::vector<Request> all;
  const auto add = [&](Request r) {
    r.seed = seed;
    all.push_back(r);
  };
  for (const Activation f : all_activations) {
    add({.layer = "dense", .size = {7}, .activation = f});
    add({.layer = "activation", .size = {4, 3}, .activation = f});
    for (const Index stride : {1, 2, 3})
      for (const std::string layer : {"conv2d", "conv2d_transpose"})
        add({.layer = layer, .size = {5, 4, 2}, .filters = 3, .stride = stride, .activation = f, .batch = 2});
    add({.layer = "conv2d", .stride = 2, .padding = Padding::valid, .activation = f, .batch = 2});
  }
  for (const std::string layer : {"batch_normalization", "dropout", "flatten"})
    add({.layer = layer, .size = {3, 2, 4}});
  for (const Index window : {1, 2, 3}) add({.layer = "max_pooling2d", .kernel = window, .batch = 2});
  return all;
}

bool has_activation(const Request& r) {
  return is_convolution(r.layer) || r.layer == "dense" || r.layer == "activation";
}

std::string describe(const Request& r) {
  const bool windows = is_convolution(r.layer) || r.layer == "max_pooling2d";
  std::string text = r.layer + " " + extents(r.size);
  if (is_convolution(r.layer)) text += ", " + std::to_string(r.filters) + " filters";
  if (r.layer == "dense") text += ", " + std::to_string(r.filters) + " units";
  if (windows) text += (is_convolution(r.layer) ? " " : ", window ") + extents({r.kernel, r.kernel});
  if (is_convolution(r.layer))
    text += ", stride " + std::to_string(r.stride) + (r.padding == Padding::same ? ", same" : ", valid");
  if (has_activation(r)) text += ", " + to_string(r.activation);
  return text + ", batch " + std::to_string(r.batch);
}

}  // namespace plaingrad::gradient_check
