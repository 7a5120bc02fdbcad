/// @file
/// Training and evaluation of a classifier on a few real digits: the history, errors, and that the same seed
/// gives the same bits.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "data/dataset.hpp"
#include "errors.hpp"
#include "math/decimal.hpp"
#include "math/threads.hpp"
#include "models/cnn.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/sgd.hpp"
#include "small_network.hpp"
#include "training/fit.hpp"
#include "training/fit_reconstruction.hpp"
#include "training/fit_steps.hpp"

using namespace plaingrad;

namespace {

/// 200 training and 50 test digits: few enough to train on within a second.
struct Digits {
  Dataset train, test;
  Digits() {
    const TrainAndTest sample = load_dataset(DatasetName::mnist, "tests/data");
    train = first_images(sample.train, 200);
    test = first_images(sample.test, 50);
  }
};

const Digits& digits() {
  static const Digits digits;
  return digits;
}

/// All parameters one after another.
std::vector<Real> values_of(Sequential& model) {
  std::vector<Real> values;
  for (const Parameter* parameter : model.parameters())
    values.insert(values.end(), parameter->value.values.begin(), parameter->value.values.end());
  return values;
}

struct Trained {
  History history;
  std::vector<Real> values;
};

Trained train(std::uint64_t seed, const FitOptions& options) {
  Random random(seed);
  Sequential model = make_cnn(random);
  Adam adam;
  const History history = fit_classifier(model, adam, digits().train, digits().test, options, random);
  return {history, values_of(model)};
}

/// Leaves the parameters as they are and records the gradient of the last layer's bias at every step.
class GradientRecorder : public Optimizer {
 public:
  void step(const std::vector<Parameter*>& parameters) override {
    gradients.push_back(parameters.back()->gradient.values);
  }
  std::vector<std::vector<Real>> gradients;
};

std::string message_at_rate(double learning_rate) {
  Random random(1);
  Sequential model = make_cnn(random);
  SGD sgd(LearningRate{.initial = learning_rate});
  try {
    fit_classifier(model, sgd, digits().train, digits().test, {.epochs = 2}, random);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fit)

BOOST_AUTO_TEST_CASE(loss_falls_and_accuracy_rises) {
  const History history = train(1, {.epochs = 4}).history;
  BOOST_REQUIRE(history.size() == 4u);
  BOOST_TEST(history.front().loss < 2.4);  // log 10 = 2.30 is what pure guessing costs
  BOOST_TEST(history.back().loss < 0.7 * history.front().loss);
  BOOST_TEST(history.back().accuracy > 0.7);
  BOOST_TEST(history.back().validation_accuracy > 0.5);
}

BOOST_AUTO_TEST_CASE(history_has_every_epoch) {
  Random random(1);
  Sequential model = make_cnn(random);
  Adam adam;
  std::vector<Epoch> reported;
  std::vector<Evaluation> then;
  FitOptions options{.epochs = 2};
  options.after_epoch = [&](const Epoch& epoch) {
    reported.push_back(epoch);
    then.push_back(evaluate_classifier(model, digits().test));
  };
  const History history = fit_classifier(model, adam, digits().train, digits().test, options, random);
  BOOST_REQUIRE(history.size() == 2u);
  BOOST_REQUIRE(reported.size() == 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    BOOST_TEST(history[i].number == static_cast<int>(i) + 1);
    BOOST_TEST(history[i].seconds > 0);
    BOOST_TEST(reported[i].number == history[i].number);
    BOOST_TEST(reported[i].loss == history[i].loss);
    BOOST_TEST(history[i].validation_loss == then[i].loss);
    BOOST_TEST(history[i].validation_accuracy == then[i].accuracy);
  }
}

// With parameters that stay as they are, loss and accuracy of an epoch are those of an evaluation of the
// training images, provided that each is used once and the last mini-batch, smaller than the others, is
// weighted by its size.
BOOST_AUTO_TEST_CASE(an_epoch_uses_every_image_once) {
  Random random(2);
  Sequential model = make_cnn(random);
  GradientRecorder recorder;
  const FitOptions options{.epochs = 1, .batch_size = 64};  // 64 + 64 + 64 + 8
  const History history = fit_classifier(model, recorder, digits().train, digits().test, options, random);
  const Evaluation all = evaluate_classifier(model, digits().train);
  BOOST_TEST(recorder.gradients.size() == 4u);
  BOOST_CHECK_SMALL(history[0].loss - all.loss, 1e-12);
  BOOST_CHECK_SMALL(history[0].accuracy - all.accuracy, 1e-12);
}

BOOST_AUTO_TEST_CASE(every_epoch_has_an_order_of_its_own) {
  Random random(3);
  Sequential model = make_cnn(random);
  GradientRecorder recorder;
  fit_classifier(model, recorder, digits().train, digits().test, {.epochs = 2, .batch_size = 100}, random);
  BOOST_REQUIRE(recorder.gradients.size() == 4u);
  BOOST_TEST((recorder.gradients[0] != recorder.gradients[2]));
  BOOST_TEST((recorder.gradients[0] != recorder.gradients[3]));
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_one_mini_batch) {
  Random random(3);
  Sequential model = make_cnn(random);
  GradientRecorder recorder;
  fit_classifier(model, recorder, digits().train, digits().test, {.epochs = 1, .batch_size = 100}, random);
  // With parameters that stay as they are, the mean over two halves is the mean over all. It would not be if
  // the second half's gradient were added to the first's.
  Random again(3);
  Sequential whole = make_cnn(again);
  GradientRecorder of_all;
  fit_classifier(whole, of_all, digits().train, digits().test, {.epochs = 1, .batch_size = 200}, again);
  BOOST_REQUIRE(recorder.gradients.size() == 2u);
  for (std::size_t i = 0; i < 10; ++i)
    BOOST_CHECK_SMALL(static_cast<double>((recorder.gradients[0][i] + recorder.gradients[1][i]) / 2 -
                                          of_all.gradients[0][i]),
                      1e-12);
}

BOOST_AUTO_TEST_CASE(same_seed_same_bits) {
  const Trained one = train(7, {.epochs = 1}), same = train(7, {.epochs = 1}),
                other = train(8, {.epochs = 1});
  BOOST_TEST((one.values == same.values));
  BOOST_TEST(one.history[0].loss == same.history[0].loss);
  BOOST_TEST(one.history[0].validation_loss == same.history[0].validation_loss);
  BOOST_TEST((one.values != other.values));
}

BOOST_AUTO_TEST_CASE(number_of_threads_does_not_change_a_bit) {
  const int before = thread_count();
  set_thread_count(1);
  const Trained one = train(7, {.epochs = 1});
  set_thread_count(3);
  const Trained three = train(7, {.epochs = 1});
  set_thread_count(before);
  BOOST_TEST((one.values == three.values));
  BOOST_TEST(one.history[0].loss == three.history[0].loss);
}

BOOST_AUTO_TEST_CASE(evaluation_of_a_tensor_is_that_of_the_data_set) {
  Random random(4);
  Sequential model = make_cnn(random);
  const Dataset& test = digits().train;  // 200: more than one batch
  const Evaluation bytes = evaluate_classifier(model, test);
  const Evaluation tensor = evaluate_classifier(model, all_images(test), test.labels);
  BOOST_TEST(bytes.loss == tensor.loss);
  BOOST_TEST(bytes.accuracy == tensor.accuracy);
  BOOST_TEST(bytes.predicted == tensor.predicted, boost::test_tools::per_element());
  BOOST_REQUIRE(bytes.predicted.size() == 200u);
  Index correct = 0;
  for (std::size_t i = 0; i < 200; ++i) correct += bytes.predicted[i] == test.labels[i];
  BOOST_TEST(bytes.accuracy == static_cast<double>(correct) / 200);
}

BOOST_AUTO_TEST_CASE(evaluation_refuses_images_and_labels_of_different_number) {
  Random random(4);
  Sequential model = make_cnn(random);
  const Tensor images = all_images(digits().test);
  const std::vector<std::uint8_t> labels(49);
  BOOST_CHECK_THROW(evaluate_classifier(model, images, labels), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(bad_arguments) {
  Random random(1);
  Sequential model = make_cnn(random);
  Adam adam;
  const Dataset &some = digits().test, none = first_images(some, 0);
  BOOST_CHECK_THROW(fit_classifier(model, adam, some, some, {.batch_size = 0}, random),
                    std::invalid_argument);
  BOOST_CHECK_THROW(fit_classifier(model, adam, some, some, {.batch_size = -1}, random),
                    std::invalid_argument);
  BOOST_CHECK_THROW(fit_classifier(model, adam, some, some, {.epochs = 0}, random), std::invalid_argument);
  BOOST_CHECK_THROW(fit_classifier(model, adam, none, some, {}, random), std::invalid_argument);
}

// ---- checked before the work -------------------------------------------------------------------------------

namespace {

/// The message of the error that fit_classifier() begins with; it must not have drawn or trained.
std::string refusal(const Dataset& train, const Dataset& validation, const FitOptions& options) {
  Random random(1);
  Sequential model = make_cnn(random);
  const std::string state = random.state();
  GradientRecorder onlooker;
  std::string message = "no error";
  try {
    fit_classifier(model, onlooker, train, validation, options, random);
  } catch (const std::invalid_argument& error) {
    message = error.what();
  }
  BOOST_TEST(onlooker.gradients.empty());
  BOOST_TEST(random.state() == state);
  return message;
}

Dataset with_first_label(Dataset images, std::uint8_t label) {
  images.labels[0] = label;
  return images;
}

}  // namespace

BOOST_AUTO_TEST_CASE(sets_that_do_not_fit_the_model_are_refused_before_the_first_step) {
  const Dataset& good = digits().test;
  const Dataset none = first_images(good, 0), small{14, 56, good.pixels, good.labels},
                torn{28, 28, {1, 2, 3}, good.labels}, other_label = with_first_label(good, 10);
  for (const auto& [bad, part] : {std::pair<const Dataset&, std::string>{none, "empty"},
                                  {small, "(14, 56, 1)"},
                                  {torn, "3 pixels"},
                                  {other_label, "label 10"}}) {
    const std::string as_training = refusal(bad, good, {}), as_validation = refusal(good, bad, {});
    BOOST_TEST(contains(as_training, part), as_training);
    BOOST_TEST(contains(as_training, "training set"), as_training);
    BOOST_TEST(contains(as_validation, part), as_validation);
    BOOST_TEST(contains(as_validation, "validation set"), as_validation);
  }
}

BOOST_AUTO_TEST_CASE(absurd_batch_sizes_are_refused_before_the_first_step) {
  for (const Index size : {Index(0), Index(-1), max_batch_size + 1, std::numeric_limits<Index>::max()})
    BOOST_TEST(
        contains(refusal(digits().test, digits().test, {.batch_size = size}), "got " + std::to_string(size)));
}

BOOST_AUTO_TEST_CASE(training_by_steps_refuses_what_it_cannot_use) {
  const Dataset &good = digits().test, none = first_images(good, 0), other_label = with_first_label(good, 10);
  const auto rate = [](Index) { return 0.001; };
  const auto refused = [&](const Dataset& images, const StepsOptions& options, const std::string& part) {
    Random random(1);
    Sequential model = make_cnn(random);
    const std::string state = random.state();
    Adam adam;
    BOOST_CHECK_EXCEPTION(fit_steps(model, adam, images, options, random), std::invalid_argument,
                          [&](const auto& error) { return contains(error.what(), part); });
    BOOST_TEST(adam.t() == 0);
    BOOST_TEST(random.state() == state);
  };
  refused(good, {.steps = 0, .learning_rate = rate}, "steps must be 1 or more, got 0");
  refused(good, {.batch_size = 0, .learning_rate = rate}, "got 0");
  refused(good, {.batch_size = max_batch_size + 1, .learning_rate = rate}, "got 65537");
  refused(good, {}, "no learning rate");
  refused(good, {.learning_rate = rate, .shift = -1}, "shift must be 0 or more, got -1");
  for (const double smoothing : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
    refused(good, {.learning_rate = rate, .smoothing = smoothing}, "smoothing must be 0 to 1");
  for (const Real white :
       {Real(0), Real(-1), std::numeric_limits<Real>::infinity(), std::numeric_limits<Real>::quiet_NaN()})
    refused(good, {.learning_rate = rate, .white = white}, "white must be a positive number");
  refused(none, {.learning_rate = rate}, "empty");
  refused(other_label, {.learning_rate = rate}, "label 10");
}

// ---- numbers that are not finite ---------------------------------------------------------------------------

// One mini-batch: the loss before the update is finite, and no other follows it.
BOOST_AUTO_TEST_CASE(the_last_update_of_an_epoch_is_checked_too) {
  Random random(1);
  Sequential model = make_cnn(random);
  SGD sgd({.initial = sizeof(Real) == sizeof(double) ? 1e300 : 1e30});
  BOOST_CHECK_EXCEPTION(fit_classifier(model, sgd, digits().test, digits().test, {.batch_size = 50}, random),
                        std::runtime_error, [](const auto& error) {
                          return contains(error.what(), "conv2d") || contains(error.what(), "dense");
                        });
}

BOOST_AUTO_TEST_CASE(parameters_that_are_not_finite_after_an_epoch_are_named) {
  class Spoiler : public Optimizer {
    void step(const std::vector<Parameter*>& parameters) override {
      parameters[4]->value[3] = std::numeric_limits<Real>::infinity();
    }
  } spoiler;
  Random random(1);
  Sequential model = make_cnn(random);
  BOOST_CHECK_EXCEPTION(
      fit_classifier(model, spoiler, digits().test, digits().test, {.batch_size = 50}, random),
      std::runtime_error, [](const auto& error) {
        return contains(error.what(), "conv2d_2/kernel") && contains(error.what(), "epoch 1, step 1");
      });
}

BOOST_AUTO_TEST_CASE(an_evaluation_without_images_or_of_bad_ones_is_refused) {
  Random random(4);
  Sequential model = make_cnn(random);
  BOOST_CHECK_THROW(evaluate_classifier(model, first_images(digits().test, 0)), std::invalid_argument);
  BOOST_CHECK_THROW(evaluate_classifier(model, Tensor(), {}), std::invalid_argument);
  BOOST_CHECK_THROW(evaluate_classifier(model, Tensor(Shape{}), std::vector<std::uint8_t>{1}),
                    std::invalid_argument);
  Tensor images = all_images(digits().train);
  images[150 * 28 * 28 + 300] = std::numeric_limits<Real>::quiet_NaN();
  BOOST_CHECK_EXCEPTION(
      evaluate_classifier(model, images, digits().train.labels), std::runtime_error, [](const auto& error) {
        return contains(error.what(), "images 128 to 199") && contains(error.what(), "the output of conv2d.");
      });
}

BOOST_AUTO_TEST_CASE(a_loss_that_is_not_finite_stops_with_epoch_step_and_layer) {
  const std::string message = message_at_rate(1e30);
  BOOST_TEST_MESSAGE(message);
  BOOST_TEST(contains(message, "epoch 1"));
  BOOST_TEST(contains(message, "step "));
  BOOST_TEST((contains(message, "conv2d") || contains(message, "dense")));
  BOOST_TEST(message_at_rate(0.01) == "no error");
}

BOOST_AUTO_TEST_CASE(the_first_parameter_that_is_not_finite_is_named) {
  Random random(1);
  Sequential model = make_cnn(random);
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  model.parameters()[2]->gradient[5] = std::numeric_limits<Real>::infinity();
  model.parameters()[7]->value[0] = std::numeric_limits<Real>::quiet_NaN();
  BOOST_CHECK_NO_THROW(require_finite(0.5, 3, 17, model));
  BOOST_CHECK_EXCEPTION(require_finite(not_a_number, 3, 17, model), std::runtime_error,
                        [](const auto& error) {
                          return contains(error.what(), "epoch 3") && contains(error.what(), "step 17") &&
                                 contains(error.what(), "conv2d_1/kernel");
                        });
}

BOOST_AUTO_TEST_CASE(the_first_layer_whose_output_overflows_is_named) {
  Random random(1);
  Sequential model = make_cnn(random);
  for (std::size_t i : {2u, 6u}) model.parameters()[i]->value.fill(std::numeric_limits<Real>::max());
  Tensor x({1, 28, 28, 1});
  x.fill(1);
  BOOST_CHECK_EXCEPTION(require_finite(HUGE_VAL, 1, 1, model, &x), std::runtime_error,
                        [](const auto& error) { return contains(error.what(), "the output of conv2d_1."); });
}

BOOST_AUTO_TEST_CASE(progress_shows_every_epoch) {
  std::ostringstream out;
  Progress progress("digits", out, false);
  train(1, {.epochs = 2, .batch_size = 100, .progress = &progress});
  BOOST_TEST(contains(out.str(), "digits  epoch 1/2"));
  BOOST_TEST(contains(out.str(), "digits  epoch 2/2"));
  BOOST_TEST(contains(out.str(), "validation accuracy"));
  BOOST_TEST(!contains(out.str(), "\r"));  // not a terminal
}

// Longer than the least time between two lines on a terminal.
struct SlowDescent : Optimizer {
  void step(const std::vector<Parameter*>&) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
};

// Of an epoch of one step that is the epoch's own.
BOOST_AUTO_TEST_CASE(progress_shows_the_mean_loss_of_an_epoch_that_goes_on) {
  Random random(1);
  SlowDescent slow;
  {
    std::ostringstream out;
    Progress progress("digits", out, true);
    Sequential model = make_small_network(false, random);
    const Dataset data = random_images(5, 3, 2);
    const Epoch epoch =
        fit_classifier(model, slow, data, data, {.epochs = 1, .batch_size = 5, .progress = &progress}, random)
            .at(0);
    BOOST_TEST(contains(out.str(), "epoch 1/1  step 1/1  loss " + fixed(epoch.loss, 4)), out.str());
  }
  std::ostringstream out;
  Progress progress("images", out, true);
  Sequential model = make_small_network(true, random);
  const Tensor black({5, 3, 2, 1});
  Tensor noise(black.shape);
  random.fill_normal(noise);
  const ImagePairs pairs{black, noise};
  const Epoch epoch = fit_reconstruction(model, slow, pairs, pairs,
                                         {.epochs = 1, .batch_size = 5, .progress = &progress}, random)
                          .at(0);
  BOOST_TEST(contains(out.str(), "epoch 1/1  step 1/1  loss " + fixed(epoch.loss, 5)), out.str());
}

BOOST_AUTO_TEST_CASE(a_label_that_is_no_class_is_refused_wherever_it_stands) {
  Random random(1);
  const Sequential model = make_small_network(false, random);
  for (const std::size_t place : {0u, 2u, 4u}) {
    Dataset data = random_images(5, 3, 2);
    data.labels[place] = 10;
    BOOST_CHECK_EXCEPTION(require_images("the set", model, data), std::invalid_argument,
                          [&](const auto& error) {
                            return contains(error.what(), "label 10 at position " + std::to_string(place));
                          });
  }
}

BOOST_AUTO_TEST_CASE(durations_are_readable) {
  BOOST_TEST(readable_duration(12.4) == "12 s");
  BOOST_TEST(readable_duration(200) == "3 min 20 s");
  BOOST_TEST(readable_duration(3725) == "1 h 02 min");
  BOOST_TEST(readable_duration(-1) == "0 s");
}

BOOST_AUTO_TEST_SUITE_END()
