/// @file
/// The build as its users meet it: which folder includes from which, what a change of flags does, what `make
/// install` puts where. The commands run in the top folder, as `make test` does, or in a copy of the tree.
#define BOOST_TEST_DYN_LINK
#include <sys/wait.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <regex>
#include <vector>

#include "errors.hpp"
#include "temporary_folder.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

struct Run {
  int status;
  std::string output;  // of both streams
};

/// A folder of the test's own, and commands that run with it as $T.
struct Shell {
  Run run(const std::string& command) const {
    const fs::path output = folder.path / "output";
    setenv("T", folder.path.c_str(), 1);
    const int status = std::system(("exec >" + shell_quoted(output) + " 2>&1; " + command).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(output)};
  }

  /// Runs a command that must succeed. @return what it prints
  std::string must(const std::string& command) const {
    const Run result = run(command);
    BOOST_REQUIRE_MESSAGE(result.status == 0, command << " fails: " << result.output);
    return result.output;
  }

  TemporaryFolder folder;
};

/// The tree, without what is built, in a folder whose name has a space.
struct Copy : Shell {
  Copy() {
    must(
        "mkdir \"$T/the tree\" && cp -r Makefile CITATION.cff .make docs src chapters tests \"$T/the tree\"");
  }
  /// make with settings of its own, not with those that these tests were made with.
  std::string make(const std::string& arguments) const {
    return must(unset + " make -C \"$T/the tree\" --no-print-directory " + arguments);
  }
  const std::string unset =
      "unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL MFLAGS BUILD CXX ENGINE OPENMP OPTIMIZE PROCESSOR PRECOMPILED "
      "TOGETHER CXXFLAGS CPPFLAGS LDFLAGS;";
};

// ---- which folder includes from which --------------------------------------------------------------------

/// The ground floor first.
const std::vector<std::string> floors = {
    "math",       "data",   "neuron",   "convolution", "engine",         "layers",  "losses",
    "optimizers", "models", "training", "evaluation",  "gradient_check", "plotting"};

std::ptrdiff_t floor_of(const std::string& folder) {
  const auto found = std::find(floors.begin(), floors.end(), folder);
  return found == floors.end() ? -1 : found - floors.begin();
}

/// What is wrong with an include in a file, both below src/; empty: nothing.
std::string wrong_arrow(const fs::path& file, const fs::path& included) {
  const std::string from = file.begin()->string(), to = included.begin()->string();
  const std::string arrow = file.string() + " -> " + included.string();
  if (floor_of(from) < 0) return arrow + ": " + from + "/ is no floor";
  if (floor_of(to) < 0) return arrow + ": " + to + "/ is no floor";
  if (floor_of(to) > floor_of(from)) return arrow + ": " + to + "/ is above " + from + "/";
  const bool inside_an_engine = std::distance(included.begin(), included.end()) > 2;
  if (inside_an_engine && file.parent_path() != included.parent_path())
    return arrow + ": behind the engine's door";
  return "";
}

std::vector<fs::path> included_by(const fs::path& file) {
  static const std::regex include(R"re(^ *# *include *"(.*)")re");
  std::vector<fs::path> result;
  std::ifstream lines(file);
  std::smatch match;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_search(line, match, include)) result.emplace_back(match[1].str());
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(build)

BOOST_AUTO_TEST_CASE(each_folder_includes_only_from_floors_below) {
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator("src")) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const fs::path file = fs::relative(entry.path(), "src");
    if (!file.has_parent_path()) continue;  // a header for users, which nothing below includes
    for (const fs::path& included : included_by(entry.path())) {
      const std::string wrong = wrong_arrow(file, included);
      BOOST_TEST(wrong == "", wrong);
    }
  }
  BOOST_TEST(files > 100);
}

BOOST_AUTO_TEST_CASE(programs_use_the_engine_through_its_door) {
  for (const auto& entry : fs::recursive_directory_iterator("chapters"))
    if (entry.is_regular_file())
      for (const fs::path& included : included_by(entry.path()))
        BOOST_TEST((*included.begin() != "engine" || std::distance(included.begin(), included.end()) == 2),
                   entry.path() << " -> " << included);
}

