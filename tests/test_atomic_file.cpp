/// @file
/// Files written atomically: whatever goes wrong, the old file stays whole, nothing is left beside it, and
/// the error names the file and the reason.
#define BOOST_TEST_DYN_LINK
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>

#include "data/atomic_file.hpp"
#include "temporary_folder.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

/// While it lives, no file may grow beyond the given size.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int);
};

/// The message that writing ends with; empty if it succeeds.
std::string error_of(const fs::path& path, const std::string& bytes) {
  try {
    write_atomically(path, bytes);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

std::ptrdiff_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  BOOST_REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(atomic_file)

BOOST_AUTO_TEST_CASE(the_file_appears_when_it_is_whole) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "file";
  write_file(path, "old");
  AtomicFile file(path);
  file.write("new ");
  file.write(std::as_bytes(std::span("text", 4)));
  BOOST_TEST(read_file(path) == "old");
  file.commit();
  BOOST_TEST(read_file(path) == "new text");
  BOOST_TEST(files_in(folder.path) == 1);
}

BOOST_AUTO_TEST_CASE(what_is_not_committed_leaves_nothing) {
  const TemporaryFolder folder;
  {
    AtomicFile file(folder.path / "file");
    file.write("half");
    BOOST_TEST(files_in(folder.path) == 1);
  }
  BOOST_TEST(files_in(folder.path) == 0);
}

BOOST_AUTO_TEST_CASE(two_files_of_one_name_do_not_meet) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "file";
  AtomicFile first(path), second(path);
  first.write("first");
  second.write("second");
  second.commit();
  BOOST_TEST(read_file(path) == "second");
  first.commit();
  BOOST_TEST(read_file(path) == "first");
}

BOOST_AUTO_TEST_CASE(disk_full_names_file_and_reason_and_leaves_the_old_file) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "file";
  write_file(path, "old");
  std::string error;
  {
    const FileSizeLimit limit(1000);
    error = error_of(path, std::string(5000, 'x'));
  }
  BOOST_TEST(error == path.string() + ": cannot be written: File too large");
  BOOST_TEST(read_file(path) == "old");
  BOOST_TEST(files_in(folder.path) == 1);
}

BOOST_AUTO_TEST_CASE(permissions_are_kept) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "file";
  for (const mode_t mode : {0640U, 0600U, 0755U, 0666U}) {
    write_file(path, "old");
    BOOST_REQUIRE(chmod(path.c_str(), mode) == 0);
    BOOST_TEST(error_of(path, "new") == "");
    BOOST_TEST(mode_of(path) == mode);
  }
  const mode_t before = umask(027);
  BOOST_TEST(error_of(folder.path / "another", "new") == "");
  umask(before);
  BOOST_TEST(mode_of(folder.path / "another") == mode_t(0640));
}

BOOST_AUTO_TEST_CASE(a_link_stays_a_link) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "link", file = folder.path / "elsewhere" / "file";
  fs::create_directory(file.parent_path());
  write_file(file, "old");
  fs::create_symlink(file, path);
  BOOST_TEST(error_of(path, "new") == "");
  BOOST_TEST(fs::is_symlink(path));
  BOOST_TEST(read_file(file) == "new");
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_never_replaced) {
  const TemporaryFolder folder;
  BOOST_TEST(error_of("/dev/full", "x").find("/dev/full: cannot be written: ") == 0u);
  BOOST_TEST(fs::is_character_file("/dev/full"));
  BOOST_TEST(error_of(folder.path, "x").find("folder of this name") != std::string::npos);
  BOOST_TEST(error_of(folder.path / "no" / "file", "x").find("No such file or directory") !=
             std::string::npos);
  const fs::path pipe = folder.path / "pipe";
  BOOST_REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  BOOST_TEST(error_of(pipe, "x").find("no file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_as_long_as_they_may_be) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / std::string(255, 'n');
  BOOST_TEST(error_of(path, "x") == "");
  BOOST_TEST(read_file(path) == "x");
  BOOST_TEST(error_of(folder.path / std::string(256, 'n'), "x").find("too long") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_program_is_put_in_its_place) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "picture", drawn = folder.path / "drawn";
  write_file(path, "old");
  write_file(drawn, "new");
  BOOST_REQUIRE(chmod(path.c_str(), 0640) == 0);
  replace_file(drawn, path);
  BOOST_TEST(read_file(path) == "new");
  BOOST_TEST(mode_of(path) == mode_t(0640));
  BOOST_TEST(!fs::exists(drawn));
  BOOST_CHECK_THROW(replace_file(drawn, path), std::runtime_error);
  BOOST_TEST(read_file(path) == "new");
}

// Files of this process, which begins, and of one that has ended; not those of one that is still running, nor
// what only looks like such a name.
BOOST_AUTO_TEST_CASE(leftovers_are_those_of_processes_that_are_gone) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  const std::string gone = std::to_string(child), here = std::to_string(::getpid()),
                    running = std::to_string(::getppid());
  const std::set<std::string> leftovers = {".a.csv." + gone + ".0.tmp", ".b." + here + ".12.tmp"},
                              others = {".a.csv." + running + ".0.tmp",
                                        "a.csv." + gone + ".0.tmp",
                                        ".a.csv." + gone + ".0.png",
                                        ".a.csv." + gone + "..tmp",
                                        ".a.csv." + gone + ".x.tmp",
                                        ".a.csv.x" + gone + ".0.tmp",
                                        ".a.csv.-1.0.tmp",
                                        "." + gone + ".tmp",
                                        ".tmp",
                                        "a.csv"};
  for (const auto& names : {leftovers, others})
    for (const std::string& name : names) write_atomically(folder.path / name, "1");
  remove_leftovers(folder.path);
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder.path))
    found.insert(entry.path().filename().string());
  BOOST_TEST(found == others, boost::test_tools::per_element());
  remove_leftovers(folder.path / "is not there");
}

// A program that was started without standard input gets the number 0 for the first file that it opens.
BOOST_AUTO_TEST_CASE(without_standard_input_files_are_written_and_closed) {
  const TemporaryFolder folder;
  const int input = ::dup(0);
  ::close(0);
  std::string error;
  try {
    write_atomically(folder.path / "whole", "1");
    AtomicFile(folder.path / "not committed").write("2");
  } catch (const std::runtime_error& thrown) {
    error = thrown.what();
  }
  const bool closed = ::fcntl(0, F_GETFD) < 0;
  if (input >= 0) ::dup2(input, 0), ::close(input);
  BOOST_TEST(error == "");
  BOOST_TEST(closed);
  BOOST_TEST(read_file(folder.path / "whole") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
