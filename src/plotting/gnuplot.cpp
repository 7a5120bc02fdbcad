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

/// Makes the folder, unless it is there.
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

bool is_whole_picture(const Path& file) {
  const std::string bytes = read_file(file);
  const std::string png_start("\x89PNG\r\n\x1a\n", 8), png_end("IEND\xae\x42\x60\x82", 8);
  if (bytes.size() < 32) return false;
  if (bytes.starts_with(png_start)) return bytes.ends_with(png_end);
  if (bytes.starts_with("<?xml")) return bytes.ends_with("</svg>\n\n");
  return (bytes.starts_with("GIF89a") || bytes.starts_with("GIF87a")) && bytes.back() == '\x3b';
}

namespace {

/// gnuplot's settings for a file of that ending.
std::string terminal(const std::string& ending, const Page& page) {
  const std::string rest = " enhanced font " + gnuplot_text("DejaVu Sans," + number(page.font_size)) +
                           " size " + std::to_string(page.width) + "," + std::to_string(page.height) +
                           " background rgb '#ffffff'\n";
  // Without "optimize": with it a frame that equals the one before it is lost, and all frames share 256
  // colours.
  if (ending == ".gif")
    return "set terminal gif animate delay " + std::to_string(page.delay) + " loop 0" + rest;
  // Of an SVG gnuplot takes points for pixels.
  if (ending == ".svg") return "set terminal svg fontscale 1.3333" + rest;
  return "set terminal pngcairo" + rest;
}

/// A file that gnuplot draws under a temporary name.
struct Drawing {
  Path file;
  TemporaryFile drawn;
  explicit Drawing(const Path& f) : file(f), drawn(temporary_name(f)) {}
};

/// The commands that draw the script into the drawing.
std::string commands(const Drawing& drawing, const Page& page, const std::string& script) {
  return terminal(drawing.file.extension().string(), page) + "set output " +
         gnuplot_text(drawing.drawn.path.string()) + "\n" + script + "\nunset output\n";
}

/// Has gnuplot draw the script into all of the drawings.
/// @throws std::runtime_error naming the file
void draw(const std::vector<const Drawing*>& drawings, const Page& page, const std::string& script) {
  Path beside = drawings[0]->file;
  const TemporaryFile messages(temporary_name(beside += ".messages"));
  std::string all = "set encoding utf8\n";
  for (const Drawing* drawing : drawings) all += commands(*drawing, page, script);
  run_gnuplot(all, messages.path);
  const std::string errors = errors_in(read_file(messages.path));
  for (const Drawing* drawing : drawings) {
    if (errors.empty() && is_whole_picture(drawing->drawn.path)) continue;
    // gnuplot says nothing about a full disk. Writing at least as much here brings the system's error
    // message.
    AtomicFile(drawing->file).write(std::string(1 << 20, ' '));
    throw std::runtime_error(errors.empty()
                                 ? "gnuplot did not write the whole of " + drawing->file.string()
                                 : "gnuplot could not draw " + drawing->file.string() + ": " + errors);
  }
}

/// Gives an SVG fonts that stand in for DejaVu Sans where it is missing, sharp pixels in its grey images, and
/// the colours of a dark page: light and dark change places, in grey images back again.
void add_style(const Path& file) {
  const std::string canvas = "<g id=\"gnuplot_canvas\">";
  const std::string style = R"(<filter id="negative" color-interpolation-filters="sRGB">
<feColorMatrix values="-1 0 0 0 1  0 -1 0 0 1  0 0 -1 0 1  0 0 0 1 0"/>
</filter>
<style>
g, tspan { font-family: "DejaVu Sans", Verdana, sans-serif }
image { image-rendering: pixelated }
@media (prefers-color-scheme: dark) {
svg { filter: invert(0.89) hue-rotate(180deg) }
image { filter: url(#negative) }
}
</style>

)";
  std::string svg = read_file(file);
  const std::size_t at = svg.find(canvas);
  if (at == std::string::npos) throw std::runtime_error("gnuplot's SVG " + file.string() + " has no canvas");
  write_atomically(file, svg.insert(at, style));
}

}  // namespace

void require_gnuplot(const Path& folder) {
  // All terminals, for what is not there shows when it is asked for.
  const Path file = folder / "test_of_gnuplot.png";
  const AtomicFile writable(file);
  const Drawing png(file), svg(Path(file).replace_extension(".svg")),
      gif(Path(file).replace_extension(".gif"));
  draw({&png, &svg, &gif}, {200, 200, 10, 1}, "plot [0:1] x");
}

void write_picture(const Path& picture, const Page& page, const std::string& script, const std::string& csv) {
  const Path data = picture.parent_path() / "data";
  make_folder(csv.empty() ? picture.parent_path() : data);
  const Drawing still_or_gif(picture), svg(Path(picture).replace_extension(".svg"));
  std::vector<const Drawing*> drawings = {&still_or_gif};
  if (picture.extension() != ".gif") drawings.push_back(&svg);
  for (const Drawing* drawing : drawings) const AtomicFile writable(drawing->file);
  draw(drawings, page, script);
  if (drawings.size() > 1) add_style(svg.drawn.path);
  if (!csv.empty()) write_atomically(data / (picture.stem().string() + ".csv"), csv);
  for (const Drawing* drawing : drawings) {
    replace_file(drawing->drawn.path, drawing->file);
    if (announcements != nullptr) *announcements << "figure: " << drawing->file.string() << std::endl;
  }
}

}  // namespace plaingrad::plotting
