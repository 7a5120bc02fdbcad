/// @file
/// Section 8.1: how long 1,000,000 evaluations of each activation function take.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <numeric>
#include <vector>

#include "chapter8/sections.hpp"
#include "math/random.hpp"
#include "neuron/activation.hpp"
#include "plotting/plot.hpp"

namespace plaingrad::chapter8 {

namespace {

constexpr std::size_t evaluations = 1'000'000;
constexpr int runs = 11;  // odd: the median is one of them
constexpr Real c = 3;     // the linear function's factor in listing 11.1.4

using Numbers = std::vector<Real>;

//! [evaluate]
/// y_i = f(x_i), one call after another. The functions are in another translation unit, so that no call is
/// optimised away; and every result is kept, for its sum to be printed.
template <typename Function>
void evaluate(Function f, const Numbers& x, Numbers& y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = f(x[i]);
}
//! [evaluate]

/// An activation function, the report's time, and ours.
struct TimedFunction {
  std::string name;
  double report;  ///< seconds, section 8.1
  std::function<void(const Numbers&, Numbers&)> evaluate_all;
  std::vector<double> seconds{};  ///< of each run, sorted in the end
  double sum = 0;                 ///< of all values of the last run

  double median() const { return seconds[seconds.size() / 2]; }
};

std::vector<TimedFunction> make_functions() {
  return {{"linear", 0.091757, [](auto& x, auto& y) { evaluate([](Real e) { return linear(e, c); }, x, y); }},
          {"sigmoid", 1.608700, [](auto& x, auto& y) { evaluate(sigmoid, x, y); }},
          {"tanh", 1.834138, [](auto& x, auto& y) { evaluate(tanh_as_defined, x, y); }},
          {"ReLU", 0.069825, [](auto& x, auto& y) { evaluate(relu, x, y); }}};
}

double time_of(const TimedFunction& function, const Numbers& x, Numbers& y) {
  const auto start = std::chrono::steady_clock::now();
  function.evaluate_all(x, y);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The functions take turns, so that whatever else the machine does disturbs all of them equally. The first
/// round is a warm-up and is not counted.
std::vector<TimedFunction> measure(const Numbers& x) {
  std::vector<TimedFunction> functions = make_functions();
  Numbers y(x.size());
  for (int run = 0; run <= runs; ++run)
    for (TimedFunction& function : functions) {
      const double seconds = time_of(function, x, y);
      if (run > 0) function.seconds.push_back(seconds);
      function.sum = std::accumulate(y.begin(), y.end(), 0.0);
    }
  for (TimedFunction& function : functions) std::sort(function.seconds.begin(), function.seconds.end());
  return functions;
}

void print(const std::string& arguments, const std::vector<TimedFunction>& functions) {
  std::printf("%s\n%-9s%12s%25s%9s%14s%14s%16s\n", arguments.c_str(), "", "median (s)", "least ... most (s)",
              "x linear", "report (s)", "x linear", "sum of values");
  const TimedFunction& line = functions.front();
  for (const TimedFunction& f : functions)
    std::printf("%-9s%12.6f%12.6f ...%9.6f%9.2f%14.6f%14.2f%16.6g\n", f.name.c_str(), f.median(),
                f.seconds.front(), f.seconds.back(), f.median() / line.median(), f.report,
                f.report / line.report, f.sum);
  std::printf("\n");
}

void add(const std::string& arguments, const std::vector<TimedFunction>& functions, Results& results) {
  for (const TimedFunction& f : functions) {
    results.add(f.name + ", " + arguments + ", seconds", f.median(), f.report);
    results.add(f.name + ", " + arguments + ", least and most",
                std::vector{f.seconds.front(), f.seconds.back()});
  }
}

/// A set of bars, with error bars from the shortest to the longest time.
void add_set(const std::string& name, const std::vector<TimedFunction>& functions, double factor,
             plotting::BarPlot& plot) {
  plot.sets.emplace_back(name, std::vector<double>());
  plot.errors.emplace_back();
  for (const TimedFunction& f : functions) {
    plot.sets.back().second.push_back(factor * f.median());
    plot.errors.back().push_back({factor * f.seconds.front(), factor * f.seconds.back()});
  }
}

/// Ours alone on a linear axis; with the report's, which would hide them there, on a logarithmic one.
void draw(const Options& options, const std::vector<TimedFunction>& as_in_report,
          const std::vector<TimedFunction>& spread) {
  plotting::BarPlot plot{.title = "Milliseconds for 1,000,000 evaluations, C++: median, least and most",
                         .x_label = "",
                         .y_label = "milliseconds",
                         .categories = {},
                         .sets = {}};
  for (const TimedFunction& f : spread) plot.categories.push_back(f.name);
  add_set("x between -8 and 8", spread, 1000, plot);
  add_set("x = 0 ... 999,999", as_in_report, 1000, plot);
  plotting::draw_bars(options.figure("figure_8_0_activation_times_linear.png"), plot);

  plot.title = "Seconds for 1,000,000 evaluations, on a logarithmic axis";
  plot.y_label = "seconds";
  plot.y_logarithmic = true;
  plot.sets.clear();
  plot.errors.clear();
  add_set("C++, x between -8 and 8", spread, 1, plot);
  add_set("C++, x = 0 ... 999,999", as_in_report, 1, plot);
  plot.sets.emplace_back("the report's Python, x = 0 ... 999,999", std::vector<double>());
  plot.errors.emplace_back();
  for (const TimedFunction& f : spread) {
    plot.sets.back().second.push_back(f.report);
    plot.errors.back().push_back({f.report, f.report});  // timed once
  }
  plotting::draw_bars(options.figure("figure_8_0_activation_times.png"), plot);
}

}  // namespace

void section_8_1(Context& context) {
  const Options& options = context.options;
  Numbers counting(evaluations), around_zero(evaluations);
  std::iota(counting.begin(), counting.end(), Real(0));
  Random random(options.seed);
  for (Real& x : around_zero) x = static_cast<Real>(random.uniform(-8, 8));

  const std::vector<TimedFunction> as_in_report = measure(counting), spread = measure(around_zero);
  std::printf("Seconds for 1,000,000 calls of each function, one after another: median of %d runs.\n\n",
              runs);
  print(
      "Arguments 0, 1, ... 999,999, as in listing 11.1.4 (nearly all far out, where sigmoid and tanh are 1):",
      as_in_report);
  print("Arguments at random between -8 and 8, where a neuron's are:", spread);
  std::printf(
      "The report's times are of a Python loop, mostly the interpreter's. Its listing times 2 / (1 + "
      "exp(-x)) - 1,\n"
      "which is tanh(x/2); ours is 2 / (1 + exp(-2x)) - 1, as section 2.3 has it. They cost the same.\n\n");

  Results results(options, "8.1");
  add("x = 0 ... 999999", as_in_report, results);
  add("x in -8 ... 8", spread, results);
  results.save();
  draw(options, as_in_report, spread);
}

}  // namespace plaingrad::chapter8
