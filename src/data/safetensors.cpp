#include "data/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "data/atomic_file.hpp"

namespace plaingrad {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

using Json = nlohmann::json;
using Metadata = std::map<std::string, std::string>;

constexpr const char* metadata_key = "__metadata__";
constexpr std::uint64_t longest_header = 8'000'000;
constexpr std::size_t most_names = 100'000, most_extents = 32;

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw std::runtime_error(file + ": " + why);
}

/// A text from outside as an error shows it: not endless, and without control characters.
std::string shown(const std::string& text) {
  std::string result = text.substr(0, 100);
  for (char& c : result)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  return text.size() > result.size() ? result + "..." : result;
}

/// What the header says of one tensor: its numbers are the bytes first ... last - 1 of the data.
struct Entry {
  std::string name, dtype{};
  Shape shape{};
  std::vector<std::uint64_t> offsets{};

  std::uint64_t number_size() const { return dtype == "F32" ? 4 : 8; }
};

struct Header {
  std::vector<Entry> entries;
  Metadata metadata;
};

// ---- the header's grammar --------------------------------------------------------------------------------

/// Takes the header's JSON piece by piece and refuses the first that the format does not have there: so no
/// nesting goes deeper than three levels, and nothing is stored but names, shapes and offsets.
class HeaderGrammar : public nlohmann::json_sax<Json> {
 public:
  explicit HeaderGrammar(std::string file) : file_(std::move(file)) {}
  Header header;

  bool null() override { return wrong("null"); }
  bool boolean(bool) override { return wrong("a truth value"); }
  bool number_float(double, const std::string& text) override { return wrong_number(text); }
  bool number_integer(std::int64_t number) override { return wrong_number(std::to_string(number)); }
  bool binary(Json::binary_t&) override { return wrong("bytes"); }

  bool number_unsigned(std::uint64_t number) override {
    if (place_ != Place::list) return wrong("a number");
    Entry& entry = header.entries.back();
    if (field_ == "data_offsets") {
      if (entry.offsets.size() == 2) refuse_tensor("has more than two data_offsets");
      entry.offsets.push_back(number);
    } else {
      if (number > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()))
        return wrong_number(std::to_string(number));
      if (entry.shape.size() == most_extents)
        refuse_tensor("has a shape of more than " + std::to_string(most_extents) + " extents");
      entry.shape.push_back(static_cast<Index>(number));
    }
    return true;
  }

  bool string(std::string& text) override {
    if (place_ == Place::metadata)
      header.metadata[field_] = std::move(text);
    else if (place_ == Place::tensor && field_ == "dtype")
      header.entries.back().dtype = std::move(text);
    else
      return wrong("the text \"" + shown(text) + '"');
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ == Place::outside) {
      place_ = Place::top;
    } else if (place_ == Place::top && field_ == metadata_key) {
      place_ = Place::metadata;
    } else if (place_ == Place::top) {
      place_ = Place::tensor;
      header.entries.push_back({.name = field_});
      fields_.clear();
    } else {
      return wrong("an object");
    }
    return true;
  }

  bool key(std::string& name) override {
    field_ = name;
    if (place_ == Place::tensor) return tensor_field();
    if (++names_ > most_names)
      refuse(file_, "has more than " + std::to_string(most_names) + " names in its header");
    // Names of tensors are compared at the end, when they are sorted.
    if (place_ == Place::metadata && header.metadata.contains(name))
      refuse(file_, "has the text " + shown(name) + " twice in its metadata");
    if (place_ == Place::top && name == metadata_key && std::exchange(has_metadata_, true))
      refuse(file_, std::string("has ") + metadata_key + " twice");
    return true;
  }

  bool end_object() override {
    if (place_ == Place::tensor) require_complete(header.entries.back());
    place_ = place_ == Place::top ? Place::outside : Place::top;
    field_.clear();
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ != Place::tensor || field_ == "dtype") return wrong("a list");
    place_ = Place::list;
    return true;
  }

  bool end_array() override {
    place_ = Place::tensor;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    refuse(file_, "is not a safetensors file: its header is no JSON, as byte " + std::to_string(position) +
                      " of it shows");
  }

 private:
  enum class Place { outside, top, metadata, tensor, list };

  bool tensor_field() {
    const bool known = field_ == "dtype" || field_ == "shape" || field_ == "data_offsets";
    if (!known) refuse_tensor("has an unknown entry " + shown(field_));
    if (!fields_.insert(field_).second) refuse_tensor("has " + field_ + " twice");
    return true;
  }

  void require_complete(const Entry& entry) {
    for (const char* field : {"dtype", "shape", "data_offsets"})
      if (!fields_.contains(field)) refuse_tensor(std::string("has no ") + field);
    if (entry.offsets.size() != 2) refuse_tensor("lacks one of its two data_offsets");
  }

  bool wrong_number(const std::string& number) {
    if (place_ != Place::list) return wrong("the number " + shown(number));
    if (field_ == "shape") refuse_tensor("has the impossible extent " + shown(number) + " in its shape");
    refuse_tensor("has the impossible number " + shown(number) + " in its data_offsets");
  }

  [[noreturn]] bool wrong(const std::string& found) {
    const std::string where = place_ == Place::outside ? "as its header" : "under " + shown(field_);
    refuse(file_, "is not a safetensors file: it has " + found + " " + where);
  }

  [[noreturn]] void refuse_tensor(const std::string& why) {
    refuse(file_, "tensor " + shown(header.entries.back().name) + " " + why);
  }

  std::string file_, field_;
  std::set<std::string> fields_;  // of the tensor so far
  Place place_ = Place::outside;
  std::size_t names_ = 0;
  bool has_metadata_ = false;
};

