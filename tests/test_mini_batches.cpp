/// @file
/// Mini-batches and slices: every sample once, the last part smaller.
#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "data/mini_batches.hpp"

namespace tt = boost::test_tools;
using namespace plaingrad;

BOOST_AUTO_TEST_SUITE(mini_batches)

BOOST_AUTO_TEST_CASE(an_epoch_has_every_sample_once_in_the_order_of_the_permutation) {
  Random random(1), again(1);
  std::vector<Index> steps, sizes, positions;
  for_each_mini_batch(10, 4, random, [&](Index step, std::span<const Index> batch) {
    steps.push_back(step);
    sizes.push_back(std::ssize(batch));
    positions.insert(positions.end(), batch.begin(), batch.end());
  });
  BOOST_TEST(steps == (std::vector<Index>{1, 2, 3}), tt::per_element());
  BOOST_TEST(sizes == (std::vector<Index>{4, 4, 2}), tt::per_element());
  BOOST_TEST(positions == again.permutation(10), tt::per_element());
  BOOST_TEST(random.bits() == again.bits());  // nothing else is drawn
}

BOOST_AUTO_TEST_CASE(the_count_is_that_of_the_loop) {
  Random random(2);
  for (const Index samples : {0, 1, 7, 8, 9})
    for (const Index batch_size : {1, 4, 100}) {
      Index count = 0;
      for_each_mini_batch(samples, batch_size, random, [&](Index, std::span<const Index>) { ++count; });
      BOOST_TEST(mini_batch_count(samples, batch_size) == count);
    }
}

BOOST_AUTO_TEST_CASE(slices_come_in_order_and_hold_everything) {
  const Tensor samples({5, 2}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  std::vector<Index> firsts;
  std::vector<Real> values;
  for_each_slice(samples, 2, [&](Index first, const Tensor& part) {
    firsts.push_back(first);
    BOOST_TEST(part.extent(1) == 2);
    values.insert(values.end(), part.values.begin(), part.values.end());
  });
  BOOST_TEST(firsts == (std::vector<Index>{0, 2, 4}), tt::per_element());
  BOOST_TEST(values == samples.values, tt::per_element());
  for_each_slice(Tensor({0, 2}), 2, [](Index, const Tensor&) { BOOST_FAIL("there are no samples"); });
}

BOOST_AUTO_TEST_SUITE_END()
