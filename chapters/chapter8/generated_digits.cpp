/// @file
/// Section 8.8: what can be measured of digits that nobody has written.
#include "chapter8/generated_digits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "data/mini_batches.hpp"
#include "losses/loss.hpp"
#include "math/statistics.hpp"
#include "models/gan.hpp"
#include "optimizers/adam.hpp"

namespace plaingrad {

namespace {

/// The network of section 8.4 after 3 epochs, whatever --epochs says of the GAN.
Sequential& judging_cnn(const Options& options) {
  if (epochs(options) == 3) return cnn_on_mnist(options).model;  // the very same
  static TrainedClassifier trained = [&] {
    Options three = options;
    three.epochs = 3;
    Adam adam;
    return train_cnn(three, "CNN that judges", dataset(DatasetName::mnist, options), adam);
  }();
  return trained.model;
}

Tensor scaled_images(const Dataset& images, Index most) {
  return all_images(first_images(images, most), Real(1) / Real(127.5), -1);
}

}  // namespace

Tensor as_grey(const Tensor& images) {
  Tensor grey = images;
  for (Real& v : grey.values) v = (v + 1) / 2;
  return grey;
}

Judge::Judge(const Options& options, Index most) : cnn_(judging_cnn(options)) {
  const TrainAndTest& data = dataset(DatasetName::mnist, options);
  const Opinion test = ask(scaled_images(data.test, most));
  real_count_ = test.features.extent(0);
  test_ = feature_statistics(test.features);
  real_ = mark(test);
  real_.frechet = frechet_distance(feature_statistics(ask(scaled_images(data.train, most)).features), test_);
  accuracy_ = evaluate_classifier(cnn_, first_images(data.test, most)).accuracy;
}

Judge::Opinion Judge::ask(const Tensor& images) {
  const Index count = images.extent(0), last = cnn_.layer_count() - 1, size = cnn_.shape_after(last - 1)[0];
  Opinion opinion{{}, Tensor({count, size})};
  Tensor logits({count, 10});
  for_each_slice(images, 256, [&](Index first, const Tensor& part) {
    const Tensor x = as_grey(part);
    const Tensor& features = cnn_.forward_to(x, last);
    std::copy_n(features.data(), features.size(), opinion.features.data() + first * size);
    const Tensor& answer = cnn_.forward_to(features, last + 1, last);
    std::copy_n(answer.data(), answer.size(), logits.data() + first * 10);
  });
  softmax(logits, opinion.probabilities);
  return opinion;
}

Marks Judge::mark(const Opinion& opinion) const {
  const std::vector<double> confidence = confidences(opinion.probabilities);
  const auto sure = std::count_if(confidence.begin(), confidence.end(), [](double c) { return c >= 0.9; });
  Marks marks{.confidence = mean(confidence),
              .sure = static_cast<double>(sure) / static_cast<double>(confidence.size()),
              .shares = class_shares(opinion.probabilities)};
  marks.class_entropy = entropy(marks.shares);
  marks.score = classifier_score(opinion.probabilities);
  marks.frechet = frechet_distance(feature_statistics(opinion.features), test_);
  return marks;
}

Marks Judge::mark(const Tensor& images) {
  return mark(ask(images));
}

Tensor Judge::probabilities(const Tensor& images) {
  return ask(images).probabilities;
}

// ---- report card -----------------------------------------------------------------------------------------

namespace {

void print_marks(const Marks& generated, const Marks& real, Index count, Index real_count) {
  const auto line = [](const char* what, double ours, double theirs, const char* unit, int decimals) {
    std::printf("  %-48s%12.*f%-2s%12.*f%s\n", what, decimals, ours, unit, decimals, theirs, unit);
  };
  std::printf("  %-48s%12s  %12s\n", "", "generated", "real");
  std::printf("  %-48s%12td  %12td\n", "images", count, real_count);
  line("confidence of the CNN, mean", 100 * generated.confidence, 100 * real.confidence, " %", 2);
  line("images that it is sure of (0.9 or more)", 100 * generated.sure, 100 * real.sure, " %", 2);
  line("entropy of the classes (log 10 = 2.303)", generated.class_entropy, real.class_entropy, "", 3);
  line("classifier score, exp(E KL(p(y|x) || p(y)))", generated.score, real.score, "", 3);
  line("Frechet distance from the real test images", generated.frechet, real.frechet, "", 3);
  std::printf("\n  Of \"real\" the distance is that of as many training images from these test images.\n\n");
  std::printf("  %-12s", "class");
  for (std::size_t c = 0; c < generated.shares.size(); ++c) std::printf("%7zu", c);
  for (const auto& [name, marks] : {std::pair{"generated", &generated}, {"real", &real}}) {
    std::printf("\n  %-10s %%", name);
    for (const double share : marks->shares) std::printf("%7.1f", 100 * share);
  }
  std::printf("\n\n");
}

void add_marks(const std::string& of, const Marks& marks, Results& results) {
  results.add("confidence of the CNN, " + of, marks.confidence);
  results.add("share of images with confidence 0.9 or more, " + of, marks.sure);
  results.add("entropy of the classes, " + of, marks.class_entropy);
  results.add("shares of the classes, " + of, marks.shares);
  results.add("classifier score, " + of, marks.score);
  results.add("Frechet distance, " + of, marks.frechet);
}

void draw_classes(const Options& options, const Marks& generated, const Marks& real) {
  std::vector<std::string> names;
  std::vector<double> ours, theirs;
  for (std::size_t c = 0; c < generated.shares.size(); ++c) {
    names.push_back(std::to_string(c));
    ours.push_back(100 * generated.shares[c]);
    theirs.push_back(100 * real.shares[c]);
  }
  plotting::draw_bars(options.figure("figure_8_13_classes.png"),
                      {.title = "Which digits the CNN takes them for",
                       .x_label = "digit",
                       .y_label = "% of the images",
                       .categories = names,
                       .sets = {{"generated", ours}, {"real test images", theirs}}});
}

}  // namespace

void report_card(const Options& options, GanTraining& run, Judge& judge, const Tensor& noise,
                 Results& results) {
  const Marks generated = judge.mark(run.generate(noise));
  std::printf("The report card, after epoch %zu:\n\n", run.history().size());
  print_marks(generated, judge.real(), noise.extent(0), judge.real_count());
  add_marks("generated", generated, results);
  add_marks("real", judge.real(), results);
  draw_classes(options, generated, judge.real());
}

// ---- copies? ---------------------------------------------------------------------------------------------

namespace {

double mean_distance(const std::vector<Neighbour>& neighbours) {
  std::vector<double> distances;
  for (const Neighbour& n : neighbours) distances.push_back(n.distance);
  return mean(distances);
}

/// Rows of ten digits, the nearest training image below each.
void draw_nearest(const Options& options, const Tensor& digits, const std::vector<Neighbour>& neighbours,
                  const Dataset& train) {
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
  plotting::draw_images(options.figure("figure_8_13_nearest.png"), rows, captions, columns,
                        "Generated digits, and below each the training image nearest to it");
}

}  // namespace

void nearest_training_images(const Options& options, GanTraining& run, const Dataset& train,
                             Results& results) {
  const Tensor digits = as_grey(run.digits().back());
  const Dataset& test = dataset(DatasetName::mnist, options).test;
  const std::vector<Neighbour> of_generated = nearest_images(digits, train);
  const std::vector<Neighbour> of_real =
      nearest_images(all_images(first_images(test, digits.extent(0))), train);
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
  draw_nearest(options, digits, of_generated, train);
}

// ---- a walk ----------------------------------------------------------------------------------------------

namespace {

/// Along the great circle from a to b: a straight line would pass closer to zero than noise ever is.
//! [between]
void between(const Real* a, const Real* b, double t, Real* z) {
  double aa = 0, bb = 0, ab = 0;
  for (Index i = 0; i < gan_noise_size; ++i) {
    aa += static_cast<double>(a[i] * a[i]);
    bb += static_cast<double>(b[i] * b[i]);
    ab += static_cast<double>(a[i] * b[i]);
  }
  const double angle = std::acos(ab / std::sqrt(aa * bb));
  const double of_a = std::sin((1 - t) * angle) / std::sin(angle),
               of_b = std::sin(t * angle) / std::sin(angle);
  for (Index i = 0; i < gan_noise_size; ++i)
    z[i] = static_cast<Real>(of_a * static_cast<double>(a[i]) + of_b * static_cast<double>(b[i]));
}
//! [between]

}  // namespace

void walk(const Options& options, GanTraining& run) {
  constexpr Index columns = 10, rows = 3;
  Tensor z({rows * columns, gan_noise_size});
  for (Index row = 0; row < rows; ++row)
    for (Index i = 0; i < columns; ++i) {
      const Real* start = run.digit_noise().data() + 2 * row * gan_noise_size;
      between(start, start + gan_noise_size, static_cast<double>(i) / (columns - 1),
              z.data() + (row * columns + i) * gan_noise_size);
    }
  plotting::draw_images(options.figure("figure_8_13_walk.png"), as_grey(run.generate(z)), {}, columns,
                        "From the noise of one digit to that of the next");
}

}  // namespace plaingrad
