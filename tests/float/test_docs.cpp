/// @file
/// The check behind the equation index.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// docs/equations.sh checks that every equation has its formula in the docs, its line of code and its test.
// It reads the tree, so this is run from the top folder, as `make test` does.

namespace {

std::string contents(const char* path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(docs)

BOOST_AUTO_TEST_CASE(every_equation_has_its_formula_its_line_and_its_test) {
  BOOST_TEST(std::system("docs/equations.sh > /dev/null") == 0);
}

BOOST_AUTO_TEST_CASE(an_equation_without_them_is_noticed) {
  const std::filesystem::path list = std::filesystem::temp_directory_path() / "plaingrad_equations.list";
  const auto status_of = [&](const std::string& row) {
    std::ofstream(list) << row << '\n';
    return std::system(("EQUATIONS='" + list.string() + "' docs/equations.sh > /dev/null 2>&1").c_str());
  };
  BOOST_TEST(status_of("2.99 | an equation that the report does not have | ") != 0);
  BOOST_TEST(status_of("2.12 | one that it has | ") == 0);
  const std::string step = " | 4.4, step 4 | what | words | ", line = "optimizers/adam.cpp // step 4",
                    test = " | adam_step_4_first_moment";
  BOOST_TEST(status_of("adam_4" + step + line + test) == 0);
  BOOST_TEST(status_of("adam_9" + step + line + test) != 0);
  BOOST_TEST(status_of("adam_4" + step + "optimizers/adam.cpp // step 9" + test) != 0);
  BOOST_TEST(status_of("adam_4" + step + line + " | adam_step_9") != 0);
  std::filesystem::remove(list);
}

// What `make figures SCALE=full` puts there; nothing as long as there is no table.
BOOST_AUTO_TEST_CASE(the_readme_shows_the_results_as_they_are) {
  const std::string readme = contents("README.md"), table = contents("figures/at_a_glance.md");
  const std::size_t start = readme.find("<!-- results"), end = readme.find("<!-- end of results -->");
  BOOST_REQUIRE((start != std::string::npos && end != std::string::npos && start < end));
  const std::size_t first = readme.find('\n', start) + 1;
  BOOST_TEST(readme.substr(first, end - first) == "\n" + table + (table.empty() ? "" : "\n"));
}

// The first picture of the README has an equation and its line of code: the line is one that runs.
BOOST_AUTO_TEST_CASE(the_first_picture_quotes_a_line_of_the_source) {
  BOOST_TEST(contents("README.md").find("(figures/figure_8_3_reading.svg)") != std::string::npos);
  const std::string drawn = contents("figures/data/figure_8_3_reading.csv");
  const std::size_t start = drawn.find("Y(i, j) +="), end = drawn.find("// (3.3)", start);
  BOOST_REQUIRE((start != std::string::npos && end != std::string::npos));
  const std::string line = drawn.substr(start, end + 8 - start);
  BOOST_TEST(contents("src/convolution/convolution.cpp").find(line + "\n") != std::string::npos, line);
}

BOOST_AUTO_TEST_SUITE_END()
