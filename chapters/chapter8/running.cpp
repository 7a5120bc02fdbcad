#include "chapter8/running.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <new>
#include <stdexcept>

#include "training/progress.hpp"
#include "training/stop.hpp"

namespace plaingrad::chapter8 {

namespace {

bool is_selected(const Section& section, const Options& options) {
  const auto& selected = options.sections;
  if (selected.empty()) return !section.only_when_asked;
  return std::find(selected.begin(), selected.end(), section.name) != selected.end();
}

// ---- before anything is computed -------------------------------------------------------------------------

/// Data that are missing, damaged or too small are reported now, not after an hour.
void check_data(const Section& section, Context& context) {
  for (const DatasetName name : section.data) {
    const TrainAndTest& data = context.dataset(name);
    const std::string what = "section " + section.name + " needs ";
    if (data.train.count() < 1 || data.test.count() < section.test_images)
      throw std::runtime_error(what + "training images and at least " + std::to_string(section.test_images) +
                               " test images, found " + std::to_string(data.train.count()) + " and " +
                               std::to_string(data.test.count()) + "; see --data");
    if (section.jobs && (data.train.height != 28 || data.train.width != 28))
      throw std::runtime_error(what + "images of 28 x 28, found " + std::to_string(data.train.height) +
                               " x " + std::to_string(data.train.width) + "; see --data");
  }
}

/// The jobs that are to be done: those of the selected sections that have no records yet.
std::vector<Job> jobs_to_do(const std::vector<Section>& selected, Context& context) {
  std::vector<JobsOfSection> jobs;
  for (const bool first : {true, false})
    for (const Section& section : selected)
      if (section.jobs && section.trains_first == first) jobs.push_back(section.jobs);
  if (jobs.empty()) return {};
  for (const char* folder : {"checkpoints", "runs"}) prepare_folder(context.options.out / folder);
  return missing(jobs_of(jobs, context), context);
}

// ---- running ---------------------------------------------------------------------------------------------

void run(const Section& section, Context& context) {
  throw_if_stopped();
  std::printf("==== [%s] %s\n\n", section.name.c_str(), section.title.c_str());
  std::fflush(stdout);
  const auto start = std::chrono::steady_clock::now();
  section.run(context);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::printf("==== [%s] took %s\n\n", section.name.c_str(), readable_duration(elapsed.count()).c_str());
  if (std::fflush(stdout) != 0) throw std::runtime_error("cannot write to standard output");
}

void run_all(const std::vector<Section>& selected, Context& context) {
  for (const Section& section : selected) check_data(section, context);
  const std::vector<Job> jobs = jobs_to_do(selected, context);
  try {
    do_jobs(jobs, context);
    if (context.options.only_trains()) return;
    for (const Section& section : selected) run(section, context);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    const std::string kept = context.kept();
    // gnuplot, for one, fails when the same Ctrl-C reaches it.
    if (const int signal = stop_signal())
      throw Stopped(signal, kept.empty() ? "; no epoch is complete yet" : "; what is kept:" + kept);
    throw std::runtime_error(error.what() + (kept.empty() ? "" : "\nWhat is kept, to go on from:" + kept));
  }
}

}  // namespace

int run_sections(int argc, char** argv, const std::string& name, const std::string& purpose,
                 const std::vector<Section>& sections) {
  Program program{
      .name = name,
      .purpose =
          purpose +
          "\n\n"
          "First the trainings: what came of each is recorded in OUT/runs, and one that has a record\n"
          "is not done again. On the way each is kept after every epoch, in OUT/checkpoints; if it is\n"
          "interrupted, the same command goes on from there. Then the tables and figures, from the\n"
          "records."};
  for (const Section& section : sections) program.sections.push_back(section.name);
  stop_on_signals();
  return run_program(argc, argv, program, [&](const Options& options) {
    Context context(options);
    std::vector<Section> selected;
    std::copy_if(sections.begin(), sections.end(), std::back_inserter(selected),
                 [&](const Section& section) { return is_selected(section, options); });
    run_all(selected, context);
  });
}

}  // namespace plaingrad::chapter8
