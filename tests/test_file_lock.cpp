/// @file
/// Locks between processes: one at a time has it, and it ends with the process, however that ends.
#define BOOST_TEST_DYN_LINK
#include "data/file_lock.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

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

BOOST_AUTO_TEST_SUITE_END()