BOOST_AUTO_TEST_CASE(an_arrow_upwards_or_past_the_door_is_noticed) {
  BOOST_TEST(wrong_arrow("layers/dense.cpp", "engine/dense.hpp") == "");
  BOOST_TEST(wrong_arrow("engine/fast/dense.cpp", "engine/dense.hpp") == "");
  BOOST_TEST(wrong_arrow("engine/fast/dense.cpp", "engine/fast/matrix_product.hpp") == "");
  BOOST_TEST(contains(wrong_arrow("math/tensor.cpp", "layers/layer.hpp"), "layers/ is above math/"));
  BOOST_TEST(contains(wrong_arrow("layers/dense.cpp", "engine/fast/dense.hpp"), "behind"));
  BOOST_TEST(contains(wrong_arrow("engine/plain/dense.cpp", "engine/fast/dense.hpp"), "behind"));
  BOOST_TEST(contains(wrong_arrow("layers/dense.cpp", "program.hpp"), "is no floor"));
}

// ---- what make does --------------------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(a_change_of_flags_rebuilds, Copy) {
  // Without precompiled headers, which would be built anew for every change.
  const std::string object = " PRECOMPILED= build/float/src/math/threads.o";
  make("OPTIMIZE=-O0" + object);
  BOOST_TEST(contains(make("OPTIMIZE=-O0" + object), "up to date"));
  for (const char* change : {"OPTIMIZE=-O1", "OPENMP=", "ENGINE=plain", "PROCESSOR=", "CXXFLAGS=-g",
                             "CPPFLAGS=-DSOMETHING='\"a b\"'", "LDFLAGS=-s"}) {
    const std::string settings = std::string("OPTIMIZE=-O0 ") + change + object;
    BOOST_TEST(contains(make(settings), "-c src/math/threads.cpp"), change);
    BOOST_TEST(contains(make(settings), "up to date"), change);
  }
  BOOST_TEST(contains(make("CXXFLAGS=-g3 CPPFLAGS=-DSOMETHING" + object), "-DSOMETHING -g3"));
}

BOOST_FIXTURE_TEST_CASE(the_files_of_a_folder_are_one_object, Copy) {
  const std::string object = "OPTIMIZE=-O0 PRECOMPILED= TOGETHER=yes build/float/src/neuron/all.o";
  const std::string first = make(object);
  for (const char* file : {"-include src/neuron/activation.cpp", "src/neuron/neuron.cpp"})
    BOOST_TEST(contains(first, file), first);
  BOOST_TEST(contains(make(object), "up to date"));
  // A file that has changed, a new one, one that is gone; in the middle and at the end.
  for (const std::string name : {"another.cpp", "zero.cpp"})
    for (const std::string& change : {std::string("touch activation.cpp"), "touch " + name, "rm " + name}) {
      must("cd \"$T/the tree/src/neuron\" && " + change);
      const std::string made = make(object);
      BOOST_TEST(contains(made, "-o build/float/src/neuron/all.o"), change << ": " << made);
      BOOST_TEST(contains(made, name) == (change == "touch " + name), change << ": " << made);
      BOOST_TEST(contains(make(object), "up to date"));
    }
}

BOOST_FIXTURE_TEST_CASE(the_compiler_is_asked_what_it_is, Copy) {
  if (run("command -v clang++").status != 0) return;
  // clang++ does not know all options of g++, whatever it is called.
  must("printf '#!/bin/sh\\nexec clang++ \"$@\"\\n' >\"$T/g++\" && chmod +x \"$T/g++\"");
  const std::string object = "build/float/src/math/threads.o";
  must(unset + " PATH=\"$T:$PATH\" make -C \"$T/the tree\" OPTIMIZE=-O0 OPENMP= " + object);
  BOOST_TEST(contains(must("cat \"$T/the tree/build/flags\""), "clang"));
}

BOOST_FIXTURE_TEST_CASE(folders_with_spaces, Copy) {
  const std::string made = make("-n programs BUILD='a folder'");
  BOOST_TEST(contains(made, "-o build/link_"));
  BOOST_TEST(fs::is_directory(folder.path / "the tree" / "a folder"));
  make("build/float/src/math/threads.o OPTIMIZE=-O0");
  must("\"$T/the tree/docs/equations.sh\" >/dev/null");
  const std::string where = "DATA=\"$T/my data\" OUT=\"$T/my figures\"";
  BOOST_TEST(contains(make("-n figures " + where), "--data \"" + folder.path.string() + "/my data\""));
}

