/// @file
/// Whatever stops the programs, nothing is lost but the epoch under way; and what can be known to fail does
/// so before the work.
#define BOOST_TEST_DYN_LINK
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "data/idx.hpp"
#include "errors.hpp"
#include "program.hpp"
#include "programs.hpp"
#include "training/checkpoint.hpp"

using namespace plaingrad;
namespace fs = std::filesystem;

namespace {

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// A program that runs beside the test. Its stderr goes to a file.
class Process {
 public:
  /// @param words  the program's path and its arguments
  Process(const std::vector<std::string>& words, const fs::path& errors) : errors_(errors) {
    write_file(errors, "");
    pid_ = fork();
    if (pid_ != 0) return;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})  // which nohup, for one, ignores
      std::signal(signal, SIG_DFL);
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    dup2(open(errors.c_str(), O_WRONLY), STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  ~Process() {
    if (pid_ > 0) stop(SIGKILL);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::string errors() const { return read_file(errors_); }

  /// Waits until the program has written `text` to stderr. @return false if it ends first
  bool writes(const std::string& text) {
    for (; pid_ > 0; usleep(2000)) {
      if (contains(errors(), text)) return true;
      if (waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = 0;
    }
    return contains(errors(), text);
  }
  /// @return what waitpid() says
  int stop(int signal) {
    if (pid_ > 0) kill(pid_, signal);  // 0 would be this process's own group
    return wait();
  }
  int wait() {
    if (pid_ > 0) waitpid(pid_, &status_, 0);
    pid_ = 0;
    return status_;
  }

 private:
  fs::path errors_;
  pid_t pid_;
  int status_ = -1;
};

/// Chapter 8 on so few digits that an epoch takes a fraction of a second.
struct Chapter8 : Programs {
  Chapter8() { write_digits(150, 40); }

  void write_digits(Index train, Index test) const { write_images(DatasetName::mnist, "mnist", train, test); }
  void write_images(DatasetName name, const std::string& subfolder, Index train, Index test) const {
    const TrainAndTest sample = load_dataset(name, "tests/data");
    const fs::path in = folder.path / subfolder;
    fs::create_directories(in);
    write_idx(first_images(sample.train, train), in / "train-images-idx3-ubyte",
              in / "train-labels-idx1-ubyte");
    write_idx(first_images(sample.test, test), in / "t10k-images-idx3-ubyte", in / "t10k-labels-idx1-ubyte");
  }

  /// @param out  the folder's name
  std::vector<std::string> words(const std::string& out, const std::vector<std::string>& options,
                                 const std::string& program = "chapter8") const {
    std::vector<std::string> all = {path_of(program), "--data", folder.path, "--out", folder.path / out};
    all.insert(all.end(), options.begin(), options.end());
    return all;
  }
  Process start(const std::string& out, const std::vector<std::string>& options,
                const std::string& program = "chapter8") const {
    return Process(words(out, options, program), folder.path / (out + ".stderr"));
  }

  /// Everything in a record but the seconds.
  static nlohmann::json record_of(const std::string& text) {
    nlohmann::json json = nlohmann::json::parse(text);
    json.erase("seconds");
    return json;
  }
  static nlohmann::json record(const fs::path& path) { return record_of(read_file(path)); }

  void require_same_records(const std::string& one, const std::string& two, std::size_t count) const {
    const std::vector<fs::path> a = files(one, "runs", ".json"), b = files(two, "runs", ".json");
    BOOST_TEST(a.size() == count);
    BOOST_REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      BOOST_TEST(a[i].filename() == b[i].filename());
      BOOST_TEST(record(a[i]) == record(b[i]), a[i]);
    }
  }

  /// The files in a subfolder whose names end so.
  std::vector<fs::path> files(const std::string& out, const std::string& subfolder,
                              const std::string& ending) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder.path / out / subfolder))
      if (entry.path().string().ends_with(ending)) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }
};

/// Everything but how long it took.
nlohmann::json without_seconds(const fs::path& results) {
  nlohmann::json all = nlohmann::json::parse(read_file(results));
  for (auto& section : all)
    for (auto it = section.begin(); it != section.end();)
      it = contains(it.key(), "seconds") ? section.erase(it) : std::next(it);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stops)

