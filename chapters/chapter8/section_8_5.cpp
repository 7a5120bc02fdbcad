/// @file
/// Section 8.5: the same network from the same weights, trained by SGD. Fig. 8.5.
#include <cstdio>

#include "chapter8/common.hpp"
#include "chapter8/sections.hpp"

namespace plaingrad::chapter8 {

namespace {

CnnSettings trained_by(const Options& options, const std::string& optimizer) {
  CnnSettings settings = cnn_on_mnist(options);
  settings.optimizer = optimizer;
  return settings;
}

}  // namespace

std::vector<Job> jobs_8_5(Context& context, std::uint64_t seed) {
  std::vector<Job> jobs;
  for (const char* optimizer : {"Adam", "SGD", "SGD with decay"})
    jobs.push_back(cnn_job(context, trained_by(context.options, optimizer), seed));
  return jobs;
}

void section_8_5(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  std::printf("SGD with learning rate 0.01, %s.\n\n", describe_run(options, data).c_str());
  const Record sgd = context.record(cnn_training(context, trained_by(options, "SGD"), options.seed));
  const Record adam = context.record(cnn_training(context, trained_by(options, "Adam"), options.seed));
  print_history(history_of(sgd));
  write_history(options, "history_8_5_sgd", history_of(sgd));
  plotting::draw_lines(
      options.figure("figure_8_5_accuracy.png"),
      {accuracy_plot("MNIST, SGD and Adam", {{"SGD", history_of(sgd)}, {"Adam", history_of(adam)}})});

  Results results(options, "8.5");
  add_run(options, data, results);
  compare_with_report("MNIST, SGD", sgd, 0.989, results);
  compare_with_report("MNIST, Adam", adam, 0.993, results);
  results.save();
}

}  // namespace plaingrad::chapter8