BOOST_FIXTURE_TEST_CASE(a_tilde_is_refused, Copy) {
  for (const char* name : {"BUILD", "DATA", "OUT", "PREFIX", "DESTDIR", "ANSWERS"}) {
    const Run refused = run(unset + " make -C \"$T/the tree\" help '" + name + "=~/x'");
    BOOST_TEST(refused.status != 0, name);
    BOOST_TEST(contains(refused.output, std::string(name) + "=~/x: write $HOME"), refused.output);
  }
}

BOOST_FIXTURE_TEST_CASE(an_engine_that_is_not_there_is_refused, Copy) {
  const Run refused = run(unset + " make -C \"$T/the tree\" programs ENGINE=steam");
  BOOST_TEST(refused.status != 0);
  BOOST_TEST(contains(refused.output, "ENGINE=steam: expected fast or plain"), refused.output);
}

BOOST_FIXTURE_TEST_CASE(plain_make_installs_no_package, Copy) {
  // A system without a package, and an apt-get that leaves a trace.
  must(
      "mkdir \"$T/bin\" && printf '#!/bin/sh\\n' >\"$T/bin/dpkg-query\" && "
      "printf '#!/bin/sh\\ntouch \"$T/called\"\\n' >\"$T/bin/apt-get\" && chmod +x \"$T\"/bin/*");
  for (const char* target : {"", "install"}) {
    const Run stopped =
        run(unset + " PATH=\"$T/bin:$PATH\" make -C \"$T/the tree\" DESTDIR=\"$T/staged\" " + target);
    BOOST_TEST(stopped.status != 0);
    BOOST_TEST(contains(stopped.output, "apt-get install g++ libboost-iostreams-dev"), stopped.output);
  }
  for (const char* target : {"uninstall", "clean", "help"})
    must(unset + " PATH=\"$T/bin:$PATH\" make -C \"$T/the tree\" DESTDIR=\"$T/staged\" " + target);
  BOOST_TEST(!fs::exists(folder.path / "called"));
}

BOOST_FIXTURE_TEST_CASE(compile_commands_of_every_file, Copy) {
  make("compile_commands.json PACKAGES=");
  const fs::path tree = folder.path / "the tree";
  const nlohmann::json commands = nlohmann::json::parse(read_file(tree / "compile_commands.json"));
  for (const char* file :
       {"src/math/tensor.cpp", "src/engine/fast/dense.cpp", "chapters/chapter8/section_8_4.cpp",
        "tests/test_layers.cpp", "tests/float/test_build.cpp"})
    BOOST_TEST(
        std::any_of(commands.begin(), commands.end(), [&](const auto& c) { return c["file"] == file; }),
        file);
  for (const auto& command : commands) {
    BOOST_TEST(command["directory"] == fs::canonical(tree).string());
    BOOST_TEST(contains(command["command"], "-c " + command["file"].template get<std::string>()));
  }
}

BOOST_FIXTURE_TEST_CASE(figures_fail_where_a_program_does, Copy) {
  must(
      "cd \"$T/the tree\" && mkdir -p build figures/output && printf '#!/bin/sh\nexit 3\n' >build/chapter1 "
      "&& "
      "chmod +x build/chapter1");
  // Nothing is fetched or compiled: the program above is run.
  const Run drawn = run(unset + " make -C \"$T/the tree\" OUT=figures STEP=true -o figures-start figures");
  BOOST_TEST(drawn.status != 0);
  BOOST_TEST(contains(drawn.output, "==== chapter1"), drawn.output);
  BOOST_TEST(!contains(drawn.output, "==== chapter2"), drawn.output);
}

// ---- exercises ---------------------------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(without_a_number_make_exercise_lists_all, Copy) {
  const std::string list = make("exercise");
  for (int n = 1; n <= 8; ++n)
    BOOST_TEST(contains(list, "  make exercise N=" + std::to_string(n) + "  "), list);
}

BOOST_FIXTURE_TEST_CASE(an_exercise_that_does_not_exist_is_an_error_that_lists_those_that_do, Copy) {
  for (const std::string number : {"9", "0", "three", "'*'"}) {
    const Run result = run(unset + " make -C \"$T/the tree\" exercise PACKAGES= N=" + number);
    BOOST_TEST(result.status != 0, number);
    BOOST_TEST(contains(result.output, "exercise: there is no N="), result.output);
    BOOST_TEST(contains(result.output, "  make exercise N=8  "), result.output);
  }
}

