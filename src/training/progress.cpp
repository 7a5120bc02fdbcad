#include "training/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <utility>

namespace plaingrad {

std::string readable_duration(double seconds) {
  char text[64];
  const long total = std::lround(std::max(0.0, seconds));
  if (total >= 3600)
    std::snprintf(text, sizeof text, "%ld h %02ld min", total / 3600, total % 3600 / 60);
  else if (total >= 60)
    std::snprintf(text, sizeof text, "%ld min %02ld s", total / 60, total % 60);
  else
    std::snprintf(text, sizeof text, "%ld s", total);
  return text;
}

Progress::Progress(std::string title, std::ostream& out, bool terminal)
    : title_(std::move(title)), out_(out), terminal_(terminal) {}

Progress::~Progress() {
  if (line_open_) out_ << std::endl;
}

void Progress::begin(int epochs, Index steps_per_epoch) {
  epochs_ = epochs;
  steps_per_epoch_ = steps_per_epoch;
  first_epoch_ = 0;
  start_ = last_drawn_ = std::chrono::steady_clock::now();
}

double Progress::seconds_left(int epoch, Index step) const {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  const auto in_epoch = static_cast<double>(steps_per_epoch_);
  const double done = in_epoch * (epoch - first_epoch_) + static_cast<double>(step);
  const double all = in_epoch * (epochs_ - first_epoch_ + 1);
  return done > 0 ? elapsed.count() / done * (all - done) : 0;
}

void Progress::step(int epoch, Index step, const std::string& text) {
  if (first_epoch_ == 0) first_epoch_ = epoch;  // of a resumed run a later one: those before took no time
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_drawn_ < std::chrono::milliseconds(200)) return;
  last_drawn_ = now;
  line_open_ = true;
  out_ << "\r\033[K" << title_ << "  epoch " << epoch << "/" << epochs_ << "  step " << step << "/"
       << steps_per_epoch_ << "  " << text << "  " << readable_duration(seconds_left(epoch, step)) << " left"
       << std::flush;
}

void Progress::epoch_done(int epoch, const std::string& text) {
  out_ << (terminal_ ? "\r\033[K" : "") << title_ << "  epoch " << epoch << "/" << epochs_ << "  " << text;
  if (epoch < epochs_) out_ << "  " << readable_duration(seconds_left(epoch, steps_per_epoch_)) << " left";
  out_ << std::endl;
  line_open_ = false;
}

}  // namespace plaingrad
