#include "chapter8/common.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <locale>
#include <sstream>

#include "data/atomic_file.hpp"
#include "evaluation/metrics.hpp"
#include "losses/loss.hpp"

namespace plaingrad::chapter8 {

int epochs(const Options& options, int quick, int full) {
  if (options.epochs > 0) return options.epochs;
  return options.full ? full : quick;
}

std::string describe_run(const Options& options, const TrainAndTest& data) {
  const std::string scale = options.epochs > 0 ? "by --epochs"
                            : options.full     ? "full scale"
                                               : "quick scale; the report trains 20: --scale full";
  const int count = epochs(options);
  return std::to_string(count) + (count == 1 ? " epoch (" : " epochs (") + scale + "),\nbatch 32, " +
         std::to_string(data.train.count()) + " training and " + std::to_string(data.test.count()) +
         " test images" +
         (data.sample ? ".\nThis is the small sample only, so expect worse results than with all images"
                      : "");
}

plotting::LinePlot accuracy_plot(const std::string& title, const std::vector<NamedHistory>& histories) {
  plotting::LinePlot plot{.title = title, .x_label = "epoch", .y_label = "accuracy", .series = {}};
  plot.legend = plotting::Legend::bottom_right;
  double last = 1;
  for (const auto& [name, history] : histories) {
    const std::string before = name.empty() ? "" : name + ": ";
    plotting::Series training{before + "accuracy", {}, {}, plotting::Style::line_and_points};
    plotting::Series validation{before + "validation accuracy", {}, {}, plotting::Style::line_and_points};
    for (const Epoch& epoch : history) {
      training.x.push_back(epoch.number);
      training.y.push_back(epoch.accuracy);
      validation.x.push_back(epoch.number);
      validation.y.push_back(epoch.validation_accuracy);
      last = std::max(last, static_cast<double>(epoch.number));
    }
    plot.series.push_back(training);
    plot.series.push_back(validation);
  }
  plot.x_range = {0.5, last + 0.5};
  return plot;
}

plotting::Series over_epochs(const std::string& name, const std::vector<double>& values,
                             plotting::Style style) {
  plotting::Series series{name, {}, values, style};
  for (std::size_t i = 0; i < values.size(); ++i) series.x.push_back(static_cast<double>(i + 1));
  return series;
}

void print_history(const History& history) {
  std::printf("%5s%10s%12s%18s%22s%10s\n", "epoch", "loss", "accuracy", "validation loss",
              "validation accuracy", "seconds");
  for (const Epoch& epoch : history)
    std::printf("%5d%10.4f%10.2f %%%18.4f%20.2f %%%10.1f\n", epoch.number, epoch.loss, 100 * epoch.accuracy,
                epoch.validation_loss, 100 * epoch.validation_accuracy, epoch.seconds);
  std::printf("\n");
}

void write_history(const Options& options, const std::string& name, const History& history) {
  const std::filesystem::path folder = options.out / "data";
  std::filesystem::create_directories(folder);
  std::ostringstream csv;
  csv.imbue(std::locale::classic());
  csv.precision(9);
  csv << "epoch,loss,accuracy,validation_loss,validation_accuracy,seconds\n";
  for (const Epoch& epoch : history)
    csv << epoch.number << ',' << epoch.loss << ',' << epoch.accuracy << ',' << epoch.validation_loss << ','
        << epoch.validation_accuracy << ',' << epoch.seconds << '\n';
  write_atomically(folder / (name + ".csv"), csv.str());
}

void add_run(const Options& options, const TrainAndTest& data, Results& results) {
  results.add("scale", options.full ? "full" : "quick");
  results.add("epochs", epochs(options), 20);
  results.add("training images", data.train.count(), 60000);
  results.add("test images", data.test.count(), 10000);
}

ConfusionMatrix confusion_matrix(const Dataset& test, const Record& record) {
  const std::vector<std::uint8_t> predicted = recorded_predictions(record, test);
  ConfusionMatrix matrix(10);
  for (std::size_t i = 0; i < test.labels.size(); ++i) matrix.add(test.labels[i], predicted[i]);
  return matrix;
}

namespace {

void draw_confusion_matrix(const plotting::Path& png, const std::string& title,
                           const std::vector<std::string>& names, const ConfusionMatrix& matrix) {
  // On a logarithmic colour scale the few mistakes can be seen.
  plotting::MatrixPlot plot{.title = title,
                            .x_label = "predicted",
                            .y_label = "true",
                            .column_names = names,
                            .row_names = names,
                            .rows = {},
                            .logarithmic_colour = true};
  for (Index truth = 0; truth < matrix.classes(); ++truth) {
    plot.rows.emplace_back();
    for (Index predicted = 0; predicted < matrix.classes(); ++predicted)
      plot.rows.back().push_back(static_cast<double>(matrix.count(truth, predicted)));
  }
  plotting::draw_matrix(png, plot);
}

}  // namespace

void show_classes(const Options& options, const std::string& stem, const std::string& title,
                  const TrainAndTest& data, const Record& record, Results& results) {
  const ConfusionMatrix matrix = confusion_matrix(data.test, record);
  const std::vector<std::string> names(data.class_names.begin(), data.class_names.end());
  draw_confusion_matrix(options.figure("figure_" + stem + "_confusion_matrix.png"), title + ": test images",
                        names, matrix);

  std::vector<double> missed, false_alarms;
  std::map<std::string, double> recalls, precisions;
  std::printf("%-12s%6s%6s%6s%15s%18s\n", "class", "TP", "FN", "FP", "recall (1.1)", "precision (1.2)");
  for (Index c = 0; c < matrix.classes(); ++c) {
    const std::string& name = names[static_cast<std::size_t>(c)];
    const double r = recall(matrix, c), p = precision(matrix, c);
    std::printf("%-12s%6td%6td%6td%15.4f%18.4f\n", name.c_str(), matrix.true_positives(c),
                matrix.false_negatives(c), matrix.false_positives(c), r, p);
    recalls[name] = r;
    precisions[name] = p;
    missed.push_back(std::isnan(r) ? 0 : 100 * (1 - r));
    false_alarms.push_back(std::isnan(p) ? 0 : 100 * (1 - p));
  }
  std::printf("\n");
  results.add(title + ": recall", recalls);
  results.add(title + ": precision", precisions);
  // The difference from 1, because bars of 0.98 and 0.99 look the same.
  plotting::draw_bars(
      options.figure("figure_" + stem + "_classes.png"),
      {.title = title + ": missed, and false alarms",
       .x_label = "class",
       .y_label = "%",
       .categories = names,
       .sets = {{"missed: 1 - recall (1.1)", missed}, {"false alarms: 1 - precision (1.2)", false_alarms}}});
}

Tensor probabilities(Sequential& model, const Dataset& test, const std::vector<Index>& positions) {
  Tensor images, result;
  gather_images(test, positions, Real(1) / 255, 0, images);
  softmax(model.forward(images, Mode::inference), result);
  return result;
}

}  // namespace plaingrad::chapter8