// As a learner goes about it: nothing filled in, lines that do not compile, a wrong line, the right ones.
BOOST_FIXTURE_TEST_CASE(make_exercise_compiles_an_answer_and_checks_it, Copy) {
  const fs::path file = folder.path / "the tree/chapters/exercises/3_convolution_filter.cpp";
  const std::string solution = read_file("tests/exercises/3_convolution_filter.cpp");
  const auto exercise = [&](const std::string& settings) {
    return run(unset + " make -C \"$T/the tree\" exercise N=3 PACKAGES= PRECOMPILED= OPTIMIZE=-O0 " + settings);
  };
  const std::regex own("(// Your lines here.*\n)[^]*?( *// End of your lines)");
  const auto with_lines = [&](const std::string& lines) {
    write_file(file, std::regex_replace(solution, own, "$1" + lines + "$2"));
    return exercise("");
  };

  const Run empty = with_lines("");
  BOOST_TEST(empty.status != 0);
  BOOST_TEST(contains(empty.output, "exercise: compiling what checks it, once\nExercise 3"), empty.output);
  BOOST_TEST(contains(empty.output, "dF(0, 0, 0, 0) is 0 and should be "), empty.output);

  const Run unknown = with_lines("dG(0) = 1;\n");
  BOOST_TEST(unknown.status != 0);
  BOOST_TEST(std::regex_search(unknown.output, std::regex("3_convolution_filter\\.cpp:[0-9]+:[0-9]+: error: .*dG")),
             unknown.output);
  BOOST_TEST(!contains(unknown.output, "Exercise 3"), unknown.output);

  const Run outside = with_lines("dF(0, 0, channels, k) += dY(b, i, j, k);\n");
  BOOST_TEST(outside.status != 0);
  BOOST_TEST(contains(outside.output, "It stops: there is no dF(0, 0, 1, 0): the extents of dF are (1, 1, 1, 1)"),
             outside.output);

  BOOST_TEST(exercise("ANSWERS=tests/exercises").status == 0);
  must("mkdir \"$T/two words\" && cp tests/exercises/3_* \"$T/two words\"");
  BOOST_TEST(exercise("ANSWERS=\"$T/two words\"").status == 0);
  write_file(file, solution);
  const Run right = exercise("");
  BOOST_TEST(right.status == 0);
  BOOST_TEST(contains(right.output, "All 78 elements are right, in all 6 cases."), right.output);
  BOOST_TEST(!contains(right.output, "compiling"), right.output);
}

// ---- the page of all figures -----------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(the_gallery_shows_figures_and_numbers, Shell) {
  for (const char* name : {"figure_2_2_neuron.svg", "figure_2_2_neuron.png", "figure_6_1_training.svg",
                           "figure_6_1_training.gif", "figure_8_4_accuracy.png", "figure_8_99_<new>.png"})
    write_file(folder.path / name, "");
  write_file(folder.path / "results.json",
             R"({"8.4": {"best": {"ours": 0.991, "report": 0.993}, "of <digits>": {"ours": [1, true]}},
                 "8.9": {"alone": {"ours": 5}}, "chapter2": {"e1": {"ours": 0.25}}})");
  must(".make/gallery.py \"$T\"");
  const std::string page = read_file(folder.path / "index.html");
  const auto in_order = [&](const std::vector<std::string>& parts) {
    std::size_t at = 0;
    for (const std::string& part : parts) {
      at = page.find(part, at);
      BOOST_TEST(at != std::string::npos, part);
    }
  };
  // Captions, descriptions and sections are the book's; a drawing is preferred to its pixels.
  in_order({"<h2 id=\"chapter2\">2 Neural networks", "<h3>2.2 Artificial neuron",
            "<img src=\"figure_2_2_neuron.svg\"", "alt=\"Two inputs lead over arrows",
            "Fig. 2.2: the artificial neuron", "<td>e1</td><td>0.25</td>", "<h2 id=\"chapter6\">",
            "figure_6_1_training.svg", "Fig. 6.1: the densities", "figure_6_1_training.gif",
            "The same, step by step", "<h3>8.4 How the amount of epochs", "Fig. 8.4: accuracy",
            "<th>the report</th><th>here</th>", "<td>best</td><td>0.993</td><td>0.991</td>",
            "<summary>1 numbers", "<td>of &lt;digits&gt;</td><td>1, yes</td>", "8 99 &lt;new&gt;"});
  BOOST_TEST(contains(page, "<h3>8.9</h3>"));
  BOOST_TEST(contains(page, "<p>5 figures"));
  BOOST_TEST(!contains(page, "<new>"));
  BOOST_TEST(!contains(page, "<script"));
}

