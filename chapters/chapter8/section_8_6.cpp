/// @file
/// Section 8.6: the network on another data set, Fashion-MNIST, with three convolutions and with two.
/// Fig. 8.6.
#include <cstdio>

#include "chapter8/common.hpp"
#include "chapter8/sections.hpp"
#include "models/cnn.hpp"

namespace plaingrad::chapter8 {

namespace {

CnnSettings fashion(const Options& options, int convolutions) {
  return {.data = DatasetName::fashion_mnist, .epochs = epochs(options), .convolutions = convolutions};
}

/// One of the two networks, printed and drawn. @return its history
History show_network(Context& context, int convolutions, double report, Results& results) {
  const Options& options = context.options;
  const std::string number = convolutions == 3 ? "three" : "two";
  const std::string title = "Fashion-MNIST, " + number + " convolutions";
  const Record record = context.record(cnn_training(context, fashion(options, convolutions), options.seed));
  const History history = history_of(record);
  Random random(options.seed);
  std::printf("%s: %td parameters\n\n", title.c_str(), make_cnn(random, convolutions).parameter_count());
  print_history(history);
  write_history(options, "history_8_6_" + number + "_convolutions", history);
  compare_with_report(title, record, report, results);
  show_classes(options, "8_6_" + number + "_convolutions", title, context.dataset(DatasetName::fashion_mnist),
               record, results);
  return history;
}

}  // namespace

std::vector<Job> jobs_8_6(Context& context, std::uint64_t seed) {
  return {cnn_job(context, fashion(context.options, 3), seed),
          cnn_job(context, fashion(context.options, 2), seed)};
}

void section_8_6(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::fashion_mnist);
  std::printf("Adam, %s.\n\n", describe_run(options, data).c_str());
  Results results(options, "8.6");
  add_run(options, data, results);
  const History three = show_network(context, 3, 0.9107, results);
  const History two = show_network(context, 2, 0.9107 + 0.008, results);
  results.save();
  plotting::draw_lines(
      options.figure("figure_8_6_accuracy.png"),
      {accuracy_plot("Fashion-MNIST, Adam", {{"three convolutions", three}, {"two convolutions", two}})});
}

}  // namespace plaingrad::chapter8
