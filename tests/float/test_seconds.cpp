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
  const Dataset images = first_images(data.train, 64), judges = first_images(data.test, 10);
  const auto weights = [&](const std::function<void(Rung&)>& change) {
    Rung rung{.name = "test", .slug = "test", .cycle = true, .batch_size = 16};
    change(rung);
    return weights_hash(train(rung, 64, images, judges, 1).model);
  };
  const std::set<std::uint64_t> different = {weights([](Rung&) {}),
                                             weights([](Rung& rung) { rung.cycle = false; }),
                                             weights([](Rung& rung) { rung.batch_size = 32; }),
                                             weights([](Rung& rung) { rung.learning_rate = 0.002; }),
                                             weights([](Rung& rung) { rung.beta2 = 0.9; }),
                                             weights([](Rung& rung) { rung.smoothing = 0.2; }),
                                             weights([](Rung& rung) { rung.white = 3; }),
                                             weights([](Rung& rung) { rung.shift = 1; })};
  BOOST_TEST(different.size() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()
