/// @file
/// Section 8.6: the network on another data set, Fashion-MNIST, with three convolutions and with two.
/// Fig. 8.6.
#include <cstdio>

#include "chapter8/sections.hpp"
#include "chapter8/seeds.hpp"
#include "models/cnn.hpp"

namespace plaingrad::chapter8 {

namespace {

/// One of the two networks, printed and drawn. @return the records of all seeds
std::vector<Record> show_network(Context& context, int convolutions, double report, Results& results) {
  const Options& options = context.options;
  const std::string number = convolutions == 3 ? "three" : "two";
  const std::string title = "Fashion-MNIST, " + number + " convolutions";
  const Training training = cnn_training(context, fashion_cnn(options, convolutions), options.seed);
  const Record record = context.record(training);
  Random random(options.seed);
  std::printf("%s: %td parameters\n\n", title.c_str(), make_cnn(random, convolutions).parameter_count());
  print_history(history_of(record));
  write_history(options, "history_8_6_" + number + "_convolutions", history_of(record));
  compare_with_report(title, context, training, report, results);
  show_classes(options, "8_6_" + number + "_convolutions", title, context.dataset(DatasetName::fashion_mnist),
               record, results);
  return context.records(training);
}

/// Is the report's +0.8 real?
void print_verdict(const std::vector<Record>& two, const std::vector<Record>& three, Results& results) {
  std::printf("Two convolutions less three; the report says +0.80 points:\n");
  const std::pair<const char*, double Summary::*> accuracies[] = {
      {"last epoch", &Summary::last},
      {"mean of the last five", &Summary::mean_of_last_five},
      {"best epoch", &Summary::best}};
  for (const auto& [name, what] : accuracies) {
    const PairedDifference over = difference(two, three, what);
    std::printf("  %-24s%s\n", name, describe(over).c_str());
    results.add("two convolutions less three, " + std::string(name), over.mean, 0.008);
  }
  const PairedDifference over = difference(two, three, &Summary::mean_of_last_five);
  const char* verdict =
      over.pairs == 1     ? "One seed cannot tell whether the third convolution matters."
      : over.low > 0.008  ? "Leaving out the third convolution gains more than the report says."
      : over.high < 0     ? "Leaving out the third convolution costs accuracy: +0.8 is not real."
      : over.high < 0.008 ? "Whatever leaving out the third convolution does, it gains less than 0.8."
      : over.low > 0      ? "Leaving out the third convolution gains; 0.8 points may be right."
                          : "The seeds differ too much to tell.";
  std::printf("%s\n\n", verdict);
  results.add("is +0.8 real", verdict);
}

}  // namespace

std::vector<Job> jobs_8_6(Context& context, std::uint64_t seed) {
  return {cnn_job(context, fashion_cnn(context.options, 3), seed),
          cnn_job(context, fashion_cnn(context.options, 2), seed)};
}

void section_8_6(Context& context) {
  const Options& options = context.options;
  const TrainAndTest& data = context.dataset(DatasetName::fashion_mnist);
  std::printf("Adam, %s.\n\n", describe_run(options, data).c_str());
  Results results(options, "8.6");
  add_run(options, data, results);
  const std::vector<Record> three = show_network(context, 3, 0.9107, results);
  const std::vector<Record> two = show_network(context, 2, 0.9107 + 0.008, results);
  print_verdict(two, three, results);
  results.save();
  plotting::draw_lines(options.figure("figure_8_6_accuracy.png"),
                       {error_plot("Fashion-MNIST, Adam", {{"three convolutions", three}, {"two", two}})});
}

}  // namespace plaingrad::chapter8
