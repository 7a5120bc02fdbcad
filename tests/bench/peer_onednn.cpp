// oneDNN, called directly, on the convolutions, dense layers and pooling of the CNN and of the GAN's
// networks. Each pass of each layer is one primitive, in the layouts that it prefers; the activation is fused
// into the forward pass. Reordering from one layout to another is not counted. A variant is a pass and one of
// its settings: "cnn conv2d forward, Winograd".
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <dnnl.hpp>
#include <exception>
#include <map>
#include <memory>
#include <stdexcept>
#include <unordered_map>

#include "layers/sequential.hpp"
#include "models/cnn.hpp"
#include "models/gan.hpp"
#include "neuron/activation.hpp"
#include "worker.hpp"

namespace {

using namespace plaingrad;
using dnnl::algorithm, dnnl::memory, dnnl::prop_kind;
using Tag = memory::format_tag;

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& stream() {
  static dnnl::stream stream(cpu());
  return stream;
}

memory::desc floats(const memory::dims& dims, Tag tag) {
  return {dims, memory::data_type::f32, tag};
}

// ---- a layer of ours -------------------------------------------------------------------------------------

// Of images: the channels first, as oneDNN names the axes whatever the layout.
memory::dims axes(const Shape& shape) {
  if (shape.size() == 4) return {shape[0], shape[3], shape[1], shape[2]};
  return {shape.begin(), shape.end()};
}

// How a tensor of ours lies in memory, in oneDNN's axes.
memory::desc our_layout(const Shape& shape) {
  return floats(axes(shape), shape.size() == 4 ? Tag::nhwc : shape.size() == 2 ? Tag::nc : Tag::x);
}

// One layer in a training step: what it is given, and what it makes of it.
struct LayerStep {
  std::string type;
  Activation f = Activation::linear;
  Tensor x, W, b, y, dy, dz, dx, dW, db;
  memory::dims kernel, stride, before, after;  // of the window; padding before and after the larger image

  memory::dims W_axes() const {  // outputs, inputs, height, width
    const Shape& s = W.shape;
    if (type == "Conv2D") return {s[3], s[2], s[0], s[1]};
    if (type == "Conv2DTranspose") return {s[2], s[3], s[0], s[1]};
    return {s[1], s[0]};
  }
  memory::desc W_layout() const {
    const Shape& s = W.shape;
    if (type == "Conv2D") return floats(W_axes(), Tag::hwio);
    if (type == "Conv2DTranspose")
      return {W_axes(), memory::data_type::f32, {s[3], 1, s[1] * s[2] * s[3], s[2] * s[3]}};
    return floats(W_axes(), Tag::io);
  }
};

Activation activation_of(const std::string& network, const std::string& layer) {
  if (network == "generator") return layer == "conv2d_transpose_2" ? Activation::tanh : Activation::linear;
  return network == "cnn" && layer != "dense_1" && layer.find("pool") == std::string::npos
             ? Activation::relu
             : Activation::linear;
}

void set_window(LayerStep& s, Index size) {
  const bool larger_after = s.type == "Conv2DTranspose";
  const Shape &large = (larger_after ? s.y : s.x).shape, &small = (larger_after ? s.x : s.y).shape;
  for (const std::size_t axis : {1U, 2U}) {
    const Index stride = large[axis] / small[axis];
    const Index padding = std::max<Index>(0, (small[axis] - 1) * stride + size - large[axis]);
    s.kernel.push_back(size), s.stride.push_back(stride);
    s.before.push_back(padding / 2), s.after.push_back(padding - padding / 2);
  }
}

struct Network {
  std::string name;
  Index batch;
  Sequential (*make)(Random&);
};

const std::vector<Network> networks{{"cnn", 32, [](Random& random) { return make_cnn(random); }},
                                    {"generator", 256, make_generator},
                                    {"discriminator", 256, make_discriminator}};

// Layer i of a network on random numbers, forward and backward.
LayerStep step_of(const Network& network, Sequential& model, Index i) {
  Random random(1);
  Layer& layer = model.layer(i);
  LayerStep s;
  s.type = layer.type(), s.f = activation_of(network.name, model.layer_names()[std::size_t(i)]);
  for (Parameter* parameter : layer.parameters())
    if (parameter->value.shape.size() == 1) random.fill_uniform(parameter->value, -0.1, 0.1);
  Shape shape = model.shape_after(i - 1);
  shape.insert(shape.begin(), network.batch);
  s.x = Tensor(shape);
  random.fill_uniform(s.x, -1, 1);
  s.y = layer.forward(s.x, Mode::training);
  s.dy = s.dz = Tensor(s.y.shape);
  random.fill_uniform(s.dy, -1, 1);
  multiply_by_derivative(s.f, s.y.data(), s.dy.data(), s.dz.data(), s.dy.size());
  s.dx = layer.backward(s.dy, Gradients::all);
  if (const auto parameters = layer.parameters(); !parameters.empty()) {
    s.W = parameters[0]->value, s.dW = parameters[0]->gradient;
    if (parameters.size() > 1) s.b = parameters[1]->value, s.db = parameters[1]->gradient;
  }
  if (s.x.shape.size() == 4) set_window(s, s.W.size() ? s.W.extent(0) : 2);
  return s;
}

// ---- a pass by oneDNN -------------------------------------------------------------------------------------

struct Pass {
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arguments;
  memory result;

