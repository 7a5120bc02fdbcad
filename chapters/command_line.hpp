/// @file
/// What the command lines of all programs have in common: options through Boost.Program_options, and errors
/// as messages.
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <string>
#include <vector>

#include "wrong_usage.hpp"

namespace plaingrad {

/// The values of a program's options. Names must be whole, and a word that belongs to no option is an error.
/// @throws WrongUsage naming the option
boost::program_options::variables_map parse_command_line(
    int argc, const char* const* argv, const boost::program_options::options_description& description);

/// The value of an option that must lie in low ... high. @throws WrongUsage naming both
template <typename Integer>
Integer in_range(const boost::program_options::variables_map& values, const std::string& name, Integer low,
                 Integer high) {
  const Integer value = values[name].as<Integer>();
  if (value < low || value > high)
    throw WrongUsage("--" + name + " " + std::to_string(value) + ": expected a whole number from " +
                     std::to_string(low) + " to " + std::to_string(high));
  return value;
}

/// "a, b, c".
std::string joined(const std::vector<std::string>& words);

/// Runs the body of a program's main and turns an exception into a message on stderr.
/// @return the body's result, or 1 after an error (2 for wrong usage), 128 + signal if it was stopped
int run_main(int argc, char** argv, const std::string& name, const std::function<int()>& body);

}  // namespace plaingrad
