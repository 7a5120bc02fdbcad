/// @file
/// Fuzzing the programs' options. The input is the words of a command line, each ended by a line feed.
#include <sstream>
#include <string>
#include <vector>

#include "program.hpp"

using namespace plaingrad;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::vector<std::string> words = {"program"};
  for (std::string word; std::getline(lines, word);) words.push_back(word);
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  for (const Program& program : {Program{"chapter1", "one"}, Program{"chapter8", "eight", {"8.1", "8.2"}}}) {
    try {
      parse_options(static_cast<int>(argv.size()), argv.data(), program);
    } catch (const WrongUsage&) {
    }
  }
  return 0;
}
