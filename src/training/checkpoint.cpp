#include "training/checkpoint.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "layers/dropout.hpp"

namespace plaingrad {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

using Json = nlohmann::json;

// Raised when the meaning of a file changes; a file with a greater number is refused.
constexpr int format_version = 1;
constexpr const char* version_key = "plaingrad_version";
constexpr std::uint64_t longest_header = 100'000'000;  // the format's own limit

const char* dtype() {
  return sizeof(Real) == 8 ? "F64" : "F32";
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw std::runtime_error(path.string() + ": " + why);
}

Json header_of(const Checkpoint& checkpoint) {
  Json header = Json::object();
  header["__metadata__"] = checkpoint.metadata;
  header["__metadata__"][version_key] = std::to_string(format_version);
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : checkpoint.tensors) {
    const std::uint64_t bytes = tensor.values.size() * sizeof(Real);
    header[name] = {{"dtype", dtype()}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  return header;
}

// One tensor's numbers from the data part of the file, whichever of the two kinds they are.
Tensor read_tensor(const std::filesystem::path& path, const std::string& name, const Json& entry,
                   const std::string& data) {
  const std::string kind = entry.at("dtype");
  if (kind != "F32" && kind != "F64")
    refuse(path, "tensor " + name + " is of kind " + kind + ", expected F32 or F64");
  const std::uint64_t size = kind == "F32" ? 4 : 8;
  const std::uint64_t first = entry.at("data_offsets").at(0), last = entry.at("data_offsets").at(1);
  if (first > last || last > data.size())
    refuse(path, "is truncated: tensor " + name + " ends at byte " + std::to_string(last) + " of " +
                     std::to_string(data.size()));
  const Shape shape = entry.at("shape").get<Shape>();
  std::uint64_t count = 1;
  for (Index extent : shape) {
    if (extent < 0 || (extent > 0 && count > data.size() / static_cast<std::uint64_t>(extent)))
      refuse(path, "tensor " + name + " has the impossible shape " + to_string(shape));
    count *= static_cast<std::uint64_t>(extent);
  }
  if (count * size != last - first)
    refuse(path, "tensor " + name + " of shape " + to_string(shape) + " has " + std::to_string(last - first) +
                     " bytes, expected " + std::to_string(count * size));
  Tensor tensor(shape);
  for (std::uint64_t i = 0; i < count; ++i) {
    const char* bytes = data.data() + first + i * size;
    if (size == 4) {
      float number;
      std::memcpy(&number, bytes, 4);
      tensor.values[i] = static_cast<Real>(number);
    } else {
      double number;
      std::memcpy(&number, bytes, 8);
      tensor.values[i] = static_cast<Real>(number);
    }
  }
  return tensor;
}

std::string dropout_key(const std::string& prefix, Sequential& model, Index i) {
  return prefix + model.layer_names()[static_cast<std::size_t>(i)] + "/random";
}

// The tensor of that name, if it has that shape.
const Tensor& expect(const Checkpoint& checkpoint, const std::string& name, const Shape& shape) {
  const auto found = checkpoint.tensors.find(name);
  if (found == checkpoint.tensors.end())
    throw std::runtime_error("the checkpoint is of another model: it has no " + name);
  if (found->second.shape != shape)
    throw std::runtime_error("the checkpoint is of another model: " + name + " has shape " +
                             to_string(found->second.shape) + ", expected " + to_string(shape));
  return found->second;
}

}  // namespace

void Checkpoint::add(const std::string& prefix, Sequential& model) {
  for (const Parameter* p : model.parameters()) tensors[prefix + p->name] = p->value;
  for (Index i = 0; i < model.layer_count(); ++i)
    if (auto* dropout = dynamic_cast<Dropout*>(&model.layer(i)))
      metadata[dropout_key(prefix, model, i)] = dropout->random().state();
}

void Checkpoint::restore(const std::string& prefix, Sequential& model) const {
  std::size_t with_prefix = 0;
  for (const auto& entry : tensors) with_prefix += entry.first.starts_with(prefix);
  for (const Parameter* p : model.parameters()) expect(*this, prefix + p->name, p->value.shape);
  if (!prefix.empty() && with_prefix != model.parameters().size())
    throw std::runtime_error("the checkpoint is of another model: it has " + std::to_string(with_prefix) +
                             " tensors named " + prefix + "..., expected " +
                             std::to_string(model.parameters().size()));
  for (Parameter* p : model.parameters()) p->value = tensors.at(prefix + p->name);
  for (Index i = 0; i < model.layer_count(); ++i)
    if (auto* dropout = dynamic_cast<Dropout*>(&model.layer(i)))
      dropout->random().restore(text(dropout_key(prefix, model, i)));
}

void Checkpoint::add(const std::string& prefix, const Adam& adam, Sequential& model) {
  metadata[prefix + "t"] = std::to_string(adam.t());
  if (adam.t() == 0) return;  // no step yet: no moments
  for (std::size_t i = 0; i < model.parameters().size(); ++i) {
    const Parameter* p = model.parameters()[i];
    if (!p->trainable) continue;
    tensors[prefix + "s/" + p->name] = adam.moments()[i].s;
    tensors[prefix + "v/" + p->name] = adam.moments()[i].v;
  }
}

void Checkpoint::restore(const std::string& prefix, Adam& adam, Sequential& model) const {
  const Index t = std::stoll(text(prefix + "t"));
  std::vector<AdamMoments> moments;
  for (const Parameter* p : model.parameters()) {
    if (t == 0) break;
    if (!p->trainable)
      moments.push_back({Tensor(p->value.shape), Tensor(p->value.shape)});
    else
      moments.push_back({expect(*this, prefix + "s/" + p->name, p->value.shape),
                         expect(*this, prefix + "v/" + p->name, p->value.shape)});
  }
  adam.restore(t, std::move(moments));
}

const std::string& Checkpoint::text(const std::string& name) const {
  const auto found = metadata.find(name);
  if (found == metadata.end()) throw std::runtime_error("the checkpoint has no entry " + name);
  return found->second;
}

void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  std::string header = header_of(checkpoint).dump();
  header.append((8 - header.size() % 8) % 8, ' ');  // so that the numbers begin at a multiple of eight
  const std::uint64_t length = header.size();
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(&length), sizeof length);
    out << header;
    for (const auto& entry : checkpoint.tensors) {
      const std::vector<Real>& values = entry.second.values;
      out.write(reinterpret_cast<const char*>(values.data()),
                static_cast<std::streamsize>(values.size() * sizeof(Real)));
    }
    out.close();
    if (!out) {
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      refuse(path, "cannot be written (is the folder there, is the disk full?)");
    }
  }
  std::filesystem::rename(temporary, path);
}

