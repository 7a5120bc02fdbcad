#include "plotting/gnuplot.hpp"

#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <stdexcept>

#include "data/atomic_file.hpp"
#include "math/decimal.hpp"
#include "plotting/plot.hpp"

// The only place that includes it: it is heavy to compile.
#include <gnuplot-iostream.h>

namespace plaingrad::plotting {
namespace {

using Path = std::filesystem::path;

/// While it lives, writing to a process that has ended is an error of the stream instead of the end of this
/// program.
class IgnoreBrokenPipe {
 public:
  IgnoreBrokenPipe() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~IgnoreBrokenPipe() { std::signal(SIGPIPE, before_); }
  IgnoreBrokenPipe(const IgnoreBrokenPipe&) = delete;
  IgnoreBrokenPipe& operator=(const IgnoreBrokenPipe&) = delete;

 private:
  void (*before_)(int);
};

/// Removes the file of that name at the start and at the end of its life, whatever happened.
struct TemporaryFile {
  Path path;
  explicit TemporaryFile(Path p) : path(std::move(p)) { remove(); }
  ~TemporaryFile() { remove(); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

 private:
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

std::string read_file(const Path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The program's path. Only a file can be run: a folder of that name is passed over.
/// @throws std::runtime_error if no folder of PATH has it
Path find_gnuplot() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    Path program = std::filesystem::absolute(Path(folder) / "gnuplot");
    std::error_code ignored;
    if (std::filesystem::is_regular_file(program, ignored) && ::access(program.c_str(), X_OK) == 0)
      return program;
  }
  throw std::runtime_error(
      "gnuplot, which draws the figures, is not installed: install the package gnuplot-nox");
}

/// The folder of the file, made if it is not there.
void make_folder(const Path& folder) {
  if (folder.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::runtime_error("cannot make the folder " + folder.string() + ": " + error.message());
}

/// In single quotes, for the shell.
std::string shell_quoted(const std::string& text) {
  std::string result = "'";
  for (char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::ostream* announcements = nullptr;

const std::string last_message = "the script has ended";

/// The command that starts gnuplot as it is after its installation, whoever the user is: no start-up files,
/// and of the variables only those that tell where programs and their libraries are. Others change the
/// terminal (GNUTERM), fonts (GDFONTPATH, and HOME, where fontconfig looks for settings) or decimal points
/// (LC_ALL). The script comes by the pipe but as a file: so an error ends it, and so does a Ctrl-C that
/// reaches gnuplot too. A script typed in would go on with the next line, and leave half a picture that looks
/// whole.
std::string gnuplot_command(const Path& program) {
  std::string command = "/usr/bin/env -i LC_ALL=C.UTF-8";
  for (const char* name : {"PATH", "LD_LIBRARY_PATH"})
    if (const char* value = std::getenv(name)) command += " " + shell_quoted(name + std::string("=") + value);
  return command + " " + shell_quoted(program.string()) + " --default-settings /dev/stdin";
}

/// Runs gnuplot on the script. Neither the library nor the exit status reports a failure: the caller checks
/// the messages and the picture.
void run_gnuplot(const std::string& script, const Path& messages) {
  const IgnoreBrokenPipe guard;
  Gnuplot gnuplot(gnuplot_command(find_gnuplot()) + " 2>" + shell_quoted(messages.string()));
  gnuplot << script << "\nunset output\nprint " << gnuplot_text(last_message) << "\n" << std::flush;
}

/// Why gnuplot has ended before the script; empty if the whole script ran. Warnings alone do not end it.
std::string errors_in(const std::string& messages) {
  std::istringstream lines(messages);
  for (std::string line; std::getline(lines, line);)
    if (line == last_message) return "";
  return "it ended early: " + messages;
}

}  // namespace

void announce_pictures(std::ostream* out) {
  announcements = out;
}

std::string gnuplot_text(const std::string& text) {
  std::string result = "\"";
  for (char c : text) {
    const bool special = c == '\\' || c == '"' || c == '`' || (c >= 0 && c < ' ');
    // A leading zero and three digits: gnuplot then reads three, whatever follows.
    char octal[8];
    std::snprintf(octal, sizeof octal, "\\0%03o", static_cast<unsigned>(static_cast<unsigned char>(c)));
    if (c == '\n')
      result += "\\n";
    else
      result += special ? std::string(octal) : std::string(1, c);
  }
  return result + "\"";
}

std::string number(double value) {
  if (!std::isfinite(value)) return "NaN";
  return significant(value, 9);
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string result = "\"";
  for (char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

std::string png_terminal(int width, int height, double font_size) {
  return "set terminal pngcairo enhanced font " + gnuplot_text("DejaVu Sans," + number(font_size)) +
         " size " + std::to_string(width) + "," + std::to_string(height) + " background rgb '#ffffff'\n";
}

// Without "optimize": with it a frame that equals the one before it is lost, and all frames share 256
// colours.
std::string gif_terminal(int width, int height, double font_size, int delay) {
  return "set terminal gif animate delay " + std::to_string(delay) + " loop 0 enhanced font " +
         gnuplot_text("DejaVu Sans," + number(font_size)) + " size " + std::to_string(width) + "," +
         std::to_string(height) + " background rgb '#ffffff'\n";
}

bool is_whole_picture(const Path& file) {
  const std::string bytes = read_file(file);
  const std::string png_start("\x89PNG\r\n\x1a\n", 8), png_end("IEND\xae\x42\x60\x82", 8);
  if (bytes.size() < 32) return false;
  if (bytes.starts_with(png_start)) return bytes.ends_with(png_end);
  return (bytes.starts_with("GIF89a") || bytes.starts_with("GIF87a")) && bytes.back() == '\x3b';
}

namespace {

/// Has gnuplot draw `script` into the file `drawn`, which takes the place of `picture` later.
/// @throws std::runtime_error naming `picture`
void draw(const std::string& script, const Path& drawn, const Path& picture) {
  Path beside = picture;
  const TemporaryFile messages(temporary_name(beside += ".messages"));
  run_gnuplot(script, messages.path);
  const std::string errors = errors_in(read_file(messages.path));
  if (errors.empty() && is_whole_picture(drawn)) return;
  // Of a full disk gnuplot says nothing: writing as much and more shows it, with the system's reason.
  AtomicFile(picture).write(std::string(1 << 20, ' '));
  throw std::runtime_error(errors.empty() ? "gnuplot did not write the whole of " + picture.string()
                                          : "gnuplot could not draw " + picture.string() + ": " + errors);
}

}  // namespace

void require_gnuplot(const Path& folder) {
  const Path picture = folder / "test_of_gnuplot.png";
  const AtomicFile writable(picture);
  const TemporaryFile drawn(temporary_name(picture));
  // Both terminals, for what is not there shows when it is asked for.
  draw(gif_terminal(64, 64, 10, 1) + png_terminal(64, 64, 10) + "set output " +
           gnuplot_text(drawn.path.string()) + "\nplot [0:1] x\n",
       drawn.path, picture);
}

void write_picture(const Path& picture, const std::string& terminal, const std::string& script,
                   const std::string& csv) {
  const Path data = picture.parent_path() / "data";
  make_folder(data);
  { const AtomicFile writable(picture); }
  const TemporaryFile drawn(temporary_name(picture));
  draw("set encoding utf8\n" + terminal + "set output " + gnuplot_text(drawn.path.string()) + "\n" + script,
       drawn.path, picture);
  write_atomically(data / (picture.stem().string() + ".csv"), csv);
  replace_file(drawn.path, picture);
  if (announcements != nullptr) *announcements << "figure: " << picture.string() << std::endl;
}

}  // namespace plaingrad::plotting