  void run() {
    primitive.execute(stream(), arguments);
    stream().wait();
  }
};

// Values of ours in oneDNN's layout.
memory filled(const memory::desc& wanted, const memory::desc& layout, const Tensor& values) {
  memory ours(layout, cpu(), const_cast<Real*>(values.data())), theirs(wanted, cpu());
  dnnl::reorder(ours, theirs).execute(stream(), ours, theirs);
  stream().wait();
  return theirs;
}

memory filled(const memory::desc& wanted, const Tensor& values) {
  return filled(wanted, our_layout(values.shape), values);
}

void require_equal(const memory& theirs, const memory::desc& layout, const Tensor& expected) {
  std::vector<float> found(expected.values.size());
  memory ours(layout, cpu(), found.data());
  memory from = theirs;
  dnnl::reorder(from, ours).execute(stream(), from, ours);
  stream().wait();
  float greatest = 0, difference = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    greatest = std::max(greatest, std::abs(expected.values[i]));
    difference = std::max(difference, std::abs(found[i] - expected.values[i]));
  }
  if (!(difference <= 1e-4F * greatest))
    throw std::runtime_error("results differ from ours by " + std::to_string(difference) +
                             ", and are up to " + std::to_string(greatest));
}

algorithm activation_algorithm(Activation f) {
  return f == Activation::relu ? algorithm::eltwise_relu_use_dst_for_bwd
                               : algorithm::eltwise_tanh_use_dst_for_bwd;
}

// Convolutions, transposed ones and dense layers differ only in what describes them.
template <class Forward, class BackwardData, class BackwardWeights>
struct WeightedSum {
  static constexpr bool dense = std::is_same_v<Forward, dnnl::inner_product_forward>;
  const LayerStep& s;
  algorithm how;
  Tag layout;  // of x and y
  memory::desc x = floats(axes(s.x.shape), layout), y = floats(axes(s.y.shape), layout),
               W = floats(s.W_axes(), Tag::any),
               b = s.b.size() ? floats({s.b.size()}, Tag::any) : memory::desc();

