#include "data/json_text.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <vector>

namespace plaingrad {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_text = 2'000'000;
constexpr int deepest = 16;

[[noreturn]] void refuse_text(const std::string& name, const std::string& why) {
  throw std::runtime_error(name + ": expected JSON, found " + why);
}

}  // namespace

Json parse_json(const std::string& text, const std::string& name) {
  if (text.size() > longest_text)
    refuse_text(name, std::to_string(text.size()) + " bytes, more than " + std::to_string(longest_text));
  // The library takes a zero for the end of the text.
  if (text.find('\0') != std::string::npos) refuse_text(name, "a byte that is zero");
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto check = [&](int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > deepest) refuse_text(name, "more than " + std::to_string(deepest) + " levels");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
      refuse_text(name, "the name \"" + parsed.get<std::string>().substr(0, 100) + "\" twice");
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::parse_error& error) {
    refuse_text(name, "something else at byte " + std::to_string(error.byte));
  } catch (const Json::exception&) {
    refuse_text(name, "a number that is too large");
  }
}

}  // namespace plaingrad
