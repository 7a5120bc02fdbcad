/// @file
/// Section 8.5: the same network from the same weights, trained by SGD. Fig. 8.5.
#include "optimizers/sgd.hpp"

#include <cstdio>

#include "chapter8/common.hpp"
#include "chapter8/sections.hpp"

namespace plaingrad::chapter8 {

namespace {

Training cnn_by_sgd(Context& context) {
  return cnn_training(context, DatasetName::mnist, "SGD", epochs(context.options));
}

}  // namespace

std::vector<Training> trainings_8_5(Context& context) {
  return {cnn_by_sgd(context), cnn_on_mnist(context)};
}

void section_8_5(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  std::printf("SGD with learning rate 0.01, %s.\n\n", describe_run(options, data).c_str());
  std::fflush(stdout);
  SGD sgd(LearningRate{.initial = 0.01});  // Keras's default, which `optimizer='sgd'` means
  const TrainedClassifier by_sgd = train_cnn(context, cnn_by_sgd(context), DatasetName::mnist, sgd);
  print_history(by_sgd.history);
  write_history(options, "history_8_5_sgd", by_sgd.history);

  const History& by_adam = context.cnn_on_mnist().history;
  plotting::draw_lines(options.figure("figure_8_5_accuracy.png"),
                       {accuracy_plot("MNIST, SGD and Adam", {{"SGD", by_sgd.history}, {"Adam", by_adam}})});

  Results results(options, "8.5");
  add_run(options, data, results);
  compare_with_report("MNIST, SGD", by_sgd.history, 0.989, results);
  compare_with_report("MNIST, Adam", by_adam, 0.993, results);
  results.save();
}

}  // namespace plaingrad::chapter8
