/// @file
/// Internal to plotting: running gnuplot, and the CSV beside a picture.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace plaingrad::plotting {

/// A text as a gnuplot string constant. Everything that gnuplot would interpret inside one (backslash, quote,
/// backquote, newline) is written as an octal escape.
std::string gnuplot_text(const std::string& text);

/// A number with nine significant digits; "NaN" if it is not finite.
std::string number(double value);

/// A field of a CSV line, in quotes where it needs them (RFC 4180).
std::string csv_field(const std::string& text);

/// Settings of a PNG of the given size in pixels. @param font_size  in points, of DejaVu Sans
std::string png_terminal(int width, int height, double font_size);
/// Settings of an animated GIF. @param delay  between frames, in hundredths of a second
std::string gif_terminal(int width, int height, double font_size, int delay);

/// Has gnuplot draw `script` into `picture` and writes `csv` to `data/STEM.csv` beside it, both under
/// temporary names until they are whole. The folders are made if they are not there.
/// @param terminal  from png_terminal or gif_terminal
/// @throws std::runtime_error naming the file, if gnuplot is missing or reports an error, or a file cannot be
/// written (disk full ...); files that were there stay
void write_picture(const std::filesystem::path& picture, const std::string& terminal,
                   const std::string& script, const std::string& csv);

/// True if the file starts and ends as a PNG (signature, IEND) or a GIF (GIF89a or GIF87a, trailer) does.
bool is_whole_picture(const std::filesystem::path& file);

}  // namespace plaingrad::plotting
