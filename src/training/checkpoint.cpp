#include "training/checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "data/safetensors.hpp"
#include "layers/dropout.hpp"

namespace plaingrad {
namespace {

// Raised when the meaning of a file changes; a file with a greater number is refused.
constexpr int format_version = 1;
constexpr const char* version_key = "plaingrad_version";

/// The whole number that all of the text is, if it lies in 0 ... greatest; -1 otherwise.
Index whole_number(const std::string& text, Index max) {
  Index number = -1;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && number >= 0 && number <= max ? number : -1;
}

/// What is done with each dropout layer and the name of its random state.
template <class Body>
void for_each_dropout(const std::string& prefix, Sequential& model, const Body& body) {
  for (Index i = 0; i < model.layer_count(); ++i)
    if (auto* dropout = dynamic_cast<Dropout*>(&model.layer(i)))
      body(*dropout, prefix + model.layer_names()[static_cast<std::size_t>(i)] + "/random");
}

std::size_t count_with_prefix(const Checkpoint& checkpoint, const std::string& prefix) {
  return static_cast<std::size_t>(
      std::count_if(checkpoint.tensors.begin(), checkpoint.tensors.end(),
                    [&](const auto& entry) { return entry.first.starts_with(prefix); }));
}

/// Nothing of the prefix may be left over; without a prefix everything has it, also what is not the model's.
void require_count(const Checkpoint& checkpoint, const std::string& prefix, std::size_t expected) {
  const std::size_t found = count_with_prefix(checkpoint, prefix);
  if (!prefix.empty() && found != expected)
    checkpoint.refuse("is of another model: it has " + std::to_string(found) + " tensors named " + prefix +
                      "..., expected " + std::to_string(expected));
}

void require_finite_tensor(const Checkpoint& checkpoint, const std::string& name, const Shape& shape) {
  if (!all_finite(checkpoint.tensor(name, shape)))
    checkpoint.refuse(name + " has a value that is not finite");
}

/// A variance, or a mean of squares: its root will be taken.
void require_not_negative(const Checkpoint& checkpoint, const std::string& name) {
  const std::vector<Real>& values = checkpoint.tensors.at(name).values;
  if (std::any_of(values.begin(), values.end(), [](Real value) { return value < 0; }))
    checkpoint.refuse(name + " has a negative value");
}

}  // namespace

// ---- models ----------------------------------------------------------------------------------------------

void Checkpoint::add(const std::string& prefix, Sequential& model) {
  for (const Parameter* p : model.parameters()) tensors[prefix + p->name] = p->value;
  for_each_dropout(prefix, model,
                   [&](Dropout& layer, const std::string& name) { metadata[name] = layer.random().state(); });
  metadata[version_key] = std::to_string(format_version);
}

void Checkpoint::require_fits(const std::string& prefix, Sequential& model) const {
  for (const Parameter* p : model.parameters()) {
    const std::string name = prefix + p->name;
    require_finite_tensor(*this, name, p->value.shape);
    if (name.ends_with("/moving_variance")) require_not_negative(*this, name);
  }
  require_count(*this, prefix, model.parameters().size());
  const bool ours = metadata.contains(version_key);
  for_each_dropout(prefix, model, [&](Dropout&, const std::string& name) {
    if (ours || metadata.contains(name)) random(name);
  });
}

void Checkpoint::restore(const std::string& prefix, Sequential& model) const {
  require_fits(prefix, model);
  for (Parameter* p : model.parameters()) p->value = tensors.at(prefix + p->name);
  for_each_dropout(prefix, model, [&](Dropout& layer, const std::string& name) {
    if (metadata.contains(name)) layer.random() = random(name);
  });
}

// ---- Adam ------------------------------------------------------------------------------------------------

void Checkpoint::add(const std::string& prefix, const Adam& adam, Sequential& model) {
  metadata[prefix + "t"] = std::to_string(adam.t());
  metadata[version_key] = std::to_string(format_version);
  if (adam.t() == 0) return;  // no step yet: no moments
  for (std::size_t i = 0; i < model.parameters().size(); ++i) {
    const Parameter* p = model.parameters()[i];
    if (!p->trainable) continue;
    tensors[prefix + "s/" + p->name] = adam.moments()[i].s;
    tensors[prefix + "v/" + p->name] = adam.moments()[i].v;
  }
}

void Checkpoint::require_fits(const std::string& prefix, const Adam&, Sequential& model) const {
  const Index t = step(prefix + "t");
  std::size_t expected = 0;
  for (const Parameter* p : model.parameters()) {
    if (t == 0 || !p->trainable) continue;
    require_finite_tensor(*this, prefix + "s/" + p->name, p->value.shape);
    require_finite_tensor(*this, prefix + "v/" + p->name, p->value.shape);
    require_not_negative(*this, prefix + "v/" + p->name);
    expected += 2;
  }
  require_count(*this, prefix, expected);
}

void Checkpoint::restore(const std::string& prefix, Adam& adam, Sequential& model) const {
  require_fits(prefix, adam, model);
  const Index t = step(prefix + "t");
  std::vector<AdamMoments> moments;
  for (const Parameter* p : model.parameters()) {
    if (t == 0) break;
    if (!p->trainable)
      moments.push_back({Tensor(p->value.shape), Tensor(p->value.shape)});
    else
      moments.push_back({tensors.at(prefix + "s/" + p->name), tensors.at(prefix + "v/" + p->name)});
  }
  adam.restore(t, std::move(moments));
}

// ---- single entries --------------------------------------------------------------------------------------

void Checkpoint::refuse(const std::string& why) const {
  throw std::runtime_error((path.empty() ? "the checkpoint" : path.string() + ": the checkpoint") + " " +
                           why);
}

const std::string& Checkpoint::text(const std::string& name) const {
  const auto found = metadata.find(name);
  if (found == metadata.end()) refuse("has no entry " + name);
  return found->second;
}

const Tensor& Checkpoint::tensor(const std::string& name, const Shape& shape) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) refuse("is of another model: it has no " + name);
  const Tensor& tensor = found->second;
  if (tensor.shape != shape || tensor.size() != element_count(shape))
    refuse("is of another model: " + name + " has shape " + to_string(tensor.shape) + " and " +
           std::to_string(tensor.size()) + " values, expected shape " + to_string(shape));
  return tensor;
}

