/// @file
/// JSON from files: how long it may be.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "data/json_text.hpp"
#include "errors.hpp"

using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(two_million_bytes_are_read_and_no_more) {
  const std::string longest = '"' + std::string(1'999'998, 'x') + '"';
  BOOST_TEST(parse_json(longest, "file").get<std::string>().size() == 1'999'998u);
  const std::string message = message_of<std::runtime_error>([&] { parse_json(longest + " ", "file"); });
  BOOST_TEST(message == "file: expected JSON, found 2000001 bytes, more than 2000000");
}

BOOST_AUTO_TEST_SUITE_END()
