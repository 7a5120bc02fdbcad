/// @file
/// The figures: every function writes a whole picture with its CSV, or says clearly why not.
#define BOOST_TEST_DYN_LINK
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include "plotting/gnuplot.hpp"
#include "plotting/plot.hpp"

namespace fs = std::filesystem;
using namespace plaingrad;
using namespace plaingrad::plotting;

namespace {

/// A folder of the test's own, gone afterwards.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("plaingrad_plots_" + std::to_string(::getpid()));
  Folder() {
    fs::remove_all(path);
    fs::create_directory(path);
  }
  ~Folder() { fs::remove_all(path); }
  /// Names of all files, sorted, folders entered.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(path).string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in, file.string() + " is not there");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

using Colour = std::array<int, 3>;

/// The pixels of a PNG of 8-bit RGB, which is what gnuplot writes.
struct Picture {
  std::size_t width = 0, height = 0;
  std::vector<unsigned char> bytes;  ///< (height, width, 3)

  explicit Picture(const fs::path& png) {
    const std::string file = contents(png);
    const auto number_at = [&](std::size_t at) {
      std::size_t value = 0;
      for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(file.at(at + i));
      return value;
    };
    std::string packed;
    for (std::size_t at = 8; at < file.size(); at += number_at(at) + 12)
      if (file.compare(at + 4, 4, "IDAT") == 0) packed += file.substr(at + 8, number_at(at));
    width = number_at(16);
    height = number_at(20);
    BOOST_REQUIRE_EQUAL(int(file[24]), 8);  // bits
    BOOST_REQUIRE_EQUAL(int(file[25]), 2);  // RGB
    std::istringstream source(packed);
    std::ostringstream lines;
    boost::iostreams::filtering_istream unpacked;
    unpacked.push(boost::iostreams::zlib_decompressor());
    unpacked.push(source);
    boost::iostreams::copy(unpacked, lines);
    unfilter(lines.str());
  }

  Colour at(double x, double y) const {
    const std::size_t i = 3 * (static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x));
    return {bytes.at(i), bytes.at(i + 1), bytes.at(i + 2)};
  }
  /// How many pixels have this colour within a rectangle, given as shares of the sides, from the top left.
  int count(Colour colour, double left = 0, double right = 1, double top = 0, double bottom = 1) const {
    int sum = 0;
    for (auto y = top * double(height); y < bottom * double(height); ++y)
      for (auto x = left * double(width); x < right * double(width); ++x) sum += at(x, y) == colour;
    return sum;
  }

 private:
  void unfilter(const std::string& lines) {
    const std::size_t stride = 3 * width;
    BOOST_REQUIRE_EQUAL(lines.size(), height * (stride + 1));
    bytes.resize(height * stride);
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t i = 0; i < stride; ++i) {
        const int left = i < 3 ? 0 : bytes[y * stride + i - 3], up = y == 0 ? 0 : bytes[(y - 1) * stride + i];
        const int corner = i < 3 || y == 0 ? 0 : bytes[(y - 1) * stride + i - 3];
        const int guess = left + up - corner;
        const int l = std::abs(guess - left), u = std::abs(guess - up), c = std::abs(guess - corner);
        const int paeth = l <= u && l <= c ? left : u <= c ? up : corner;
        const std::array<int, 5> added = {0, left, up, (left + up) / 2, paeth};
        bytes[y * stride + i] = static_cast<unsigned char>(lines[y * (stride + 1) + 1 + i] +
                                                           added.at(std::size_t(lines[y * (stride + 1)])));
      }
  }
};

/// Number of frames of a GIF.
int frame_count(const std::string& gif) {
  const auto byte = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(gif.at(at)));
  };
  const auto table = [&](std::size_t flags) {
    return flags & 0x80 ? std::size_t(3) << ((flags & 7) + 1) : 0;
  };
  std::size_t at = 13 + table(byte(10));
  const auto skip_blocks = [&] {
    while (byte(at) != 0) at += byte(at) + 1;
    ++at;
  };
  int frames = 0;
  while (byte(at) != 0x3b) {
    if (byte(at) == 0x2c) {  // an image: its frame, its colours, the code size, the data
      ++frames;
      at += 10 + table(byte(at + 9)) + 1;
    } else {
      BOOST_REQUIRE_EQUAL(byte(at), 0x21u);  // an extension
      at += 2;
    }
    skip_blocks();
  }
  return frames;
}