// The GAN, Adam, SGD, an autoencoder after another: each is killed before its last epoch, and once more the
// program goes on with other threads.
BOOST_FIXTURE_TEST_CASE(killed_trainings_go_on_with_the_same_bits, Chapter8) {
  std::vector<std::string> options = {"--section", "8.5", "8.7", "8.8", "--epochs", "4", "--threads", "1"};
  BOOST_TEST(start("whole", options).wait() == 0);
  for (const char* training : {"GAN", "CNN on MNIST, Adam", "CNN on MNIST, SGD", "autoencoder, noise 0.6"}) {
    Process killed = start("parts", options);
    BOOST_TEST(killed.writes(std::string(training) + "  epoch 1/4"), killed.errors());
    killed.stop(SIGKILL);
    BOOST_TEST(!contains(killed.errors(), std::string(training) + "  epoch 4/4"));
  }
  options.back() = "2";
  Process last = start("parts", options);
  BOOST_TEST(last.wait() == 0);
  // Nothing of what was there is trained again.
  BOOST_TEST(contains(last.errors(), "noise 0.6: going on after epoch "), last.errors());
  for (const char* again :
       {"SGD  epoch", "Adam  epoch", "GAN  epoch", "noise 0.2  epoch", "noise 0.6  epoch 1"})
    BOOST_TEST(!contains(last.errors(), again), again);

  BOOST_TEST(without_seconds(folder.path / "parts/results.json") ==
             without_seconds(folder.path / "whole/results.json"));
  const std::vector<fs::path> whole = files("whole", "checkpoints", "-finished.safetensors"),
                              parts = files("parts", "checkpoints", "-finished.safetensors");
  BOOST_TEST(whole.size() == 8u);
  BOOST_REQUIRE(parts.size() == whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    BOOST_TEST(parts[i].filename() == whole[i].filename());
    const Checkpoint a = load_checkpoint(whole[i]), b = load_checkpoint(parts[i]);
    for (const auto& [name, tensor] : a.tensors)
      BOOST_TEST((b.tensors.at(name).values == tensor.values), whole[i] << ' ' << name);
  }
  require_same_records("whole", "parts", 8);
}

// Moments, order of the images, their shifts and the rate of each step: all go on where they were.
BOOST_FIXTURE_TEST_CASE(killed_trainings_with_care_go_on_with_the_same_bits, Chapter8) {
  write_images(DatasetName::mnist, "mnist", 600, 40);
  write_images(DatasetName::fashion_mnist, "fashion-mnist", 600, 40);
  std::vector<std::string> options = {"--section", "flawless", "--epochs", "4", "--threads", "1"};
  BOOST_TEST(start("whole", options, "beyond").wait() == 0);
  for (const std::string training : {"CNN on MNIST, with care", "CNN on Fashion-MNIST, with care"}) {
    Process killed = start("parts", options, "beyond");
    BOOST_TEST(killed.writes(training + "  epoch 1/4"), killed.errors());
    killed.stop(SIGKILL);
    BOOST_TEST(!contains(killed.errors(), training + "  epoch 4/4"));
  }
  options.back() = "2";
  Process last = start("parts", options, "beyond");
  BOOST_TEST(last.wait() == 0);
  BOOST_TEST(contains(last.errors(), "Fashion-MNIST, with care: going on after epoch "), last.errors());
  require_same_records("whole", "parts", 4);
}

BOOST_FIXTURE_TEST_CASE(signals_say_what_is_kept_and_how_to_go_on, Chapter8) {
  const std::vector<std::string> options = {"--section", "8.4", "--epochs", "200"};
  int kept = 0;
  for (const auto& [signal, name] : {std::pair{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}}) {
    Process stopped = start("out", options);
    if (kept > 0)
      BOOST_TEST(stopped.writes("going on after epoch " + std::to_string(kept) + " of 200"),
                 stopped.errors());
    BOOST_TEST(stopped.writes("epoch " + std::to_string(++kept) + "/200"), stopped.errors());
    const int status = stopped.stop(signal);
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 128 + signal), status);
    const std::string message = stopped.errors();
    while (contains(message, "epoch " + std::to_string(kept + 1) + "/200")) ++kept;  // a slow signal
    const std::vector<fs::path> files = this->files("out", "checkpoints", ".safetensors");
    BOOST_REQUIRE(files.size() == 1u);
    for (const std::string& part :
         {std::string("chapter8: stopped by "), std::string(name),
          "CNN on MNIST, Adam: " + std::to_string(kept) + " of 200 epochs, in " + files[0].string(),
          "To go on: " + path_of("chapter8") + " --data '" + folder.path.string() + "'",
          std::string("--section 8.4 --epochs 200\n")})
      BOOST_TEST(contains(message, part), '"' << part << "\" is not in " << message);
    for (const char* subfolder : {"", "data", "results", "checkpoints"})
      BOOST_TEST(this->files("out", subfolder, ".tmp").empty());
  }
}

