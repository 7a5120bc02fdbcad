/// @file
/// Progress of a training, shown to the user: one line that rewrites itself on a terminal, a line for each
/// epoch otherwise.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "math/real.hpp"

namespace plaingrad {

/// Counts steps and epochs and estimates the time left.
class Progress {
 public:
  /// @param title  what is trained: "8.4 CNN, Adam"
  /// @param out    std::cerr in the programs
  /// @param terminal  whether `out` is one: then the line is rewritten as the steps go by
  Progress(std::string title, std::ostream& out, bool terminal);
  /// Ends a line that is not whole.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Before the first step.
  void begin(int epochs, Index steps_per_epoch);
  /// After each step. @param text  "loss 0.123, accuracy 98.1 %"
  void step(int epoch, Index step, const std::string& text);
  /// After each epoch.
  void epoch_done(int epoch, const std::string& text);

 private:
  double seconds_left(int epoch, Index step) const;

  std::string title_;
  std::ostream& out_;
  bool terminal_;
  bool line_open_ = false;
  int epochs_ = 0;
  Index steps_per_epoch_ = 0;
  int first_epoch_ = 0;  // the first seen since begin(); 0: none yet
  std::chrono::steady_clock::time_point start_, last_drawn_;
};

/// "1 h 02 min", "3 min 20 s", "12 s".
std::string readable_duration(double seconds);

}  // namespace plaingrad