// ---- what the header's numbers must be -------------------------------------------------------------------

void require_possible(const std::string& file, const Entry& entry, std::uint64_t data_size) {
  const std::string tensor = "tensor " + shown(entry.name);
  if (entry.dtype != "F32" && entry.dtype != "F64")
    refuse(file, tensor + " is of kind " + shown(entry.dtype) + ", expected F32 or F64");
  const std::uint64_t first = entry.offsets[0], last = entry.offsets[1];
  if (first > last)
    refuse(file, tensor + " ends at byte " + std::to_string(last) + ", before it begins at " +
                     std::to_string(first));
  if (last > data_size)
    refuse(file, "is truncated: " + tensor + " ends at byte " + std::to_string(last) + " of " +
                     std::to_string(data_size));
  std::uint64_t count = 1;
  const bool empty = std::find(entry.shape.begin(), entry.shape.end(), 0) != entry.shape.end();
  for (const Index extent : entry.shape) {
    if (!empty && count > data_size / static_cast<std::uint64_t>(extent))
      refuse(file, tensor + " has the impossible shape " + to_string(entry.shape));
    count = empty ? 0 : count * static_cast<std::uint64_t>(extent);
  }
  if (count * entry.number_size() != last - first)
    refuse(file, tensor + " of shape " + to_string(entry.shape) + " has " + std::to_string(last - first) +
                     " bytes, expected " + std::to_string(count * entry.number_size()));
}

/// Every byte of the data belongs to one tensor, and every name is there once.
void require_side_by_side(const std::string& file, std::vector<Entry>& entries, std::uint64_t data_size) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < entries.size(); ++i)
    if (entries[i].name == entries[i - 1].name)
      refuse(file, "has the tensor " + shown(entries[i].name) + " twice");
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.offsets < b.offsets; });
  std::uint64_t next = 0;
  for (const Entry& entry : entries) {
    if (entry.offsets[0] != next)
      refuse(file, "tensor " + shown(entry.name) + " begins at byte " + std::to_string(entry.offsets[0]) +
                       " of the data, expected " + std::to_string(next) + ": tensors " +
                       (entry.offsets[0] < next ? "overlap" : "leave a hole"));
    next = entry.offsets[1];
  }
  if (next != data_size)
    refuse(file, "has " + std::to_string(data_size - next) + " bytes that belong to no tensor");
}

/// @param text  the header, as long as the file's first eight bytes say
Header read_header(const std::string& file, const std::string& text, std::uint64_t data_size) {
  if (!text.starts_with('{')) refuse(file, "is not a safetensors file: its header does not begin with {");
  // The JSON library takes a zero for the end of the text.
  if (const auto zero = text.find('\0'); zero != std::string::npos)
    refuse(file, "is not a safetensors file: byte " + std::to_string(zero) + " of its header is zero");
  HeaderGrammar grammar(file);
  Json::sax_parse(text, &grammar);
  for (const Entry& entry : grammar.header.entries) require_possible(file, entry, data_size);
  require_side_by_side(file, grammar.header.entries, data_size);
  return std::move(grammar.header);
}

/// Length of the header from the file's first eight bytes.
std::uint64_t header_length(const std::string& file, std::span<const std::byte> start,
                            std::uint64_t file_size) {
  std::uint64_t length = 0;
  if (start.size() < sizeof length)
    refuse(file, "is truncated: " + std::to_string(file_size) + " bytes, expected at least 8");
  std::memcpy(&length, start.data(), sizeof length);
  if (length > file_size - sizeof length)
    refuse(file, "is truncated or not a safetensors file: it has " + std::to_string(file_size) +
                     " bytes and claims a header of " + std::to_string(length));
  if (length > longest_header)
    refuse(file, "has a header of " + std::to_string(length) + " bytes, expected at most " +
                     std::to_string(longest_header));
  return length;
}

