/// @file
/// The gradient court: the library's check rejects every wrong gradient and no right one, and the book shows
/// what the other checkers find.
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

// How much a fault changes the gradients: one that changes nothing here could not be caught.
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
    BOOST_TEST(v.rejects(0) == v.is_faulty(),
               v.family << ": " << v.name << ", off by " << v.errors[0] << " bounds");
}

BOOST_AUTO_TEST_CASE(there_are_more_than_a_hundred_faults_each_with_a_name_of_its_own) {
  std::set<std::pair<std::string, std::string>> names;
  for (const Verdict& v : verdicts()) names.insert({v.family, v.name});
  BOOST_TEST(names.size() == verdicts().size());
  BOOST_TEST(std::count_if(verdicts().begin(), verdicts().end(),
                           [](const Verdict& v) { return v.is_faulty(); }) > 100);
}

BOOST_AUTO_TEST_CASE(every_fault_changes_the_gradient) {
  for (const NamedFamily& named : all_families()) {
    const Family family = named.make(ImageShape::oblong);
    for (const Fault& fault : family.faults)
      BOOST_TEST(greatest_change(family.right, with_fault(family.right, fault)) > 1e-5,
                 named.name << ": " << fault.name);
  }
}

// Square images hide faults that exchange height and width.
BOOST_AUTO_TEST_CASE(square_images_hide_what_oblong_ones_show) {
  int found = 0;
  for (const Verdict& v : verdicts())
    if (v.name.starts_with("height for width")) {
      ++found;
      BOOST_TEST(v.errors[5] == 0, v.name);
      BOOST_TEST(v.rejects(6), v.name);
    }
  BOOST_TEST(found == 2);
}

// Otherwise another processor's rounding could flip a mark.
BOOST_AUTO_TEST_CASE(no_verdict_is_close) {
  for (const Verdict& v : verdicts())
    for (std::size_t checker = 0; checker < v.errors.size(); ++checker)
      BOOST_TEST(
          (v.errors[checker] < 0.98 || v.errors[checker] > 1.02),
          v.family << ": " << v.name << " by " << all_checkers()[checker].name << ": " << v.errors[checker]);
}

BOOST_AUTO_TEST_CASE(the_book_shows_the_matrix_and_the_faults) {
  std::ostringstream matrix, faults;
  print_matrix(matrix, verdicts());
  print_faults(faults);
  BOOST_TEST(matrix.str() == read_file("tests/expected/gradient_court.txt"));
  BOOST_TEST(faults.str() == read_file("tests/expected/gradient_court_faults.txt"));
}

BOOST_AUTO_TEST_SUITE_END()
