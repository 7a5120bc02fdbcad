#include "layers/sequential.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "math/floating_point.hpp"
#include "math/parallel.hpp"

namespace plaingrad {
namespace {

// Keras's default names: "MaxPooling2D" is "max_pooling2d", "Conv2DTranspose" is "conv2d_transpose".
std::string snake_case(const std::string& type) {
  static const std::map<std::string, std::string> irregular = {{"LeakyReLU", "leaky_re_lu"},
                                                               {"Conv2D", "conv2d"},
                                                               {"Conv2DTranspose", "conv2d_transpose"},
                                                               {"MaxPooling2D", "max_pooling2d"},
                                                               {"BatchNormalization", "batch_normalization"}};
  if (const auto found = irregular.find(type); found != irregular.end()) return found->second;
  std::string name = type;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace

Sequential::Sequential(std::string name, Shape input_shape)
    : name_(std::move(name)), shapes_{std::move(input_shape)} {}

void Sequential::add_layer(std::unique_ptr<Layer> layer) {
  if (built_) throw std::logic_error("the network " + name_ + " is built: no layer can be added");
  const std::string base = snake_case(layer->type());
  const auto same = std::count_if(layers_.begin(), layers_.end(),
                                  [&](const auto& other) { return other->type() == layer->type(); });
  names_.push_back(same ? base + "_" + std::to_string(same) : base);
  layers_.push_back(std::move(layer));
}

void Sequential::build(Random& random) {
  if (built_) throw std::logic_error("the network " + name_ + " is built already");
  if (layers_.empty()) throw std::logic_error("the network " + name_ + " has no layers to build");
  const FloatingPointSettings standard;
  shapes_.resize(1);  // only the input's, if an earlier attempt failed
  for (const auto& layer : layers_) shapes_.push_back(layer->build(shapes_.back(), random));
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    Index count = 0;
    for (Parameter* parameter : layers_[i]->parameters()) {
      parameter->name = names_[i] + "/" + parameter->name;
      count += parameter->value.size();
      parameters_.push_back(parameter);
    }
    counts_.push_back(count);
  }
  built_ = true;
}

void Sequential::require_built() const {
  if (!built_) throw std::logic_error("the network " + name_ + " is not built: call build(random) first");
}

const Tensor& Sequential::forward(const Tensor& x, Mode mode) {
  require_built();
  const FloatingPointSettings standard;
  const Tensor* value = &x;
  for (auto& layer : layers_) value = &layer->forward(*value, mode);
  return *value;
}

const Tensor& Sequential::forward_to(const Tensor& x, Index layers, Index first) {
  require_built();
  if (first < 0 || layers < first || layers > layer_count())
    throw std::invalid_argument("forward_to: the network has " + std::to_string(layer_count()) +
                                " layers, asked for " + std::to_string(first) + " to " +
                                std::to_string(layers));
  const FloatingPointSettings standard;
  const Tensor* value = &x;
  for (Index i = first; i < layers; ++i) value = &layer(i).forward(*value, Mode::inference);
  return *value;
}

const Tensor& Sequential::backward(const Tensor& dy, Gradients wanted) {
  require_built();
  const FloatingPointSettings standard;
  const Gradients inside = wanted == Gradients::input ? Gradients::input : Gradients::all;
  const Tensor* gradient = &dy;
  for (Index i = layer_count() - 1; i > 0; --i) gradient = &layer(i).backward(*gradient, inside);
  return layer(0).backward(*gradient, wanted);
}

void Sequential::zero_gradients() {
  require_built();
  for (Parameter* parameter : parameters_)
    parallel_blocks(parameter->gradient.size(), [=](Index first, Index last) {
      std::fill(parameter->gradient.data() + first, parameter->gradient.data() + last, Real(0));
    });
}

const std::vector<Parameter*>& Sequential::parameters() const {
  require_built();
  return parameters_;
}

const Shape& Sequential::shape_after(Index i) const {
  require_built();
  return shapes_.at(static_cast<std::size_t>(i + 1));
}

}  // namespace plaingrad
