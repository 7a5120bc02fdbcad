/// @file
/// The same bits on every machine: the hashes that chapter 7 prints, for one to five threads.
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "data/dataset.hpp"
#include "layers/dense.hpp"
#include "math/threads.hpp"
#include "training/fingerprint.hpp"

using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(same_bits)

BOOST_AUTO_TEST_CASE(short_trainings_give_the_committed_hashes_for_one_to_five_threads) {
  const Dataset digits = load_dataset(DatasetName::mnist, "tests/data").train;
  const std::vector<Fingerprint> expected = expected_fingerprints();
  const int before = thread_count();
  for (int threads = 1; threads <= 5; ++threads) {
    set_thread_count(threads);
    const std::vector<Fingerprint> found = fingerprints(digits);
    BOOST_REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      BOOST_TEST(found[i].network == expected[i].network);
      BOOST_TEST(found[i].steps == expected[i].steps);
      BOOST_TEST(found[i].hash == expected[i].hash,
                 found[i].network << ", " << threads << " threads: " << std::hex << found[i].hash);
    }
  }
  set_thread_count(before);
}

BOOST_AUTO_TEST_CASE(a_hash_sees_one_bit) {
  Random random(1);
  Sequential model("m", {2});
  model.add<Dense>(3);
  model.build(random);
  const std::uint64_t hash = weights_hash(model);
  BOOST_TEST(weights_hash(model) == hash);
  Real& weight = model.parameters()[0]->value[5];
  weight = std::nextafter(weight, Real(2));
  BOOST_TEST(weights_hash(model) != hash);
}

BOOST_AUTO_TEST_SUITE_END()