LinePlot line_plot() {
  LinePlot plot;
  plot.title = "loss";
  plot.series = {{"training", {1, 2, 3}, {0.5, 0.25, 0.125}},
                 {"test", {1, 2, 3}, {0.6, 0.3, 1.0 / 3}, Style::dashed}};
  return plot;
}

/// Two images of 2 x 2.
Tensor two_images() {
  return {{2, 2, 2, 1}, {0, 1, 1, 0, 0.5, 0.25, 1, 0}};
}

Diagram two_circles() {
  Diagram diagram;
  diagram.nodes = {{0, 0, "a", 0, 0, 1}, {1, 0, "b", 0, 0, 2}};
  diagram.arrows = {{0, 1, "w"}};
  diagram.pixel_width = 400;
  diagram.pixel_height = 200;
  return diagram;
}

const Colour blue = {0x00, 0x72, 0xb2}, orange = {0xd5, 0x5e, 0x00}, white = {255, 255, 255},
             black = {0, 0, 0};
const double no_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

BOOST_FIXTURE_TEST_SUITE(plots, Folder)

BOOST_AUTO_TEST_CASE(lines_picture_and_csv) {
  draw_lines(path / "a.png", {line_plot()});
  BOOST_TEST(files() == (std::vector<std::string>{"a.png", "a.svg", "data/a.csv"}),
             boost::test_tools::per_element());
  BOOST_TEST(contents(path / "data/a.csv") ==
             "plot,series,x,y\nloss,training,1,0.5\nloss,training,2,0.25\nloss,training,3,0.125\n"
             "loss,test,1,0.6\nloss,test,2,0.3\nloss,test,3,0.333333333\n");
  const Picture picture(path / "a.png");
  BOOST_TEST(picture.count(blue) > 100);
  BOOST_TEST(picture.count(orange) > 50);
}

BOOST_AUTO_TEST_CASE(lines_styles_panels_and_logarithmic_axes) {
  LinePlot plot = line_plot();
  plot.x_logarithmic = plot.y_logarithmic = true;
  plot.series[0].style = Style::points;
  plot.series[1].style = Style::line_and_points;
  plot.series[1].colour = 0;
  plot.series[1].y[1] = no_number;
  draw_lines(path / "a.png", {plot, line_plot(), line_plot()}, 2);
  const Picture picture(path / "a.png");
  BOOST_TEST(picture.count(orange, 0, 0.5, 0, 0.5) == 0);  // colour 0 was asked for
  BOOST_TEST(picture.count(orange, 0.5, 1, 0, 0.5) > 50);
  BOOST_TEST(picture.count(orange, 0, 0.5, 0.5, 1) > 50);
  BOOST_TEST(picture.count(orange, 0.5, 1, 0.5, 1) == 0);  // three panels only
}