// Every figure that is kept has its caption in the book, and its place in the menu.
BOOST_FIXTURE_TEST_CASE(the_gallery_has_a_caption_for_every_kept_figure, Shell) {
  must(
      "mkdir \"$T/data\" && cp figures/figure_[1-8]_* figures/results.json \"$T\" && .make/gallery.py "
      "\"$T\"");
  const Run without = run("grep -oE '<figcaption>[0-9]+ [0-9]+ [a-z ]*' \"$T/index.html\"");
  BOOST_TEST(without.output == "");
  BOOST_TEST(without.status == 1);
}

// ---- the book as an archive ------------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(the_book_is_opened_or_named, Copy) {
  must(
      "mkdir -p \"$T/the tree/build/docs/html\" \"$T/bin\" && echo page >\"$T/the "
      "tree/build/docs/html/index.html\"");
  must(
      "printf '#!/bin/sh\\necho \"$1\" >\"$T/opened\"\\n' >\"$T/bin/xdg-open\" && chmod +x "
      "\"$T/bin/xdg-open\"");
  const std::string page = fs::canonical(folder.path / "the tree/build/docs/html/index.html").string() + "\n";
  const std::string book = " PATH=\"$T/bin:$PATH\" make -C \"$T/the tree\" --no-print-directory book";
  BOOST_TEST(must(unset + " unset DISPLAY WAYLAND_DISPLAY;" + book) == page);
  BOOST_TEST(!fs::exists(folder.path / "opened"));
  BOOST_TEST(must(unset + " unset WAYLAND_DISPLAY; DISPLAY=:7" + book) == "");
  BOOST_TEST(read_file(folder.path / "opened") == page);
  // Without pages it would build them.
  must("rm -r \"$T/the tree/build/docs\"");
  BOOST_TEST(contains(make("-n book"), "docs"));
}

BOOST_FIXTURE_TEST_CASE(the_archive_of_the_book_is_the_same_each_time, Copy) {
  const std::string archive = "\"$T/the tree/site.tar.gz\"";
  must(
      "mkdir -p \"$T/the tree/build/docs/html/search\" && echo page >\"$T/the "
      "tree/build/docs/html/index.html\"");
  make("-o docs site.tar.gz");  // of the pages as they are
  BOOST_TEST(must("tar tzf " + archive) ==
             "plaingrad-book/\nplaingrad-book/index.html\nplaingrad-book/search/\n");
  must("cp " + archive +
       " \"$T/first\" && touch -d 2001-01-01 \"$T/the tree/build/docs/html/index.html\" && rm " + archive);
  make("-o docs site.tar.gz");
  must("cmp " + archive + " \"$T/first\"");
  // One that has grown too large is refused and removed.
  must("head -c 10500000 /dev/urandom >\"$T/the tree/build/docs/html/large\" && rm " + archive);
  const Run refused = run(unset + " make -C \"$T/the tree\" -o docs site.tar.gz");
  BOOST_TEST(refused.status != 0);
  BOOST_TEST(contains(refused.output, "expected less than 10 MB"), refused.output);
  BOOST_TEST(!fs::exists(folder.path / "the tree/site.tar.gz"));
}

// ---- the installed library -------------------------------------------------------------------------------

namespace {

#ifdef __SANITIZE_ADDRESS__
const std::string sanitizers = " -fsanitize=address,undefined ";
#else
const std::string sanitizers;
#endif

/// The library of this build, installed into a folder of the test's own.
struct Installed : Shell {
  Installed() {
    const char* build = std::getenv("PLAINGRAD_BUILD");
    setenv("PLAINGRAD_BUILD", build != nullptr ? build : "build", 1);
    must("make --no-print-directory install PREFIX=\"$T/usr\" BUILD=\"$PLAINGRAD_BUILD\"");
    setenv("PKG_CONFIG_PATH", (folder.path / "usr/lib/pkgconfig").c_str(), 1);
  }

