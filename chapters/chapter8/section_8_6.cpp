/// @file
/// Section 8.6: the network on another data set, Fashion-MNIST, with three convolutions and with two.
/// Fig. 8.6.
#include <cstdio>

#include "chapter8/common.hpp"
#include "chapter8/sections.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad::chapter8 {

namespace {

Training fashion_training(Context& context, int convolutions) {
  return cnn_training(context, DatasetName::fashion_mnist, "Adam", epochs(context.options), convolutions);
}

/// One of the two networks: trained, printed, drawn. @return its history
History try_network(Context& context, int convolutions, double report, Results& results) {
  const Options& options = context.options;
  const std::string number = convolutions == 3 ? "three" : "two";
  const std::string title = "Fashion-MNIST, " + number + " convolutions";
  Adam adam;
  const TrainedClassifier trained = train_cnn(context, fashion_training(context, convolutions),
                                              DatasetName::fashion_mnist, adam, convolutions);
  std::printf("%s: %td parameters\n\n", title.c_str(), trained.model.parameter_count());
  print_history(trained.history);
  write_history(options, "history_8_6_" + number + "_convolutions", trained.history);
  compare_with_report(title, trained.history, report, results);
  show_classes(options, "8_6_" + number + "_convolutions", title, context.dataset(DatasetName::fashion_mnist),
               trained.test, results);
  std::fflush(stdout);
  return trained.history;
}

}  // namespace

std::vector<Training> trainings_8_6(Context& context) {
  return {fashion_training(context, 3), fashion_training(context, 2)};
}

void section_8_6(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::fashion_mnist);
  std::printf("Adam, %s.\n\n", describe_run(options, data).c_str());
  std::fflush(stdout);
  Results results(options, "8.6");
  add_run(options, data, results);
  const History three = try_network(context, 3, 0.9107, results);
  const History two = try_network(context, 2, 0.9107 + 0.008, results);
  results.save();
  plotting::draw_lines(
      options.figure("figure_8_6_accuracy.png"),
      {accuracy_plot("Fashion-MNIST, Adam", {{"three convolutions", three}, {"two convolutions", two}})});
}

}  // namespace plaingrad::chapter8
