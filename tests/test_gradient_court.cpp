/// @file
/// The gradient court: the library's check finds every wrong gradient and no right one, and the book shows
/// what the others find.
#define BOOST_TEST_DYN_LINK
#include "gradient_court/court.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <set>
#include <sstream>

#include "temporary_folder.hpp"

using namespace plaingrad;
using namespace plaingrad::gradient_court;

namespace {

const std::vector<Verdict>& verdicts() {
  static const std::vector<Verdict> all = try_all();
  return all;
}

// The last way a fault could hide: that it changes nothing where it is tried.
double greatest_change(const Subject& right, const Subject& wrong) {
  const Values values = right.values();
  Numbers U = right.forward(values);
  for (std::size_t k = 0; k < U.size(); ++k) U[k] = std::sin(static_cast<double>(k) + 1);
  Values before = values;
  for (Numbers& numbers : before) std::fill(numbers.begin(), numbers.end(), 0.7);
  const Values a = right.backward(values, U, before), b = wrong.backward(values, U, before);
  double greatest = 0;
  for (std::size_t k = 0; k < a.size(); ++k)
    for (std::size_t i = 0; i < a[k].size(); ++i) greatest = std::max(greatest, std::abs(a[k][i] - b[k][i]));
  return greatest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gradients_in_court)

BOOST_AUTO_TEST_CASE(ours_finds_every_wrong_gradient_and_no_right_one) {
  for (const Verdict& v : verdicts())
    BOOST_TEST(v.alarm(0) == v.guilty(),
               v.family << ": " << v.name << ", off by " << v.errors[0] << " bounds");
}

BOOST_AUTO_TEST_CASE(there_are_more_than_a_hundred_faults_each_with_a_name_of_its_own) {
  std::set<std::pair<std::string, std::string>> names;
  for (const Verdict& v : verdicts()) names.insert({v.family, v.name});
  BOOST_TEST(names.size() == verdicts().size());
  BOOST_TEST(
      std::count_if(verdicts().begin(), verdicts().end(), [](const Verdict& v) { return v.guilty(); }) > 100);
}

BOOST_AUTO_TEST_CASE(every_fault_changes_the_gradient) {
  for (const NamedFamily& named : all_families()) {
    const Family family = named.make(ImageShape::oblong);
    for (const Fault& fault : family.faults)
      BOOST_TEST(greatest_change(family.right, spoiled(family.right, fault)) > 1e-5,
                 named.name << ": " << fault.name);
  }
}

// Square images are those that hide what exchanges height and width.
BOOST_AUTO_TEST_CASE(square_images_hide_what_oblong_ones_show) {
  int found = 0;
  for (const Verdict& v : verdicts())
    if (v.name.starts_with("height for width")) {
      ++found;
      BOOST_TEST(v.errors[5] == 0, v.name);
      BOOST_TEST(v.alarm(6), v.name);
    }
  BOOST_TEST(found == 2);
}

// Else another processor's rounding might turn a mark round.
BOOST_AUTO_TEST_CASE(no_verdict_is_close) {
  for (const Verdict& v : verdicts())
    for (std::size_t way = 0; way < v.errors.size(); ++way)
      BOOST_TEST((v.errors[way] < 0.98 || v.errors[way] > 1.02),
                 v.family << ": " << v.name << " by " << all_ways()[way].name << ": " << v.errors[way]);
}

BOOST_AUTO_TEST_CASE(the_book_shows_the_matrix_and_the_faults) {
  std::ostringstream matrix, faults;
  print_matrix(matrix, verdicts());
  print_faults(faults);
  BOOST_TEST(matrix.str() == read_file("tests/expected/gradient_court.txt"));
  BOOST_TEST(faults.str() == read_file("tests/expected/gradient_court_faults.txt"));
}

BOOST_AUTO_TEST_SUITE_END()
