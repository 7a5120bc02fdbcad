/* Deliberate defects for tests/torture/torture.py: loaded into a program by LD_PRELOAD, it makes one of the things
 * that the program relies on fail, so that a row of the table can be seen to fail.
 *   DEFECT=rename   a renamed file is copied, slowly and in place, and nobody hears of a write that fails
 *   DEFECT=lock     locks are not kept, and renaming takes its time
 *   DEFECT=status   every program ends with status 0, at once when it is to report an error
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int defect_is(const char* name) {
  const char* defect = getenv("DEFECT");
  return defect != NULL && strcmp(defect, name) == 0;
}

int rename(const char* from, const char* to) {
  int (*real)(const char*, const char*) = (int (*)(const char*, const char*))dlsym(RTLD_NEXT, "rename");
  if (defect_is("lock")) usleep(30000);
  if (!defect_is("rename")) return real(from, to);
  int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  char block[512];
  ssize_t count;
  for (int i = 0; (count = read(in, block, sizeof block)) > 0; ++i) {
    if (write(out, block, (size_t)count) < 0) break;
    if (i % 64 == 0) usleep(2000);
  }
  close(in);
  close(out);
  return unlink(from);
}

int flock(int descriptor, int operation) {
  int (*real)(int, int) = (int (*)(int, int))dlsym(RTLD_NEXT, "flock");
  return defect_is("lock") ? 0 : real(descriptor, operation);
}

static void end_well(void) {
  if (defect_is("status")) _exit(0);
}

__attribute__((constructor)) static void start(void) {
  atexit(end_well);
}