// The command of the first says that nothing is kept: there was no whole epoch.
BOOST_FIXTURE_TEST_CASE(a_stop_in_the_first_epoch_keeps_nothing, Chapter8) {
  Process stopped = start("out", {"--section", "8.8", "--epochs", "4"});
  BOOST_TEST(stopped.writes("kept after every epoch"));
  const int status = stopped.stop(SIGTERM);
  BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 143), status);
  BOOST_TEST(contains(stopped.errors(), "no epoch is complete yet"), stopped.errors());
}

// Ctrl-C reaches gnuplot too, whose failure is then no error: at the start, and at the first figure.
BOOST_FIXTURE_TEST_CASE(ctrl_c_while_gnuplot_draws_is_a_stop_and_no_error, Chapter8) {
  const fs::path bin = folder.path / "bin";
  fs::create_directories(bin);
  const std::string before = "PATH=" + shell_quoted(bin) + ":$PATH setsid --wait ";
  for (const auto& [stopped_picture, said] :
       {std::pair{"test_of_gnuplot", ""}, {"figure_8_4_accuracy", "finished and recorded"}}) {
    write_file(bin / "gnuplot", "#!/bin/sh\nscript=$(cat)\ncase $script in *" + std::string(stopped_picture) +
                                    "*) kill -INT 0; sleep 10;; esac\n" +
                                    "printf '%s\\n' \"$script\" | /usr/bin/gnuplot \"$@\"\n");
    fs::permissions(bin / "gnuplot", fs::perms::owner_all);
    const Run stopped = run("chapter8", "--section 8.4 --epochs 1 " + inside(), before);
    BOOST_TEST(stopped.status == 130, stopped.errors);
    for (const char* part : {"chapter8: stopped by Ctrl-C (SIGINT)", said, "To go on: "})
      BOOST_TEST(contains(stopped.errors, part), '"' << part << "\" is not in " << stopped.errors);
  }
}

BOOST_FIXTURE_TEST_CASE(other_settings_have_files_of_their_own, Chapter8) {
  BOOST_TEST(start("out", {"--section", "8.4", "--epochs", "1"}).wait() == 0);
  const auto finished = files("out", "checkpoints", "-finished.safetensors");
  BOOST_REQUIRE(finished.size() == 1u);
  const std::string bytes = read_file(finished[0]);
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--seed", "2", "--epochs", "1"}, {"--seed", "1", "--epochs", "2"}}) {
    std::vector<std::string> other = {"--section", "8.4"};
    other.insert(other.end(), options.begin(), options.end());
    Process process = start("out", other);
    BOOST_TEST(process.writes("epoch 1/"));
    process.stop(SIGKILL);
    BOOST_TEST(!contains(process.errors(), "going on"), process.errors());
  }
  BOOST_TEST((read_file(finished[0]) == bytes));
  BOOST_TEST(files("out", "checkpoints", ".safetensors").size() == 3u);
}

// ---- records ---------------------------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(what_has_a_record_is_drawn_without_training, Chapter8) {
  const std::vector<std::string> options = {"--section", "8.4", "8.7", "--epochs", "1"};
  BOOST_TEST(start("out", options).wait() == 0);
  const nlohmann::json results = without_seconds(folder.path / "out/results.json");
  const std::string picture = read_file(folder.path / "out/figure_8_11_restored.png");
  fs::remove_all(folder.path / "out/checkpoints");  // records and weights are enough
  fs::remove(folder.path / "out/figure_8_11_restored.png");
  Process again = start("out", options);
  BOOST_TEST(again.wait() == 0);
  BOOST_TEST(!contains(again.errors(), "epoch 1/"), again.errors());
  BOOST_TEST((read_file(folder.path / "out/figure_8_11_restored.png") == picture));
  BOOST_TEST(without_seconds(folder.path / "out/results.json") == results);

  // --again: trained once more, and the same came of it.
  const std::vector<fs::path> records = files("out", "runs", ".json");
  const std::string before = read_file(records[0]);
  std::vector<std::string> forced = {"--again"};
  forced.insert(forced.end(), options.begin(), options.end());
  Process once_more = start("out", forced);
  BOOST_TEST(once_more.wait() == 0);
  BOOST_TEST(contains(once_more.errors(), "Adam  epoch 1/1"), once_more.errors());
  BOOST_TEST((read_file(records[0]) != before));  // seconds
  BOOST_TEST(record(records[0]) == record_of(before));
}

