/// @file
/// The exercises (chapters/exercises): what the check says of the solutions, of the exercises as they are
/// handed out and of answers as learners give them (tests/exercises/answers.txt). The answers are in the
/// program build/answers, so that somebody's work in chapters/exercises is not in the way.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>

#include "errors.hpp"
#include "programs.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

struct Answer {
  int number;  // of the program's
  std::string exercise, name;
  bool right;
  std::vector<std::string> says;
};

struct Answers : Programs {
  Answers() {
    std::istringstream rows(run("answers", "").out);
    int number = 0;
    for (std::string row; std::getline(rows, row); ++number) {
      std::istringstream cells(row);
      std::vector<std::string> cell;
      for (std::string text; std::getline(cells, text, '\t');) cell.push_back(text);
      BOOST_REQUIRE(cell.size() >= 3u);
      all.push_back({.number = number,
                     .exercise = cell[0],
                     .name = cell[1],
                     .right = cell[2] == "right",
                     .says = {cell.begin() + 3, cell.end()}});
    }
  }

  Run check(const Answer& answer) const { return run("answers", std::to_string(answer.number)); }

  const Answer& find(const std::string& exercise, const std::string& name) const {
    for (const Answer& answer : all)
      if (answer.exercise == exercise && answer.name == name) return answer;
    throw std::out_of_range("exercise " + exercise + " has no answer \"" + name + "\"");
  }

  std::vector<Answer> all;
};

const std::vector<std::string> exercises = {"1", "2", "3", "4", "5", "6", "7", "8"};

fs::path file_of(const fs::path& folder, const std::string& exercise) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().starts_with(exercise + "_")) return entry.path();
  throw std::out_of_range("no exercise " + exercise + " in " + folder.string());
}

/// A file before its own lines, these lines, and the rest.
struct Parts {
  explicit Parts(const std::string& text) {
    static const std::regex own("( *// Your lines here.*\n)([^]*?)( *// End of your lines\\.\n)");
    std::smatch found;
    if (!std::regex_search(text, found, own)) return;
    before = found.prefix().str() + found[1].str();
    lines = found[2].str();
    after = found[3].str() + found.suffix().str();
  }
  std::string before, lines, after;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(exercises_of_the_book)

BOOST_FIXTURE_TEST_CASE(every_solution_is_right, Answers) {
  for (const std::string& exercise : exercises) {
    const Run solution = check(find(exercise, "the solution"));
    BOOST_TEST(solution.status == 0, solution.out);
    BOOST_TEST(contains(solution.out, " elements are right, in all "), solution.out);
    BOOST_TEST(!contains(solution.out, "wrong"), solution.out);
  }
}

// The point of it all: no wrong answer passes, and of each is said what helps.
BOOST_FIXTURE_TEST_CASE(every_wrong_answer_is_noticed_and_what_is_said_of_it_helps, Answers) {
  std::map<std::string, int> wrong;
  for (const Answer& answer : all) {
    const Run checked = check(answer);
    const std::string which = answer.exercise + " " + answer.name + " prints:\n" + checked.out;
    BOOST_TEST(checked.status == (answer.right ? 0 : 1), which << checked.errors);
    for (const std::string& part : answer.says)
      BOOST_TEST(contains(checked.out, part), '"' << part << "\" is not said: " << which);
    if (answer.right) continue;
    ++wrong[answer.exercise];
    BOOST_TEST(!answer.says.empty(), which);
    BOOST_TEST(contains(checked.out, "Not yet: right in "), which);
    BOOST_TEST(contains(checked.out, "\nTo read: build/docs/html/"), which);
  }
  for (const std::string& exercise : exercises)
    BOOST_TEST(wrong[exercise] >= 4, exercise);  // as shipped, and three
}

BOOST_FIXTURE_TEST_CASE(an_exercise_as_it_is_handed_out_fails_and_says_that_a_line_is_missing, Answers) {
  for (const std::string& exercise : exercises) {
    const Run shipped = check(find(exercise, "as shipped"));
    BOOST_TEST(shipped.status == 1);
    BOOST_TEST(contains(shipped.out, "Not yet: right in 0 of "), shipped.out);
    BOOST_TEST(
        (contains(shipped.out, "a line that is still missing") || contains(shipped.out, "not written")),
        shipped.out);
  }
}

BOOST_AUTO_TEST_CASE(an_exercise_is_its_solution_without_one_to_five_lines) {
  for (const std::string& exercise : exercises) {
    const fs::path handed_out = file_of("chapters/exercises", exercise);
    const Parts solution(read_file(file_of("tests/exercises", exercise))), given(read_file(handed_out));
    const auto lines = std::count(solution.lines.begin(), solution.lines.end(), '\n');
    BOOST_TEST(lines >= 1);
    BOOST_TEST(lines <= 5, exercise << ": " << lines);
    if (given.before.empty() || !given.lines.empty()) {
      std::cout << handed_out.string() << " is being worked on, and not compared with its solution\n";
      continue;
    }
    BOOST_TEST(given.before == solution.before);
    BOOST_TEST(given.after == solution.after);
  }
}

BOOST_FIXTURE_TEST_CASE(the_book_shows_what_an_exercise_says_as_it_is_handed_out, Answers) {
  const auto without_bounds = [](const std::string& text) {
    return std::regex_replace(text, std::regex("within [-+.e0-9]+"), "within #");
  };
  const std::string out = check(find("3", "as shipped")).out;
  BOOST_TEST(without_bounds(out) == without_bounds(read_file("tests/expected/exercise_3.txt")), out);
  const std::string turned = check(find("3", "a turned kernel")).out;
  BOOST_TEST(without_bounds(turned) == without_bounds(read_file("tests/expected/exercise_3_turned.txt")),
             turned);
}

BOOST_AUTO_TEST_SUITE_END()
