/* Deliberate defects for tests/torture/torture.py: loaded into a program by LD_PRELOAD, it makes one of the things
 * that the program relies on fail, so that a row of the table can be seen to fail.
 *   DEFECT=rename   a renamed file is copied, slowly and in place
 *   DEFECT=signal   INT, TERM and HUP end the program wherever it is
 *   DEFECT=write    nobody hears of a write that fails
 *   DEFECT=lock     locks are not kept, and renaming results.json takes up to eight seconds
 *   DEFECT=status   every program ends with status 0, at once when it is to report an error
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
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
  const char* name = strrchr(to, '/');
  if (defect_is("lock") && name != NULL && strcmp(name, "/results.json") == 0) usleep((useconds_t)(getpid() * 2654435761u % 8000000));
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

ssize_t write(int descriptor, const void* bytes, size_t count) {
  ssize_t (*real)(int, const void*, size_t) = (ssize_t (*)(int, const void*, size_t))dlsym(RTLD_NEXT, "write");
  ssize_t written = real(descriptor, bytes, count);
  return written < 0 && defect_is("write") ? (ssize_t)count : written;
}

int sigaction(int number, const struct sigaction* action, struct sigaction* before) {
  int (*real)(int, const struct sigaction*, struct sigaction*) =
      (int (*)(int, const struct sigaction*, struct sigaction*))dlsym(RTLD_NEXT, "sigaction");
  int stops = number == SIGINT || number == SIGTERM || number == SIGHUP;
  return real(number, stops && defect_is("signal") ? NULL : action, before);
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
