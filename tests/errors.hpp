/// @file
/// What a call that fails has to say.
#pragma once

#include <exception>
#include <functional>
#include <string>

namespace plaingrad {

/// The message of the exception of this type that ends the action; "no error" if it comes to its end.
/// An exception of another type passes through, and fails the test.
template <class Error = std::exception>
std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace plaingrad
