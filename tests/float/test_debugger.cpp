/// @file
/// The walk of docs/debugging.md: gdb steps through (3.6) as the page says. `make test` builds the program
/// for it, unoptimized and on the plain engine.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <string>

#include "temporary_folder.hpp"

using namespace plaingrad;

namespace {

// What gdb says of the program, without line numbers, which change with the source, and without its remarks
// on threads and processes. In how many places a function is, of which the breakpoint is one, and whether its
// file is src/ or ./src/ is the compiler's business.
std::string without_line_numbers(const std::string& text) {
  static const std::regex remark("(^|\n)(\\[[^\n]*|Using host[^\n]*|Breakpoint 1: [^\n]*)(?=\n|$)");
  static const std::regex line_number("(\\.cpp:|line |\n)[0-9]+(\t|\n|\\.|$)");
  static const std::regex place("Breakpoint 1\\.1,"), here("\\./src/");
  std::string once = std::regex_replace(std::regex_replace(text, remark, ""), place, "Breakpoint 1,");
  once = std::regex_replace(once, here, "src/");
  return std::regex_replace(once, line_number, "$1N$2");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(debugger)

BOOST_AUTO_TEST_CASE(ten_lines_of_gdb_follow_eq_3_6_term_by_term) {
  const TemporaryFolder folder;
  const char* build = std::getenv("PLAINGRAD_BUILD");
  const std::string program = std::string(build != nullptr ? build : "build") + "/debug/chapter3";
  BOOST_REQUIRE_MESSAGE(std::filesystem::exists(program), program << " is not there; `make test` builds it");
  const std::filesystem::path said = folder.path / "said";
  const std::string command = "gdb -nx -q -batch -x docs/eq_3_6.gdb --args '" + program + "' --out '" +
                              folder.path.string() + "' --data '" + folder.path.string() + "' > '" +
                              said.string() + "' 2> /dev/null";
  BOOST_TEST(std::system(command.c_str()) == 0);
  BOOST_TEST(without_line_numbers(read_file(said)) ==
             without_line_numbers(read_file("tests/expected/eq_3_6_gdb.txt")));
}

BOOST_AUTO_TEST_SUITE_END()
