/// @file
/// How few errors the network of section 7.3.1 makes if it is trained with a little more care.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "beyond/sections.hpp"
#include "chapter8/common.hpp"
#include "chapter8/seeds.hpp"
#include "data/mini_batches.hpp"
#include "math/decimal.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/one_cycle.hpp"
#include "training/fit_state.hpp"
#include "training/fit_steps.hpp"

namespace plaingrad::beyond {

using namespace chapter8;

namespace {

// ---- how it is trained -----------------------------------------------------------------------------------

//! [recipe]
/// The settings for each data set.
struct Recipe {
  DatasetName data;
  std::string name, slug;
  int epochs;
  double learning_rate;  ///< the peak of a rate that rises and falls
  bool mirror;           ///< a boot may point either way; a digit may not
  double goal;           ///< test accuracy
};

const std::vector<Recipe> recipes = {
    {.data = DatasetName::mnist,
     .name = "MNIST",
     .slug = "mnist",
     .epochs = 15,
     .learning_rate = 0.004,
     .mirror = false,
     .goal = 0.996},
    {.data = DatasetName::fashion_mnist,
     .name = "Fashion-MNIST",
     .slug = "fashion",
     .epochs = 30,
     .learning_rate = 0.004,
     .mirror = true,
     .goal = 0.935},
};

constexpr Index batch_size = 64;
constexpr double beta2 = 0.99, smoothing = 0.1;
//! [recipe]

Training training_with(Context& context, const Recipe& recipe, std::uint64_t seed) {
  return context.training("CNN on " + recipe.name + ", with care", "flawless-" + recipe.slug, recipe.data,
                          epochs(context.options, 1, recipe.epochs), seed,
                          {{"optimizer", "Adam"},
                           {"batch size", std::to_string(batch_size)},
                           {"greatest rate", significant(recipe.learning_rate, 9)},
                           {"beta2", significant(beta2, 9)},
                           {"smoothing", significant(smoothing, 9)},
                           {"shift", "1"},
                           {"mirror", recipe.mirror ? "yes" : "no"}});
}

//! [train_epoch]
/// One epoch of a training of `epochs`. @return the mean loss, with smoothed labels
double train_epoch(Sequential& model, Adam& adam, const Dataset& images, const Recipe& recipe, int epoch,
                   int epochs, Random& random, Progress& progress) {
  const Index steps = mini_batch_count(images.count(), batch_size), before = (epoch - 1) * steps;
  double sum = 0;
  fit_steps(
      model, adam, images,
      {.steps = steps,
       .batch_size = batch_size,
       .learning_rate = [&](Index k) { return one_cycle(before + k, epochs * steps, recipe.learning_rate); },
       .smoothing = smoothing,
       .shift = 1,
       .mirror = recipe.mirror,
       .after_step =
           [&](Index k, double loss) {
             sum += loss;
             progress.step(epoch, k, "loss " + fixed(sum / static_cast<double>(k), 4));
           }},
      random);
  return sum / static_cast<double>(steps);
}
//! [train_epoch]

void train(Context& context, const Recipe& recipe, std::uint64_t seed) {
  const Training training = training_with(context, recipe, seed);
  const TrainAndTest& data = context.dataset(recipe.data);
  Random random(seed);
  Sequential model = make_cnn(random);
  Adam adam({.learning_rate = recipe.learning_rate, .beta2 = beta2});
  const ActiveRun run = context.start_run(training);
  Progress progress(training.title, std::cerr, isatty(STDERR_FILENO) == 1);
  progress.begin(training.epochs, mini_batch_count(data.train.count(), batch_size));

  History history;
  const FitState state{model, adam, random, history, nullptr};
  const FitOptions options{.epochs = training.epochs, .run = &run.file};
  resume(state, options);
  while (std::ssize(history) < training.epochs) {
    Epoch epoch{.number = static_cast<int>(history.size()) + 1};
    const auto start = std::chrono::steady_clock::now();
    epoch.loss =
        train_epoch(model, adam, data.train, recipe, epoch.number, training.epochs, random, progress);
    epoch.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const Evaluation test = evaluate_classifier(model, data.test);
    epoch.validation_loss = test.loss;
    epoch.validation_accuracy = test.accuracy;
    history.push_back(epoch);
    keep(state, options);
    progress.epoch_done(epoch.number, "loss " + fixed(epoch.loss, 4) + ", test accuracy " +
                                          fixed(100 * test.accuracy, 2) + " %");
  }
  if (context.is_recorded(training)) return;
  Record record;
  set_history(record, history, false);
  for (const Epoch& epoch : history)
    record.history["validation accuracy"].push_back(epoch.validation_accuracy);
  record.misclassified = misclassified(evaluate_classifier(model, data.test), data.test);
  context.keep(training, record, model);
}

// ---- table and figures -----------------------------------------------------------------------------------

/// The same network, trained as in chapter 8.
CnnSettings plain(const Options& options, DatasetName data) {
  return data == DatasetName::mnist ? cnn_on_mnist(options) : fashion_cnn(options, 3);
}

struct Row {
  Training training;
  std::vector<double> last;  ///< test accuracy after the last epoch, for each seed
};

Row row_of(Context& context, const Training& training) {
  context.record(training);  // that of this seed must be there
  return {training, over_seeds(context.records(training), &Summary::last)};
}

void print(const std::string& name, const Row& row, Results& results) {
  const auto [least, greatest] = std::minmax_element(row.last.begin(), row.last.end());
  std::printf("%-42s%7d%7zu%18s%9s%10s\n", name.c_str(), row.training.epochs, row.last.size(),
              percent(spread(row.last)).c_str(), fixed(100 * *least, 2).c_str(),
              fixed(100 * *greatest, 2).c_str());
  const Spread all = spread(row.last);
  results.add(name, std::map<std::string, double>{{"mean", all.mean},
                                                  {"standard deviation", all.seeds > 1 ? all.deviation : 0},
                                                  {"least", *least},
                                                  {"greatest", *greatest},
                                                  {"seeds", static_cast<double>(all.seeds)}});
}

void draw_errors(Context& context, const Recipe& recipe) {
  std::vector<plotting::Series> curves;
  const auto add = [&](const std::string& name, const Training& training, plotting::Style style) {
    auto errors = by_epoch(context.records(training), "validation accuracy");
    for (std::vector<double>& of_epoch : errors)
      for (double& value : of_epoch) value = 1 - value;
    curves.push_back(band(name, errors, style, 100));
  };
  const std::uint64_t seed = context.options.seed;
  add("as in the report", cnn_training(context, plain(context.options, recipe.data), seed),
      plotting::Style::dashed);
  add("with care", training_with(context, recipe, seed), plotting::Style::line);
  plotting::draw_lines(context.options.figure("figure_beyond_flawless_" + recipe.slug + ".png"),
                       {{.title = "The same network on " + recipe.name,
                         .x_label = "epoch",
                         .y_label = "test error, %",
                         .series = curves,
                         .y_range = around_all(curves),
                         .y_logarithmic = true}});
}

/// All test images that the network of the seed that is plotted still misclassifies; the first ones if there
/// are very many.
void draw_mistakes(Context& context, const Recipe& recipe) {
  const Dataset& test = context.dataset(recipe.data).test;
  const Record record = context.record(training_with(context, recipe, context.options.seed));
  std::vector<Index> positions;
  std::vector<std::string> captions;
  for (const Misclassified& mistake : record.misclassified) {
    if (positions.size() == 50) break;
    const std::uint8_t label = test.labels.at(static_cast<std::size_t>(mistake.image));
    positions.push_back(mistake.image);
    captions.push_back(std::to_string(label) + ": " + std::to_string(mistake.predicted));
  }
  if (positions.empty()) return;
  Tensor images;
  gather_images(test, positions, Real(1) / 255, 0, images);
  plotting::draw_images(context.options.figure("figure_beyond_mistakes.png"), images, captions, 10,
                        "What is still mistaken: true digit, and what it is taken for");
}

}  // namespace

std::vector<Job> flawless_jobs(Context& context, std::uint64_t seed) {
  std::vector<Job> jobs;
  for (const Recipe& recipe : recipes) {
    jobs.push_back(cnn_job(context, plain(context.options, recipe.data), seed));
    jobs.push_back({{training_with(context, recipe, seed)},
                    [recipe, seed](Context& with) { train(with, recipe, seed); }});
  }
  return jobs;
}

void almost_flawless(Context& context) {
  Results results(context.options, "flawless");
  std::printf("Test accuracy after the last epoch, in %%\n\n%-42s%7s%7s%18s%9s%10s\n", "", "epochs", "seeds",
              "mean", "least", "greatest");
  for (const Recipe& recipe : recipes) {
    const std::uint64_t seed = context.options.seed;
    print(recipe.name + ", as in the report",
          row_of(context, cnn_training(context, plain(context.options, recipe.data), seed)), results);
    const Row row = row_of(context, training_with(context, recipe, seed));
    print(recipe.name + ", with care", row, results);
    std::printf("%-42s%7s%7s%18s\n", "   the goal", "", "", fixed(100 * recipe.goal, 2).c_str());
  }
  std::printf("\n");
  results.save();
  for (const Recipe& recipe : recipes) draw_errors(context, recipe);
  draw_mistakes(context, recipes.front());
}

}  // namespace plaingrad::beyond
