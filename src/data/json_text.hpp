/// @file
/// JSON from outside.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace plaingrad {

/// The value that a text is. Of at most 2 MB and 16 levels, so that it takes no more memory than 64 MB; every
/// name of an object unique.
/// @param name  what errors call the text
/// @throws std::runtime_error with the name and what is wrong
nlohmann::json parse_json(const std::string& text, const std::string& name);

}  // namespace plaingrad