BOOST_FIXTURE_TEST_CASE(a_finished_checkpoint_becomes_a_record_without_training, Chapter8) {
  const std::vector<std::string> options = {"--section", "8.5", "8.7", "8.8", "--epochs", "1"};
  BOOST_TEST(start("one", options).wait() == 0);
  fs::create_directories(folder.path / "two");
  fs::copy(folder.path / "one/checkpoints", folder.path / "two/checkpoints");
  Process two = start("two", options);
  BOOST_TEST(two.wait() == 0);
  BOOST_TEST(!contains(two.errors(), "epoch 1/"), two.errors());
  require_same_records("one", "two", 8);
  for (const char* ending : {".safetensors", ".gz"}) {
    const auto one = files("one", "runs", ending), other = files("two", "runs", ending);
    BOOST_REQUIRE(one.size() == other.size());
    for (std::size_t i = 0; i < one.size(); ++i)
      BOOST_TEST((read_file(one[i]) == read_file(other[i])), one[i]);
  }
}

BOOST_FIXTURE_TEST_CASE(records_and_weights_that_are_damaged_are_named_before_the_work, Chapter8) {
  const std::vector<std::string> options = {"--section", "8.4", "--epochs", "1"};
  BOOST_TEST(start("out", options).wait() == 0);
  for (const char* ending : {".json", ".safetensors"}) {
    const fs::path file = files("out", "runs", ending).at(0);
    const std::string bytes = read_file(file);
    std::string one_bit = bytes;
    one_bit[200] = static_cast<char>(one_bit[200] ^ 1);
    for (const std::string& damaged :
         {bytes.substr(0, bytes.size() / 2), bytes + "x", one_bit, std::string()}) {
      write_file(file, damaged);
      Process process = start("out", options);
      BOOST_TEST(process.wait() != 0);
      BOOST_TEST(contains(process.errors(), file.string()), process.errors());
      BOOST_TEST((read_file(file) == damaged));
    }
    write_file(file, bytes);
  }
}

// A sweep in one process; and in three, of which two have the same share.
BOOST_FIXTURE_TEST_CASE(shares_of_a_sweep_come_to_the_same_records, Chapter8) {
  const std::vector<std::string> options = {"--section", "8.5", "8.7",       "--epochs", "1",
                                            "--sweep",   "2",   "--threads", "1"};
  const auto share = [&](const std::string& text) {
    std::vector<std::string> with = options;
    with.insert(with.end(), {"--share", text});
    return words("parts", with);
  };
  BOOST_TEST(start("whole", options).wait() == 0);
  BOOST_TEST(!fs::exists(folder.path / "whole/results.json"));  // nothing is drawn
  {
    Process one(share("1/2"), folder.path / "1"), two(share("2/2"), folder.path / "2"),
        same(share("1/2"), folder.path / "3");
    for (Process* process : {&one, &two, &same}) BOOST_TEST(process->wait() == 0, process->errors());
    const std::string all = one.errors() + two.errors() + same.errors();
    for (const char* trained : {"Adam  epoch 1/1", "SGD  epoch 1/1", "noise 0.2  epoch 1/1",
                                "Adam, seed 2  epoch 1/1", "noise 1.0, seed 2  epoch 1/1"})
      BOOST_TEST(count(all, trained) == 1, trained << " in " << all);
  }
  require_same_records("whole", "parts", 12);
  BOOST_TEST(files("parts", "runs", ".safetensors").size() == 4u);  // of seed 1
}

// ---- before the work -------------------------------------------------------------------------------------

