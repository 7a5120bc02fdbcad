/// @file
/// Section 8.8: the generative adversarial network of listing 11.1.3 generates digits. Fig. 8.13, its GIF,
/// and the scores of the digits, epoch by epoch.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include "chapter8/common.hpp"
#include "chapter8/generated_digits.hpp"
#include "chapter8/sections.hpp"
#include "data/mini_batches.hpp"
#include "models/gan.hpp"

namespace plaingrad::chapter8 {

namespace {

/// What the scales differ in. A step on 64 images takes a quarter of the time, and early on the number of
/// steps counts: so the quick scale has smaller mini-batches rather than fewer steps.
struct Scale {
  Index batch_size, images;
  int epochs;
  Index evaluated;            ///< images that are scored at the end
  Index evaluated_per_epoch;  ///< and after each epoch

  explicit Scale(const Options& options)
      : batch_size(options.full ? 256 : 64),
        images(options.full ? 60000 : 6400),
        epochs(chapter8::epochs(options, 10, 50)),
        evaluated(options.full ? 10000 : 2000),
        evaluated_per_epoch(options.full ? 2000 : 1000) {}
};

// ---- training --------------------------------------------------------------------------------------------

Training gan_training(Context& context) {
  const Scale scale(context.options);
  return context.training("GAN", "gan", DatasetName::mnist, scale.epochs,
                          {{"optimizer", "Adam 1e-4"},
                           {"batch size", std::to_string(scale.batch_size)},
                           {"training images", std::to_string(scale.images)},
                           {"evaluated after each epoch", std::to_string(scale.evaluated_per_epoch)}});
}

/// Goes on from the run's file, if there is one.
void resume(GanRun& run, const RunFile& file) {
  const std::optional<Checkpoint> kept = file.load();
  if (!kept) return;
  try {
    run.restore(*kept);
  } catch (const std::runtime_error& error) {
    file.refuse(error.what());
  }
}

void add_scores(GanEpoch& epoch, const Scores& scores) {
  epoch.scores = {
      {"confidence", scores.confidence}, {"score", scores.classifier_score}, {"frechet", scores.frechet}};
}

//! [train]
void train(GanRun& run, RunFile& file, const Scale& scale, const Dataset& images, Evaluator& evaluator,
           const Tensor& noise) {
  resume(run, file);
  Progress progress(file.title(), std::cerr, isatty(STDERR_FILENO) == 1);
  progress.begin(scale.epochs, mini_batch_count(images.count(), scale.batch_size));
  const auto keep = [&](GanEpoch& epoch) {
    add_scores(epoch, evaluator.scores(run.generate(noise)));
    file.save(run.checkpoint(), epoch.number);
  };
  while (static_cast<int>(run.history().size()) < scale.epochs) run.run_epoch(images, &progress, keep);
}
//! [train]

void print_epochs(const std::vector<GanEpoch>& history) {
  std::printf("%5s%10s%10s%14s%19s%19s%11s\n", "epoch", "loss D", "loss G", "confidence", "classifier score",
              "Frechet distance", "seconds");
  for (const GanEpoch& epoch : history)
    std::printf("%5d%10.4f%10.4f%12.2f %%%19.3f%19.3f%11.1f\n", epoch.number, epoch.discriminator_loss,
                epoch.generator_loss, 100 * epoch.scores.at("confidence"), epoch.scores.at("score"),
                epoch.scores.at("frechet"), epoch.seconds);
  std::printf("\n");
}

// ---- figures ---------------------------------------------------------------------------------------------

/// "8, 99 %": the predicted class of each image and its probability.
std::vector<std::string> prediction_captions(const Tensor& probabilities) {
  std::vector<std::string> texts;
  const std::vector<Index> predicted = argmax(probabilities);
  const std::vector<double> confidence = confidences(probabilities);
  for (std::size_t n = 0; n < predicted.size(); ++n) {
    char text[32];
    std::snprintf(text, sizeof text, "%td, %.0f %%", predicted[n], 100 * confidence[n]);
    texts.push_back(text);
  }
  return texts;
}

void draw_digits(const Options& options, GanRun& run, Evaluator& evaluator) {
  const Tensor& last = run.digits().back();
  const std::string epoch = "epoch " + std::to_string(run.history().size());
  plotting::draw_images(options.figure("figure_8_13_generated.png"), as_grey(last),
                        prediction_captions(evaluator.probabilities(last)), 4, "After " + epoch);
  std::vector<Tensor> frames;
  std::vector<std::string> titles;
  for (const Tensor& digits : run.digits()) {
    frames.push_back(as_grey(digits));
    titles.push_back("epoch " + std::to_string(frames.size()));
  }
  plotting::animate_images(options.figure("figure_8_13_generated.gif"), frames, titles, 5, {0, 1}, 25);
}

plotting::Series over_epochs(const std::string& name, const std::vector<GanEpoch>& history,
                             const std::function<double(const GanEpoch&)>& value) {
  plotting::Series series{name, {}, {}, plotting::Style::line_and_points};
  for (const GanEpoch& epoch : history) {
    series.x.push_back(epoch.number);
    series.y.push_back(value(epoch));
  }
  return series;
}

plotting::Series level(const std::string& name, const std::vector<GanEpoch>& history, double height) {
  plotting::Series series = over_epochs(name, history, [&](const GanEpoch&) { return height; });
  series.style = plotting::Style::dashed;
  return series;
}

/// A score of the generated images over the epochs, and that of real ones.
plotting::LinePlot score_plot(const std::string& title, const std::string& key, double of_real,
                              const std::vector<GanEpoch>& history) {
  return {.title = title,
          .x_label = "epoch",
          .y_label = "",
          .series = {over_epochs("generated", history, [&](const GanEpoch& e) { return e.scores.at(key); }),
                     level("real", history, of_real)},
          .x_range = {0.5, static_cast<double>(history.size()) + 0.5}};
}

void draw_epochs(const Options& options, const std::vector<GanEpoch>& history, const Scores& real) {
  plotting::LinePlot losses{
      .title = "Losses",
      .x_label = "epoch",
      .y_label = "",
      .series = {over_epochs("D", history, [](const auto& e) { return e.discriminator_loss; }),
                 over_epochs("G", history, [](const auto& e) { return e.generator_loss; }),
                 level("D if it could not tell: log 4", history, std::log(4.0)),
                 level("G then: log 2", history, std::log(2.0))},
      .x_range = {0.5, static_cast<double>(history.size()) + 0.5}};
  losses.legend = plotting::Legend::below;
  plotting::draw_lines(
      options.figure("figure_8_13_epochs.png"),
      {losses, score_plot("Confidence of the CNN", "confidence", real.confidence, history),
       score_plot("Classifier score", "score", real.classifier_score, history),
       score_plot("Fréchet distance from real test images", "frechet", real.frechet, history)},
      2);
}

/// The report's sentence about 20 percent, and what can be said instead.
void print_confident_digits(GanRun& run, Evaluator& evaluator, Results& results) {
  const std::vector<double> confidence = confidences(evaluator.probabilities(run.digits().back()));
  const auto count = [&](double least) {
    return std::count_if(confidence.begin(), confidence.end(), [least](double c) { return c >= least; });
  };
  std::printf(
      "Of the %zu digits of Fig. 8.13 the CNN is sure (0.9 or more) of %td, and half sure (0.5) of %td.\n",
      confidence.size(), count(0.9), count(0.5));
  std::printf(
      "(The report: the CNN identifies 20 percent. Nobody has written these digits, so there is no true\n"
      "label to be right about, and no accuracy; what the report compared with is not said.)\n\n");
  results.add("digits of Fig. 8.13 with confidence 0.9 or more", count(0.9));
  results.add("digits of Fig. 8.13 with confidence 0.5 or more", count(0.5));
}

void add_gan_run(const Options& options, const Scale& scale, const Dataset& images, const GanRun& run,
                 Results& results) {
  results.add("scale", options.full ? "full" : "quick");
  results.add("epochs", std::ssize(run.history()), 50);
  results.add("batch size", scale.batch_size, 256);
  results.add("training images", images.count(), 60000);
  double seconds = 0;
  for (const GanEpoch& epoch : run.history())
    seconds += epoch.seconds / static_cast<double>(run.history().size());
  results.add("seconds per epoch", seconds);
  results.add("loss of the discriminator, last epoch", run.history().back().discriminator_loss);
  results.add("loss of the generator, last epoch", run.history().back().generator_loss);
}

}  // namespace

std::vector<Training> trainings_8_8(Context& context) {
  return {cnn_of_three_epochs(context), gan_training(context)};
}

void section_8_8(Context& context) {
  const Options& options = context.options;
  const Scale scale(options);
  const TrainAndTest& data = context.dataset(DatasetName::mnist);
  const Dataset images = first_images(data.train, scale.images);
  GanRun run({.batch_size = scale.batch_size,
              .seed = options.seed,
              .images = "the first " + std::to_string(images.count()) + " of MNIST"});
  Evaluator evaluator(context, scale.evaluated);
  std::printf("Generator and discriminator of listing 11.1.3: %d epochs (the report: 50), batch %td (256),\n",
              scale.epochs, scale.batch_size);
  std::printf("%td images (60000) scaled to -1 ... 1, noise of %td numbers, Adam with learning rate 1e-4.\n",
              images.count(), gan_noise_size);
  std::printf(
      "They are scored by the CNN of section 8.4 after 3 epochs, accuracy %.2f %% on %td test images.\n\n",
      100 * evaluator.accuracy(), evaluator.real_count());
  std::fflush(stdout);

  Random random(options.seed + 1);  // of its own: scoring does not change the training
  Tensor noise({scale.evaluated, gan_noise_size}), less_noise({scale.evaluated_per_epoch, gan_noise_size});
  random.fill_normal(noise);
  std::copy_n(noise.data(), less_noise.size(), less_noise.data());
  train(run, context.begin_run(gan_training(context)), scale, images, evaluator, less_noise);
  print_epochs(run.history());

  Results results(options, "8.8");
  add_gan_run(options, scale, images, run, results);
  print_scores(options, run, evaluator, noise, results);
  print_confident_digits(run, evaluator, results);
  compare_with_nearest(options, run, data, images, results);
  draw_digits(options, run, evaluator);
  draw_epochs(options, run.history(), evaluator.real());
  draw_interpolation(options, run);
  results.save();
}

}  // namespace plaingrad::chapter8
