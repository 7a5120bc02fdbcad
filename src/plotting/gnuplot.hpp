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

/// What a script is drawn on.
struct Page {
  int width, height;  ///< pixels
  double font_size;   ///< points, of DejaVu Sans
  int delay = 0;      ///< of a GIF: between frames, in hundredths of a second
};

/// Has gnuplot draw `script` into `picture` and writes `csv`, unless it is empty, to `data/STEM.csv` beside
/// it, all under temporary names until they are whole. The folders are made if they are not there.
/// @param picture  a GIF, or a PNG: this one is drawn a second time as an SVG of the same name, which is
/// sharp at every size and follows the reader's choice of a light or dark page
/// @throws std::runtime_error naming the file, if gnuplot is missing or reports an error, or a file cannot be
/// written (disk full ...); files that were there stay
void write_picture(const std::filesystem::path& picture, const Page& page, const std::string& script,
                   const std::string& csv = {});

/// True if the file starts and ends as a PNG (signature, IEND), a GIF (GIF89a or GIF87a, trailer) or an SVG
/// (XML declaration, end of the element svg) does.
bool is_whole_picture(const std::filesystem::path& file);

}  // namespace plaingrad::plotting
