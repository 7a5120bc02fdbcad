/// @file
/// A sheet of pixels for the pictures that are not plots: rectangles, circles, arrows, texts, grey pictures.
/// Origin at the bottom left, y upwards. gnuplot draws it.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace plaingrad::plotting {

inline constexpr double pixels_per_point = 4.0 / 3;  ///< of font sizes

/// Colours that colour-blind readers can tell apart (after Okabe and Ito), for lines and borders.
const std::string& strong_colour(int index);
/// The light shade of the same colour, for areas under text. 0 is white.
const std::string& light_colour(int index);
inline const std::string ink = "#222222";   ///< texts
inline const std::string pale = "#999999";  ///< thin borders

/// Red, green and blue, 0 ... 255 each.
using Colour = std::array<double, 3>;
/// The colour between two of them: a for t = 0, b for t = 1.
Colour blend(const Colour& a, const Colour& b, double t);
/// As gnuplot reads it: "#ff0000" is red.
std::string hexadecimal(const Colour& colour);

/// The nearest of the grey levels 0 (black) ... 255 (white); 0 if `level` is not finite.
int grey_level(double level);

/// Where a text stands from its position.
enum class Align { left, centre, right };

/// Height in pixels of a text with as many lines as it holds.
double text_height(const std::string& text, double size);

/// How a text is set.
struct TextStyle {
  double size = 13;  ///< points
  std::string colour = ink;
  Align align = Align::centre;
  bool halo = false;  ///< on a white patch, so that lines behind it do not disturb
  double turn = 0;    ///< degrees
};

/// A picture in pixels, put together from shapes, texts and grey images.
class Canvas {
 public:
  /// @throws std::invalid_argument if a side is not within 1 ... 10000 pixels
  Canvas(int width, int height);

  /// In pixels.
  int width() const { return width_; }
  /// In pixels.
  int height() const { return height_; }

  /// Corner (x, y) at the bottom left. An empty fill or border: none.
  void rectangle(double x, double y, double width, double height, const std::string& fill,
                 const std::string& border, double line_width = 1);
  /// Centred at (x, y).
  void circle(double x, double y, double radius, const std::string& fill, const std::string& border,
              double line_width = 2);
  /// From (x1, y1) to (x2, y2), the head at its end.
  void arrow(double x1, double y1, double x2, double y2, const std::string& colour, double line_width = 1.5);
  /// Centred at y; several lines if the text holds '\n'; nothing if it is empty.
  void text(double x, double y, const std::string& text, const TextStyle& style = {});
  /// `levels[row][column]` 0 ... 255 from the top left, each `scale` x `scale` pixels, bottom left corner at
  /// (x, y).
  /// @param coarse  for a GIF: 16 levels, which the file packs better
  void grey_levels(double x, double y, double scale, const std::vector<std::vector<int>>& levels,
                   bool coarse = false);

  /// gnuplot's commands for one page.
  std::string script() const;

 private:
  int width_, height_;
  std::string objects_, images_, plots_;
};

/// Lines of a text, split at '\n'.
std::vector<std::string> split_lines(const std::string& text);
/// Width in pixels of the widest line.
double widest_line(const std::string& text, double size);
/// The text with line breaks in place of blanks where it would be wider than `width` pixels.
std::string wrapped(const std::string& text, double width, double size);

}  // namespace plaingrad::plotting
