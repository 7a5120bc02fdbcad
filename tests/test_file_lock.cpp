/// @file
/// Locks between processes: one at a time has it, and it ends with the process, however that ends.
#define BOOST_TEST_DYN_LINK
#include "data/file_lock.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>
#include <stdexcept>

#include "temporary_folder.hpp"

using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(file_lock)

BOOST_AUTO_TEST_CASE(one_process_at_a_time) {
  const TemporaryFolder folder;
  const auto path = folder.path / "lock";
  int ready[2];
  BOOST_REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    FileLock lock(path);
    lock.lock();
    if (write(ready[1], "x", 1) == 1) pause();  // until it is killed
    _exit(1);
  }
  char byte;
  BOOST_REQUIRE(read(ready[0], &byte, 1) == 1);
  FileLock lock(path);
  BOOST_TEST(!lock.try_lock());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!FileLock(path).try_lock());
}

BOOST_AUTO_TEST_CASE(ends_with_the_object) {
  const TemporaryFolder folder;
  const auto path = folder.path / "lock";
  {
    FileLock lock(path);
    BOOST_TEST(lock.try_lock());
  }
  BOOST_TEST(FileLock(path).try_lock());
  BOOST_CHECK_THROW(FileLock(folder.path / "nowhere" / "lock"), std::runtime_error);
}

// What an earlier call has left in errno is not this lock's.
BOOST_AUTO_TEST_CASE(a_lock_is_taken_once_whatever_was_interrupted_before) {
  const TemporaryFolder folder;
  FileLock lock(folder.path / "lock");
  errno = EINTR;
  lock.lock();
  BOOST_TEST(!FileLock(folder.path / "lock").try_lock());
}

// A program that was started without standard input gets the number 0 for the first file that it opens.
BOOST_AUTO_TEST_CASE(without_standard_input_a_file_can_be_locked) {
  const TemporaryFolder folder;
  const int input = ::dup(0);
  ::close(0);
  try {
    FileLock lock(folder.path / "lock");
    BOOST_TEST(lock.try_lock());
  } catch (const std::runtime_error& error) {
    BOOST_ERROR(error.what());
  }
  if (input >= 0) ::dup2(input, 0), ::close(input);
}

BOOST_AUTO_TEST_SUITE_END()
