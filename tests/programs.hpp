/// @file
/// The programs as a user runs them, from the folder that PLAINGRAD_BUILD names (`make test` sets it), else
/// from build.
#pragma once

#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "temporary_folder.hpp"

namespace plaingrad {

/// How a program ended, and what it wrote.
struct Run {
  int status;
  std::string out, errors;
};

/// Runs programs that write into a folder of the test's own and find no full data there.
struct Programs {
  static std::string path_of(const std::string& program) {
    const char* build = std::getenv("PLAINGRAD_BUILD");
    std::string path = std::string(build != nullptr ? build : "build") + "/" + program;
    BOOST_REQUIRE_MESSAGE(std::filesystem::exists(path), path << " is not there; `make test` builds it");
    return path;
  }

  /// @param before  commands for the same shell
  Run run(const std::string& program, const std::string& arguments, const std::string& before = "") const {
    const std::string path = path_of(program);
    const std::filesystem::path out = folder.path / "stdout", errors = folder.path / "stderr";
    const std::string redirected = arguments.find('>') != std::string::npos ? "" : " >" + shell_quoted(out);
    const int status = std::system(
        (before + shell_quoted(path) + " " + arguments + redirected + " 2>" + shell_quoted(errors)).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(errors)};
  }

  /// The options that keep a run inside the test's folder, where there is no data.
  std::string inside() const {
    return "--out " + shell_quoted(figures) + " --data " + shell_quoted(folder.path) + " --sample ";
  }

  TemporaryFolder folder;
  std::filesystem::path figures = folder.path / "figures";
};

inline void require_error(const Run& run, int status, const std::vector<std::string>& words) {
  BOOST_TEST(run.status == status);
  BOOST_TEST(run.out == "");
  for (const std::string& word : words)
    BOOST_TEST(run.errors.find(word) != std::string::npos, '"' << word << "\" is not in: " << run.errors);
}

}  // namespace plaingrad
