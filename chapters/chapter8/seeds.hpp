/// @file
/// Summaries of a training's records over all seeds.
#pragma once

#include <string>
#include <vector>

#include "chapter8/common.hpp"
#include "evaluation/significance.hpp"

namespace plaingrad::chapter8 {

/// "1 seed", "10 seeds".
std::string seeds_text(std::size_t count);

/// Mean and standard deviation over seeds.
struct Spread {
  double mean = 0;
  double deviation = 0;  ///< NaN for a single seed
  std::size_t seeds = 0;
};
/// @throws std::invalid_argument if there are no values
Spread spread(const std::vector<double>& values);
/// "99.11 +- 0.06": a value between 0 and 1 in per cent; "99.11" for a single seed.
std::string percent(const Spread& spread, int decimals = 2);

/// A member of the summary of a record's validation accuracy, such as &Summary::last.
std::vector<double> over_seeds(const std::vector<Record>& records, double Summary::*what);
/// One column of the records, epoch by epoch: [epoch][record].
std::vector<std::vector<double>> by_epoch(const std::vector<Record>& records, const std::string& column);

/// Validation accuracy of the last epoch, of the last five and of the best: of the seed that is plotted, and
/// mean and standard deviation over all; printed beside the report's, and added to the results.
/// @param title  what was trained; the results' names begin with it
void compare_with_report(const std::string& title, Context& context, const Training& training, double report,
                         Results& results);

/// Records to plot.
struct NamedRecords {
  std::string name;  ///< in the legend
  std::vector<Record> records;
};
/// A curve of means over the seeds; several seeds: in a band from the least to the greatest.
/// @param values  [epoch][seed] @param factor  by which each value is multiplied
plotting::Series band(const std::string& name, const std::vector<std::vector<double>>& values,
                      plotting::Style style, double factor = 1);
/// A logarithmic y axis for all values above 0. gnuplot would go to whole decades, and curves that lie close
/// together would look like one.
plotting::Range around_all(const std::vector<plotting::Series>& all);
/// Errors (100 % less the accuracy) on validation and training images, on a logarithmic axis.
plotting::LinePlot error_plot(const std::string& title, const std::vector<NamedRecords>& all);

/// The difference of a and b in an accuracy, over the seeds that both have.
PairedDifference difference(const std::vector<Record>& a, const std::vector<Record>& b,
                            double Summary::*what);
/// "+0.15 points over 10 seeds (95 % interval +0.10 to +0.20, p = 0.0001)"; says so if one seed cannot
/// tell.
std::string describe(const PairedDifference& difference);

}  // namespace plaingrad::chapter8
