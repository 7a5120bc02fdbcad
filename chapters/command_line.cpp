#include "command_line.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <iostream>
#include <new>

#include "training/stop.hpp"

namespace plaingrad {

namespace {

namespace po = boost::program_options;

/// What is wrong with the options. Boost's messages have places such as %value% for the words of the command
/// line, and are filled until none is left: a word that has such a place itself fills it again, without end.
std::string message_of(const po::error& error, int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i)
    if (const std::string word = argv[i]; word.find('%') != std::string::npos)
      return "cannot read the options, of which one is '" + word + "'";
  return error.what();
}

/// The command, such that a shell understands it.
std::string command_line(int argc, char** argv) {
  const std::string plain = "+,-./:=@_%";
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string word = argv[i];
    const bool simple = !word.empty() && std::all_of(word.begin(), word.end(), [&](unsigned char c) {
      return std::isalnum(c) || plain.find(static_cast<char>(c)) != std::string::npos;
    });
    std::string quoted;
    for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += (i > 0 ? " " : "") + (simple ? word : '\'' + quoted + '\'');
  }
  return line;
}

/// Gives a standard input, output or error that the program was started without (`>&-`) its number back: the
/// next file that is opened would get it, and then all that the program prints. Printing is an error as
/// before.
void reserve_standard_files() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(number, F_GETFD) == -1) open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace

po::variables_map parse_command_line(int argc, const char* const* argv,
                                     const po::options_description& description) try {
  // Only whole names: an abbreviation that works today may be ambiguous tomorrow.
  const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  po::variables_map values;
  // Without a positional description a word that belongs to no option is an error.
  po::store(po::command_line_parser(argc, argv)
                .options(description)
                .positional(po::positional_options_description())
                .style(style)
                .run(),
            values);
  po::notify(values);
  return values;
} catch (const po::error& error) {
  throw WrongUsage(message_of(error, argc, argv));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

int run_main(int argc, char** argv, const std::string& name, const std::function<int()>& body) {
  const auto complain = [&](const std::string& message) {
    std::cout.flush();
    std::cerr << name << ": " << message << '\n';
  };
  reserve_standard_files();
  // Writing past the limit of file sizes is then an error like any other, which names the file.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const int status = body();
    // A full disk shows only when the last of the output is written.
    if (!std::cout.flush()) throw std::runtime_error("cannot write to standard output");
    return status;
  } catch (const Stopped& stopped) {
    // Whoever reads our output may have been stopped as well.
    std::signal(SIGPIPE, SIG_IGN);
    complain(std::string(stopped.what()) + "\nTo go on: " + command_line(argc, argv));
    return 128 + stopped.signal();
  } catch (const WrongUsage& error) {
    complain(std::string(error.what()) + "; try " + name + " --help");
    return 2;
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& error) {
    complain(error.what());
  }
  return 1;
}

}  // namespace plaingrad
