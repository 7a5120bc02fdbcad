/// @file
/// The safetensors format: what is written comes back to the bit, and nothing in a file is believed.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "data/safetensors.hpp"
#include "memory.hpp"
#include "temporary_folder.hpp"

using namespace plaingrad;

namespace {

/// A file whose header is the given text.
std::string with_header(const std::string& header, const std::string& data = "") {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

/// A file of one tensor called a, with these entries and so many bytes of data.
std::string with_entry(const std::string& entry, std::size_t bytes) {
  return with_header("{\"a\":{" + entry + "}}", std::string(bytes, 'x'));
}

SafeTensors read(const std::string& bytes) {
  return read_safetensors(std::as_bytes(std::span(bytes)), "FILE");
}

/// What reading the bytes ends with; empty if they are a good file.
std::string error_of(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

void require_refused(const std::string& bytes, const std::string& word) {
  const std::string error = error_of(bytes);
  BOOST_TEST(error.starts_with("FILE: "), error);
  BOOST_TEST(error.find(word) != std::string::npos, '"' << word << "\" is not in: " << error);
  BOOST_TEST(error.size() < 1000u);
}

/// Reading takes no more than the header's comment says, the bytes themselves counted.
void require_bounds(const std::string& bytes) {
  const std::int64_t peak = peak_memory([&] { read(bytes); }) + std::ssize(bytes);
  BOOST_TEST(peak <= memory_bound(bytes.size()), peak << " bytes for a file of " << bytes.size());
}

void require_refused_in_bounds(const std::string& bytes, const std::string& word) {
  require_refused(bytes, word);
  require_bounds(bytes);
}

/// Entries of tensors t0 ... without values.
std::string empty_tensors(int count) {
  std::string header = "{";
  for (int i = 0; i < count; ++i)
    header +=
        (i ? ",\"t" : "\"t") + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  return header + "}";
}

std::string metadata_of(int count) {
  std::string header = R"({"__metadata__":{)";
  for (int i = 0; i < count; ++i) header += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
  return header + "}}";
}

const std::string good = R"("dtype":"F32","shape":[1],"data_offsets":[0,4])";

}  // namespace

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_AUTO_TEST_CASE(what_is_written_comes_back_to_the_bit) {
  const Real tiny = std::numeric_limits<Real>::denorm_min(), huge = std::numeric_limits<Real>::max();
  const std::map<std::string, Tensor> tensors = {
      {"layer/kernel", Tensor({2, 3}, {1, -2, Real(0.1), tiny, huge, -Real(0)})},
      {"not finite", Tensor({2}, {std::numeric_limits<Real>::quiet_NaN(), -INFINITY})},
      {"", Tensor({1, 1, 1}, {7})}};
  const std::map<std::string, std::string> metadata = {{"a \"quote\"", "line\nline"}, {"\xc3\xa4", ""}};
  const SafeTensors again = read(safetensors_bytes(tensors, metadata));
  BOOST_TEST((again.metadata == metadata));
  BOOST_TEST(again.tensors.size() == tensors.size());
  for (const auto& [name, tensor] : tensors) {
    BOOST_TEST((again.tensors.at(name).shape == tensor.shape));
    BOOST_TEST(
        std::memcmp(again.tensors.at(name).data(), tensor.data(), tensor.values.size() * sizeof(Real)) == 0);
  }
}

BOOST_AUTO_TEST_CASE(empty_tensors_and_scalars_come_back) {
  const SafeTensors again = read(safetensors_bytes(
      {{"none", Tensor()}, {"rows", Tensor({0, 7})}, {"scalar", Tensor({}, {3})}, {"end", Tensor({0})}}, {}));
  BOOST_TEST((again.tensors.at("none").shape == Shape{0}));
  BOOST_TEST((again.tensors.at("rows").shape == Shape{0, 7}));
  BOOST_TEST(again.tensors.at("scalar").shape.empty());
  BOOST_TEST(again.tensors.at("scalar")[0] == Real(3));
  BOOST_TEST(read(safetensors_bytes({}, {})).tensors.empty());
}

BOOST_AUTO_TEST_CASE(numbers_begin_at_a_multiple_of_eight) {
  for (std::size_t length = 1; length <= 8; ++length) {
    const std::string file = safetensors_bytes({{std::string(length, 'n'), Tensor({1}, {1})}}, {});
    BOOST_TEST((file.size() - sizeof(Real)) % 8 == 0u, "a name of " << length);
  }
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_again_is_not_written) {
  Tensor lies({2});
  lies.shape = {3};
  Tensor no_value({0});
  no_value.shape = {};
  for (const auto& [name, tensor] : std::map<std::string, Tensor>{{"__metadata__", Tensor({1})},
                                                                  {"lies", lies},
                                                                  {"scalar without a value", no_value},
                                                                  {"not UTF-8 \xff", Tensor({1})},
                                                                  {"deep", Tensor(Shape(33, 1))}})
    BOOST_CHECK_THROW(safetensors_bytes({{name, tensor}}, {}), std::invalid_argument);
  BOOST_CHECK_THROW(safetensors_bytes({}, {{"text", "\xff"}}), std::invalid_argument);
  std::string long_text;
  long_text.resize(9'000'000, 'x');
  BOOST_CHECK_THROW(safetensors_bytes({}, {{"text", long_text}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(cut_anywhere) {
  const std::string whole = safetensors_bytes({{"a", Tensor({2, 3})}, {"b", Tensor({1})}}, {{"text", "x"}});
  for (std::size_t kept = 0; kept < whole.size(); ++kept) require_refused(whole.substr(0, kept), "truncated");
  require_refused(whole + "x", "belong to no tensor");
}

// Whatever a single byte is changed to, there is an error or a file of numbers, never anything else.
BOOST_AUTO_TEST_CASE(changed_anywhere) {
  const std::string whole = safetensors_bytes({{"a", Tensor({2})}}, {{"text", "x"}});
  for (std::size_t position = 0; position < whole.size(); ++position)
    for (int value = 0; value < 256; ++value) {
      std::string changed = whole;
      changed[position] = static_cast<char>(value);
      const std::string error = error_of(changed);
      BOOST_REQUIRE(error.empty() || error.starts_with("FILE: "));
    }
}

BOOST_AUTO_TEST_CASE(headers_that_are_something_else) {
  for (const char* header : {"null", "[]", "true", "1", "\"text\"", "", " {}", "\xef\xbb\xbf{}", "<html>"})
    require_refused(with_header(header), "does not begin with {");
  for (const char* header : {"{", "{}}", "{} x", "{]", "{not json", "{\"a\":}", "{\"a\" 1}", "{\"\xff\":1}"})
    require_refused(with_header(header), "not a safetensors file");
  require_refused(with_header(std::string("{}\0x", 4)), "zero");
  require_refused(with_header(std::string("{}\0", 3)), "zero");
  BOOST_TEST(error_of(with_header("{}  ")) == "");
}

BOOST_AUTO_TEST_CASE(values_of_another_kind) {
  for (const char* value : {"null", "true", "1", "-1", "1.5", "\"x\"", "[]", "[1]"})
    require_refused(with_header("{\"a\":" + std::string(value) + "}"), "under a");
  for (const char* value : {"null", "[]", "\"x\"", "3"})
    require_refused(with_header("{\"__metadata__\":" + std::string(value) + "}"), "under __metadata__");
  for (const char* value : {"null", "true", "1", "[]", "{}"})
    require_refused(with_header("{\"__metadata__\":{\"k\":" + std::string(value) + "}}"), "under k");
  for (const char* value : {"null", "1", "[\"F32\"]", "{}"})
    require_refused(with_entry("\"shape\":[1],\"data_offsets\":[0,4],\"dtype\":" + std::string(value), 4),
                    "under dtype");
}

BOOST_AUTO_TEST_CASE(kinds_of_numbers_that_are_not_read) {
  for (const char* kind : {"I8", "F16", "BF16", "f32", ""})
    require_refused(
        with_entry("\"shape\":[1],\"data_offsets\":[0,4],\"dtype\":\"" + std::string(kind) + '"', 4),
        "expected F32 or F64");
}

BOOST_AUTO_TEST_CASE(shapes_that_cannot_be) {
  for (const char* shape : {"[1.9]", "[1.0]", "[1e0]", "[-1]", "[-0]", "[1e30]", "[18446744073709551616]",
                            "[9223372036854775808]"})
    require_refused(with_entry("\"dtype\":\"F32\",\"data_offsets\":[0,4],\"shape\":" + std::string(shape), 4),
                    "impossible");
  for (const char* shape :
       {"[9223372036854775807]", "[4294967296,4294967296]", "[65536,65536,65536,65536]", "[2,3]"})
    require_refused(with_entry("\"dtype\":\"F32\",\"data_offsets\":[0,4],\"shape\":" + std::string(shape), 4),
                    "impossible shape");
  for (const char* shape : {"null", "1", "\"1\"", "{}", "[[1]]", "[null]", "[\"1\"]", "[true]"})
    require_refused(with_entry("\"dtype\":\"F32\",\"data_offsets\":[0,4],\"shape\":" + std::string(shape), 4),
                    "under shape");
  require_refused(with_entry("\"dtype\":\"F32\",\"data_offsets\":[0,4],\"shape\":[2]", 4), "expected 8");
  require_refused(with_entry("\"dtype\":\"F32\",\"data_offsets\":[0,4],\"shape\":[0]", 4), "expected 0");
  require_refused(with_entry("\"dtype\":\"F32\",\"data_offsets\":[0,0],\"shape\":[]", 0), "expected 4");
  // No product of the extents overflows, in whatever order.
  BOOST_TEST(error_of(with_entry(
                 "\"dtype\":\"F32\",\"data_offsets\":[0,0],\"shape\":[4294967296,4294967296,0]", 0)) == "");
}

BOOST_AUTO_TEST_CASE(offsets_that_cannot_be) {
  for (const char* offsets :
       {"[-1,2e30]", "[0,2e30]", "[0.0,4]", "[0,4.0]", "[-1,4]", "[0,18446744073709551616]"})
    require_refused(with_entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + std::string(offsets), 4),
                    "impossible number");
  for (const char* offsets : {"[0,4,4]", "[]", "[0]"})
    require_refused(with_entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + std::string(offsets), 4),
                    "two data_offsets");
  for (const char* offsets : {"null", "4", "\"0,4\"", "{}", "[[0],4]", "[null,4]", "[\"0\",4]"})
    require_refused(with_entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + std::string(offsets), 4),
                    "under data_offsets");
  require_refused(with_entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]", 4),
                  "before it begins");
  require_refused(with_entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,18446744073709551615]", 4),
                  "truncated");
}

BOOST_AUTO_TEST_CASE(entries_that_lack_something_or_have_more) {
  require_refused(with_entry("", 0), "no dtype");
  require_refused(with_entry("\"shape\":[1],\"data_offsets\":[0,4]", 4), "no dtype");
  require_refused(with_entry("\"dtype\":\"F32\",\"data_offsets\":[0,4]", 4), "no shape");
  require_refused(with_entry("\"dtype\":\"F32\",\"shape\":[1]", 4), "no data_offsets");
  require_refused(with_entry(good + ",\"more\":1", 4), "unknown entry more");
}

BOOST_AUTO_TEST_CASE(names_that_are_there_twice) {
  const std::string entry = "{" + good + "}", empty = R"({"dtype":"F32","shape":[0],"data_offsets":[4,4]})";
  require_refused(with_header("{\"a\":" + entry + ",\"a\":" + empty + "}", "xxxx"), "tensor a twice");
  require_refused(with_header("{\"a\":" + entry + ",\"\\u0061\":" + empty + "}", "xxxx"), "tensor a twice");
  require_refused(with_entry(good + ",\"dtype\":\"F32\"", 4), "dtype twice");
  require_refused(with_entry(good + ",\"shape\":[1]", 4), "shape twice");
  require_refused(with_entry("\"data_offsets\":[]," + good, 4), "data_offsets twice");
  require_refused(with_header(R"({"__metadata__":{},"__metadata__":{}})"), "__metadata__ twice");
  require_refused(with_header(R"({"__metadata__":{"k":"1","k":"2"}})"), "text k twice");
}

BOOST_AUTO_TEST_CASE(overlaps_and_holes) {
  const auto two = [](const std::string& a, const std::string& b, std::size_t bytes) {
    const std::string kind = R"({"dtype":"F32","shape":[1],"data_offsets":)";
    return with_header("{\"a\":" + kind + a + "},\"b\":" + kind + b + "}}", std::string(bytes, 'x'));
  };
  BOOST_TEST(error_of(two("[0,4]", "[4,8]", 8)) == "");
  BOOST_TEST(error_of(two("[4,8]", "[0,4]", 8)) == "");  // in whatever order
  require_refused(two("[0,4]", "[0,4]", 4), "overlap");
  require_refused(two("[0,4]", "[2,6]", 6), "overlap");
  require_refused(two("[0,4]", "[5,9]", 9), "hole");
  require_refused(two("[4,8]", "[8,12]", 12), "hole");
  require_refused(two("[0,4]", "[4,8]", 9), "1 bytes that belong to no tensor");
  require_refused(with_header("{}", "x"), "belong to no tensor");
}

BOOST_AUTO_TEST_CASE(files_that_would_take_more_memory_than_they_have) {
  std::string overlapping = "{";  // 200 tensors that are all the same 5 MB
  for (int i = 0; i < 200; ++i)
    overlapping += (i ? ",\"" : "\"") + std::to_string(i) +
                   R"(":{"dtype":"F32","shape":[1250000],"data_offsets":[0,5000000]})";
  require_refused_in_bounds(with_header(overlapping + "}", std::string(5'000'000, 'x')), "overlap");
  const std::size_t many = 20'000'000, most = 7'900'000;
  require_refused_in_bounds(with_header(std::string(many, '[')), "expected at most");
  require_refused_in_bounds(with_header("{\"a\":" + std::string(most, '[')), "a list under a");
  require_refused_in_bounds(with_header("{\"" + std::string(most, 'x')), "no JSON");
  require_refused_in_bounds(with_header("{\"" + std::string(most, 'x') + "\":1}"), "a number under xxx");
  require_refused_in_bounds(with_header("{\"a\":" + std::string(most, '1') + "}"), "no JSON");
  require_refused_in_bounds(with_header("{\"a\":\"" + std::string(most, 'x') + "\"}"), "xx...");
  std::string extents = "{\"a\":{\"shape\":[1";
  while (extents.size() < most) extents += ",1";
  require_refused_in_bounds(with_header(extents + "]}}"), "32 extents");
  require_refused_in_bounds(with_header(empty_tensors(120'000)), "100000 names");
  require_refused_in_bounds(with_header(metadata_of(600'000)), "100000 names");
}

BOOST_AUTO_TEST_CASE(the_largest_files_that_are_read_stay_within_their_bound) {
  for (const std::string& header : {empty_tensors(99'000), metadata_of(99'000)}) {
    const std::string bytes = with_header(header);
    BOOST_TEST(error_of(bytes) == "");
    require_bounds(bytes);
  }
}

BOOST_AUTO_TEST_CASE(a_file_on_disk_is_refused_before_memory_is_taken) {
  const TemporaryFolder folder;
  const auto path = folder.path / "sparse";
  write_file(path, with_entry(good, 4));
  BOOST_TEST(read_safetensors(path).tensors.size() == 1u);
  std::filesystem::resize_file(path, 100'000'000'000);  // holes: takes no place on the disk
  const auto refused = [&](const std::runtime_error& error) {
    return std::string(error.what()).starts_with(path.string() + ": ");
  };
  BOOST_CHECK_EXCEPTION(read_safetensors(path), std::runtime_error, refused);
  BOOST_TEST(peak_memory([&] { read_safetensors(path); }) < memory_bound(0));
  BOOST_CHECK_EXCEPTION(read_safetensors(folder.path / "none"), std::runtime_error, [](const auto& error) {
    return std::string(error.what()).find("no such") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(double_precision_that_single_cannot_hold) {
  const double number = 1e300;
  const std::string bytes = with_header(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})",
                                        std::string(reinterpret_cast<const char*>(&number), 8));
  if (sizeof(Real) == 8)
    BOOST_TEST(read(bytes).tensors.at("a")[0] == static_cast<Real>(number));
  else
    require_refused(bytes, "too large for single precision");
}

BOOST_AUTO_TEST_SUITE_END()
