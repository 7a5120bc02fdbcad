/// @file
/// What is drawn, and the generator's state as text.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <locale>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "math/random.hpp"

using namespace plaingrad;

namespace {

/// 1234567 as 1.234.567, as a program may want it for its own output.
struct Grouping : std::numpunct<char> {
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(a_state_goes_on_with_the_same_numbers_whatever_the_locale) {
  Random random(7), other(8);
  for (int i = 0; i < 1000; ++i) random.bits();
  const std::string state = random.state();
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Grouping));
  const std::string grouped = random.state();
  other.restore(state);
  std::locale::global(before);
  BOOST_TEST((grouped == state));
  for (int i = 0; i < 1000; ++i) BOOST_REQUIRE(other.bits() == random.bits());
}

// A position beyond the table would be read from there.
BOOST_AUTO_TEST_CASE(a_text_that_is_no_state_changes_nothing) {
  Random random(7);
  const std::string state = random.state(), table = state.substr(0, state.rfind(' '));
  std::string zeros = "0";
  for (int i = 1; i < 312; ++i) zeros += " 0";
  for (const std::string& text :
       std::vector<std::string>{"", " ", "x", "1 2 3", table, state + " 1", state + "x",
                                state + std::string(1, '\0'), table + " 313", table + " 4294967296000",
                                table + " -1", "-" + state, "99999999999999999999" + state, zeros + " 312"}) {
    BOOST_CHECK_THROW(random.restore(text), std::runtime_error);
    BOOST_TEST((random.state() == state));
  }
}

BOOST_AUTO_TEST_CASE(an_index_is_as_often_the_first_as_the_last) {
  Random random(1);
  std::vector<int> counts(3);
  for (int i = 0; i < 3000; ++i) ++counts.at(static_cast<std::size_t>(random.index(3)));
  for (const int count : counts) BOOST_TEST(std::abs(count - 1000) < 100);  // four standard deviations
  BOOST_TEST(random.index(1) == 0);
  BOOST_CHECK_THROW(random.index(0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(every_order_is_drawn_equally_often) {
  Random random(1);
  std::map<std::vector<Index>, int> counts;
  for (int i = 0; i < 6000; ++i) ++counts[random.permutation(3)];
  BOOST_TEST(counts.size() == 6u);
  for (const auto& [order, count] : counts) BOOST_TEST(std::abs(count - 1000) < 120);
  BOOST_TEST(random.permutation(0).empty());
}

BOOST_AUTO_TEST_SUITE_END()