  typename Forward::primitive_desc forward(const dnnl::primitive_attr& attributes = {}) const {
    if constexpr (dense)
      return {typename Forward::desc(prop_kind::forward_training, x, W, b, y), attributes, cpu()};
    else
      return {
          typename Forward::desc(prop_kind::forward_training, how, x, W, b, y, s.stride, s.before, s.after),
          attributes, cpu()};
  }
  Pass forward_pass() const {
    dnnl::post_ops fused;
    if (s.f != Activation::linear)
      fused.append_eltwise(1, s.f == Activation::relu ? algorithm::eltwise_relu : algorithm::eltwise_tanh, 0,
                           0);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(fused);
    const auto chosen = forward(attributes);
    Pass pass{Forward(chosen), {}, memory(chosen.dst_desc(), cpu())};
    pass.arguments = {{DNNL_ARG_SRC, filled(chosen.src_desc(), s.x)},
                      {DNNL_ARG_WEIGHTS, filled(chosen.weights_desc(), s.W_layout(), s.W)},
                      {DNNL_ARG_DST, pass.result}};
    if (s.b.size()) pass.arguments.emplace(DNNL_ARG_BIAS, filled(chosen.bias_desc(), s.b));
    return pass;
  }
  Pass input_gradient() const {
    const auto chosen = [&]() -> typename BackwardData::primitive_desc {
      if constexpr (dense)
        return {typename BackwardData::desc(x, W, y), cpu(), forward()};
      else
        return {typename BackwardData::desc(how, x, W, y, s.stride, s.before, s.after), cpu(), forward()};
    }();
    Pass pass{BackwardData(chosen), {}, memory(chosen.diff_src_desc(), cpu())};
    pass.arguments = {{DNNL_ARG_DIFF_DST, filled(chosen.diff_dst_desc(), s.dz)},
                      {DNNL_ARG_WEIGHTS, filled(chosen.weights_desc(), s.W_layout(), s.W)},
                      {DNNL_ARG_DIFF_SRC, pass.result}};
    return pass;
  }
  Pass kernel_gradient() const {
    const auto chosen = [&]() -> typename BackwardWeights::primitive_desc {
      if constexpr (dense)
        return {typename BackwardWeights::desc(x, W, b, y), cpu(), forward()};
      else
        return {typename BackwardWeights::desc(how, x, W, b, y, s.stride, s.before, s.after), cpu(),
                forward()};
    }();
    Pass pass{BackwardWeights(chosen), {}, memory(chosen.diff_weights_desc(), cpu())};
    pass.arguments = {{DNNL_ARG_DIFF_DST, filled(chosen.diff_dst_desc(), s.dz)},
                      {DNNL_ARG_SRC, filled(chosen.src_desc(), s.x)},
                      {DNNL_ARG_DIFF_WEIGHTS, pass.result}};
    if (s.b.size()) pass.arguments.emplace(DNNL_ARG_DIFF_BIAS, memory(chosen.diff_bias_desc(), cpu()));
    return pass;
  }
  Pass pass(const std::string& kind) const {
    return kind == "forward"          ? forward_pass()
           : kind == "input gradient" ? input_gradient()
                                      : kernel_gradient();
  }
};

Pass pooling(const LayerStep& s, const std::string& kind, Tag layout) {
  const memory::desc x = floats(axes(s.x.shape), layout), y = floats(axes(s.y.shape), layout);
  const dnnl::pooling_forward::primitive_desc forward(
      {prop_kind::forward_training, algorithm::pooling_max, x, y, s.stride, s.kernel, s.before, s.after},
      cpu());
  const memory workspace(forward.workspace_desc(), cpu());
  Pass pass{dnnl::pooling_forward(forward), {}, memory(y, cpu())};
  pass.arguments = {
      {DNNL_ARG_SRC, filled(x, s.x)}, {DNNL_ARG_DST, pass.result}, {DNNL_ARG_WORKSPACE, workspace}};
  if (kind == "forward") return pass;
  pass.run();  // which notes in the workspace where the greatest values are
  const dnnl::pooling_backward::primitive_desc backward(
      {algorithm::pooling_max, x, y, s.stride, s.kernel, s.before, s.after}, cpu(), forward);
  pass = {dnnl::pooling_backward(backward), {}, memory(x, cpu())};
  pass.arguments = {{DNNL_ARG_DIFF_DST, filled(y, s.dy)},
                    {DNNL_ARG_DIFF_SRC, pass.result},
                    {DNNL_ARG_WORKSPACE, workspace}};
  return pass;
}

Pass activation_gradient(const LayerStep& s, Tag layout) {
  const memory::desc y = floats(axes(s.y.shape), layout);
  const algorithm f = activation_algorithm(s.f);
  const dnnl::eltwise_forward::primitive_desc forward({prop_kind::forward_training, f, y}, cpu());
  const dnnl::eltwise_backward::primitive_desc backward({f, y, y}, cpu(), forward);
  Pass pass{dnnl::eltwise_backward(backward), {}, memory(y, cpu())};
  pass.arguments = {
      {DNNL_ARG_DST, filled(y, s.y)}, {DNNL_ARG_DIFF_DST, filled(y, s.dy)}, {DNNL_ARG_DIFF_SRC, pass.result}};
  return pass;
}

