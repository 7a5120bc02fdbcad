#include "training/stop.hpp"

#include <atomic>
#include <csignal>

namespace plaingrad {
namespace {

// Written by a signal handler, which may touch nothing but such an atomic.
std::atomic<int> stopped_by = 0;
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void remember_signal(int signal) {
  stopped_by = signal;
}

std::string describe(int signal) {
  switch (signal) {
    case SIGINT:
      return "stopped by Ctrl-C (SIGINT)";
    case SIGTERM:
      return "stopped by SIGTERM";
    case SIGHUP:
      return "stopped by SIGHUP";
    default:
      return "stopped by signal " + std::to_string(signal);
  }
}

}  // namespace

Stopped::Stopped(int signal, const std::string& more)
    : std::runtime_error(describe(signal) + more), signal_(signal) {}

void stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = remember_signal;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before = {};
    sigaction(signal, nullptr, &before);
    if (signal != SIGHUP || before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

int stop_signal() {
  return stopped_by;
}

void throw_if_stopped() {
  if (const int signal = stop_signal()) throw Stopped(signal);
}

}  // namespace plaingrad