  /// Compiles a program outside the tree and runs it. @return what it prints
  std::string run_program(const std::string& source, const std::string& flags, const std::string& library,
                          const std::string& arguments) const {
    must("eval ${CXX:-c++} -std=c++20 -Wall -Wextra -Werror " + flags + sanitizers + " \"'" + source +
         "'\" -o '\"$T/program\"' "
         "$(pkg-config --cflags --libs " +
         library + ")");
    return must("cd / && \"$T/program\" " + arguments);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_program_outside_the_tree_trains_the_cnn, Installed) {
  const std::string example = "tests/install/train_cnn.cpp", digits = "\"$OLDPWD/tests/data/mnist\"";
  const std::string plain = run_program(example, "-O2", "plaingrad", digits);
  BOOST_TEST(contains(plain, "epoch 1: loss "), plain);
  // Compiled as the library is: no header depends on the processor, so the numbers are the same.
  BOOST_TEST(plain == run_program(example, "-O3 -march=native", "plaingrad", digits));
  const std::string in_double = run_program(example, "-O2", "plaingrad_double", digits);
  BOOST_TEST(contains(in_double, "epoch 1: loss "), in_double);
  BOOST_TEST(in_double != plain);
}

BOOST_FIXTURE_TEST_CASE(a_program_outside_the_tree_checks_a_layer_of_eigens, Installed) {
  const std::string example = "tests/install/check_eigen_layer.cpp",
                    flags = "-O1 -isystem /usr/include/eigen3";
  const std::string right = run_program(example, flags, "plaingrad_double", "");
  BOOST_TEST(contains(right, "x (4, 3): 12 elements agree"), right);
  BOOST_TEST(contains(right, "W (3, 2): 6 elements agree"), right);
  must("sed 's/dW += /dW = /' " + example + " >\"$T/wrong.cpp\"");
  const std::string wrong = run_program("$T/wrong.cpp", flags, "plaingrad", "|| true");
  BOOST_TEST(contains(wrong, "W (3, 2): 6 of 6 elements are wrong"), wrong);
  BOOST_TEST(contains(wrong, "  overwritten: "), wrong);
}

BOOST_FIXTURE_TEST_CASE(every_installed_header_compiles_alone, Installed) {
  must(
      "cd \"$T/usr/include\" && for header in $(find plaingrad -name '*.hpp'); do "
      "echo \"#include <$header>\"; done >\"$T/all.cpp\"");
  must(
      "eval ${CXX:-c++} -std=c++20 -Wall -Wextra -Werror -fsyntax-only '\"$T/all.cpp\"' $(pkg-config "
      "--cflags plaingrad)");
}

BOOST_FIXTURE_TEST_CASE(no_installed_header_depends_on_the_processor, Installed) {
  const std::string headers = must("ls -R \"$T/usr/include/plaingrad\"");
  BOOST_TEST(contains(headers, "conv2d.hpp"));
  BOOST_TEST(!contains(headers, "vector_width"));
  BOOST_TEST(run("grep -rE '__AVX|__SSE|__ARM|_OPENMP|#include \"' \"$T/usr/include/plaingrad\"").status ==
             1);
}

BOOST_FIXTURE_TEST_CASE(uninstall_leaves_nothing, Installed) {
  write_file(folder.path / "usr/include/other.hpp", "");
  must("make --no-print-directory uninstall PREFIX=\"$T/usr\"");
  BOOST_TEST(must("cd \"$T/usr\" && find . -type f") == "./include/other.hpp\n");
}

BOOST_FIXTURE_TEST_CASE(a_staged_install_speaks_of_its_final_place, Installed) {
  must(
      "make --no-print-directory install PREFIX=/opt/plaingrad DESTDIR=\"$T/staged\" "
      "BUILD=\"$PLAINGRAD_BUILD\"");
  const std::string description = read_file(folder.path / "staged/opt/plaingrad/lib/pkgconfig/plaingrad.pc");
  BOOST_TEST(contains(description, "prefix=/opt/plaingrad\n"), description);
}

BOOST_AUTO_TEST_SUITE_END()