Pass make_pass(const LayerStep& s, const std::string& kind, const std::string& setting) {
  const bool direct = setting == "direct", winograd = setting == "Winograd",
             last = setting == "channels last";
  const Tag layout = setting == "rows" ? Tag::nc : last ? Tag::nhwc : Tag::nChw16c;
  const Tag chosen = last ? Tag::nhwc : Tag::any;  // any: the one that oneDNN prefers
  if (kind == "activation gradient") return activation_gradient(s, layout);
  if (s.type == "MaxPooling2D") return pooling(s, kind, layout);
  if (s.type == "Dense")
    return WeightedSum<dnnl::inner_product_forward, dnnl::inner_product_backward_data,
                       dnnl::inner_product_backward_weights>{s, algorithm::undef, Tag::any}
        .pass(kind);
  if (s.type == "Conv2DTranspose")
    return WeightedSum<dnnl::deconvolution_forward, dnnl::deconvolution_backward_data,
                       dnnl::deconvolution_backward_weights>{
        s, winograd ? algorithm::deconvolution_winograd : algorithm::deconvolution_direct, chosen}
        .pass(kind);
  return WeightedSum<dnnl::convolution_forward, dnnl::convolution_backward_data,
                     dnnl::convolution_backward_weights>{s,
                                                         direct     ? algorithm::convolution_direct
                                                         : winograd ? algorithm::convolution_winograd
                                                                    : algorithm::convolution_auto,
                                                         chosen}
      .pass(kind);
}

void check(Pass& pass, const LayerStep& s, const std::string& kind) {
  pass.run();
  if (kind == "kernel gradient") return require_equal(pass.result, s.W_layout(), s.dW);
  const Tensor& expected = kind == "forward" ? s.y : kind == "activation gradient" ? s.dz : s.dx;
  require_equal(pass.result, our_layout(expected.shape), expected);
}

// ---- what there is to measure -----------------------------------------------------------------------------

struct Variant {
  const Network* network;
  Index layer;
  std::string kind, setting;
};

void add_variants(std::map<std::string, Variant>& all, const Network& network, Sequential& model, Index i) {
  const std::string type = model.layer(i).type(),
                    name = network.name + " " + model.layer_names()[std::size_t(i)];
  std::vector<std::string> kinds{"forward"}, settings{"channels last", "blocks of 16 channels"};
  if (i > 0) kinds.push_back("input gradient");
  if (type == "Conv2D" || type == "Conv2DTranspose") {
    settings = {"direct", "channels last"};
    if (type == "Conv2D") settings.push_back("automatic");
    if (model.layer(i).parameters().front()->value.extent(0) == 3) settings.push_back("Winograd");
  } else if (type == "Dense") {
    settings = {"rows"};
  } else if (type != "MaxPooling2D") {
    return;
  }
  if (type != "MaxPooling2D") kinds.push_back("kernel gradient");
  const auto add = [&](const std::string& kind, const std::string& setting) {
    all[name + " " + kind + ", " + setting] = {&network, i, kind, setting};
  };
  for (const std::string& kind : kinds)
    for (const std::string& setting : settings) add(kind, setting);
  if (activation_of(network.name, model.layer_names()[std::size_t(i)]) == Activation::linear) return;
  if (type == "Dense") return add("activation gradient", "rows");
  add("activation gradient", "channels last"), add("activation gradient", "blocks of 16 channels");
}

}  // namespace

int main() {
  try {
    std::map<std::string, Variant> variants;
    for (const Network& network : networks) {
      Random random(1);
      Sequential model = network.make(random);
      for (Index i = 0; i < model.layer_count(); ++i) add_variants(variants, network, model, i);
    }
    std::vector<std::string> names;
    for (const auto& [name, _] : variants) names.push_back(name);
    const auto prepare = [&](const std::string& name) -> bench::Once {
      const Variant& variant = variants.at(name);
      Random random(1);
      Sequential model = variant.network->make(random);
      const LayerStep step = step_of(*variant.network, model, variant.layer);
      auto pass = std::make_shared<Pass>(make_pass(step, variant.kind, variant.setting));
      check(*pass, step, variant.kind);
      return [pass] {
        pass->run();
        return 1.0;
      };
    };
    const dnnl_version_t& version = *dnnl_version();
    return bench::serve(names, prepare,
                        {{"version", std::to_string(version.major) + "." + std::to_string(version.minor) +
                                         "." + std::to_string(version.patch)},
                         {"threads", omp_get_max_threads()}});
  } catch (const std::exception& problem) {
    std::cerr << "onednn: " << problem.what() << "\n";
    return 1;
  }
}
