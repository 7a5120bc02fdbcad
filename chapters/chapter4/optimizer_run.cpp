#include "chapter4/optimizer_run.hpp"

#include <limits>

#include "math/statistics.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad::chapter4 {

namespace {

constexpr double diverged = 1e12;  // a loss from which no run comes back

}  // namespace

std::vector<OptimizerSetup> optimizer_setups() {
  return {{"gradient descent", 64, [](double rate) { return std::make_unique<SGD>(LearningRate{rate}); }},
          {"SGD, m = 8", 8,
           [](double rate) {
             return std::make_unique<SGD>(LearningRate{rate, 0.05});
           }},
          {"Adam, m = 8", 8,
           [](double rate) { return std::make_unique<Adam>(AdamSettings{.learning_rate = rate}); }}};
}

std::vector<Valley> valleys(std::uint64_t seed) {
  std::vector<Valley> result;
  for (const double width : {4., 10.}) {
    Random random(seed);
    const LineFit line(64, width, random);
    result.push_back({width, line, random});
  }
  return result;
}

Run run(const OptimizerSetup& setup, double rate, const Valley& valley,
        const std::pair<double, double>& start) {
  const MeanLoss loss = valley.line.loss();
  const double least = loss.mean(valley.line.best());
  Random random = valley.random;
  Run result{.rate = rate};
  Parameter theta{.name = "theta",
                  .value = Tensor({2}, {static_cast<Real>(start.first), static_cast<Real>(start.second)}),
                  .gradient = Tensor({2})};
  const auto record = [&] {
    result.slope.push_back(static_cast<double>(theta.value[0]));
    result.intercept.push_back(static_cast<double>(theta.value[1]));
    result.excess.push_back(loss.mean(theta.value) - least);
  };
  record();
  //! [one_problem]
  const std::unique_ptr<Optimizer> optimizer = setup.make(rate);
  for (Index k = 0; k < steps && result.excess.back() < diverged; ++k) {
    theta.gradient =
        mini_batch_gradient(loss, theta.value, sample_mini_batch(loss.examples, setup.m, random));
    optimizer->step({&theta});
    record();
  }
  //! [one_problem]
  return result;
}

double final_excess(const Run& run) {
  if (!(run.excess.back() < diverged)) return std::numeric_limits<double>::infinity();
  const double last = mean(std::vector<double>(run.excess.end() - steps / 10, run.excess.end()));
  return last < run.excess.front() ? last : std::numeric_limits<double>::infinity();
}

}  // namespace plaingrad::chapter4
