/// @file
/// Stopping a training from outside, by Ctrl-C or kill, such that nothing is left half done.
#pragma once

#include <stdexcept>
#include <string>

namespace plaingrad {

/// Thrown in the middle of a training that was asked to stop.
class Stopped : public std::runtime_error {
 public:
  /// "stopped by SIGTERM", and what more there is to say.
  /// @param signal  SIGINT, SIGTERM or SIGHUP
  explicit Stopped(int signal, const std::string& more = "");
  /// Which signal asked for it. By convention the process ends with status 128 + signal.
  int signal() const { return signal_; }

 private:
  int signal_;
};

/// From now on SIGINT, SIGTERM and SIGHUP ask the training to stop, where they would have ended the process;
/// the second of a kind still does. A SIGHUP that is ignored (nohup) stays so.
void stop_on_signals();

/// The signal that has come since stop_on_signals(); 0: none.
int stop_signal();

/// To be called between two mini-batches, and wherever else stopping leaves nothing half done.
/// @throws Stopped if a signal has come
void throw_if_stopped();

}  // namespace plaingrad