// Section 8.8 could not run: then 8.4 is not trained either, and so on.
BOOST_FIXTURE_TEST_CASE(what_can_be_known_at_the_start_is_checked_at_the_start, Chapter8) {
  const std::string command = "--section 8.4 8.8 --epochs 1 " + inside();
  const auto require_early = [&](const std::vector<std::string>& words, const std::string& before = "") {
    const Run failed = run("chapter8", command, before);
    require_error(failed, 1, words);
    BOOST_TEST(!contains(failed.errors, "epoch 1/"), failed.errors);
    fs::remove_all(figures);
    fs::create_directories(figures);
  };
  fs::create_directories(figures);

  // A gnuplot that is not there, one that cannot draw, one without the terminal.
  require_early({"gnuplot", "not installed"}, "PATH=/nowhere ");
  const fs::path bin = folder.path / "bin";
  fs::create_directories(bin);
  for (const char* script :
       {"#!/bin/sh\nexit 1\n", "#!/bin/sh\nexec sed 's/pngcairo/nothing/' | /usr/bin/gnuplot \"$@\"\n",
        "#!/bin/sh\nexec sed 's/terminal svg/terminal nothing/' | /usr/bin/gnuplot \"$@\"\n"}) {
    write_file(bin / "gnuplot", script);
    fs::permissions(bin / "gnuplot", fs::perms::owner_all);
    require_early({"gnuplot could not draw"}, "PATH=" + shell_quoted(bin) + ":$PATH ");
  }

  for (const char* file : {"results.json", "results/other.json"}) {
    fs::create_directories(figures / "results");
    write_file(figures / file, "{ half");
    require_early({(figures / file).string()});
  }
  for (const char* in_the_way :
       {"results.json", "figure_8_4_accuracy.png", "figure_8_4_accuracy.svg", "data/history_8_4_adam.csv"}) {
    fs::create_directories(figures / in_the_way);
    require_early({(figures / in_the_way).string()});
  }
  for (const char* folder_in_the_way : {"data", "results", "checkpoints"}) {
    write_file(figures / folder_in_the_way, "x");
    require_early({(figures / folder_in_the_way).string(), "--out"});
  }
}

BOOST_FIXTURE_TEST_CASE(checkpoints_are_looked_at_before_the_work, Chapter8) {
  Process killed = start("out", {"--section", "8.8", "--epochs", "2"});
  BOOST_TEST(killed.writes("GAN  epoch 1/2"));
  killed.stop(SIGKILL);
  const auto found = files("out", "checkpoints", ".safetensors");
  const auto gan = std::find_if(found.begin(), found.end(), [](const fs::path& file) {
    return file.filename().string().starts_with("gan-");
  });
  BOOST_REQUIRE((gan != found.end()));
  std::string bytes = read_file(*gan);
  bytes[bytes.size() - 3] = static_cast<char>(bytes[bytes.size() - 3] ^ 1);
  write_file(*gan, bytes);
  Process next = start("out", {"--section", "8.4", "8.8", "--epochs", "2"});
  BOOST_TEST(next.wait() != 0);
  for (const std::string& part : {gan->string(), std::string("damaged"), std::string("to start GAN anew")})
    BOOST_TEST(contains(next.errors(), part), next.errors());
  BOOST_TEST(!contains(next.errors(), "epoch 1/"), next.errors());
  BOOST_TEST((read_file(*gan) == bytes));
}

BOOST_FIXTURE_TEST_CASE(data_too_few_for_a_section_is_noticed_before_the_work, Chapter8) {
  write_digits(10, 499);
  const Run failed = run("chapter8", "--section 8.4 8.3 --epochs 1 " + inside());
  require_error(failed, 1, {"section 8.3", "500 test images", "499", "--data"});
  BOOST_TEST(!contains(failed.errors, "epoch 1/"), failed.errors);
}

// ---- side by side ----------------------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(results_of_processes_side_by_side_are_all_kept, Programs) {
  constexpr int processes = 4, sections = 25;
  Options options;
  options.out = figures;
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    for (int section = 0; section < sections; ++section) {
      Results results(options, std::to_string(process) + '.' + std::to_string(section));
      results.add("x", section);
      try {
        results.save();
      } catch (const std::exception&) {
        _exit(1);
      }
    }
    _exit(0);
  }
  for (const pid_t child : children) {
    int status = -1;
    waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
  }
  const nlohmann::json all = nlohmann::json::parse(read_file(figures / "results.json"));
  BOOST_TEST(all.size() == std::size_t{processes * sections});
  for (int process = 0; process < processes; ++process)
    for (int section = 0; section < sections; ++section)
      BOOST_TEST(all.at(std::to_string(process) + '.' + std::to_string(section)).at("x").at("ours") ==
                 section);
}