Index Checkpoint::step(const std::string& name) const {
  const std::string& number = text(name);
  const Index step = whole_number(number, max_steps);
  if (step < 0)
    refuse("has \"" + number.substr(0, 40) + "\" as " + name + ", expected a whole number from 0 to " +
           std::to_string(max_steps));
  return step;
}

Random Checkpoint::random(const std::string& name) const {
  const std::string& state = text(name);
  Random result(0);
  try {
    result.restore(state);
  } catch (const std::runtime_error& problem) {
    refuse("cannot use its entry " + name + ": " + problem.what());
  }
  return result;
}

// ---- files -----------------------------------------------------------------------------------------------

void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  auto metadata = checkpoint.metadata;
  metadata[version_key] = std::to_string(format_version);
  write_safetensors(path, checkpoint.tensors, metadata);
}

Checkpoint load_checkpoint(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    throw std::runtime_error(path.string() + ": there is no such checkpoint file");
  SafeTensors file = read_safetensors(path);
  Checkpoint checkpoint{std::move(file.tensors), std::move(file.metadata), path};
  if (!checkpoint.metadata.contains(version_key)) return checkpoint;  // another tool's
  const std::string& version = checkpoint.text(version_key);
  const Index number = whole_number(version, 1'000'000);
  if (number < 0)
    checkpoint.refuse("has the version \"" + version.substr(0, 40) + "\", which is not a number");
  if (number > format_version)
    checkpoint.refuse("was written by a newer version (format " + version + ", this one reads up to " +
                      std::to_string(format_version) + ")");
  return checkpoint;
}

}  // namespace plaingrad
