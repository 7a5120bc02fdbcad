/// @file
/// Section 8.8: scores of generated digits, their nearest training images, and interpolation between them.
#include "chapter8/generated_digits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapter8/slerp.hpp"
#include "data/mini_batches.hpp"
#include "losses/loss.hpp"
#include "math/statistics.hpp"
#include "models/gan.hpp"
#include "optimizers/adam.hpp"
#include "training/stop.hpp"

namespace plaingrad::chapter8 {

namespace {

Tensor scaled_images(const Dataset& images, Index max_images) {
  return all_images(first_images(images, max_images), Real(1) / Real(127.5), -1);
}

}  // namespace

Tensor as_grey(const Tensor& images) {
  Tensor grey = images;
  for (Real& v : grey.values) v = (v + 1) / 2;
  return grey;
}

void Scores::add_to(Record& record, const std::string& of) const {
  record.scores[of + ", confidence"] = {confidence};
  record.scores[of + ", confident"] = {confident};
  record.scores[of + ", shares"] = shares;
  record.scores[of + ", class entropy"] = {class_entropy};
  record.scores[of + ", classifier score"] = {classifier_score};
  record.scores[of + ", Frechet distance"] = {frechet};
}

Scores Scores::of_record(const Record& record, const std::string& of) {
  return {.confidence = record.score(of + ", confidence")[0],
          .confident = record.score(of + ", confident")[0],
          .shares = record.score(of + ", shares"),
          .class_entropy = record.score(of + ", class entropy")[0],
          .classifier_score = record.score(of + ", classifier score")[0],
          .frechet = record.score(of + ", Frechet distance")[0]};
}

Evaluator::Evaluator(Sequential cnn, const TrainAndTest& data, Index max_images) : cnn_(std::move(cnn)) {
  const Predictions test = predict(scaled_images(data.test, max_images));
  real_count_ = test.features.extent(0);
  test_ = feature_statistics(test.features);
  real_ = scores(test);
  real_.frechet =
      frechet_distance(feature_statistics(predict(scaled_images(data.train, max_images)).features), test_);
  accuracy_ = evaluate_classifier(cnn_, first_images(data.test, max_images)).accuracy;
}

Evaluator::Predictions Evaluator::predict(const Tensor& images) {
  const Index count = images.extent(0), last = cnn_.layer_count() - 1, size = cnn_.shape_after(last - 1)[0];
  Predictions predictions{{}, Tensor({count, size})};
  Tensor logits({count, 10});
  for_each_slice(images, 256, [&](Index first, const Tensor& part) {
    throw_if_stopped();
    const Tensor x = as_grey(part);
    const Tensor& features = cnn_.forward_to(x, last);
    std::copy_n(features.data(), features.size(), predictions.features.data() + first * size);
    const Tensor& part_logits = cnn_.forward_to(features, last + 1, last);
    std::copy_n(part_logits.data(), part_logits.size(), logits.data() + first * 10);
  });
  softmax(logits, predictions.probabilities);
  return predictions;
}

Scores Evaluator::scores(const Predictions& predictions) const {
  const std::vector<double> confidence = confidences(predictions.probabilities);
  const auto confident =
      std::count_if(confidence.begin(), confidence.end(), [](double c) { return c >= 0.9; });
  Scores result{.confidence = mean(confidence),
                .confident = static_cast<double>(confident) / static_cast<double>(confidence.size()),
                .shares = class_shares(predictions.probabilities)};
  result.class_entropy = entropy(result.shares);
  result.classifier_score = classifier_score(predictions.probabilities);
  result.frechet = frechet_distance(feature_statistics(predictions.features), test_);
  return result;
}

Scores Evaluator::scores(const Tensor& images) {
  return scores(predict(images));
}

Tensor Evaluator::probabilities(const Tensor& images) {
  return predict(images).probabilities;
}

// ---- scores ----------------------------------------------------------------------------------------------

namespace {

void print_table(const Scores& generated, const Scores& real, double count, double real_count) {
  const auto line = [](const char* what, double ours, double theirs, const char* unit, int decimals) {
    std::printf("  %-48s%12.*f%-2s%12.*f%s\n", what, decimals, ours, unit, decimals, theirs, unit);
  };
  std::printf("  %-48s%12s  %12s\n", "", "generated", "real");
  line("images", count, real_count, "", 0);
  line("confidence of the CNN, mean", 100 * generated.confidence, 100 * real.confidence, " %", 2);
  line("images that it is sure of (0.9 or more)", 100 * generated.confident, 100 * real.confident, " %", 2);
  line("entropy of the classes (log 10 = 2.303)", generated.class_entropy, real.class_entropy, "", 3);
  line("classifier score, exp(E KL(p(y|x) || p(y)))", generated.classifier_score, real.classifier_score, "",
       3);
  line("Frechet distance from the real test images", generated.frechet, real.frechet, "", 3);
  std::printf("\n  Of \"real\" the distance is that of as many training images from these test images.\n\n");
  std::printf("  %-12s", "class");
  for (std::size_t c = 0; c < generated.shares.size(); ++c) std::printf("%7zu", c);
  for (const auto& [name, scores] : {std::pair{"generated", &generated}, {"real", &real}}) {
    std::printf("\n  %-10s %%", name);
    for (const double share : scores->shares) std::printf("%7.1f", 100 * share);
  }
  std::printf("\n\n");
}

void add_scores(const std::string& of, const Scores& scores, Results& results) {
  results.add("confidence of the CNN, " + of, scores.confidence);
  results.add("share of images with confidence 0.9 or more, " + of, scores.confident);
  results.add("entropy of the classes, " + of, scores.class_entropy);
  results.add("shares of the classes, " + of, scores.shares);
  results.add("classifier score, " + of, scores.classifier_score);
  results.add("Frechet distance, " + of, scores.frechet);
}

void draw_classes(const Options& options, const std::string& stem, const Scores& generated,
                  const Scores& real) {
  std::vector<std::string> names;
  std::vector<double> ours, theirs;
  for (std::size_t c = 0; c < generated.shares.size(); ++c) {
    names.push_back(std::to_string(c));
    ours.push_back(100 * generated.shares[c]);
    theirs.push_back(100 * real.shares[c]);
  }
  plotting::draw_bars(options.figure("figure_" + stem + "_classes.png"),
                      {.title = "Which digits the CNN takes them for",
                       .x_label = "digit",
                       .y_label = "% of the images",
                       .categories = names,
                       .sets = {{"generated", ours}, {"real test images", theirs}},
                       .legend = plotting::Legend::below});
}

}  // namespace

void print_scores(const Options& options, const std::string& stem, const Record& record, Results& results) {
  const Scores generated = Scores::of_record(record, "generated"), real = Scores::of_record(record, "real");
  const std::vector<double>& count = record.score("images scored, generated and real");
  std::printf("Scores after epoch %zu:\n\n", record.seconds.size());
  print_table(generated, real, count.front(), count.back());
  add_scores("generated", generated, results);
  add_scores("real", real, results);
  draw_classes(options, stem, generated, real);
}

// ---- nearest training images -----------------------------------------------------------------------------

namespace {

double mean_distance(const std::vector<Neighbour>& neighbours) {
  std::vector<double> distances;
  for (const Neighbour& n : neighbours) distances.push_back(n.distance);
  return mean(distances);
}

/// Rows of ten digits, the nearest training image below each.
void draw_nearest(const Options& options, const std::string& stem, const Tensor& digits,
                  const std::vector<Neighbour>& neighbours, const Dataset& train) {
  std::vector<Index> positions;
  for (const Neighbour& n : neighbours) positions.push_back(n.position);
  Tensor nearest;
  gather_images(train, positions, Real(1) / 255, 0, nearest);
  Tensor rows({0, 28, 28, 1});
  std::vector<std::string> captions;
  const Index count = digits.extent(0), columns = 10;
  for (Index first = 0; first + columns <= count; first += columns)
    for (const Tensor* images : {&digits, static_cast<const Tensor*>(&nearest)}) {
      const Tensor row = slice(*images, first, columns);
      rows.values.insert(rows.values.end(), row.values.begin(), row.values.end());
      rows.shape[0] += columns;
      for (Index i = first; i < first + columns; ++i) {
        char text[24];
        std::snprintf(text, sizeof text, "distance %.1f", neighbours[static_cast<std::size_t>(i)].distance);
        captions.push_back(images == &digits ? "generated" : text);
      }
    }
  plotting::draw_images(options.figure("figure_" + stem + "_nearest.png"), rows, captions, columns,
                        "Generated digits, and below each the training image nearest to it");
}

}  // namespace

void compare_with_nearest(const Options& options, const std::string& stem, const Tensor& generated,
                          const TrainAndTest& data, const Dataset& train, Results& results) {
  const Tensor digits = as_grey(generated);
  const std::vector<Neighbour> of_generated = nearest_images(digits, train);
  const std::vector<Neighbour> of_real =
      nearest_images(all_images(first_images(data.test, digits.extent(0))), train);
  const auto least =
      std::min_element(of_generated.begin(), of_generated.end(),
                       [](const Neighbour& a, const Neighbour& b) { return a.distance < b.distance; });
  std::printf("Is it copying? Distance to the nearest of the %td training images, pixels from 0 to 1:\n\n",
              train.count());
  std::printf("  mean of the %td generated digits   %8.3f   (the least of them %.3f)\n", digits.extent(0),
              mean_distance(of_generated), least->distance);
  std::printf("  mean of %td real test images       %8.3f\n\n", digits.extent(0), mean_distance(of_real));
  results.add("distance to the nearest training image, generated", mean_distance(of_generated));
  results.add("distance to the nearest training image, least", least->distance);
  results.add("distance to the nearest training image, real test images", mean_distance(of_real));
  draw_nearest(options, stem, digits, of_generated, train);
}

// ---- interpolation ---------------------------------------------------------------------------------------

void draw_interpolation(const Options& options, GanRun& run) {
  constexpr Index columns = 10, rows = 3;
  Tensor z({rows * columns, gan_noise_size});
  for (Index row = 0; row < rows; ++row)
    for (Index i = 0; i < columns; ++i) {
      const Real* start = run.digit_noise().data() + 2 * row * gan_noise_size;
      slerp(start, start + gan_noise_size, static_cast<double>(i) / (columns - 1),
            z.data() + (row * columns + i) * gan_noise_size);
    }
  plotting::draw_images(options.figure("figure_8_13_walk.png"), as_grey(run.generate(z)), {}, columns,
                        "From the noise of one digit to that of the next");
}

}  // namespace plaingrad::chapter8