Checkpoint load_checkpoint(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) refuse(path, "there is no such checkpoint file");
  const std::uint64_t file_size = std::filesystem::file_size(path);
  std::ifstream in(path, std::ios::binary);
  std::uint64_t length = 0;
  if (!in.read(reinterpret_cast<char*>(&length), sizeof length))
    refuse(path, "is truncated: " + std::to_string(file_size) + " bytes, expected at least 8");
  if (length > longest_header || length + 8 > file_size)
    refuse(path, "is truncated or not a safetensors file: it has " + std::to_string(file_size) +
                     " bytes and claims a header of " + std::to_string(length));
  std::string header(length, '\0'), data(file_size - 8 - length, '\0');
  in.read(header.data(), static_cast<std::streamsize>(header.size()));
  in.read(data.data(), static_cast<std::streamsize>(data.size()));
  if (!in) refuse(path, "cannot be read");
  try {
    const Json json = Json::parse(header);
    Checkpoint checkpoint;
    if (json.contains("__metadata__"))
      checkpoint.metadata = json["__metadata__"].get<std::map<std::string, std::string>>();
    const int version =
        checkpoint.metadata.contains(version_key) ? std::stoi(checkpoint.metadata[version_key]) : 1;
    if (version > format_version)
      refuse(path, "was written by a newer version (format " + std::to_string(version) +
                       ", this one reads up to " + std::to_string(format_version) + ")");
    for (const auto& [name, entry] : json.items())
      if (name != "__metadata__") checkpoint.tensors[name] = read_tensor(path, name, entry, data);
    return checkpoint;
  } catch (const Json::exception& problem) {
    refuse(path, std::string("is not a safetensors file: ") + problem.what());
  } catch (const std::logic_error&) {  // std::stoi
    refuse(path, "has a version that is not a number");
  }
}

}  // namespace plaingrad