// ---- numbers ---------------------------------------------------------------------------------------------

template <class Number>
void copy_numbers(const std::string& file, const std::string& name, const std::byte* bytes,
                  std::vector<Real>& values) {
  for (Real& value : values) {
    Number number;
    std::memcpy(&number, bytes, sizeof number);
    bytes += sizeof number;
    if constexpr (sizeof(Number) > sizeof(Real))
      if (std::isfinite(number) && std::abs(number) > std::numeric_limits<Real>::max())
        refuse(file, "tensor " + shown(name) + " has the value " + std::to_string(number) +
                         ", too large for single precision");
    value = static_cast<Real>(number);
  }
}

SafeTensors take_tensors(const std::string& file, Header header, std::span<const std::byte> data) {
  SafeTensors result;
  for (const Entry& entry : header.entries) {
    Tensor tensor(entry.shape);
    const std::byte* numbers = data.data() + entry.offsets[0];
    if (entry.dtype == "F32")
      copy_numbers<float>(file, entry.name, numbers, tensor.values);
    else
      copy_numbers<double>(file, entry.name, numbers, tensor.values);
    result.tensors.emplace(entry.name, std::move(tensor));
  }
  result.metadata = std::move(header.metadata);
  return result;
}

}  // namespace

SafeTensors read_safetensors(std::span<const std::byte> file, const std::string& name) {
  const std::uint64_t length =
      header_length(name, file.first(std::min<std::size_t>(8, file.size())), file.size());
  const auto data = file.subspan(8 + length);
  const std::string text(reinterpret_cast<const char*>(file.data()) + 8, length);
  return take_tensors(name, read_header(name, text, data.size()), data);
}

SafeTensors read_safetensors(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) refuse(name, "there is no such file");
  const std::uint64_t file_size = std::filesystem::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (error || !in) refuse(name, "cannot be read: no permission?");
  const auto read = [&](std::byte* to, std::uint64_t count) {
    in.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(count));
    if (!in) refuse(name, "cannot be read, or has changed while it was read");
  };
  // The header is checked before memory is taken for the rest.
  std::vector<std::byte> start(std::min<std::uint64_t>(8, file_size));
  read(start.data(), start.size());
  const std::uint64_t length = header_length(name, start, file_size);
  std::string text(length, '\0');
  read(reinterpret_cast<std::byte*>(text.data()), length);
  Header header = read_header(name, text, file_size - 8 - length);
  std::vector<std::byte> data(file_size - 8 - length);
  read(data.data(), data.size());
  return take_tensors(name, std::move(header), data);
}

// ---- writing ---------------------------------------------------------------------------------------------

namespace {

/// The file up to where the numbers begin.
std::string start_of_file(const std::map<std::string, Tensor>& tensors, const Metadata& metadata) {
  if (tensors.size() + metadata.size() + 1 > most_names)
    throw std::invalid_argument("safetensors: more than " + std::to_string(most_names) + " names");
  Json header = Json::object();
  if (!metadata.empty()) header[metadata_key] = metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    if (name == metadata_key) throw std::invalid_argument("safetensors: a tensor cannot be called " + name);
    if (tensor.size() != element_count(tensor.shape) || tensor.shape.size() > most_extents)
      throw std::invalid_argument("safetensors: tensor " + name + " of shape " + to_string(tensor.shape) +
                                  " has " + std::to_string(tensor.size()) + " values");
    const std::uint64_t bytes = tensor.values.size() * sizeof(Real);
    header[name] = {{"dtype", sizeof(Real) == 8 ? "F64" : "F32"},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::type_error&) {
    throw std::invalid_argument("safetensors: a name or a text is not UTF-8");
  }
  text.append((8 - text.size() % 8) % 8, ' ');  // so that the numbers begin at a multiple of eight
  const std::uint64_t length = text.size();
  if (length > longest_header)
    throw std::invalid_argument("safetensors: a header of " + std::to_string(length) +
                                " bytes, expected at most " + std::to_string(longest_header));
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text;
}

}  // namespace

std::string safetensors_bytes(const std::map<std::string, Tensor>& tensors, const Metadata& metadata) {
  std::string bytes = start_of_file(tensors, metadata);
  for (const auto& [name, tensor] : tensors)
    bytes.append(reinterpret_cast<const char*>(tensor.data()), tensor.values.size() * sizeof(Real));
  return bytes;
}

void write_safetensors(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors,
                       const Metadata& metadata) {
  const std::string start = start_of_file(tensors, metadata);
  AtomicFile file(path);
  file.write(start);
  for (const auto& [name, tensor] : tensors) file.write(std::as_bytes(std::span(tensor.values)));
  file.commit();
}

}  // namespace plaingrad