BOOST_FIXTURE_TEST_CASE(programs_side_by_side_in_one_folder, Chapter8) {
  {
    Process one(words("out", {"--section", "8.2", "8.4", "--epochs", "1"}), folder.path / "1");
    Process two(words("out", {"--section", "8.4", "8.1", "--epochs", "1"}), folder.path / "2");
    Process three({path_of("chapter1"), "--out", folder.path / "out"}, folder.path / "3");
    for (Process* process : {&one, &two, &three}) BOOST_TEST(process->wait() == 0, process->errors());
  }
  const nlohmann::json all = nlohmann::json::parse(read_file(folder.path / "out/results.json"));
  for (const char* section : {"8.1", "8.2", "8.4", "chapter1"}) BOOST_TEST(all.contains(section), section);
  for (const char* subfolder : {"", "data", "results", "checkpoints"})
    BOOST_TEST(files("out", subfolder, ".tmp").empty());
}

BOOST_FIXTURE_TEST_CASE(leftovers_of_killed_processes_are_removed, Programs) {
  pid_t gone = fork();
  if (gone == 0) _exit(0);
  waitpid(gone, nullptr, 0);
  const std::string dead = '.' + std::to_string(gone) + ".0.tmp",
                    alive = '.' + std::to_string(getppid()) + ".0.tmp";
  std::vector<fs::path> removed,
      kept = {figures / ("picture" + dead), figures / ".picture.12.png", figures / ".picture.x.0.tmp"};
  for (const char* subfolder : {"", "data", "results"}) {
    fs::create_directories(figures / subfolder);
    removed.push_back(figures / subfolder / (".picture.png" + dead));
    kept.push_back(figures / subfolder / (".picture.png" + alive));
  }
  for (const auto* files : {&removed, &kept})
    for (const fs::path& file : *files) write_file(file, "x");
  const Run run = this->run("chapter1", inside());
  BOOST_TEST(run.status == 0, run.errors);
  for (const fs::path& file : removed) BOOST_TEST(!fs::exists(file), file);
  for (const fs::path& file : kept) BOOST_TEST(fs::exists(file), file);
}

// ---- full disk -------------------------------------------------------------------------------------------

// A limit on the size of files stands for the disk.
BOOST_FIXTURE_TEST_CASE(a_full_disk_names_the_checkpoint_and_leaves_the_old_one, Chapter8) {
  Process killed = start("figures", {"--section", "8.4", "--epochs", "99"});
  BOOST_TEST(killed.writes("epoch 1/99"));
  killed.stop(SIGKILL);
  const auto found = files("figures", "checkpoints", ".safetensors");
  BOOST_REQUIRE(found.size() == 1u);
  const std::string bytes = read_file(found[0]);
  const Run full =
      run("chapter8", "--section 8.4 --epochs 99 " + inside(), "ulimit -f 2000; ");  // of 512 bytes
  BOOST_TEST(full.status == 1);
  for (const std::string& part :
       {found[0].string() + ": cannot be written: File too large", std::string("CNN on MNIST, Adam: ")})
    BOOST_TEST(contains(full.errors, part), full.errors);
  BOOST_TEST((read_file(found[0]) == bytes));
  BOOST_TEST(files("figures", "checkpoints", ".tmp").empty());
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_names_the_figure_and_leaves_the_old_one, Programs) {
  BOOST_TEST(run("chapter2", inside()).status == 0);
  std::vector<std::pair<fs::path, std::string>> before;
  for (const auto& entry : fs::directory_iterator(figures))
    if (entry.is_regular_file()) before.emplace_back(entry.path(), read_file(entry.path()));
  const Run full = run("chapter2", inside(), "ulimit -f 40; ");  // of 512 bytes
  BOOST_TEST(full.status == 1);
  BOOST_TEST(contains(full.errors, (figures / "figure_2").string()), full.errors);
  BOOST_TEST(contains(full.errors, ".png: cannot be written: File too large"), full.errors);
  for (const auto& [file, bytes] : before) BOOST_TEST((read_file(file) == bytes), file);
  for (const auto& entry : fs::recursive_directory_iterator(figures))
    BOOST_TEST(entry.path().extension() != ".tmp", entry.path());
}

/// It looks at all files that runs of every section leave, before its first trial.
BOOST_FIXTURE_TEST_CASE(make_torture_knows_every_kind_of_file, Programs) {
  const fs::path output = folder.path / "torture.txt";
  const std::string command =
      "python3 tests/torture/torture.py --fault 'gnuplot killed' --trials 1 --seed 1 --build " +
      shell_quoted(fs::path(path_of("chapter8")).parent_path()) + " >" + shell_quoted(output) + " 2>&1";
  BOOST_TEST(std::system(command.c_str()) == 0, read_file(output));
  BOOST_TEST(contains(read_file(output), "gnuplot killed                |      1 |    0"), read_file(output));
}

BOOST_AUTO_TEST_SUITE_END()
