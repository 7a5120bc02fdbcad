/// @file
/// Runs and their files: what is kept after an epoch is enough to go on with the same bits; a file of another
/// run is never used, and never overwritten.
#define BOOST_TEST_DYN_LINK
#include "errors.hpp"
#include "training/run.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <sstream>
#include <tuple>

#include "math/threads.hpp"
#include "optimizers/sgd.hpp"
#include "small_network.hpp"
#include "temporary_folder.hpp"
#include "training/fit_reconstruction.hpp"
#include "training/stop.hpp"

using namespace plaingrad;

namespace {

/// A training from its beginning, as a program would start it. @return all that is in its file in the end
struct Training {
  bool reconstruct = false, adam = true;
  std::uint64_t seed = 3;

  RunFile file(const std::filesystem::path& folder, int epochs, bool again = false) const {
    return RunFile(folder, {"experiment", {{"optimizer", adam ? "Adam" : "SGD"}, {"epochs", "any"}}, seed},
                   "training", epochs, again);
  }

  History run(RunFile& run, int epochs, std::vector<Weights>* weights = nullptr) const {
    Random random(seed);
    Sequential model = make_small_network(reconstruct, random);
    Adam adam_optimizer;
    SGD sgd(LearningRate{.initial = 0.1, .decay = 0.5});
    Optimizer& optimizer = adam ? static_cast<Optimizer&>(adam_optimizer) : sgd;
    const Dataset data = random_images(11, 3, 2);
    const Tensor images = all_images(data);
    const FitOptions options{.epochs = epochs, .batch_size = 4, .run = &run, .weights = weights};
    return reconstruct
               ? fit_reconstruction(model, optimizer, {images, images}, {images, images}, options, random)
               : fit_classifier(model, optimizer, data, data, options, random);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(run)

// Three epochs at once; and one, a new start, one more, a new start, the last.
BOOST_AUTO_TEST_CASE(interrupted_runs_give_the_same_bits) {
  for (const bool reconstruct : {false, true})
    for (const bool adam : {false, true}) {
      const Training training{reconstruct, adam};
      const TemporaryFolder whole_folder, parts_folder;
      RunFile whole = training.file(whole_folder.path, 3);
      std::vector<Weights> whole_weights, parts_weights;
      const History all = training.run(whole, 3, &whole_weights);
      History last;
      for (const int epochs : {1, 2, 3}) {
        parts_weights.clear();
        RunFile parts = training.file(parts_folder.path, 3);
        BOOST_TEST(parts.epochs_kept() == epochs - 1);
        last = training.run(parts, epochs, &parts_weights);
      }
      BOOST_TEST(last.size() == 3u);
      BOOST_REQUIRE_EQUAL(whole_weights.size(), 3u);
      BOOST_REQUIRE_EQUAL(parts_weights.size(), 3u);
      for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(last[i].loss == all[i].loss);
        BOOST_TEST(last[i].accuracy == all[i].accuracy);
        BOOST_TEST(last[i].validation_loss == all[i].validation_loss);
        BOOST_TEST(last[i].validation_accuracy == all[i].validation_accuracy);
        for (std::size_t p = 0; p < whole_weights[i].size(); ++p)
          BOOST_TEST((whole_weights[i][p].values == parts_weights[i][p].values));
      }
      const Checkpoint a = *whole.load(), b = *training.file(parts_folder.path, 3).load();
      BOOST_TEST(a.tensors.size() == b.tensors.size());
      for (const auto& [name, tensor] : a.tensors)
        BOOST_TEST((b.tensors.at(name).values == tensor.values), name);
      for (const auto& [name, text] : a.metadata)
        if (name != "history" && name != "digest")
          BOOST_TEST((b.metadata.at(name) == text), name);  // seconds
      // Not because nothing moves.
      BOOST_TEST(all[1].loss != all[2].loss);
      BOOST_TEST(a.metadata.contains("model/dropout/random"));
      BOOST_TEST(a.metadata.contains(adam ? "optimizer/t" : "optimizer/k"));
    }
}

BOOST_AUTO_TEST_CASE(a_complete_run_is_not_trained_again) {
  const Training training;
  const TemporaryFolder folder;
  RunFile file = training.file(folder.path, 2);
  const History first = training.run(file, 2);
  const std::string bytes = read_file(file.path());
  const History again = training.run(file, 2);
  BOOST_TEST(again.back().seconds == first.back().seconds);
  BOOST_TEST((read_file(file.path()) == bytes));
}

// Every setting counts, and the seed.
BOOST_AUTO_TEST_CASE(runs_with_other_settings_have_other_files) {
  const RunId id{"cnn", {{"epochs", "3"}, {"images", "a"}}, 1};
  BOOST_TEST(id.name() == (RunId{"cnn", {{"images", "a"}, {"epochs", "3"}}, 1}).name());
  for (const RunId& other :
       {RunId{"gan", id.settings, 1}, RunId{"cnn", id.settings, 2}, RunId{"cnn", {{"epochs", "3"}}, 1},
        RunId{"cnn", {{"epochs", "4"}, {"images", "a"}}, 1},
        RunId{"cnn", {{"epochs", "3"}, {"images", "b"}}, 1}})
    BOOST_TEST(other.name() != id.name());
  BOOST_TEST(id.name().starts_with("cnn-seed1-"));
  Dataset data = random_images(11, 3, 2);
  const std::string before = digest(data);
  data.pixels[5] ^= 1;
  BOOST_TEST(digest(data) != before);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_used_is_named_and_left_alone) {
  const Training training;
  const TemporaryFolder folder;
  RunFile file = training.file(folder.path, 3);
  training.run(file, 1);
  const Checkpoint good = *file.load();
  const auto opened = [&] { return message_of([&] { training.file(folder.path, 3); }); };
  const auto requires_message = [&](const std::string& part) {
    const std::string bytes = read_file(file.path()), message = opened();
    for (const std::string& expected : {part, file.path().string(), std::string("to start training anew")})
      BOOST_TEST(contains(message, expected), message);
    const std::string path = file.path().string();  // said once
    BOOST_TEST(message.find(path) == message.rfind(path), message);
    BOOST_TEST((read_file(file.path()) == bytes));
  };

  Checkpoint bad = good;
  bad.metadata["run"] = "another";
  save_checkpoint(file.path(), bad);
  requires_message("of another run");
  bad = good;
  bad.tensors.at("model/dense/kernel")[0] += 1;
  save_checkpoint(file.path(), bad);
  requires_message("damaged");
  bad = good;
  bad.metadata["history"] += " ";
  save_checkpoint(file.path(), bad);
  requires_message("damaged");
  for (const auto& [epoch, message] : {std::pair{"0", "is of epoch 0, expected 1 to 3"},
                                       {"4", "is of epoch 4, expected 1 to 3"},
                                       {"1x", "has \"1x\" as epoch"},
                                       {"", "has \"\" as epoch"}}) {
    bad = good;
    bad.metadata["epoch"] = epoch;
    bad.metadata["digest"] = digest(bad);
    save_checkpoint(file.path(), bad);
    requires_message(message);
  }
  save_checkpoint(file.path(), Checkpoint{});
  requires_message("has no entry run");
  write_file(file.path(), "half");
  requires_message("truncated");
  save_checkpoint(file.path(), good);
  BOOST_TEST(opened() == "no error");
}

// Its name and identity are right, and something is missing.
BOOST_AUTO_TEST_CASE(a_state_that_does_not_fit_changes_nothing) {
  const Training training;
  const TemporaryFolder folder;
  RunFile file = training.file(folder.path, 3);
  training.run(file, 1);
  const Checkpoint good = *file.load();
  const Dataset data = random_images(11, 3, 2);
  for (const std::string missing :
       {"model/dense_1/bias", "optimizer/v/dense/kernel", "random", "history", "model/dropout/random"}) {
    Checkpoint bad = good;
    bad.tensors.erase(missing);
    bad.metadata.erase(missing);
    if (missing == "model/dropout/random") bad.metadata[missing] = "rubbish";
    file.save(bad, 1);
    Random random(9);
    Sequential model = make_small_network(false, random);
    Adam adam;
    const std::string before = random.state();
    const std::vector<Real> kernel = model.parameters().front()->value.values;
    const FitOptions options{.epochs = 3, .batch_size = 4, .run = &file};
    const std::string message = message_of([&] { fit_classifier(model, adam, data, data, options, random); });
    const std::string path = file.path().string();
    for (const std::string& part : {missing, path, std::string("remove this file")})
      BOOST_TEST(contains(message, part), message);
    BOOST_TEST(message.find(path) == message.rfind(path), message);
    BOOST_TEST(random.state() == before);
    BOOST_TEST((model.parameters().front()->value.values == kernel));
    BOOST_TEST(adam.t() == 0);
  }
}

// SGD's k, too, is looked at before the model is changed.
BOOST_AUTO_TEST_CASE(a_step_of_sgd_that_cannot_be_changes_nothing) {
  const Training training{.adam = false};
  const TemporaryFolder folder;
  RunFile file = training.file(folder.path, 3);
  training.run(file, 1);
  Checkpoint state = *file.load();
  const Dataset data = random_images(11, 3, 2);
  for (const std::string k : {"", "-1", "0", "1x", "9007199254740993", "99999999999999999999"}) {
    state.metadata["optimizer/k"] = k;
    file.save(state, 1);
    Random random(9);
    Sequential model = make_small_network(false, random);
    SGD sgd;
    const std::vector<Real> kernel = model.parameters().front()->value.values;
    const FitOptions options{.epochs = 3, .batch_size = 4, .run = &file};
    const std::string message = message_of([&] { fit_classifier(model, sgd, data, data, options, random); });
    for (const std::string& part : {std::string("optimizer/k"), file.path().string()})
      BOOST_TEST(contains(message, part), message);
    BOOST_TEST((model.parameters().front()->value.values == kernel), k);
    BOOST_TEST(sgd.k() == 1);
  }
}

BOOST_AUTO_TEST_CASE(another_optimizer_is_refused) {
  class Still : public Optimizer {
    void step(const std::vector<Parameter*>&) override {}
  } still;
  const TemporaryFolder folder;
  RunFile file = Training().file(folder.path, 3);
  Random random(1);
  Sequential model = make_small_network(false, random);
  const Dataset data = random_images(11, 3, 2);
  const FitOptions options{.epochs = 1, .batch_size = 4, .run = &file};
  BOOST_CHECK_THROW(fit_classifier(model, still, data, data, options, random), std::invalid_argument);
  BOOST_TEST(!std::filesystem::exists(file.path()));
}

BOOST_AUTO_TEST_CASE(a_finished_run_has_nothing_left_to_do_unless_it_is_to_start_anew) {
  const Training training;
  const TemporaryFolder folder;
  RunFile file = training.file(folder.path, 1);
  training.run(file, 1);
  const std::string bytes = read_file(file.path());
  file.finish();
  BOOST_TEST(!std::filesystem::exists(file.path()));
  BOOST_TEST((read_file(file.finished_path()) == bytes));
  file.finish();  // another process was the first

  RunFile next = training.file(folder.path, 1);
  BOOST_TEST(next.epochs_kept() == 1);
  BOOST_TEST(next.kept_in() == next.finished_path());
  training.run(next, 1);
  BOOST_TEST(!std::filesystem::exists(next.path()));  // nothing was trained

  RunFile again = training.file(folder.path, 1, true);
  BOOST_TEST(again.epochs_kept() == 0);
  training.run(again, 1);
  BOOST_TEST((read_file(again.finished_path()) == bytes));
  again.finish();
  BOOST_TEST((read_file(again.finished_path()) != bytes));  // other seconds
}

BOOST_AUTO_TEST_CASE(a_finished_file_that_is_damaged_is_named) {
  const Training training;
  const TemporaryFolder folder;
  RunFile file = training.file(folder.path, 1);
  training.run(file, 1);
  file.finish();
  write_file(file.finished_path(), "half");
  const std::string message = message_of([&] { training.file(folder.path, 1); });
  BOOST_TEST(contains(message, file.finished_path().string()), message);
  BOOST_TEST(contains(message, "remove this file"), message);
  BOOST_TEST(message_of([&] { training.file(folder.path, 1, true); }) == "no error");
}

/// What a child process of this one ends with.
template <class Body>
int status_of_child(const Body& body) {
  const pid_t child = fork();
  if (child == 0) {
    set_thread_count(1);  // the threads of this process have stayed behind
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The signal lets the mini-batch end.
BOOST_AUTO_TEST_CASE(signals_stop_a_training_between_mini_batches) {
  for (const auto& [signal, name] : {std::pair{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}}) {
    const TemporaryFolder folder;
    const int status = status_of_child([&, sent = signal, said = name] {
      std::signal(sent, SIG_DFL);
      stop_on_signals();
      const Training training;
      RunFile file = training.file(folder.path, 3);
      training.run(file, 1);
      raise(sent);
      try {
        training.run(file, 3);
      } catch (const Stopped& stopped) {
        return contains(stopped.what(), said) && file.epochs_kept() == 1 ? 128 + stopped.signal() : 1;
      }
      return 2;
    });
    BOOST_TEST(status == 128 + signal);
  }
}

// nohup has a program ignore HUP, and means it; a shell's background has it ignore INT, and does not.
BOOST_AUTO_TEST_CASE(of_ignored_signals_only_hup_stays_ignored) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const int status = status_of_child([signal] {
      std::signal(signal, SIG_IGN);
      stop_on_signals();
      raise(signal);
      return stop_signal();
    });
    BOOST_TEST(status == (signal == SIGHUP ? 0 : signal));
  }
}

// Of 31 epochs: the seconds left that the line of epoch `last` says, and how long `first` ... `last` took.
struct TimeLeft {
  double said = 0, at_least = 0, at_most = 0;

