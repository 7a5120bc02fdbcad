#include "chapter8/seeds.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "math/decimal.hpp"
#include "math/statistics.hpp"

namespace plaingrad::chapter8 {

std::string seeds_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " seed" : " seeds");
}

Spread spread(const std::vector<double>& values) {
  return {mean(values), standard_deviation(values), values.size()};
}

std::string percent(const Spread& spread, int decimals) {
  const std::string mean = fixed(100 * spread.mean, decimals);
  return spread.seeds == 1 ? mean : mean + " +- " + fixed(100 * spread.deviation, decimals);
}

std::vector<double> over_seeds(const std::vector<Record>& records, double Summary::*what) {
  std::vector<double> values;
  for (const Record& record : records)
    values.push_back(summarize(record.column("validation accuracy")).*what);
  return values;
}

std::vector<std::vector<double>> by_epoch(const std::vector<Record>& records, const std::string& column) {
  std::vector<std::vector<double>> values;
  for (const Record& record : records) {
    const std::vector<double>& one = record.column(column);
    values.resize(std::max(values.size(), one.size()));
    for (std::size_t epoch = 0; epoch < one.size(); ++epoch) values[epoch].push_back(one[epoch]);
  }
  return values;
}

void compare_with_report(const std::string& title, Context& context, const Training& training, double report,
                         Results& results) {
  const Record record = context.record(training);
  const std::vector<Record> all = context.records(training);
  const Summary ours = summarize(record.column("validation accuracy"));
  const std::string seed = "seed " + std::to_string(record.id.seed);
  const int five = static_cast<int>(std::min<std::size_t>(5, record.seconds.size()));

  std::printf("%s: validation accuracy in %%\n\n", title.c_str());
  std::printf("  %-20s%10s%24s\n", "", seed.c_str(),
              (all.size() == 1 ? "mean of 1 seed" : "mean +- dev., " + seeds_text(all.size())).c_str());
  const auto line = [&](const std::string& name, double Summary::*what, const std::string& remark) {
    const Spread over = spread(over_seeds(all, what));
    std::printf("  %-20s%10.2f%24s%s\n", name.c_str(), 100 * (ours.*what), percent(over).c_str(),
                remark.c_str());
    results.add(title + ": validation accuracy, " + name + ", over seeds",
                std::map<std::string, double>{{"mean", over.mean},
                                              {"standard deviation", all.size() > 1 ? over.deviation : 0},
                                              {"seeds", static_cast<double>(all.size())}});
  };
  line("last epoch", &Summary::last, "");
  line("mean of the last " + std::to_string(five), &Summary::mean_of_last_five, "");
  line("best epoch", &Summary::best, "  (" + seed + ": epoch " + std::to_string(ours.best_epoch) + ")");
  std::printf("  %-20s%10.2f\n\n", "the report's", 100 * report);

  results.add(title + ": validation accuracy, best", ours.best, report);
  results.add(title + ": best epoch", ours.best_epoch);
  results.add(title + ": validation accuracy, last epoch", ours.last);
  results.add(title + ": validation accuracy, mean of the last five epochs", ours.mean_of_last_five);
}

plotting::Series band(const std::string& name, const std::vector<std::vector<double>>& values,
                      plotting::Style style, double factor) {
  plotting::Series series{name, {}, {}, style};
  const bool several =
      std::any_of(values.begin(), values.end(), [](const auto& of) { return of.size() > 1; });
  for (std::size_t epoch = 0; epoch < values.size(); ++epoch) {
    series.x.push_back(static_cast<double>(epoch + 1));
    series.y.push_back(factor * mean(values[epoch]));
    if (!several) continue;
    const auto [least, greatest] = std::minmax_element(values[epoch].begin(), values[epoch].end());
    series.low.push_back(factor * *least);
    series.high.push_back(factor * *greatest);
  }
  return series;
}

namespace {

std::vector<std::vector<double>> errors(const std::vector<Record>& records, const std::string& column) {
  std::vector<std::vector<double>> values = by_epoch(records, column);
  for (std::vector<double>& of_epoch : values)
    for (double& value : of_epoch) value = 1 - value;
  return values;
}

/// The greatest of ... 1, 2, 5, 10, 20, 50 ... that is not above the value.
double rounded_down(double value) {
  const double decade = std::pow(10, std::floor(std::log10(value)));
  return value >= 5 * decade ? 5 * decade : value >= 2 * decade ? 2 * decade : decade;
}

/// The least of them that is not below it.
double rounded_up(double value) {
  const double decade = std::pow(10, std::floor(std::log10(value)));
  return value <= decade       ? decade
         : value <= 2 * decade ? 2 * decade
         : value <= 5 * decade ? 5 * decade
                               : 10 * decade;
}

}  // namespace

plotting::Range around_all(const std::vector<plotting::Series>& all) {
  double least = std::numeric_limits<double>::infinity(), greatest = 0;
  for (const plotting::Series& series : all)
    for (const std::vector<double>* values : {&series.y, &series.low, &series.high})
      for (const double value : *values)
        if (value > 0) least = std::min(least, value), greatest = std::max(greatest, value);
  return greatest > 0 ? plotting::Range{rounded_down(least), rounded_up(greatest)} : plotting::Range{};
}

plotting::LinePlot error_plot(const std::string& title, const std::vector<NamedRecords>& all) {
  plotting::LinePlot plot{.title = title,
                          .x_label = "epoch",
                          .y_label = "error (100 % less accuracy), %",
                          .series = {},
                          .y_logarithmic = true,
                          .legend = plotting::Legend::below};
  double last = 1;
  int colour = 0;
  std::string counts;
  for (const auto& [name, records] : all) {
    const std::string before = name.empty() ? "" : name + ": ";
    plotting::Series validation = band(before + "validation", errors(records, "validation accuracy"),
                                       plotting::Style::line_and_points, 100);
    plotting::Series training =
        band(before + "training", errors(records, "accuracy"), plotting::Style::dashed, 100);
    validation.colour = training.colour = colour++;
    last = std::max(last, static_cast<double>(validation.x.size()));
    plot.series.push_back(validation);
    plot.series.push_back(training);
    const std::string count = seeds_text(records.size());
    if (counts.find(count) == std::string::npos) counts += (counts.empty() ? "" : ", ") + count;
  }
  plot.title += " (" + counts + ")";
  plot.x_range = {0.5, last + 0.5};
  plot.y_range = around_all(plot.series);
  return plot;
}

PairedDifference difference(const std::vector<Record>& a, const std::vector<Record>& b,
                            double Summary::*what) {
  std::vector<double> of_a, of_b;
  for (const Record& record : a) {
    const auto same = std::find_if(b.begin(), b.end(),
                                   [&](const Record& other) { return other.id.seed == record.id.seed; });
    if (same == b.end()) continue;
    of_a.push_back(summarize(record.column("validation accuracy")).*what);
    of_b.push_back(summarize(same->column("validation accuracy")).*what);
  }
  return paired_difference(of_a, of_b);
}

std::string describe(const PairedDifference& difference) {
  const auto points = [](double share) { return (share < 0 ? "" : "+") + fixed(100 * share, 2); };
  const std::string start =
      points(difference.mean) + " points over " + seeds_text(static_cast<std::size_t>(difference.pairs));
  if (difference.pairs == 1) return start + ", which says nothing of chance";
  return start + " (95 % interval " + points(difference.low) + " to " + points(difference.high) +
         ", p = " + significant(difference.p, 2) + ")";
}

}  // namespace plaingrad::chapter8