BOOST_AUTO_TEST_CASE(a_band_lies_around_its_curve) {
  LinePlot plot = line_plot();
  plot.series = {{"a", {1, 2}, {1, 2}}, {"b", {1, 2}, {5, 6}}};
  draw_lines(path / "a.png", {plot});
  plot.series[0].low = {0, 1};
  plot.series[0].high = {4, 4.5};
  draw_lines(path / "b.png", {plot});
  BOOST_TEST(contents(path / "data/b.csv") ==
             "plot,series,x,y,low,high\nloss,a,1,1,0,4\nloss,a,2,2,1,4.5\nloss,b,1,5,,\nloss,b,2,6,,\n");
  BOOST_TEST((contents(path / "b.png") != contents(path / "a.png")));
  plot.series[0].high.pop_back();
  BOOST_CHECK_THROW(draw_lines(path / "b.png", {plot}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_legend_moves_off_the_curves) {
  LinePlot plot;
  plot.x_range = plot.y_range = {0, 1};
  plot.legend = Legend::top_left;
  plot.series = {{"a name", {0, 1}, {1, 1}}};  // along the upper edge: both upper corners are taken
  draw_lines(path / "a.png", {plot});
  const Picture moved(path / "a.png");
  BOOST_TEST(moved.count(blue, 0.5, 1, 0.6, 0.95) > 20);  // the legend's line, at the bottom right
  plot.series[0].y = {0.5, 0.5};
  draw_lines(path / "b.png", {plot});
  const Picture kept(path / "b.png");
  BOOST_TEST(kept.count(blue, 0, 0.5, 0, 0.3) > 20);
}

/// How often the text is in a file.
std::size_t times(const std::string& text, const fs::path& file) {
  const std::string all = contents(file);
  std::size_t count = 0;
  for (std::size_t at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++count;
  return count;
}

BOOST_AUTO_TEST_CASE(plots_without_room_for_their_legends_share_one) {
  LinePlot plot;
  plot.x_range = plot.y_range = {0, 1};
  plot.series = {{"a name", {0, 1, no_number, 0, 1}, {1, 1, no_number, 0, 0}}};  // no corner is free
  draw_lines(path / "a.png", {plot, plot}, 2);
  BOOST_TEST(times(">a name</text>", path / "a.svg") == 1u);
  LinePlot other = plot;
  other.series[0].name = "another";
  draw_lines(path / "b.png", {plot, other}, 2);
  BOOST_TEST(times(">a name</text>", path / "b.svg") == 1u);
  BOOST_TEST(times(">another</text>", path / "b.svg") == 1u);
  BOOST_TEST(Picture(path / "a.png").height > Picture(path / "b.png").height);  // a strip below both
}

BOOST_AUTO_TEST_CASE(a_legend_below_takes_no_room_from_the_curves) {
  LinePlot plot = line_plot();
  draw_lines(path / "a.png", {plot});
  plot.legend = Legend::below;
  draw_lines(path / "b.png", {plot});
  for (int i = 0; i < 8; ++i) plot.series.push_back(plot.series[0]);
  draw_lines(path / "c.png", {plot});
  BOOST_TEST(Picture(path / "b.png").height > Picture(path / "a.png").height);
  BOOST_TEST(Picture(path / "c.png").height > Picture(path / "b.png").height);
}

BOOST_AUTO_TEST_CASE(a_short_logarithmic_axis_says_plain_numbers) {
  LinePlot plot = line_plot();
  plot.y_logarithmic = true;
  plot.y_range = {0.5, 20};
  draw_lines(path / "a.png", {plot});
  for (const char* label : {">0.5</tspan>", ">1</tspan>", ">2</tspan>", ">5</tspan>", ">20</tspan>"})
    BOOST_TEST(times(label, path / "a.svg") >= 1u, label);
  plot.y_range = {3, 4};  // none of these lies there
  draw_lines(path / "b.png", {plot});
  for (const char* label : {">3</tspan>", ">4</tspan>"})
    BOOST_TEST(times(label, path / "b.svg") >= 1u, label);
  plot.y_range = {1e-5, 20};
  draw_lines(path / "c.png", {plot});
  BOOST_TEST(times(">0.5</tspan>", path / "c.svg") == 0u);
}

// gnuplot covers as much for a narrow letter as for a wide one.
BOOST_AUTO_TEST_CASE(a_legend_of_narrow_letters_covers_no_curve) {
  LinePlot plot;
  plot.x_range = plot.y_range = {0, 1};
  plot.series = {{std::string(40, 'i'), {0.3, 0.3}, {0.95, 0.9}}};
  draw_lines(path / "a.png", {plot});  // at the top right it would
  plot.legend = Legend::bottom_right;
  draw_lines(path / "b.png", {plot});
  BOOST_TEST((contents(path / "a.svg") == contents(path / "b.svg")));
}

BOOST_AUTO_TEST_CASE(a_still_picture_is_an_svg_too) {
  LinePlot plot = line_plot();
  plot.title = "1 < 2 & \"ä\"";
  draw_lines(path / "a.png", {plot});
  const std::string svg = contents(path / "a.svg");
  for (const char* text : {"1 &lt; 2 &amp; \"ä\"", "0, 114, 178", "viewBox=\"0 0 740 430\"",
                           "(prefers-color-scheme: dark)", "Verdana"})
    BOOST_TEST(svg.find(text) != std::string::npos, text << " is not in " << svg);
  draw_lines(path / "a.png", {plot});
  BOOST_TEST((contents(path / "a.svg") == svg));
  draw_images(path / "b.png", two_images(), {}, 2);
  BOOST_TEST(times("<image", path / "b.svg") == 2u);
}

BOOST_AUTO_TEST_CASE(bars_picture_and_csv) {
  BarPlot plot;
  plot.categories = {"0", "1"};
  plot.sets = {{"train", {3, 2}}, {"test", {1, 0.5}}};
  for (int kind = 0; kind < 3; ++kind) {
    plot.stacked = kind == 1;
    plot.y_logarithmic = kind == 2;
    draw_bars(path / "a.png", plot);
    const Picture picture(path / "a.png");
    BOOST_TEST(picture.count(blue) > 1000);
    BOOST_TEST(picture.count(orange) > 1000);
  }
  BOOST_TEST(contents(path / "data/a.csv") == "category,train,test\n0,3,1\n1,2,0.5\n");
}

BOOST_AUTO_TEST_CASE(bars_have_error_bars) {
  BarPlot plot;
  plot.categories = {"0", "1"};
  plot.sets = {{"train", {3, 2}}};
  plot.errors = {{{2, 30}, {1, 4}}};
  plot.legend = Legend::none;
  draw_bars(path / "a.png", plot);
  const Picture picture(path / "a.png");
  BOOST_TEST(picture.count(blue, 0, 1, 0, 0.6) == 0);  // the axis reaches as high as the error bar
  BOOST_TEST(contents(path / "data/a.csv") ==
             "category,train,\"train, low\",\"train, high\"\n0,3,2,30\n1,2,1,4\n");
  plot.errors[0].pop_back();
  BOOST_CHECK_THROW(draw_bars(path / "a.png", plot), std::invalid_argument);
  plot.errors.clear();
  plot.errors.resize(2);
  BOOST_CHECK_THROW(draw_bars(path / "a.png", plot), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(images_are_drawn_pixel_by_pixel) {
  draw_images(path / "a.png", two_images(), {"first", "say \"two\""}, 2);
  BOOST_TEST(contents(path / "data/a.csv") ==
             "image,caption,black,white\n1,first,0,1\n2,\"say \"\"two\"\"\",0,1\n");
  const Picture picture(path / "a.png");
  const double gap = 10, side = (double(picture.width) - 3 * gap) / 4;  // of a pixel's square
  const std::array<std::array<Colour, 4>, 2> expected = {
      {{black, white, {128, 128, 128}, {64, 64, 64}}, {white, black, white, black}}};
  for (std::size_t row = 0; row < 2; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      for (const double inside : {0.05, 0.5, 0.95})  // no blending from square to square
        BOOST_TEST(picture.at(gap + side * (double(column) + inside) + (column < 2 ? 0 : gap),
                              gap + side * (double(row) + inside)) == expected[row][column],
                   boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(images_take_their_own_range) {
  draw_images(path / "a.png", {{1, 1, 2, 1}, {-3, 5}}, {}, 10, "", {0, 0});
  BOOST_TEST(contents(path / "data/a.csv") == "image,caption,black,white\n1,,-3,5\n");
}

BOOST_AUTO_TEST_CASE(number_grids_picture_and_csv) {
  const NumberGrid left = {"I", {{1, 2}, {3, 4}}, {{1, 0}, {0, 0}}, 0}, right = {"S", {{2.5}}, {}, 1};
  draw_number_grids(path / "a.png", {left, right}, {"="}, "a title");
  BOOST_TEST(contents(path / "data/a.csv") ==
             "grid,title,row,column,value,shade\n1,I,0,0,1,1\n1,I,0,1,2,0\n1,I,1,0,3,0\n1,I,1,1,4,0\n"
             "2,S,0,0,2.5,0\n");
  BOOST_TEST(Picture(path / "a.png").count({0xcf, 0xe4, 0xf3}) > 500);
}

BOOST_AUTO_TEST_CASE(matrix_picture_and_csv) {
  MatrixPlot plot;
  plot.x_label = "predicted";
  plot.y_label = "true";
  plot.row_names = plot.column_names = {"cat", "a very long name"};
  plot.rows = {{0, 1}, {2, 1135}};
  for (const bool logarithmic : {false, true}) {
    plot.logarithmic_colour = logarithmic;
    draw_matrix(path / "a.png", plot);
    const Picture picture(path / "a.png");
    BOOST_TEST(picture.count({247, 251, 255}) > 1000);  // the least
    BOOST_TEST(picture.count({8, 48, 107}) > 1000);     // the greatest
  }
  BOOST_TEST(contents(path / "data/a.csv") ==
             "true/predicted,cat,a very long name\ncat,0,1\na very long name,2,1135\n");
}

BOOST_AUTO_TEST_CASE(heat_maps_tell_what_is_above_1) {
  draw_heat_maps(path / "a.png", {{"x (2, 2)", {{0, 1}, {no_number, 1e9}}}, {"b (1)", {{1.001}}}}, "two maps",
                 "right", "wrong");
  const Picture picture(path / "a.png");
  // A cell has 16 pixels to a side, less its border.
  BOOST_TEST(picture.count({247, 251, 255}) > 200);  // 0
  BOOST_TEST(picture.count({66, 130, 190}) > 200);   // 1
  BOOST_TEST(picture.count({253, 174, 97}) > 200);   // hardly more than 1
  BOOST_TEST(picture.count({110, 0, 20}) > 200);     // beyond a million
  BOOST_TEST(contents(path / "data/a.csv") ==
             "map,row,column,value\n\"x (2, 2)\",0,0,0\n\"x (2, 2)\",0,1,1\n\"x (2, 2)\",1,1,1e+09\n"
             "b (1),0,0,1.001\n");
}

BOOST_AUTO_TEST_CASE(diagram_arrows_run_from_border_to_border) {
  draw_diagram(path / "a.png", two_circles());
  BOOST_TEST(contents(path / "data/a.csv").starts_with("kind,number,from,to,x,y,text"));
  const Picture picture(path / "a.png");
  BOOST_TEST(picture.width == 400u);
  BOOST_TEST(picture.height == 200u);
  const Colour grey = {0x77, 0x77, 0x77}, light_blue = {0xcf, 0xe4, 0xf3};
  // Along the middle line: the left circle's fill up to its border, then the arrow, and no arrow inside.
  double border = 0;
  while (border < 200 && picture.at(border, 100) != light_blue) ++border;
  const int radius = 24;  // the least; "a" is short
  for (double x = border + 1; x < border + 8; ++x)
    BOOST_TEST(picture.at(x, 100) == light_blue, boost::test_tools::per_element());
  int arrow = 0;
  for (double x = border + 2 * radius; x < 200; ++x)
    for (const double y : {99, 100}) arrow += picture.at(x, y) == grey;
  BOOST_TEST(arrow > 50);
  for (double x = border; x < border + 2 * radius - 4; ++x) BOOST_TEST((picture.at(x, 100) != grey));
}

/// A box with a picture of four pixels, black on the left and white on the right.
Diagram box_with_picture() {
  Diagram diagram;
  diagram.nodes = {{.x = 0, .y = 0, .text = "x", .width = 1, .height = 1, .picture = {{2, 2}, {0, 1, 0, 1}}}};
  diagram.pixel_width = 200;
  diagram.pixel_height = 200;
  return diagram;
}

BOOST_AUTO_TEST_CASE(a_diagram_without_a_height_keeps_its_proportions) {
  Diagram diagram;
  diagram.nodes = {{.x = 0, .y = 0, .text = "", .width = 10, .height = 10, .colour = 1},
                   {.x = 0, .y = -20, .text = "", .width = 10, .height = 5},
                   {.x = 20, .y = 0, .text = "text alone", .width = 10, .height = 5, .colour = -1}};
  diagram.pixel_width = 328;  // 10 pixels for each unit, and two margins
  diagram.pixel_height = 0;
  draw_diagram(path / "a.png", diagram);
  const Picture picture(path / "a.png");
  BOOST_TEST(picture.height == 303u);  // from 5 down to -22.5
  const Colour light_blue = {0xcf, 0xe4, 0xf3};
  BOOST_TEST(double(picture.count(light_blue)) > 95 * 95);
  BOOST_TEST(picture.at(110, 110) == light_blue, boost::test_tools::per_element());
  BOOST_TEST(picture.at(117, 64) == white, boost::test_tools::per_element());
  BOOST_TEST(picture.count(black, 0.6, 1, 0, 0.5) + picture.count({0x22, 0x22, 0x22}, 0.6, 1, 0, 0.5) > 20);
}

BOOST_AUTO_TEST_CASE(diagram_nodes_hold_pictures) {
  draw_diagram(path / "a.png", box_with_picture());
  BOOST_TEST(contents(path / "data/a.csv") ==
             "kind,number,from,to,x,y,text,picture\nnode,0,,,0,0,x,2 x 2: 0 255 0 255\n");
  const Picture picture(path / "a.png");
  BOOST_TEST(picture.count(black, 0, 0.5) > 60 * 120);  // squares of 60 pixels or more
  BOOST_TEST(picture.count(black, 0.5, 1) == 0);
}

BOOST_AUTO_TEST_CASE(diagram_pictures_need_a_box_with_room) {
  Diagram diagram = box_with_picture();
  diagram.nodes[0].width = diagram.nodes[0].height = 0;
  BOOST_CHECK_THROW(draw_diagram(path / "a.png", diagram), std::invalid_argument);
  diagram = box_with_picture();
  diagram.nodes[0].picture = Tensor({1, 1, 2, 1});
  BOOST_CHECK_THROW(draw_diagram(path / "a.png", diagram), std::invalid_argument);
  diagram = box_with_picture();
  diagram.nodes[0].picture = Tensor({28, 200});
  BOOST_CHECK_THROW(draw_diagram(path / "a.png", diagram), std::invalid_argument);
  BOOST_TEST(files().empty());
}

BOOST_AUTO_TEST_CASE(animations_hold_every_frame) {
  std::vector<LinePlot> plots(3, line_plot());
  animate_lines(path / "lines.gif", plots);
  const std::string alike = contents(path / "lines.gif");
  BOOST_TEST(frame_count(alike) == 3);
  plots[2].series[0].y[0] = 7;
  animate_lines(path / "lines.gif", plots);
  BOOST_TEST(frame_count(contents(path / "lines.gif")) == 3);
  BOOST_TEST((contents(path / "lines.gif") != alike));

  // Many shades of grey in many frames: more colours than a GIF has.
  std::vector<Tensor> frames(8, Tensor({4, 16, 16, 1}));
  for (std::size_t f = 0; f < frames.size(); ++f)
    for (Index i = 0; i < frames[f].size(); ++i) frames[f][i] = Real((i * 7 + Index(f) * 31) % 256) / 255;
  animate_images(path / "images.gif", frames, {"1", "2", "3", "4", "5", "6", "7", "8"}, 2);
  BOOST_TEST(frame_count(contents(path / "images.gif")) == 8);
  BOOST_TEST(is_whole_picture(path / "images.gif"));
  BOOST_TEST(files() == (std::vector<std::string>{"images.gif", "lines.gif"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(texts_mean_nothing_to_gnuplot) {
  const std::string nasty = "w_{14}^2 \"say\" 'so' @x %d 50% \\n `touch " + (path / "touched").string() +
                            "` $(touch x) # {/Symbol a} \xce\xb4\xe2\x82\x84";
  LinePlot plot = line_plot();
  plot.title = plot.x_label = plot.y_label = plot.series[0].name = nasty;
  draw_lines(path / "lines.png", {plot});
  BarPlot bars;
  bars.title = nasty;
  bars.categories = {nasty, "b\nc"};
  bars.sets = {{nasty, {1, 2}}};
  draw_bars(path / "bars.png", bars);
  draw_images(path / "images.png", two_images(), {nasty, ""}, 2, nasty);
  draw_number_grids(path / "grids.png", {{nasty, {{1}}, {}, 0}, {"", {{1}}, {}, 0}}, {nasty}, nasty);
  draw_matrix(path / "matrix.png", {nasty, nasty, nasty, {nasty}, {nasty}, {{1}}, 0, false});
  Diagram diagram = two_circles();
  diagram.title = diagram.nodes[0].text = diagram.arrows[0].text = nasty;
  draw_diagram(path / "diagram.png", diagram);
  BOOST_TEST(!fs::exists(path / "touched"));
  std::string in_csv;
  for (char c : nasty) in_csv += c == '"' ? std::string("\"\"") : std::string(1, c);
  for (const char* name : {"lines", "bars", "images", "grids", "matrix", "diagram"})
    BOOST_TEST(contents(path / "data" / (std::string(name) + ".csv")).find(in_csv) != std::string::npos,
               name);
}

BOOST_AUTO_TEST_CASE(bad_input_is_refused) {
  const fs::path png = path / "a.png";
  LinePlot plot = line_plot();
  plot.series[0].y.pop_back();
  BOOST_CHECK_THROW(draw_lines(png, {plot}), std::invalid_argument);
  BOOST_CHECK_THROW(draw_lines(png, {}), std::invalid_argument);
  BOOST_CHECK_THROW(draw_lines(png, {LinePlot{}}), std::invalid_argument);
  BOOST_CHECK_THROW(draw_lines(png, {line_plot()}, 0), std::invalid_argument);
  plot.series = {{"all NaN", {1}, {no_number}}};
  BOOST_CHECK_THROW(draw_lines(png, {plot}), std::invalid_argument);
  plot.series = {{"none above 0", {1, 2}, {0, -1}}};
  plot.y_logarithmic = true;
  BOOST_CHECK_THROW(draw_lines(png, {plot}), std::invalid_argument);
  BOOST_CHECK_THROW(animate_lines(path / "a.gif", {}), std::invalid_argument);

  BarPlot bars;
  BOOST_CHECK_THROW(draw_bars(png, bars), std::invalid_argument);
  bars.categories = {"0", "1"};
  for (const std::vector<double>& values : {std::vector<double>{1}, {1, no_number}}) {
    bars.sets = {{"a", values}};
    BOOST_CHECK_THROW(draw_bars(png, bars), std::invalid_argument);
  }
  bars.sets = {{"a", {1, 0}}};
  bars.y_logarithmic = true;
  BOOST_CHECK_THROW(draw_bars(png, bars), std::invalid_argument);
  bars.sets = {{"a", {1, 1}}};
  bars.stacked = true;
  BOOST_CHECK_THROW(draw_bars(png, bars), std::invalid_argument);

  BOOST_CHECK_THROW(draw_images(png, two_images(), {"one"}, 2), std::invalid_argument);
  BOOST_CHECK_THROW(draw_images(png, two_images(), {}, 0), std::invalid_argument);
  BOOST_CHECK_THROW(draw_images(png, Tensor({2, 2, 2}), {}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(draw_images(png, Tensor({0, 2, 2, 1}), {}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(animate_images(path / "a.gif", {two_images()}, {}, 1), std::invalid_argument);
  BOOST_CHECK_THROW(animate_images(path / "a.gif", {two_images(), Tensor({1, 2, 2, 1})}, {"", ""}, 1),
                    std::invalid_argument);

  const NumberGrid good = {"", {{1, 2}}, {}, 0};
  BOOST_CHECK_THROW(draw_number_grids(png, {}, {}), std::invalid_argument);
  BOOST_CHECK_THROW(draw_number_grids(png, {good, good}, {}), std::invalid_argument);
  BOOST_CHECK_THROW(draw_number_grids(png, {{"", {{1, 2}, {3}}, {}, 0}}, {}), std::invalid_argument);
  BOOST_CHECK_THROW(draw_number_grids(png, {{"", {{1, 2}}, {{1}}, 0}}, {}), std::invalid_argument);
  BOOST_CHECK_THROW(draw_matrix(png, {"", "", "", {"a"}, {"b"}, {{1, 2}}, 0, false}), std::invalid_argument);
  BOOST_CHECK_THROW(draw_matrix(png, {}), std::invalid_argument);

  BOOST_CHECK_THROW(draw_heat_maps(png, {}, "", "", ""), std::invalid_argument);
  BOOST_CHECK_THROW(draw_heat_maps(png, {{"", {}}}, "", "", ""), std::invalid_argument);
  BOOST_CHECK_THROW(draw_heat_maps(png, {{"", {{1, 2}, {3}}}}, "", "", ""), std::invalid_argument);
  BOOST_CHECK_THROW(draw_heat_maps(png, {{"", {{1, -2}}}}, "", "", ""), std::invalid_argument);

  Diagram diagram = two_circles();
  diagram.arrows[0].to = 2;
  BOOST_CHECK_THROW(draw_diagram(png, diagram), std::invalid_argument);
  diagram = two_circles();
  diagram.nodes[0].width = 1;
  BOOST_CHECK_THROW(draw_diagram(png, diagram), std::invalid_argument);
  BOOST_CHECK_THROW(draw_diagram(png, {}), std::invalid_argument);
  BOOST_TEST(files().empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written) {
  std::ofstream(path / "file") << "not a folder";
  BOOST_CHECK_THROW(draw_lines(path / "file" / "a.png", {line_plot()}), std::runtime_error);
  BOOST_CHECK_THROW(draw_lines("/proc/a.png", {line_plot()}), std::runtime_error);
  fs::create_directory(path / "a.png");  // the picture's name is taken by a folder
  BOOST_CHECK_THROW(draw_lines(path / "a.png", {line_plot()}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(gnuplot_missing) {
  const char* folders = std::getenv("PATH");
  const std::string before = folders != nullptr ? folders : "";
  ::setenv("PATH", path.c_str(), 1);
  std::string message;
  try {
    draw_lines(path / "a.png", {line_plot()});
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  ::setenv("PATH", before.c_str(), 1);
  BOOST_TEST(message.find("gnuplot-nox") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(gnuplot_failing_keeps_the_old_picture) {
  const Page page = {100, 100, 10};
  for (const char* name : {"a.png", "a.svg"}) std::ofstream(path / name) << "old";
  // The second time it is drawn fails as well as the first; a script longer than a pipe holds, to a gnuplot
  // that has ended, must not end this program.
  const std::string longer = "exit\n" + std::string(1 << 20, '#');
  for (const std::string& script :
       {std::string("plot nonsense(x)"), std::string("plot x\nplot nonsense(x)"), std::string("exit"),
        std::string("plot x\nexit"), std::string("set terminal dumb\nplot x"),
        std::string("plot GPVAL_TERM eq 'svg' ? nonsense(x) : x"), longer})
    BOOST_CHECK_THROW(write_picture(path / "a.png", page, script, "csv"), std::runtime_error);
  for (const char* name : {"a.png", "a.svg"}) BOOST_TEST(contents(path / name) == "old");
  BOOST_TEST(files() == (std::vector<std::string>{"a.png", "a.svg"}), boost::test_tools::per_element());
  write_picture(path / "a.png", page, "plot x", "csv");
  for (const char* name : {"a.png", "a.svg"}) BOOST_TEST(is_whole_picture(path / name));
}

BOOST_AUTO_TEST_CASE(a_truncated_picture_is_not_whole) {
  draw_lines(path / "a.png", {line_plot()});
  for (const std::string ending : {".png", ".svg"}) {
    const std::string whole = contents(path / ("a" + ending));
    for (const std::size_t length : {std::size_t(0), std::size_t(20), whole.size() - 1}) {
      std::ofstream(path / ("b" + ending), std::ios::binary) << whole.substr(0, length);
      BOOST_TEST(!is_whole_picture(path / ("b" + ending)));
    }
    BOOST_TEST(is_whole_picture(path / ("a" + ending)));
  }
  BOOST_TEST(!is_whole_picture(path / "missing.png"));
}

BOOST_AUTO_TEST_SUITE_END()