  TimeLeft(int first, int last) {
    std::ostringstream out;
    Progress progress("training", out, false);
    const auto now = [] { return std::chrono::steady_clock::now(); };
    const auto before = now();
    progress.begin(31, 1);
    const auto begun = now();
    for (int epoch = first; epoch <= last; ++epoch) {
      usleep(200'000);
      progress.step(epoch, 1, "loss 1");
      const auto done = now();
      out.str("");
      progress.epoch_done(epoch, "loss 1");
      at_least = std::chrono::duration<double>(done - begun).count();
      at_most = std::chrono::duration<double>(now() - before).count();
    }
    const std::string start = "training  epoch " + std::to_string(last) + "/31  loss 1  ";
    BOOST_REQUIRE(out.str().starts_with(start) && out.str().ends_with(" s left\n"));
    said = std::stod(out.str().substr(start.size()));
  }
};

BOOST_AUTO_TEST_CASE(the_time_left_is_that_of_as_many_epochs) {
  // Two epochs done, 29 to go; then a run that was resumed: two done by this process, 9 to go.
  for (const auto& [first, last, ratio] : {std::tuple(1, 2, 14.5), std::tuple(21, 22, 4.5)}) {
    const TimeLeft left(first, last);
    BOOST_TEST(left.said >= ratio * left.at_least - 0.5);
    BOOST_TEST(left.said <= ratio * left.at_most + 0.5);
  }
}

BOOST_AUTO_TEST_CASE(progress_ends_its_line) {
  std::ostringstream out;
  {
    Progress progress("training", out, true);
    progress.begin(2, 5);
    usleep(250'000);
    progress.step(1, 1, "loss 1");
  }
  BOOST_TEST(contains(out.str(), "step 1/5"));
  BOOST_TEST(out.str().back() == '\n');
}

BOOST_AUTO_TEST_CASE(progress_of_nothing_shows_nothing) {
  std::ostringstream out;
  for (const bool terminal : {false, true}) {
    Progress progress("training", out, terminal);
    progress.begin(2, 5);
  }
  BOOST_TEST(out.str() == "");
}

BOOST_AUTO_TEST_SUITE_END()
