/// @file
/// The rungs of the ladder: each setting of a rung reaches the training.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>

#include "seconds/rungs.hpp"
#include "training/fingerprint.hpp"

using namespace plaingrad;
using namespace plaingrad::seconds;

BOOST_AUTO_TEST_SUITE(seconds_ladder)

BOOST_AUTO_TEST_CASE(every_setting_of_a_rung_changes_the_weights) {
  const TrainAndTest data = load_dataset(DatasetName::mnist, "tests/data", true);
  const Dataset images = first_images(data.train, 64), validation = first_images(data.test, 10);
  std::set<std::uint64_t> different;
  for (const bool cycle : {true, false}) {
    const auto train_changed = [&](const std::function<void(Rung&)>& change) {
      Rung rung{.name = "test", .slug = "test", .cycle = cycle, .batch_size = 16};
      change(rung);
      different.insert(weights_hash(train(rung, 64, images, validation, 1).model));
    };
    train_changed([](Rung&) {});
    train_changed([](Rung& rung) { rung.batch_size = 32; });
    train_changed([](Rung& rung) { rung.learning_rate = 0.002; });
    train_changed([](Rung& rung) { rung.beta2 = 0.9; });
    train_changed([](Rung& rung) { rung.smoothing = 0.2; });
    train_changed([](Rung& rung) { rung.white = 3; });
    train_changed([](Rung& rung) { rung.shift = 1; });
  }
  BOOST_TEST(different.size() == 14u);
}

// A single image validation, so the goal is reached as soon as that is right.
BOOST_AUTO_TEST_CASE(at_a_constant_rate_the_first_epoch_that_reaches_the_goal_is_the_last) {
  const TrainAndTest data = load_dataset(DatasetName::mnist, "tests/data", true);
  const Dataset images = first_images(data.train, 64), judge = first_images(images, 1);
  const Trained trained = train({.name = "test", .slug = "test"}, 64 * 100, images, judge, 1);
  const Index epochs = std::ssize(trained.accuracy);
  BOOST_TEST(epochs > 1);
  BOOST_TEST(epochs < 100);
  BOOST_TEST(trained.images == 64 * epochs);
  BOOST_TEST(std::ssize(trained.seconds) == epochs);
  for (Index epoch = 0; epoch < epochs; ++epoch)
    BOOST_TEST(trained.accuracy[static_cast<std::size_t>(epoch)] == (epoch + 1 == epochs ? 1 : 0));
}

// The figure of section 8.4 and the benchmark train by the fastest rung step by step, and know no more than
// these.
BOOST_AUTO_TEST_CASE(the_fastest_rung_has_a_cycle_and_moves_no_image) {
  BOOST_TEST(fastest().cycle);
  BOOST_TEST(fastest().shift == 0);
}

BOOST_AUTO_TEST_CASE(fewer_training_images_are_seen_in_proportion) {
  const Rung rung{.name = "test", .slug = "test", .images = 28000};
  BOOST_TEST(images_seen(rung, 60000) == 28000);
  BOOST_TEST(images_seen(rung, 6000) == 2800);
  BOOST_TEST(images_seen(rung, 60001) == 28000);
}

BOOST_AUTO_TEST_CASE(the_last_images_are_held_out) {
  const Dataset all = load_dataset(DatasetName::mnist, "tests/data", true).train;
  const auto [train_images, validation] = split_validation(all);
  BOOST_TEST(validation.count() == all.count() / 6);
  BOOST_TEST(train_images.count() + validation.count() == all.count());
  BOOST_TEST((validation.labels == last_images(all, validation.count()).labels));
  BOOST_TEST((train_images.labels == first_images(all, train_images.count()).labels));
}

BOOST_AUTO_TEST_SUITE_END()
