/// @file
/// JSON from outside.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace plaingrad {

/// Parses a text. It may have at most 2 MB and 16 levels, so that it takes no more than 64 MB of memory, and
/// no object may have a name twice.
/// @param name  what errors call the text
/// @throws std::runtime_error with the name and what is wrong
nlohmann::json parse_json(const std::string& text, const std::string& name);

}  // namespace plaingrad
